/**
 * One page's glyphs, upright, in points with the origin top left, in the order in which the page paints them.
 *
 * The page's *up* is where most of its text points: a table that was printed sideways, with or without
 * /Rotate, comes out upright, and what stands askew to it (a diagonal watermark, a margin note) is left out.
 */

import type { Pdfium, PdfiumExports } from "./pdfium.ts";
import { mainTurn, standUpright } from "./upright.ts";

/** Parallel arrays, filled up to `count`: no object per glyph. Reused from page to page. */
export interface Glyphs {
  count: number;
  /** Unicode code point; U+FFFD where the font does not say what the glyph means. */
  code: Uint32Array;
  x0: Float32Array;
  y0: Float32Array;
  x1: Float32Array;
  y1: Float32Array;
  /** Where the base line stands. */
  base: Float32Array;
  /** The font's em in points. */
  size: Float32Array;
  /** Quarter turns counter-clockwise of the text on the unrotated page, or `ASKEW`. */
  turn: Uint8Array;
  /** 1 where a space glyph was painted just before. */
  spaced: Uint8Array;
}

export interface PageGlyphs {
  width: number;
  height: number;
  /** Glyphs that ink the page, whatever their direction, spaces not counted. */
  total: number;
  /** Of those: glyphs whose font does not say which character they are. */
  unmapped: number;
}

const ASKEW = 255;
/** A page of small print holds 10,000 glyphs; past this it is not a statement but an attack. */
const MAX_PAGE_GLYPHS = 200_000;
/** Tangent of about 3 degrees: the recognised text of a scan leans by 1 or 2. */
const MAX_LEAN = 0.05;
/** Smaller text cannot be read by anyone and hides words from the eye. Points. */
const MIN_SIZE = 1;
const SCRATCH_BYTES = 64;

/** The page holds more glyphs than any statement does. */
export class TooManyGlyphs extends Error {}

export function createGlyphs(capacity = 8192): Glyphs {
  const floats = (): Float32Array => new Float32Array(capacity);
  return {
    count: 0,
    code: new Uint32Array(capacity),
    x0: floats(),
    y0: floats(),
    x1: floats(),
    y1: floats(),
    base: floats(),
    size: floats(),
    turn: new Uint8Array(capacity),
    spaced: new Uint8Array(capacity),
  };
}

/** What all glyphs of one text object share. */
interface Run {
  object: number;
  turn: number;
  size: number;
  /** Em in points along the line: differs from `size` under horizontal scaling. */
  advance: number;
  baseX: number;
  baseY: number;
  font: number;
  fontSize: number;
  ascent: number;
  descent: number;
  unmapped: boolean;
}

interface Reader {
  x: PdfiumExports;
  text: number;
  scratch: number;
  /** Views of the scratch memory; detached (length 0) when the instance's memory grew. */
  f32: Float32Array;
  f64: Float64Array;
  run: Run;
  widths: Map<string, number>;
}

function refresh(reader: Reader): void {
  if (reader.f32.length > 0) return;
  reader.f32 = new Float32Array(reader.x.memory.buffer, reader.scratch, SCRATCH_BYTES / 4);
  reader.f64 = new Float64Array(reader.x.memory.buffer, reader.scratch, SCRATCH_BYTES / 8);
}

/** Quarter turns of the direction (a, b), or `ASKEW`. */
function turnOf(a: number, b: number): number {
  if (Math.abs(b) <= Math.abs(a) * MAX_LEAN) return a > 0 ? 0 : 2;
  if (Math.abs(a) <= Math.abs(b) * MAX_LEAN) return b > 0 ? 1 : 3;
  return ASKEW;
}

function startRun(reader: Reader, object: number, index: number): void {
  const { x, text, scratch, run } = reader;
  run.object = object;
  run.turn = ASKEW;
  run.size = 0;
  run.fontSize = x.FPDFText_GetFontSize(text, index);
  if (x.FPDFText_GetMatrix(text, index, scratch) === 0) return;
  refresh(reader);
  const [a = 0, b = 0, c = 0, d = 0] = reader.f32;
  run.turn = a === 0 && b === 0 ? ASKEW : turnOf(a, b);
  run.advance = Math.abs(run.fontSize) * Math.hypot(a, b);
  run.size = Math.abs(run.fontSize) * Math.hypot(c, d);
  x.FPDFText_GetCharOrigin(text, index, scratch, scratch + 8);
  refresh(reader);
  run.baseX = reader.f64[0] ?? 0;
  run.baseY = reader.f64[1] ?? 0;
  // A font without a Unicode map lacks it for all its glyphs: the first one tells.
  run.unmapped = x.FPDFText_HasUnicodeMapError(text, index) === 1;
  if (run.turn !== 0 && run.turn !== ASKEW) startTurnedRun(reader);
}

/** PDFium's loose boxes are for level text only; for turned text the font's own measures are asked. */
function startTurnedRun(reader: Reader): void {
  const { x, scratch, run } = reader;
  run.font = x.FPDFTextObj_GetFont(run.object);
  x.FPDFFont_GetAscent(run.font, 1000, scratch);
  x.FPDFFont_GetDescent(run.font, 1000, scratch + 4);
  refresh(reader);
  const [ascent = 0, descent = 0] = reader.f32;
  // Faulty fonts name no height, or one of many ems.
  const usable = ascent > descent && ascent - descent < 3000;
  run.ascent = usable ? ascent / (ascent - descent) : 0.8;
  run.descent = usable ? descent / (ascent - descent) : -0.2;
}

/** Width of the glyph in ems, by the font's own table. */
function glyphWidth(reader: Reader, code: number): number {
  const key = `${reader.run.font}:${code}`;
  let width = reader.widths.get(key);
  if (width === undefined) {
    const known = reader.x.FPDFFont_GetGlyphWidth(reader.run.font, code, 1000, reader.scratch);
    refresh(reader);
    width = known === 0 ? 0.5 : (reader.f32[0] ?? 500) / 1000;
    reader.widths.set(key, width);
  }
  return width;
}

/**
 * Box in the page's own space, into `glyphs` at `at`. Indexed, not destructured: through the iterator of a
 * typed array, 60 pages took 100 ms instead of 84.
 */
function levelBox(reader: Reader, index: number, glyphs: Glyphs, at: number): void {
  const { x, text, scratch } = reader;
  const known = x.FPDFText_GetLooseCharBox(text, index, scratch);
  refresh(reader);
  const { f32 } = reader;
  let left = f32[0] ?? 0;
  let top = f32[1] ?? 0;
  let right = f32[2] ?? 0;
  let bottom = f32[3] ?? 0;
  if (known === 0 || right <= left || top <= bottom) {
    x.FPDFText_GetCharBox(text, index, scratch, scratch + 8, scratch + 16, scratch + 24);
    refresh(reader);
    const { f64 } = reader;
    left = f64[0] ?? 0;
    right = f64[1] ?? 0;
    bottom = f64[2] ?? 0;
    top = f64[3] ?? 0;
  }
  glyphs.x0[at] = left;
  glyphs.x1[at] = right;
  glyphs.y0[at] = bottom;
  glyphs.y1[at] = top;
  glyphs.base[at] = reader.run.baseY;
}

function turnedBox(reader: Reader, index: number, code: number, glyphs: Glyphs, at: number): void {
  const { x, text, scratch, run } = reader;
  x.FPDFText_GetCharOrigin(text, index, scratch, scratch + 8);
  refresh(reader);
  const [originX = 0, originY = 0] = reader.f64;
  const width = glyphWidth(reader, code) * run.advance;
  // Along the text (dx, dy); up is that turned left by a quarter.
  const dx = run.turn === 2 ? -1 : 0;
  const dy = run.turn === 1 ? 1 : run.turn === 3 ? -1 : 0;
  const low = run.descent * run.size;
  const high = run.ascent * run.size;
  const xs = [originX - dy * low, originX - dy * high, originX + dx * width - dy * high];
  const ys = [originY + dx * low, originY + dx * high, originY + dy * width + dx * high];
  glyphs.x0[at] = Math.min(...xs);
  glyphs.x1[at] = Math.max(...xs);
  glyphs.y0[at] = Math.min(...ys);
  glyphs.y1[at] = Math.max(...ys);
  glyphs.base[at] = run.turn === 2 ? run.baseY : run.baseX;
}

/** Characters that say nothing: none, U+FFFD, private use, non-characters, controls. */
function isUnmapped(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0xe000 && code <= 0xf8ff) ||
    (code >= 0xfff0 && code <= 0xffff) ||
    code >= 0xf0000
  );
}

function isSpace(code: number): boolean {
  return (
    code === 0x20 ||
    code === 0xa0 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    (code >= 0x09 && code <= 0x0d)
  );
}

/** Reads every glyph that inks the page, in page space; returns how many have no known character. */
function readGlyphs(reader: Reader, glyphs: Glyphs): number {
  const { x, text, run } = reader;
  const chars = x.FPDFText_CountChars(text);
  if (chars > MAX_PAGE_GLYPHS) throw new TooManyGlyphs("too many glyphs on one page");
  if (chars > glyphs.code.length) Object.assign(glyphs, createGlyphs(chars * 2));
  let unmapped = 0;
  let at = 0;
  let spaced = 0;
  for (let index = 0; index < chars; index += 1) {
    let code = x.FPDFText_GetUnicode(text, index);
    if (isSpace(code)) {
      // Spaces that PDFium supposes between distant glyphs are ours to judge, those of the file are facts.
      if (x.FPDFText_IsGenerated(text, index) === 0) spaced = 1;
      continue;
    }
    const object = x.FPDFText_GetTextObject(text, index);
    if (object === 0) continue;
    if (object !== run.object) startRun(reader, object, index);
    if (run.size < MIN_SIZE) continue;
    // A hyphen at the end of a line is reported as a control character.
    if (code < 0x20 && x.FPDFText_IsHyphen(text, index) === 1) code = 0x2d;
    if (isUnmapped(code) || (run.unmapped && x.FPDFText_HasUnicodeMapError(text, index) === 1)) {
      code = 0xfffd;
      unmapped += 1;
    }
    if (run.turn === 0) levelBox(reader, index, glyphs, at);
    else if (run.turn !== ASKEW) turnedBox(reader, index, code, glyphs, at);
    glyphs.code[at] = code;
    glyphs.size[at] = run.size;
    glyphs.turn[at] = run.turn;
    glyphs.spaced[at] = spaced;
    spaced = 0;
    at += 1;
  }
  glyphs.count = at;
  return unmapped;
}

/** Scratch memory in the instance for one document; give it back with `x.free(scratch)`. */
export function createReader(pdfium: Pdfium): GlyphReader {
  const { x } = pdfium;
  const scratch = x.malloc(SCRATCH_BYTES);
  if (scratch === 0) throw new RangeError("no memory for the scratch area");
  const run: Run = {
    object: 0,
    turn: ASKEW,
    size: 0,
    advance: 0,
    baseX: 0,
    baseY: 0,
    font: 0,
    fontSize: 0,
    ascent: 0,
    descent: 0,
    unmapped: false,
  };
  const reader: Reader = {
    x,
    text: 0,
    scratch,
    f32: new Float32Array(0),
    f64: new Float64Array(0),
    run,
    widths: new Map(),
  };
  return { scratch, readPage: (page, glyphs) => readPage(reader, page, glyphs) };
}

export interface GlyphReader {
  scratch: number;
  /** Fills `glyphs` with the upright text of a loaded page; null where its text cannot be read. */
  readPage(page: number, glyphs: Glyphs): PageGlyphs | null;
}

function readPage(reader: Reader, page: number, glyphs: Glyphs): PageGlyphs | null {
  const { x, scratch } = reader;
  const text = x.FPDFText_LoadPage(page);
  if (text === 0) return null;
  // Handles and font pointers are reused by the allocator from page to page.
  reader.text = text;
  reader.run.object = 0;
  reader.widths.clear();
  const unmapped = readGlyphs(reader, glyphs);
  x.FPDFText_ClosePage(text);
  const total = glyphs.count;
  const known = x.FPDF_GetPageBoundingBox(page, scratch);
  refresh(reader);
  const [left = 0, top = 792, right = 612, bottom = 0] = known === 0 ? [] : reader.f32;
  const turn = mainTurn(glyphs, x.FPDFPage_GetRotation(page) & 3);
  const size = standUpright(glyphs, { left, bottom, right, top }, turn);
  return { ...size, total, unmapped };
}
