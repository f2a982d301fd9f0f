/** What a PDF says of its own making. */

import type { DocumentMetadata } from "../types.ts";
import type { Pdfium } from "./pdfium.ts";

/** Longer entries are cut: they are shown to people and compared with known producers. */
const MAX_BYTES = 2048;
const NAMES = ["Producer", "Creator", "Author", "Title", "CreationDate", "ModDate"] as const;

/** `D:20240426122556+05'30'`, everything after the year optional (ISO 32000-1, 7.9.4). */
const PDF_DATE =
  /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.\d+)?\s*(?:(Z)|([+-])(\d\d)'?(?:(\d\d)'?)?)?/;

/** ISO 8601 instant of a PDF date; one without an offset is read as UTC; null where it is no date. */
export function pdfInstant(text: string): string | null {
  const match = PDF_DATE.exec(text.trim());
  if (match === null) return null;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00"] = match;
  const offset = match[8] === undefined ? "Z" : `${match[8]}${match[9]}:${match[10] ?? "00"}`;
  try {
    return Temporal.Instant.from(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`).toString();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function cString(pdfium: Pdfium, text: string): number {
  const bytes = Buffer.from(`${text}\0`, "latin1");
  const pointer = pdfium.x.malloc(bytes.length);
  if (pointer !== 0) new Uint8Array(pdfium.x.memory.buffer).set(bytes, pointer);
  return pointer;
}

function readEntry(pdfium: Pdfium, document: number, name: string, buffer: number): string | null {
  const tag = cString(pdfium, name);
  if (tag === 0) return null;
  const length = pdfium.x.FPDF_GetMetaText(document, tag, buffer, MAX_BYTES);
  pdfium.x.free(tag);
  // UTF-16 with its closing zero; a text that does not fit is not copied at all.
  if (length <= 2 || length > MAX_BYTES) return null;
  const bytes = new Uint8Array(pdfium.x.memory.buffer, buffer, length - 2);
  const text = new TextDecoder("utf-16le").decode(bytes).trim();
  return text === "" ? null : text;
}

/** Every field null where the file says nothing. */
export function readMetadata(pdfium: Pdfium, document: number): DocumentMetadata {
  const buffer = pdfium.x.malloc(MAX_BYTES);
  if (buffer === 0) throw new RangeError("no memory for the metadata");
  const [producer, creator, author, title, created, modified] = NAMES.map((name) =>
    readEntry(pdfium, document, name, buffer),
  );
  pdfium.x.free(buffer);
  return {
    producer: producer ?? null,
    creator: creator ?? null,
    author: author ?? null,
    title: title ?? null,
    createdAt: typeof created === "string" ? pdfInstant(created) : null,
    modifiedAt: typeof modified === "string" ? pdfInstant(modified) : null,
  };
}
