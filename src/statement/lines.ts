import type { Line, Page, Word } from "./types.ts";

/** A glyph this much taller than its neighbours is a watermark or sideways text, and gets a line of its own. */
const TALL = 2.2;
/** Share of the smaller height by which two words must overlap to stand on one line. */
const OVERLAP = 0.5;
/** Lines that a word may still join: columns set a point or two apart interleave when sorted by height. */
const LOOK_BACK = 4;

interface OpenLine {
  y0: number;
  y1: number;
  /** Height of the tallest ordinary word so far. */
  height: number;
  /** Right edge of its words. */
  right: number;
  words: Word[];
}

/** The words of a page as lines, top to bottom, each left to right. Text drawn twice at one place counts once. */
export function toLines(page: Page): Line[] {
  const words = page.words.filter(isInked);
  words.sort((a, b) => a.y0 + a.y1 - (b.y0 + b.y1) || a.x0 - b.x0);
  const open: OpenLine[] = [];
  for (const word of words) {
    const line = lineFor(open, word);
    if (line === null)
      open.push({ y0: word.y0, y1: word.y1, height: word.y1 - word.y0, right: word.x1, words: [word] });
    else join(line, word);
  }
  return open
    .sort((a, b) => a.y0 + a.y1 - (b.y0 + b.y1))
    .map((line, index) => close(line, page.number, index + 1));
}

/** Most words begin with a letter or digit of ASCII. */
function isInked({ text }: Word): boolean {
  const code = text.charCodeAt(0);
  return (code > 0x20 && code < 0x7f) || text.trim() !== "";
}

function lineFor(open: readonly OpenLine[], word: Word): OpenLine | null {
  const height = word.y1 - word.y0;
  let best: OpenLine | null = null;
  let most = 0;
  for (let i = open.length - 1; i >= 0 && i >= open.length - LOOK_BACK; i -= 1) {
    const line = open[i];
    if (line === undefined || height > line.height * TALL) continue;
    // A hyphen's box is flat: it belongs to the line around it. A line of watermark letters takes no ordinary word.
    if (line.height > height * TALL && word.text.length > 1 && word.x1 - word.x0 > 2 * height) continue;
    if (crosses(line, word)) continue;
    const shared = Math.min(word.y1, line.y1) - Math.max(word.y0, line.y0);
    const share = shared / Math.max(0.1, Math.min(height, line.y1 - line.y0));
    if (share >= OVERLAP && share > most) {
      most = share;
      best = line;
    }
  }
  return best;
}

/** A page foot printed into a row half a point higher: words that cover each other are not on one line. */
function crosses(line: OpenLine, word: Word): boolean {
  if (word.x0 >= line.right) return false;
  return line.words.some((other) => {
    const covered = Math.min(other.x1, word.x1) - Math.max(other.x0, word.x0);
    return covered > 0.5 * Math.min(other.x1 - other.x0, word.x1 - word.x0) && !isOverprint(other, word);
  });
}

/** The band stays that of the tallest ordinary word, so that a line cannot creep downwards word by word. */
function join(line: OpenLine, word: Word): void {
  line.words.push(word);
  line.right = Math.max(line.right, word.x1);
  if (word.y1 - word.y0 <= line.height) return;
  line.height = word.y1 - word.y0;
  line.y0 = word.y0;
  line.y1 = word.y1;
}

function close(line: OpenLine, page: number, number: number): Line {
  line.words.sort((a, b) => a.x0 - b.x0);
  const words = line.words.filter((word, i) => !isOverprint(line.words[i - 1], word));
  let y0 = Infinity;
  let y1 = -Infinity;
  for (const word of words) {
    y0 = Math.min(y0, word.y0);
    y1 = Math.max(y1, word.y1);
  }
  return { page, line: number, y0, y1, words, text: words.map((word) => word.text).join(" ") };
}

/** Bold faked by printing twice: the same text less than a point and a half aside. */
function isOverprint(previous: Word | undefined, word: Word): boolean {
  return (
    previous !== undefined &&
    previous.text === word.text &&
    Math.abs(previous.x0 - word.x0) < 1.5 &&
    Math.abs(previous.x1 - word.x1) < 1.5
  );
}
