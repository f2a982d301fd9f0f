/** A scanned page: a grey picture of lines of ink, and not one letter of text. */
import { crc32, deflateSync } from "node:zlib";
import type { Random } from "./random.ts";

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** PNG, 8 bits of grey a pixel (PNG specification, colour type 0). */
export function drawScan(width: number, height: number, random: Random): Buffer {
  const pixels = Buffer.alloc((width + 1) * height, 0xf4);
  // Each scan line starts with its filter type; 0 is none.
  for (let y = 0; y < height; y++) pixels[y * (width + 1)] = 0;
  for (let top = 60; top < height - 60; top += 22) {
    let x = 40;
    while (x < width - 60) {
      const word = Math.min(random.int(14, 60), width - 40 - x);
      for (let y = top; y < top + 9; y++) {
        for (let i = x; i < x + word; i++) {
          // Strokes with gaps between them, as letters have.
          if ((i - x) % 6 < 4 && random.chance(0.72)) pixels[y * (width + 1) + 1 + i] = random.int(30, 90);
        }
      }
      x += word + random.pick([8, 8, 8, 40]);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
