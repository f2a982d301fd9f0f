/** Pixels to PNG (W3C PNG, third edition), small rather than exact: for pages of text. */

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const INDEXED = 3;
const RGB = 2;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function header(width: number, height: number, colour: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, colour, 0, 0, 0], 8);
  return chunk("IHDR", data);
}

/** Five bits a channel: black, white and the steps between them that make letters smooth are kept. */
const reduce = (value: number): number => value >> 3;
const restore = (five: number): number => (five << 3) | (five >> 2);

/**
 * Pixels of a page, 4 bytes each in the order blue, green, red, unused, `stride` bytes a row. A page of text has
 * fewer than 256 colours when reduced to five bits a channel: then a byte a pixel is enough (60 kB a page at 108
 * dots per inch instead of 250).
 */
export function toPng(pixels: Uint8Array, width: number, height: number, stride: number): Buffer {
  const palette = new Int16Array(32_768).fill(-1);
  const colours: number[] = [];
  const indexed = Buffer.alloc((width + 1) * height);
  const rgb = Buffer.alloc((3 * width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = y * stride + 4 * x;
      const blue = reduce(pixels[from] ?? 0);
      const green = reduce(pixels[from + 1] ?? 0);
      const red = reduce(pixels[from + 2] ?? 0);
      const colour = (red << 10) | (green << 5) | blue;
      let index = palette[colour] ?? 0;
      if (index < 0) {
        index = colours.push(colour) - 1;
        palette[colour] = index;
      }
      indexed[y * (width + 1) + 1 + x] = index;
      const to = y * (3 * width + 1) + 1 + 3 * x;
      rgb[to] = restore(red);
      rgb[to + 1] = restore(green);
      rgb[to + 2] = restore(blue);
    }
  }
  const few = colours.length <= 256;
  const entries = colours.flatMap((colour) => [colour >> 10, (colour >> 5) & 31, colour & 31].map(restore));
  return Buffer.concat([
    SIGNATURE,
    header(width, height, few ? INDEXED : RGB),
    ...(few ? [chunk("PLTE", Buffer.from(entries))] : []),
    chunk("IDAT", deflateSync(few ? indexed : rgb, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
