import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { inflateSync } from "node:zlib";
import { compilePdfium, createPdfium } from "./pdfium.ts";
import type { Pdfium } from "./pdfium.ts";
import { drawPages } from "./picture.ts";
import { toPng } from "./png.ts";
import { makePdf, onePage, stream } from "./testing.ts";

let pdfium: Pdfium;
before(async () => {
  pdfium = await createPdfium(await compilePdfium());
});

interface Decoded {
  width: number;
  height: number;
  /** Red, green, blue of the dot at column x of row y. */
  at(x: number, y: number): number[];
}

/** Reads what `toPng` writes: one byte a dot with a palette, or three. */
function decode(png: Buffer): Decoded {
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const head = chunks.get("IHDR") ?? assert.fail("no header");
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const palette = chunks.get("PLTE");
  const dots = inflateSync(chunks.get("IDAT") ?? assert.fail("no dots"));
  const size = palette === undefined ? 3 : 1;
  const at = (x: number, y: number): number[] => {
    const from = y * (size * width + 1) + 1 + size * x;
    if (palette === undefined) return [...dots.subarray(from, from + 3)];
    const index = dots[from] ?? 0;
    return [...palette.subarray(3 * index, 3 * index + 3)];
  };
  return { width, height, at };
}

const first = (bytes: Uint8Array, turns: number[] = [], password: string | null = null): Decoded => {
  const [picture] = drawPages(pdfium, bytes, password, turns);
  assert.ok(picture);
  return decode(picture.png);
};

const WHITE = [255, 255, 255];
const RED = [255, 0, 0];
/** A red square of 100 points in the upper left corner of an A4 page. */
const corner = (page = ""): Uint8Array =>
  onePage(stream("", Buffer.from("1 0 0 rg 0 742 100 100 re f")), page);

suite("a page's picture", () => {
  test("has the page's shape, its ink and white paper", () => {
    const picture = first(corner());
    assert.deepEqual([picture.width, picture.height], [893, 1263]);
    assert.deepEqual([picture.at(10, 10), picture.at(140, 140)], [RED, RED]);
    assert.deepEqual([picture.at(160, 10), picture.at(800, 1200)], [WHITE, WHITE]);
  });

  test("stands upright: the file's own turn, and the one that its text needs", () => {
    // Shown turned clockwise, what was upper left is upper right.
    const shown = first(corner("/Rotate 90"));
    assert.deepEqual([shown.width, shown.height], [1263, 893]);
    assert.deepEqual([shown.at(1255, 10), shown.at(10, 10)], [RED, WHITE]);
    const turned = first(corner(), [1]);
    assert.deepEqual([turned.width, turned.height], [1263, 893]);
    assert.deepEqual([turned.at(1255, 10), turned.at(10, 10)], [RED, WHITE]);
    const back = first(corner("/Rotate 90"), [3]);
    assert.deepEqual([back.width, back.at(10, 10)], [893, RED]);
  });

  test("of a page as large as a house stays small", () => {
    const house = first(onePage(stream("", Buffer.from("")), "/MediaBox [0 0 14000 7000]"));
    assert.ok(house.width <= 2200 && house.height <= 2200, `${house.width} × ${house.height}`);
  });

  test("of a locked file needs its password; of what is no document there is none", async () => {
    const bytes = await makePdf((doc) => void doc.rect(0, 0, 50, 50).fill("red"), { userPassword: "sesame" });
    assert.deepEqual(drawPages(pdfium, bytes, null, []), []);
    assert.deepEqual(first(bytes, [], "sesame").at(5, 5), RED);
    assert.deepEqual(drawPages(pdfium, new Uint8Array(Buffer.from("%PDF-1.7 nothing")), null, []), []);
  });
});

test("more than 256 colours are written in full", () => {
  const [width, height] = [64, 64];
  const pixels = new Uint8Array(width * height * 4);
  for (let dot = 0; dot < width * height; dot += 1) {
    pixels.set([(dot % 32) * 8, Math.floor(dot / 32) * 2, 248, 0], 4 * dot);
  }
  const picture = decode(toPng(pixels, width, height, 4 * width));
  assert.deepEqual(picture.at(0, 0), [255, 0, 0]);
  assert.deepEqual(picture.at(31, 0), [255, 0, 255]);
  assert.deepEqual(picture.at(31, 63), [255, 255, 255]);
});
