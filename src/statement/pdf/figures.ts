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

type Painted = Pick<PagePaint, "figures" | "fontsByLine">;

export interface FigureReader {
  /** Names of the fonts met so far; the indexes in `PagePaint`. */
  fonts: string[];
  /** `glyphs` as `GlyphReader` left them, their page still loaded. */
  readPage(glyphs: Glyphs): Painted;
  close(): void;
}

/** Glyphs that stand together, from `first` on. A figure is made of them only where they have digits and a mark. */
interface Draft {
  first: number;
  base: number;
  x1: number;
  lastX0: number;
  digits: boolean;
  marks: boolean;
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

function fontOf(reader: Reader, handle: number): number {
  const { pdfium, buffer, byHandle, byName, fonts } = reader;
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

const POINT = 0x2e;
const COMMA = 0x2c;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function readPage(reader: Reader, glyphs: Glyphs): Painted {
  reader.byHandle.clear();
  const figures: Figure[] = [];
  const fontsByLine = new Map<number, Set<number>>();
  // One for all: most words are no figures.
  const draft: Draft = { first: 0, base: 0, x1: 0, lastX0: 0, digits: false, marks: false };
  let run = -1;
  const keep = (end: number): void => {
    const figure = draft.digits && draft.marks ? toFigure(reader, draft.first, glyphs, end) : null;
    if (figure !== null) figures.push(figure);
  };
  for (let at = 0; at < glyphs.count; at += 1) {
    const object = glyphs.run[at] ?? 0;
    if (object !== run) {
      run = object;
      addFont(fontsByLine, glyphs.base[at] ?? 0, fontOf(reader, glyphs.font[at] ?? 0));
    }
    if (at === 0 || !continues(draft, glyphs, at)) {
      keep(at);
      start(draft, glyphs, at);
    }
    grow(draft, glyphs, at);
  }
  keep(glyphs.count);
  return { figures, fontsByLine };
}

function addFont(lines: Map<number, Set<number>>, base: number, font: number): void {
  const line = Math.round(base);
  const fonts = lines.get(line);
  if (fonts === undefined) lines.set(line, new Set([font]));
  else fonts.add(font);
}

function start(draft: Draft, glyphs: Glyphs, at: number): void {
  draft.first = at;
  draft.base = glyphs.base[at] ?? 0;
  draft.x1 = glyphs.x1[at] ?? 0;
  draft.digits = false;
  draft.marks = false;
}

function continues(draft: Draft, glyphs: Glyphs, at: number): boolean {
  const size = glyphs.size[at] ?? 0;
  if (glyphs.spaced[at] === 1 || Math.abs((glyphs.base[at] ?? 0) - draft.base) > BASE_DRIFT * size)
    return false;
  const x0 = glyphs.x0[at] ?? 0;
  const gap = (x0 - draft.x1) / size;
  return x0 >= draft.lastX0 && gap < MAX_GAP && gap > -MAX_OVERLAP;
}

function grow(draft: Draft, glyphs: Glyphs, at: number): void {
  const code = glyphs.code[at] ?? 0;
  draft.lastX0 = glyphs.x0[at] ?? 0;
  draft.x1 = Math.max(draft.x1, glyphs.x1[at] ?? 0);
  if (isDigit(code)) draft.digits = true;
  else if (code === POINT || code === COMMA || code >= 0x80) draft.marks = true;
}

/** Null for what is no amount: dates, references. */
function toFigure(reader: Reader, first: number, glyphs: Glyphs, end: number): Figure | null {
  if (end - first > MOST_GLYPHS) return null;
  let text = "";
  for (let at = first; at < end; at += 1) text += glyphText(glyphs.code[at] ?? 0);
  if (!MONEY.test(text)) return null;
  const figure: Figure = {
    text,
    x0: glyphs.x0[first] ?? 0,
    y0: Infinity,
    x1: -Infinity,
    y1: -Infinity,
    base: glyphs.base[first] ?? 0,
    size: glyphs.size[first] ?? 0,
    fonts: [],
    hidden: glyphs.inkless[first] === 1,
  };
  for (let at = first; at < end; at += 1) {
    figure.x1 = Math.max(figure.x1, glyphs.x1[at] ?? 0);
    figure.y0 = Math.min(figure.y0, glyphs.y0[at] ?? 0);
    figure.y1 = Math.max(figure.y1, glyphs.y1[at] ?? 0);
    // Signs and currencies often come from another font: only digits say what painted the amount.
    if (!isDigit(glyphs.code[at] ?? 0)) continue;
    const font = fontOf(reader, glyphs.font[at] ?? 0);
    if (!figure.fonts.includes(font)) figure.fonts.push(font);
  }
  return figure;
}
