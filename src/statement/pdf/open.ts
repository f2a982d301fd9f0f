/** Bytes of a PDF to the words on its pages, or the reason why not. Nothing is interpreted. */

import type {
  DocumentMetadata,
  ExtractionError,
  ExtractionErrorCode,
  ExtractionStage,
  Page,
  TextDocument,
  UnsupportedReason,
} from "../types.ts";
import { createFigureReader } from "./figures.ts";
import type { FigureReader } from "./figures.ts";
import { createGlyphs } from "./glyph-arrays.ts";
import type { Glyphs } from "./glyph-arrays.ts";
import { createReader, TooManyGlyphs } from "./glyphs.ts";
import type { GlyphReader } from "./glyphs.ts";
import { pageInk } from "./images.ts";
import { readMetadata } from "./metadata.ts";
import type { Pdfium } from "./pdfium.ts";
import { groupWords } from "./words.ts";

export interface OpenOptions {
  password: string | null;
  maxPages: number;
  /** After each page, 1-based. */
  onPage?: (done: number, total: number) => void;
}

/** `unmapped`: share of the characters whose font does not say what they are. */
export type Opened =
  | { ok: true; document: TextDocument; pageCount: number; unmapped: number }
  | { ok: false; error: ExtractionError; pageCount: number | null; metadata: DocumentMetadata | null };

type Refusal = Extract<Opened, { ok: false }>;

/** PDFium's FPDF_ERR_ numbers. */
const ERR_PASSWORD = 4;
const ERR_SECURITY = 5;
/** The header may stand behind some bytes of mail or printer prologue (ISO 32000-1, annex H). */
const HEADER_WITHIN = 1024;
/** Above this share of characters without a meaning, the text that is left cannot be trusted. */
const MAX_UNMAPPED = 0.2;
/** A scan may carry a stamp ("Scanned with …", a page number); a page of a statement holds hundreds. */
const STAMP_GLYPHS = 40;
/** Looking for pictures on so many pages is enough. */
const INKED_PAGES = 5;
/** 500 dense pages hold 2.5 million. */
const MAX_GLYPHS = 5_000_000;

/** A refusal as a value. `reason` only beside `STATEMENT_UNSUPPORTED_FORMAT`. */
export function refuse(
  stage: ExtractionStage,
  code: ExtractionErrorCode,
  message: string,
  reason?: UnsupportedReason,
): Refusal {
  const error = reason === undefined ? { stage, code, message } : { stage, code, message, reason };
  return { ok: false, error, pageCount: null, metadata: null };
}

const corrupt = (): Refusal =>
  refuse(
    "open",
    "STATEMENT_UNSUPPORTED_FORMAT",
    "The file is damaged and cannot be read as a PDF",
    "corrupt",
  );

export const unreadable = (): Refusal =>
  refuse("text", "UNPARSABLE", "The file's fonts do not say which characters they show");

function startsAsPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_WITHIN)).includes("%PDF-");
}

/** Copies into the instance's memory; throws RangeError when it does not fit. */
function place(pdfium: Pdfium, bytes: Uint8Array): number {
  const pointer = pdfium.x.malloc(Math.max(bytes.length, 1));
  if (pointer === 0) throw new RangeError("the file does not fit into memory");
  new Uint8Array(pdfium.x.memory.buffer).set(bytes, pointer);
  return pointer;
}

function loadRefusal(code: number): Refusal {
  if (code === ERR_PASSWORD) {
    return refuse("open", "PASSWORD_INCORRECT", "The file is encrypted and the password is missing or wrong");
  }
  if (code === ERR_SECURITY) {
    const message = "The file is encrypted by a scheme that is not supported";
    return refuse("open", "STATEMENT_UNSUPPORTED_FORMAT", message, "security");
  }
  return corrupt();
}

/**
 * Opens `bytes` in `pdfium`. What the file contains never throws, with one exception: when PDFium runs out of
 * memory or traps, the error passes through, and the instance must be dropped.
 */
export function openPdf(pdfium: Pdfium, bytes: Uint8Array, options: OpenOptions): Opened {
  if (!startsAsPdf(bytes)) {
    return refuse("open", "STATEMENT_UNSUPPORTED_FORMAT", "The file is not a PDF", "not_pdf");
  }
  const { document, close } = loadDocument(pdfium, bytes, options.password);
  const opened =
    document === 0 ? loadRefusal(pdfium.x.FPDF_GetLastError()) : readDocument(pdfium, document, options);
  close();
  return opened;
}

/** `document` is 0 where PDFium refuses it, and then its last error says why. `close` in either case. */
export function loadDocument(
  pdfium: Pdfium,
  bytes: Uint8Array,
  password: string | null,
): { document: number; close: () => void } {
  const { x } = pdfium;
  const data = place(pdfium, bytes);
  // PDFium tries the password as UTF-8 and as Latin-1.
  const secret = password === null ? 0 : place(pdfium, Buffer.from(`${password}\0`, "utf8"));
  const document = x.FPDF_LoadMemDocument(data, bytes.length, secret);
  const close = (): void => {
    if (document !== 0) x.FPDF_CloseDocument(document);
    if (secret !== 0) x.free(secret);
    x.free(data);
  };
  return { document, close };
}

function readDocument(pdfium: Pdfium, document: number, options: OpenOptions): Opened {
  const pageCount = pdfium.x.FPDF_GetPageCount(document);
  if (pageCount < 1) return corrupt();
  const metadata = readMetadata(pdfium, document);
  if (pageCount > options.maxPages) {
    const message = `The file has ${pageCount} pages, at most ${options.maxPages} are read`;
    return { ...refuse("open", "STATEMENT_TOO_MANY_PAGES", message), pageCount, metadata };
  }
  const read = readPages(pdfium, document, pageCount, options);
  if ("ok" in read) return { ...read, pageCount, metadata };
  const refusal = judgeText(read, pageCount);
  if (refusal !== null) return { ...refusal, pageCount, metadata };
  return {
    ok: true,
    document: { pages: read.pages, metadata, fonts: read.fonts },
    pageCount,
    unmapped: read.unmapped / read.total,
  };
}

interface ReadPages {
  pages: Page[];
  fonts: string[];
  total: number;
  unmapped: number;
  /** Of the first pages that bear no more text than a stamp: how many there are, and what else inks them. */
  bare: number;
  images: number;
  paths: number;
}

function readPages(
  pdfium: Pdfium,
  document: number,
  count: number,
  options: OpenOptions,
): ReadPages | Refusal {
  const reader = createReader(pdfium);
  const figures = createFigureReader(pdfium);
  const glyphs = createGlyphs();
  const read: ReadPages = {
    pages: [],
    fonts: figures.fonts,
    total: 0,
    unmapped: 0,
    bare: 0,
    images: 0,
    paths: 0,
  };
  try {
    for (let index = 0; index < count; index += 1) {
      if (!readPage(pdfium, document, index, { reader, figures }, glyphs, read)) return corrupt();
      if (read.total > MAX_GLYPHS) throw new TooManyGlyphs();
      options.onPage?.(index + 1, count);
    }
  } catch (error) {
    if (!(error instanceof TooManyGlyphs)) throw error;
    return refuse("limits", "EXTRACTION_FAILED", "The file holds more text than any statement does");
  } finally {
    pdfium.x.free(reader.scratch);
    figures.close();
  }
  return read;
}

/** False where the page cannot be read: leaving it out would silently lose transactions. */
function readPage(
  pdfium: Pdfium,
  document: number,
  index: number,
  { reader, figures }: { reader: GlyphReader; figures: FigureReader },
  glyphs: Glyphs,
  read: ReadPages,
): boolean {
  const page = pdfium.x.FPDF_LoadPage(document, index);
  if (page === 0) return false;
  const upright = reader.readPage(page, glyphs);
  if (upright !== null) {
    const { width, height, total, unmapped, turned } = upright;
    const paint = { ...figures.readPage(glyphs), turned };
    read.pages.push({ number: index + 1, width, height, words: groupWords(glyphs), paint });
    read.total += total;
    read.unmapped += unmapped;
    if (total < STAMP_GLYPHS && read.bare < INKED_PAGES) {
      const ink = pageInk(pdfium.x, page);
      read.bare += 1;
      if (ink.image) read.images += 1;
      if (ink.path) read.paths += 1;
    }
  }
  pdfium.x.FPDF_ClosePage(page);
  return upright !== null;
}

/** Whether the text is worth reading at all. */
function judgeText(read: ReadPages, pageCount: number): Refusal | null {
  const scanned = read.images > 0 && read.total < STAMP_GLYPHS * pageCount;
  // Without any text, drawn shapes are most likely text turned into outlines.
  if (scanned || (read.total === 0 && read.paths > 0)) {
    return refuse("text", "PDF_IS_IMAGE", "The pages are pictures without text");
  }
  if (read.total === 0) return refuse("text", "STATEMENT_NO_TRANSACTIONS", "The pages are empty");
  if (read.unmapped > MAX_UNMAPPED * read.total) {
    return unreadable();
  }
  return null;
}
