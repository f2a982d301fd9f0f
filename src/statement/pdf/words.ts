/**
 * Glyphs to words: what stands together on one base line, by gaps measured in ems.
 *
 * PDFium's advance boxes touch inside a word, so a gap is what the file added: kerning pulls up to a tenth of
 * an em, a printed word space is a quarter (Helvetica 0.278, Times 0.25), justified text shrinks it to 0.17.
 */

import type { Word } from "../types.ts";
import type { Glyphs } from "./glyph-arrays.ts";

/** A wider gap, in ems, parts two words. */
const WORD_GAP = 0.15;
/** Between digits: files that place each digit themselves are uneven, and no narrower gap parts two columns. */
const DIGIT_GAP = 0.22;
/** The same inside one text operator of a page that paints its spaces: there kerning alone makes gaps. */
const SPACED_WORD_GAP = 0.25;
const SPACED_DIGIT_GAP = 0.38;
/** Share of glyphs with a space before them from which on a page paints its spaces. */
const SPACED = 0.025;
/** Between pieces that the file paints apart from each other, in whatever order. */
const PIECE_GAP = 0.12;
/** How far a glyph may reach back over the one before it. */
const MAX_OVERLAP = 0.35;
/** A space of the file parts two glyphs unless the next one was moved back over it. */
const SPACE_GAP = 0.03;
/** Glyphs on one base line differ by no more, in ems. */
const BASE_DRIFT = 0.15;
/** Lines closer than this, in ems, are read as one. */
const LINE_DRIFT = 0.4;

/** Letter-spaced text: gaps at least, at most, and uneven by so many ems, in so many places. */
const MIN_TRACKING = 0.08;
const MAX_TRACKING = 0.8;
const EVEN_TRACKING = 0.08;
const TRACKED_GAPS = 3;

/** Part of a word, as painted in one go. */
interface Piece extends Word {
  base: number;
  size: number;
  /** A space of the file stands before it. */
  spaced: boolean;
}

/** Printed forms of a hyphen or minus; 0xAD is what many encodings call the plain hyphen. */
const HYPHENS = new Set([0xad, 0x2010, 0x2011, 0x2212, 0xfe63, 0xff0d]);
const LIGATURES = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];
const FIRST_LIGATURE = 0xfb00;
/** Zero-width marks: joiners, direction marks, byte order mark. */
const INVISIBLE = new Set([0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0xfeff]);

/** Zeros of the scripts whose digits statements print: Arabic, Persian, Devanagari, Bengali, Gujarati, Tamil, Thai. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xae6, 0xbe6, 0xe50];
const ARABIC_MARKS: Readonly<Record<number, number>> = { 0x66b: 0x2e, 0x66c: 0x2c, 0x60c: 0x2c };

/** Digits of any script as 0 to 9, the Arabic decimal mark as a point and its group mark as a comma. */
export function plainDigit(code: number): number {
  if (code < 0x600 || code > 0xe59) return code;
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? (ARABIC_MARKS[code] ?? code) : code - zero + 0x30;
}

/** The text of one glyph, with ligatures taken apart and full-width forms made plain. */
export function glyphText(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (HYPHENS.has(code)) return "-";
  if (INVISIBLE.has(code)) return "";
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  return LIGATURES[code - FIRST_LIGATURE] ?? String.fromCodePoint(code);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/**
 * The letter-spacing of the text operator that begins at `start`, in points: the smallest gap between its
 * glyphs, where nearly all of them stand so far apart (`S T A T E M E N T`). 0 for ordinary text.
 */
function tracking(glyphs: Glyphs, start: number): number {
  const run = glyphs.run[start];
  const size = glyphs.size[start] ?? 0;
  let smallest = Infinity;
  let count = 0;
  let at = start + 1;
  for (; at < glyphs.count && glyphs.run[at] === run; at += 1) {
    if (glyphs.spaced[at] === 1) continue;
    const gap = (glyphs.x0[at] ?? 0) - (glyphs.x1[at - 1] ?? 0);
    // Ordinary text is told by its first pair of letters.
    if (gap < MIN_TRACKING * size) return 0;
    smallest = Math.min(smallest, gap);
    count += 1;
  }
  if (count < TRACKED_GAPS || smallest > MAX_TRACKING * size) return 0;
  let even = 0;
  for (let next = start + 1; next < at; next += 1) {
    const gap = (glyphs.x0[next] ?? 0) - (glyphs.x1[next - 1] ?? 0);
    if (glyphs.spaced[next] !== 1 && gap < smallest + EVEN_TRACKING * size) even += 1;
  }
  return even >= count * 0.75 ? smallest : 0;
}

/** Whether the page's words are parted by spaces of the file rather than by gaps alone. */
function paintsSpaces(glyphs: Glyphs): boolean {
  let count = 0;
  for (let at = 0; at < glyphs.count; at += 1) count += glyphs.spaced[at] ?? 0;
  return count >= SPACED * glyphs.count;
}

/** Share of glyphs that begin a text of their own from which on the page paints each glyph by itself. */
const SINGLE = 0.6;

/** Whether the page paints its glyphs one by one: then a text says nothing of what belongs together. */
function paintsSingly({ count, run }: Glyphs): boolean {
  let texts = 0;
  for (let at = 0; at < count; at += 1) if (run[at] !== run[at - 1]) texts += 1;
  return texts >= SINGLE * count;
}

/** In painting order; a glyph painted twice on the same spot (poor man's bold) counts once. */
function pieces(glyphs: Glyphs): Piece[] {
  const found: Piece[] = [];
  let piece: Piece | null = null;
  let lastCode = 0;
  let lastX0 = 0;
  let track = 0;
  const spaces = paintsSpaces(glyphs);
  const singly = spaces && paintsSingly(glyphs);
  for (let at = 0; at < glyphs.count; at += 1) {
    const code = plainDigit(glyphs.code[at] ?? 0);
    const x0 = glyphs.x0[at] ?? 0;
    const y0 = glyphs.y0[at] ?? 0;
    const x1 = glyphs.x1[at] ?? 0;
    const y1 = glyphs.y1[at] ?? 0;
    const base = glyphs.base[at] ?? 0;
    const size = glyphs.size[at] ?? 0;
    const spaced = glyphs.spaced[at] === 1;
    const sameRun = at > 0 && glyphs.run[at] === glyphs.run[at - 1];
    if (!sameRun) track = tracking(glyphs, at);
    if (piece !== null && Math.abs(base - piece.base) < BASE_DRIFT * size && alike(size, piece.size)) {
      // A ligature comes as several characters in one box.
      if (sameRun && at > 0 && x0 === glyphs.x0[at - 1] && x1 === glyphs.x1[at - 1]) {
        piece.text += glyphText(code);
        continue;
      }
      if (code === lastCode && Math.abs(x0 - lastX0) < 0.4 * (x1 - x0)) continue;
      const gap = (x0 - piece.x1 - (sameRun ? track : 0)) / size;
      const limit = gapLimit(isDigit(code) && isDigit(lastCode), singly || (spaces && sameRun));
      if (x0 >= lastX0 && gap > -MAX_OVERLAP && gap < limit && !(spaced && gap > SPACE_GAP)) {
        piece.text += glyphText(code);
        if (x1 > piece.x1) piece.x1 = x1;
        if (y0 < piece.y0) piece.y0 = y0;
        if (y1 > piece.y1) piece.y1 = y1;
        lastCode = code;
        lastX0 = x0;
        continue;
      }
    }
    piece = { text: glyphText(code), x0, y0, x1, y1, base, size, spaced };
    found.push(piece);
    lastCode = code;
    lastX0 = x0;
  }
  return found;
}

function gapLimit(digits: boolean, spaced: boolean): number {
  if (digits) return spaced ? SPACED_DIGIT_GAP : DIGIT_GAP;
  return spaced ? SPACED_WORD_GAP : WORD_GAP;
}

function alike(size: number, other: number): boolean {
  return size < other * 1.34 && other < size * 1.34;
}

/** Pieces by line from the top, each line from the left. Sorts in place. */
function byLine(found: Piece[]): Piece[][] {
  found.sort((a, b) => a.base - b.base);
  const lines: Piece[][] = [];
  let line: Piece[] = [];
  let first: Piece | null = null;
  for (const piece of found) {
    if (first === null || piece.base - first.base > LINE_DRIFT * Math.min(piece.size, first.size)) {
      first = piece;
      line = [];
      lines.push(line);
    }
    line.push(piece);
  }
  for (const line of lines) line.sort((a, b) => a.x0 - b.x0);
  return lines;
}

/** The same text painted again on the same spot, a hair aside. */
function isRepeat(line: Piece[], kept: number, piece: Piece): boolean {
  for (let at = kept - 1; at >= 0; at -= 1) {
    const other = line[at];
    if (other === undefined || piece.x0 - other.x0 > 0.3 * piece.size) return false;
    if (other.text === piece.text && Math.abs(other.base - piece.base) < 0.3 * piece.size) return true;
  }
  return false;
}

function joins(left: Piece, right: Piece): boolean {
  const gap = (right.x0 - left.x1) / right.size;
  return (
    gap < PIECE_GAP &&
    gap > -MAX_OVERLAP &&
    !(right.spaced && gap > SPACE_GAP) &&
    Math.abs(right.base - left.base) < BASE_DRIFT * right.size &&
    alike(left.size, right.size)
  );
}

/** Drops repeats and joins touching pieces, in place; the line keeps its order. */
function settle(line: Piece[], words: Word[]): void {
  let kept = 0;
  for (const piece of line) {
    if (isRepeat(line, kept, piece)) continue;
    const before = line[kept - 1];
    if (kept > 0 && before !== undefined && joins(before, piece)) {
      before.text += piece.text;
      before.x1 = Math.max(before.x1, piece.x1);
      before.y0 = Math.min(before.y0, piece.y0);
      before.y1 = Math.max(before.y1, piece.y1);
    } else {
      line[kept] = piece;
      kept += 1;
    }
  }
  for (let at = 0; at < kept; at += 1) {
    const piece = line[at];
    if (piece === undefined || piece.text === "") continue;
    words.push({ text: piece.text, x0: piece.x0, y0: piece.y0, x1: piece.x1, y1: piece.y1 });
  }
}

/** The page's words in reading order: lines from the top, each from the left. Boxes in points. */
export function groupWords(glyphs: Glyphs): Word[] {
  const words: Word[] = [];
  for (const line of byLine(pieces(glyphs))) settle(line, words);
  return words;
}
