/** What an image is by its first bytes, whatever its name says; SVG is a document and none of these. Pure. */

export type ImageType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/** In hexadecimal. */
const BEGINNINGS: readonly (readonly [ImageType, RegExp])[] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  // GIF87a, GIF89a.
  ["image/gif", /^474946383[79]61/],
  // RIFF, the length, WEBP.
  ["image/webp", /^52494646.{8}57454250/],
];

/** Null where it is none that a logo may be. */
export function imageType(bytes: Uint8Array): ImageType | null {
  const start = Buffer.from(bytes.subarray(0, 16)).toString("hex");
  return BEGINNINGS.find(([, pattern]) => pattern.test(start))?.[0] ?? null;
}
