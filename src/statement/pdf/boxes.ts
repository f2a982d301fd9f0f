/** Boxes of glyphs in the page's own space, and what the glyphs of one text object share. */

import { ASKEW } from "./glyph-arrays.ts";
import type { Glyphs } from "./glyph-arrays.ts";
import type { Pdfium, PdfiumExports } from "./pdfium.ts";
import { ACTUAL_TEXT, isSpoken } from "./spoken.ts";
import { sightOf } from "./visible.ts";
import type { Sight, Sighting } from "./visible.ts";

/** Tangent of about 3 degrees: the recognised text of a scan leans by 1 or 2. */
const MAX_LEAN = 0.05;
const SCRATCH_BYTES = 64;
/** The last of them hold a name. */
const KEY_AT = 48;

/** What all glyphs of one text object share. */
export interface Run {
  object: number;
  turn: number;
  size: number;
  /** Em in points along the line: differs from `size` under horizontal scaling. */
  advance: number;
  baseX: number;
  baseY: number;
  font: number;
  fontSize: number;
  /** PDFium's loose boxes do not fit: the text is turned or slanted, or its font names no height. */
  measured: boolean;
  /** Of the line box, in ems above the base line. */
  ascent: number;
  descent: number;
  unmapped: boolean;
  sight: Sight;
}

export interface Reader extends Sighting {
  x: PdfiumExports;
  text: number;
  /** Views of the scratch memory; detached (length 0) when the instance's memory grew. */
  f32: Float32Array;
  f64: Float64Array;
  run: Run;
  /** Points to `ACTUAL_TEXT`. */
  key: number;
  /** A text of the page bears replacement text. */
  spoken: boolean;
  widths: Map<string, number>;
  heights: Map<number, FontHeight>;
}

/** In ems; `known` is false where the font names none and a usual one is supposed. */
interface FontHeight {
  ascent: number;
  descent: number;
  known: boolean;
}

export function refresh(reader: Reader): void {
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

export function startRun(reader: Reader, object: number, index: number): void {
  const { x, text, scratch, run } = reader;
  run.object = object;
  run.turn = ASKEW;
  run.sight = "seen";
  run.size = 0;
  run.font = 0;
  run.fontSize = x.FPDFText_GetFontSize(text, index);
  if (x.FPDFText_GetMatrix(text, index, scratch) === 0) return;
  refresh(reader);
  const { f32 } = reader;
  const a = f32[0] ?? 0;
  const b = f32[1] ?? 0;
  const c = f32[2] ?? 0;
  const d = f32[3] ?? 0;
  // A negative size turns the text by half, and is used together with a matrix that turns it back.
  const sign = run.fontSize < 0 ? -1 : 1;
  run.turn = a === 0 && b === 0 ? ASKEW : turnOf(a * sign, b * sign);
  run.advance = Math.abs(run.fontSize) * Math.hypot(a, b);
  run.size = Math.abs(run.fontSize) * Math.hypot(c, d);
  x.FPDFText_GetCharOrigin(text, index, scratch, scratch + 8);
  refresh(reader);
  run.baseX = reader.f64[0] ?? 0;
  run.baseY = reader.f64[1] ?? 0;
  reader.spoken ||= isSpoken(x, object, reader.key);
  run.sight = sightOf(reader, object, run);
  if (run.sight === "hidden") return;
  // A font without a Unicode map lacks it for all its glyphs: the first one tells.
  run.unmapped = x.FPDFText_HasUnicodeMapError(text, index) === 1;
  run.font = x.FPDFTextObj_GetFont(object);
  const height = fontHeight(reader, run.font);
  run.ascent = height.ascent;
  run.descent = height.descent;
  run.measured = run.turn !== 0 || !height.known || Math.abs(c) > MAX_LEAN * Math.abs(d);
}

function fontHeight(reader: Reader, font: number): FontHeight {
  const { x, scratch, heights } = reader;
  let height = heights.get(font);
  if (height === undefined) {
    x.FPDFFont_GetAscent(font, 1000, scratch);
    x.FPDFFont_GetDescent(font, 1000, scratch + 4);
    refresh(reader);
    const [ascent = 0, descent = 0] = reader.f32;
    const total = ascent - descent;
    // Faulty fonts name no height, or one of many ems.
    height =
      total > 0 && total < 3000
        ? { ascent: ascent / 1000, descent: descent / 1000, known: true }
        : { ascent: 0.8, descent: -0.2, known: total !== 0 };
    heights.set(font, height);
  }
  return height;
}

/** Width of the glyph in ems, by the font's own table; 0 where it does not know. */
function glyphWidth(reader: Reader, code: number): number {
  const key = `${reader.run.font}:${code}`;
  let width = reader.widths.get(key);
  if (width === undefined) {
    const known = reader.x.FPDFFont_GetGlyphWidth(reader.run.font, code, 1000, reader.scratch);
    refresh(reader);
    width = known === 0 ? 0 : (reader.f32[0] ?? 0) / 1000;
    reader.widths.set(key, width);
  }
  return width;
}

/**
 * Box in the page's own space, into `glyphs` at `at`. Indexed, not destructured: through the iterator of a
 * typed array, 60 pages took 100 ms instead of 84.
 */
export function levelBox(reader: Reader, index: number, glyphs: Glyphs, at: number): void {
  const { x, text, scratch } = reader;
  const known = x.FPDFText_GetLooseCharBox(text, index, scratch);
  refresh(reader);
  const { f32 } = reader;
  let left = f32[0] ?? 0;
  let top = f32[1] ?? 0;
  let right = f32[2] ?? 0;
  let bottom = f32[3] ?? 0;
  if (known === 0 || right <= left || top <= bottom) {
    inkBox(reader, index, glyphs, at);
    return;
  }
  glyphs.x0[at] = left;
  glyphs.x1[at] = right;
  glyphs.y0[at] = bottom;
  glyphs.y1[at] = top;
}

/** What the glyph inks: the last resort, as its sides say nothing about the gap to its neighbours. */
function inkBox(reader: Reader, index: number, glyphs: Glyphs, at: number): void {
  const { x, text, scratch } = reader;
  x.FPDFText_GetCharBox(text, index, scratch, scratch + 8, scratch + 16, scratch + 24);
  refresh(reader);
  const { f64 } = reader;
  glyphs.x0[at] = f64[0] ?? 0;
  glyphs.x1[at] = f64[1] ?? 0;
  glyphs.y0[at] = f64[2] ?? 0;
  glyphs.y1[at] = f64[3] ?? 0;
}

/** Box from the glyph's origin, its advance and the font's height, in the direction of the text. */
export function measuredBox(reader: Reader, index: number, code: number, glyphs: Glyphs, at: number): void {
  const { x, text, scratch, run } = reader;
  const width = glyphWidth(reader, code) * run.advance;
  if (width <= 0) {
    inkBox(reader, index, glyphs, at);
    return;
  }
  x.FPDFText_GetCharOrigin(text, index, scratch, scratch + 8);
  refresh(reader);
  const [originX = 0, originY = 0] = reader.f64;
  // Along the text (dx, dy); up is that turned left by a quarter.
  const dx = run.turn === 0 ? 1 : run.turn === 2 ? -1 : 0;
  const dy = run.turn === 1 ? 1 : run.turn === 3 ? -1 : 0;
  const low = run.descent * run.size;
  const high = run.ascent * run.size;
  const xs = [originX - dy * low, originX - dy * high, originX + dx * width - dy * high];
  const ys = [originY + dx * low, originY + dx * high, originY + dy * width + dx * high];
  glyphs.x0[at] = Math.min(...xs);
  glyphs.x1[at] = Math.max(...xs);
  glyphs.y0[at] = Math.min(...ys);
  glyphs.y1[at] = Math.max(...ys);
}

/** Scratch memory in the instance for one document; give it back with `x.free(scratch)`. */
export function newReader(pdfium: Pdfium): Reader {
  const { x } = pdfium;
  const scratch = x.malloc(SCRATCH_BYTES);
  if (scratch === 0) throw new RangeError("no memory for the scratch area");
  new Uint8Array(x.memory.buffer).set(Buffer.from(ACTUAL_TEXT, "latin1"), scratch + KEY_AT);
  const run: Run = {
    object: 0,
    turn: ASKEW,
    size: 0,
    advance: 0,
    baseX: 0,
    baseY: 0,
    font: 0,
    fontSize: 0,
    measured: false,
    ascent: 0,
    descent: 0,
    unmapped: false,
    sight: "seen",
  };
  return {
    x,
    page: 0,
    text: 0,
    scratch,
    key: scratch + KEY_AT,
    spoken: false,
    grounds: undefined,
    f32: new Float32Array(0),
    f64: new Float64Array(0),
    u32: new Uint32Array(0),
    run,
    widths: new Map(),
    heights: new Map(),
  };
}
