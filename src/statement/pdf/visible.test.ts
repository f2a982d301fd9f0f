import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { openPdf } from "./open.ts";
import { compilePdfium, createPdfium } from "./pdfium.ts";
import type { Pdfium } from "./pdfium.ts";
import { rawPdf, stream } from "./testing.ts";

let pdfium: Pdfium;
before(async () => {
  pdfium = await createPdfium(await compilePdfium());
});

const IMAGE = stream(
  "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
  Buffer.of(128),
);

/** A page with an image /Im, a form /Fm that paints `form`, and a transparent state /Clear. */
function page(content: string, form = ""): Uint8Array {
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 6 0 R >>
        /XObject << /Im 5 0 R /Fm 7 0 R >> /ExtGState << /Clear << /ca 0 >> /Faint << /ca 0.15 >> >> >> >>`,
    stream("", Buffer.from(content, "latin1")),
    IMAGE,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    stream(
      "/Type /XObject /Subtype /Form /BBox [0 0 300 300] /Matrix [2 0 0 2 0 0] /Resources << /Font << /F1 6 0 R >> >>",
      Buffer.from(form, "latin1"),
    ),
  ]);
}

function words(bytes: Uint8Array): string {
  const opened = openPdf(pdfium, bytes, { password: null, maxPages: 5 });
  assert.ok(opened.ok, JSON.stringify(opened));
  return opened.document.pages.flatMap((each) => each.words.map((word) => word.text)).join(" ");
}

const at = (y: number, text: string, before = "", size = 10): string =>
  `q ${before} BT /F1 ${size} Tf 50 ${y} Td (${text}) Tj ET Q\n`;
/** Longer than a stamp on a scan. */
const SEEN = "what everybody sees, long enough to be no stamp on a picture";
const seen = at(700, SEEN);

suite("text that nobody sees is left out", () => {
  const cases: Readonly<Record<string, string>> = {
    "white on paper": at(650, "hidden", "1 g"),
    "white on a white box": at(650, "hidden", "1 g 40 640 200 30 re f 1 g"),
    "white inside the frame of a table": at(650, "hidden", "40 640 200 30 re S 1 g"),
    "white with thin lines through it": at(650, "hidden", "40 652 200 0.5 re f 52 640 0.5 30 re f 1 g"),
    transparent: at(650, "hidden", "/Clear gs"),
    "in render mode 3": at(650, "hidden", "3 Tr"),
    "in render mode 7": at(650, "hidden", "7 Tr"),
    "outside its clip": at(650, "hidden", "300 600 50 50 re W n"),
    "a large pale watermark": at(650, "H", "0.85 g", 40),
    "a large faint watermark": at(650, "H", "/Faint gs", 40),
  };
  for (const [name, content] of Object.entries(cases)) {
    test(name, () => assert.equal(words(page(seen + content)), SEEN));
  }

  test("inside a form, too", () => {
    const form = `${at(250, "shown")}${at(230, "hidden", "1 g")}${at(210, "away", "200 10 20 20 re W n")}`;
    assert.equal(words(page(`${seen}/Fm Do`, form)), `${SEEN} shown`);
  });
});

suite("text that somebody sees is kept", () => {
  const cases: Readonly<Record<string, string>> = {
    "white on a dark box": at(650, "kept", "0.2 0.3 0.6 rg 40 640 200 30 re f 1 g"),
    "white on strips that shade a box": at(
      650,
      "kept",
      `${Array.from({ length: 30 }, (_, i) => `0 0 0.${30 + i} rg 40 ${640 + i} 200 1 re f`).join(" ")} 1 g`,
    ),
    "white on a picture": `q 200 0 0 30 40 640 cm /Im Do Q ${at(650, "kept", "1 g")}`,
    "white on one thick line": at(650, "kept", "30 w 40 655 m 240 655 l S 1 g"),
    "small and pale": at(650, "kept", "0.85 g"),
    "large and coloured": at(650, "kept", "0.9 0.6 0.1 rg", 24),
    "large and pale on a dark box": at(650, "kept", "0 g 40 640 200 30 re f 0.9 g", 24),
    "cut off by its clip": at(650, "kept", "45 640 10 30 re W n"),
    "painted as outlines": at(650, "kept", "1 Tr 1 g"),
  };
  for (const [name, content] of Object.entries(cases)) {
    test(name, () => assert.equal(words(page(seen + content)), `${SEEN} kept`));
  }

  test("white on a dark box of a turned page", () => {
    const turned = (y: number, text: string, before = ""): string =>
      `q ${before} BT /F1 10 Tf 0 1 -1 0 ${y} 60 Tm (${text}) Tj ET Q\n`;
    const box = "0 g 191 55 12 100 re f 1 g";
    assert.equal(words(page(turned(150, SEEN) + turned(200, "kept", box))), `${SEEN} kept`);
    assert.equal(words(page(turned(150, SEEN) + turned(220, "hidden", box))), SEEN);
  });

  test("white on a dark box inside a scaled form", () => {
    const form = at(150, "kept", "0 g 40 140 100 20 re f 1 g");
    assert.equal(words(page(`${seen}/Fm Do`, form)), `${SEEN} kept`);
  });
});

suite("invisible text", () => {
  const text = "a line of recognised text, long enough to be no stamp";
  const scan = "q 595 0 0 842 0 0 cm /Im Do Q ";

  test("behind the picture of a scan is what the scan says, beside a stamp on it", () => {
    assert.equal(words(page(`${scan}${at(700, text, "3 Tr")}`)), text);
    assert.equal(words(page(`${scan}${at(700, text, "3 Tr")}${at(650, "copy")}`)), `${text} copy`);
  });

  test("of a page that paints more text than it hides is none of it, whatever its background", () => {
    assert.equal(words(page(`${scan}${at(700, text)}${at(650, "for ears", "3 Tr")}`)), text);
  });

  test("alone, with no picture or a small one, says nothing", () => {
    for (const picture of ["", "q 100 0 0 50 0 0 cm /Im Do Q "]) {
      const opened = openPdf(pdfium, page(`${picture}${at(700, text, "3 Tr")}`), {
        password: null,
        maxPages: 5,
      });
      assert.ok(!opened.ok);
    }
  });
});
