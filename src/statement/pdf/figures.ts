/**
 * How a page paints its amounts: with which fonts, how large, and on which lines each font paints. Nobody reads
 * rows from this; it is what tells an amount that was put in later.
 */

import type { Figure, PagePaint } from "../types.ts";
import type { Glyphs } from "./glyph-arrays.ts";
import type { Pdfium } from "./pdfium.ts";
import { glyphText } from "./words.ts";

/** As groupWords parts words: gaps in ems. */
const MAX_GAP = 0.3;
const MAX_OVERLAP = 0.35;
const BASE_DRIFT = 0.15;
/** Digits with a decimal or grouping mark, and little besides: signs, a currency, `Cr`. */
const MONEY = /^\D{0,4}\d[\d.,']*[.,]\d{1,3}\D{0,5}$/;
const MOST_GLYPHS = 40;
const NAME_BYTES = 128;
/** PDFium's FPDF_TEXTRENDERMODE_INVISIBLE. */
const INVISIBLE = 3;

type Painted = Pick<PagePaint, "figures" | "fontsByLine">;

export interface FigureReader {
  /** Names of the fonts met so far; the indexes in `PagePaint`. */
  fonts: string[];
  /** `glyphs` as `GlyphReader` left them, their page still loaded. */
  readPage(glyphs: Glyphs): Painted;
  close(): void;
}

/** Glyphs that stand together, from `first` on. Its text is put together only where it has digits. */
interface Draft extends Omit<Figure, "text"> {
  first: number;
  lastX0: number;
  digits: boolean;
}

interface Reader {
  pdfium: Pdfium;
  buffer: number;
  fonts: string[];
  byName: Map<string, number>;
  /** Of this page: font handles are reused from page to page. */
  byHandle: Map<number, number>;
}

/** For one document. Throws RangeError when there is no memory. */
export function createFigureReader(pdfium: Pdfium): FigureReader {
  const buffer = pdfium.x.malloc(NAME_BYTES);
  if (buffer === 0) throw new RangeError("no memory for the names of fonts");
  const reader: Reader = { pdfium, buffer, fonts: [], byName: new Map(), byHandle: new Map() };
  return {
    fonts: reader.fonts,
    readPage: (glyphs) => readPage(reader, glyphs),
    close: () => pdfium.x.free(buffer),
  };
}

function fontOf(reader: Reader, object: number): number {
  const { pdfium, buffer, byHandle, byName, fonts } = reader;
  const handle = pdfium.x.FPDFTextObj_GetFont(object);
  let font = byHandle.get(handle);
  if (font !== undefined) return font;
  const length = handle === 0 ? 0 : pdfium.x.FPDFFont_GetBaseFontName(handle, buffer, NAME_BYTES);
  // With its closing zero; a name that does not fit is not copied.
  const known = length > 1 && length <= NAME_BYTES;
  const bytes = new Uint8Array(pdfium.x.memory.buffer, buffer, known ? length - 1 : 0);
  const name = Buffer.from(bytes).toString("latin1");
  font = byName.get(name);
  if (font === undefined) {
    font = fonts.push(name) - 1;
    byName.set(name, font);
  }
  byHandle.set(handle, font);
  return font;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function readPage(reader: Reader, glyphs: Glyphs): Painted {
  reader.byHandle.clear();
  const figures: Figure[] = [];
  const fontsByLine = new Map<number, Set<number>>();
  let draft: Draft | null = null;
  let run = -1;
  let font = 0;
  const keep = (end: number): void => {
    const figure = draft?.digits === true ? toFigure(draft, glyphs, end) : null;
    if (figure !== null) figures.push(figure);
  };
  for (let at = 0; at < glyphs.count; at += 1) {
    const object = glyphs.run[at] ?? 0;
    const base = glyphs.base[at] ?? 0;
    if (object !== run) {
      run = object;
      font = fontOf(reader, object);
      addFont(fontsByLine, base, font);
    }
    if (draft === null || !continues(draft, glyphs, at)) {
      keep(at);
      draft = startFigure(glyphs, at);
      draft.hidden = isDigit(glyphs.code[at] ?? 0) && isHidden(reader, object);
    }
    grow(draft, glyphs, at, font);
  }
  keep(glyphs.count);
  return { figures, fontsByLine };
}

function isHidden({ pdfium }: Reader, object: number): boolean {
  return pdfium.x.FPDFTextObj_GetTextRenderMode(object) === INVISIBLE;
}

function addFont(lines: Map<number, Set<number>>, base: number, font: number): void {
  const line = Math.round(base);
  const fonts = lines.get(line);
  if (fonts === undefined) lines.set(line, new Set([font]));
  else fonts.add(font);
}

function startFigure(glyphs: Glyphs, at: number): Draft {
  return {
    first: at,
    x0: glyphs.x0[at] ?? 0,
    y0: glyphs.y0[at] ?? 0,
    x1: glyphs.x1[at] ?? 0,
    y1: glyphs.y1[at] ?? 0,
    base: glyphs.base[at] ?? 0,
    size: glyphs.size[at] ?? 0,
    fonts: [],
    hidden: false,
    lastX0: 0,
    digits: false,
  };
}

function continues(draft: Draft, glyphs: Glyphs, at: number): boolean {
  const size = glyphs.size[at] ?? 0;
  if (glyphs.spaced[at] === 1 || Math.abs((glyphs.base[at] ?? 0) - draft.base) > BASE_DRIFT * size)
    return false;
  const x0 = glyphs.x0[at] ?? 0;
  const gap = (x0 - draft.x1) / size;
  return x0 >= draft.lastX0 && gap < MAX_GAP && gap > -MAX_OVERLAP;
}

function grow(draft: Draft, glyphs: Glyphs, at: number, font: number): void {
  const code = glyphs.code[at] ?? 0;
  draft.lastX0 = glyphs.x0[at] ?? 0;
  draft.x1 = Math.max(draft.x1, glyphs.x1[at] ?? 0);
  draft.y0 = Math.min(draft.y0, glyphs.y0[at] ?? 0);
  draft.y1 = Math.max(draft.y1, glyphs.y1[at] ?? 0);
  // Signs and currencies often come from another font: only digits say what painted the amount.
  if (!isDigit(code)) return;
  draft.digits = true;
  if (!draft.fonts.includes(font)) draft.fonts.push(font);
}

/** Null for what is no amount: dates, references. */
function toFigure(draft: Draft, glyphs: Glyphs, end: number): Figure | null {
  const { first, x0, y0, x1, y1, base, size, fonts, hidden } = draft;
  if (end - first > MOST_GLYPHS) return null;
  let text = "";
  for (let at = first; at < end; at += 1) text += glyphText(glyphs.code[at] ?? 0);
  return MONEY.test(text) ? { text, x0, y0, x1, y1, base, size, fonts, hidden } : null;
}
