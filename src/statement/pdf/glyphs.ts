/**
 * One page's glyphs, upright, in points with the origin top left, in the order in which the page paints them.
 *
 * The page's *up* is where most of its text points: a table that was printed sideways, with or without
 * /Rotate, comes out upright, and what stands askew to it (a diagonal watermark, a margin note) is left out.
 */

import { levelBox, measuredBox, newReader, refresh, startRun } from "./boxes.ts";
import type { Reader } from "./boxes.ts";
import { ASKEW, createGlyphs, GHOST } from "./glyph-arrays.ts";
import type { Glyphs } from "./glyph-arrays.ts";
import type { Pdfium } from "./pdfium.ts";
import { silence } from "./spoken.ts";
import { mainTurn, standUpright } from "./upright.ts";
import { isScan } from "./visible.ts";

export interface PageGlyphs {
  width: number;
  height: number;
  /** Glyphs to be read, whatever their direction, spaces not counted. */
  total: number;
  /** Of those: glyphs whose font does not say which character they are. */
  unmapped: number;
  /** Quarter turns clockwise that stand the page upright, from how the file shows it. */
  turned: number;
}

/** A page of small print holds 10,000 glyphs; past this it is not a statement but an attack. */
const MAX_PAGE_GLYPHS = 200_000;
/** Smaller text cannot be read by anyone and hides words from the eye. Points. */
const MIN_SIZE = 1;

/** The page holds more glyphs than any statement does. */
export class TooManyGlyphs extends Error {}

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

interface Counts {
  /** Glyphs that have no known character. */
  unmapped: number;
  ghosts: number;
}

/** Reads every glyph that may be seen, and ghosts, in page space. */
function readGlyphs(reader: Reader, glyphs: Glyphs): Counts {
  const { x, text, run } = reader;
  const chars = x.FPDFText_CountChars(text);
  if (chars > MAX_PAGE_GLYPHS) throw new TooManyGlyphs("too many glyphs on one page");
  if (chars > glyphs.code.length) Object.assign(glyphs, createGlyphs(chars * 2));
  const counts: Counts = { unmapped: 0, ghosts: 0 };
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
    if (run.size < MIN_SIZE || run.sight === "hidden") continue;
    // A hyphen at the end of a line is reported as a control character.
    if (code < 0x20 && x.FPDFText_IsHyphen(text, index) === 1) code = 0x2d;
    if (isUnmapped(code) || (run.unmapped && x.FPDFText_HasUnicodeMapError(text, index) === 1)) {
      code = 0xfffd;
      counts.unmapped += 1;
    }
    if (run.measured && run.turn !== ASKEW) measuredBox(reader, index, code, glyphs, at);
    else if (run.turn === 0) levelBox(reader, index, glyphs, at);
    glyphs.base[at] = run.turn === 0 || run.turn === 2 ? run.baseY : run.baseX;
    glyphs.run[at] = object;
    glyphs.code[at] = code;
    glyphs.size[at] = run.size;
    glyphs.font[at] = run.font;
    const ghost = run.sight === "ghost";
    glyphs.turn[at] = ghost ? run.turn | GHOST : run.turn;
    glyphs.inkless[at] = ghost ? 1 : 0;
    if (ghost) counts.ghosts += 1;
    glyphs.spaced[at] = spaced;
    spaced = 0;
    at += 1;
  }
  glyphs.count = at;
  return counts;
}

/** Loads the page's text and reads it; null where it cannot be loaded. */
function readText(reader: Reader, glyphs: Glyphs): Counts | null {
  const { x } = reader;
  const text = x.FPDFText_LoadPage(reader.page);
  if (text === 0) return null;
  // Handles and font pointers are reused by the allocator from page to page.
  reader.text = text;
  reader.run.object = 0;
  reader.widths.clear();
  reader.heights.clear();
  const counts = readGlyphs(reader, glyphs);
  x.FPDFText_ClosePage(text);
  return counts;
}

/** What is painted in place of replacement text, unless its fonts do not say what they paint. */
function readPainted(reader: Reader, glyphs: Glyphs, spoken: Counts): Counts {
  silence(reader.x, reader.page, reader.key);
  const painted = createGlyphs(glyphs.code.length);
  const counts = readText(reader, painted);
  if (counts === null || counts.unmapped > spoken.unmapped) return spoken;
  Object.assign(glyphs, painted);
  return counts;
}

/** Ghosts become text like any other. */
function layGhosts(glyphs: Glyphs): void {
  for (let at = 0; at < glyphs.count; at += 1) {
    const turn = glyphs.turn[at] ?? ASKEW;
    if (turn !== ASKEW) glyphs.turn[at] = turn & ~GHOST;
  }
}

/** A reader for one document; afterwards give its `scratch` back with `x.free`. */
export function createReader(pdfium: Pdfium): GlyphReader {
  const reader = newReader(pdfium);
  return { scratch: reader.scratch, readPage: (page, glyphs) => readPage(reader, page, glyphs) };
}

export interface GlyphReader {
  scratch: number;
  /** Fills `glyphs` with the upright text of a loaded page; null where its text cannot be read. */
  readPage(page: number, glyphs: Glyphs): PageGlyphs | null;
}

function readPage(reader: Reader, page: number, glyphs: Glyphs): PageGlyphs | null {
  const { x, scratch } = reader;
  reader.page = page;
  reader.spoken = false;
  reader.grounds = undefined;
  const read = readText(reader, glyphs);
  if (read === null) return null;
  const { unmapped, ghosts } = reader.spoken ? readPainted(reader, glyphs, read) : read;
  // Behind the picture of a scan ghosts are its text; elsewhere they speak to screen readers.
  const seen = glyphs.count - ghosts;
  const scanned = ghosts > 0 && isScan(reader, ghosts, seen);
  if (scanned) layGhosts(glyphs);
  const total = scanned ? glyphs.count : seen;
  const known = x.FPDF_GetPageBoundingBox(page, scratch);
  refresh(reader);
  const [left = 0, top = 792, right = 612, bottom = 0] = known === 0 ? [] : reader.f32;
  const shown = x.FPDFPage_GetRotation(page) & 3;
  const turn = mainTurn(glyphs, shown);
  const size = standUpright(glyphs, { left, bottom, right, top }, turn);
  return { ...size, total, unmapped, turned: (turn - shown) & 3 };
}
