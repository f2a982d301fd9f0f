import { type Amount, type DecimalMark, parseAmount } from "./money.ts";
import type { Word } from "./types.ts";

/** How this document writes numbers. */
export interface NumberStyle {
  decimal: DecimalMark;
  /** Decimal places of the currency's minor unit. */
  exponent: number;
  /** Kerning tore the numbers: what stands close together is one, wherever it is parted (`28 6.26`). */
  torn?: boolean;
  /** Digits are grouped by marks: `12 345.67` are two numbers. */
  grouped?: boolean;
}

/** Words of one line that together are an amount. */
export interface AmountCell {
  amount: Amount;
  x0: number;
  x1: number;
  /** Right edge of the last digit: `5.00 Cr` stands under `12.00` by its digits. */
  edge: number;
  /** First and last word, inclusive. */
  first: number;
  last: number;
}

/** Largest gap, in heights of the word, between pieces of one number (`1 234,56`, `1,31 5.61`) and before its sign or mark. */
const NUMBER_GAP = 0.45;
const AFFIX_GAP = 1.1;
const MOST_PIECES = 4;

/** The same in a document whose numbers are torn. */
const TORN_GAP = 0.6;

const PIECE = /^[-+(]?[\d.,']+$/;
/** Of a torn number the first piece may bear the currency, and the last one a sign or mark. */
const FIRST_PIECE = /^[-+(]?\p{Sc}?-?[\d.,']+$/u;
const LAST_PIECE = /^[\d.,']+(?:[-)]|\(?(?:cr|dr|c|d)\)?)?$/i;
const AFFIX = /^(?:[-–−+()]|\(?(?:cr|dr|c|d|db|od|s|h)\.?\)?-?|[₹₦€£$¥₱฿]|s\$|us\$|rs\.?|rm|[a-z]{3})$/i;

/** Every amount on a line, left to right. Numbers broken by spaces or kerning are joined, signs and marks taken along. */
export function amountCells(words: readonly Word[], style: NumberStyle): AmountCell[] {
  const cells: AmountCell[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || !hasDigit(word.text)) continue;
    const number = readNumber(words, i, style);
    if (number === null) continue;
    const previous = cells.at(-1)?.last ?? -1;
    const cell = withAffixes(words, number, previous, style);
    cells.push(cell);
    i = cell.last;
  }
  return cells;
}

function readNumber(words: readonly Word[], at: number, style: NumberStyle): AmountCell | null {
  if (style.torn === true) {
    const torn = readTorn(words, at, style);
    if (torn !== null) return torn;
  }
  let last = at;
  while (last + 1 < words.length && last - at + 1 < MOST_PIECES && joins(words, last)) last += 1;
  // The longest run of pieces that is one number: `1 234 567,89` before `1`.
  for (; last > at; last -= 1) {
    const pieces = words.slice(at, last + 1).map((word) => word.text);
    const amount = readPieces(pieces, style);
    if (amount !== null) return cellOf(words, at, last, amount);
  }
  const amount = parseAmount(words[at]?.text ?? "", style.decimal, style.exponent);
  return amount && cellOf(words, at, at, amount);
}

/** Whether two neighbours may be pieces of one number that kerning tore. */
export function areTorn(left: Word, right: Word): boolean {
  return gap(left, right) <= TORN_GAP && FIRST_PIECE.test(left.text) && LAST_PIECE.test(right.text);
}

/** The longest run of pieces that without the gaps between them is one number with decimals. */
function readTorn(words: readonly Word[], at: number, style: NumberStyle): AmountCell | null {
  let text = words[at]?.text ?? "";
  let cell: AmountCell | null = null;
  for (let last = at + 1; last < words.length && last - at < MOST_PIECES; last += 1) {
    const [before, word] = [words[last - 1], words[last]];
    if (before === undefined || word === undefined || !areTorn(before, word)) break;
    text += word.text;
    const amount = parseAmount(text, style.decimal, style.exponent);
    if (amount?.form === "decimal") cell = cellOf(words, at, last, amount);
  }
  return cell;
}

/** `1 234,56` is grouped by spaces; `1,31 5.61` and `12 ,50` were torn apart, and only their whole is a number. */
function readPieces(pieces: readonly string[], style: NumberStyle): Amount | null {
  const spaced = style.grouped === true ? null : parseAmount(pieces.join(" "), style.decimal, style.exponent);
  // Yen have no decimals by which to tell them.
  if (spaced?.form === "decimal" || (spaced?.form === "grouped" && style.exponent === 0)) return spaced;
  const torn = pieces.slice(0, -1).every((piece) => /[.,]/.test(piece)) || /^[.,]/.test(pieces.at(-1) ?? "");
  const whole = torn ? parseAmount(pieces.join(""), style.decimal, style.exponent) : null;
  return whole?.form === "decimal" ? whole : null;
}

function joins(words: readonly Word[], at: number): boolean {
  const [word, next] = [words[at], words[at + 1]];
  if (word === undefined || next === undefined) return false;
  return gap(word, next) <= NUMBER_GAP && PIECE.test(word.text) && PIECE.test(next.text);
}

function gap(left: Word, right: Word): number {
  return (right.x0 - left.x1) / Math.max(1, left.y1 - left.y0);
}

function cellOf(words: readonly Word[], first: number, last: number, amount: Amount): AmountCell {
  const x0 = words[first]?.x0 ?? 0;
  const end = words[last];
  const x1 = end?.x1 ?? 0;
  return { amount, x0, x1, edge: end === undefined ? x1 : digitEdge(end), first, last };
}

/** `5.00Cr` glued: the digits end where their share of the characters ends. */
function digitEdge(word: Word): number {
  let digits = word.text.length;
  while (digits > 0 && !isDigit(word.text.charCodeAt(digits - 1))) digits -= 1;
  if (digits === word.text.length || digits === 0) return word.x1;
  return word.x0 + ((word.x1 - word.x0) * digits) / word.text.length;
}

/** Takes in the currency, sign and mark beside the digits: `SGD 15,450.75`, `5,200.00 CR`, `-19,25 €`, `( 7.00 )`. */
function withAffixes(
  words: readonly Word[],
  number: AmountCell,
  previous: number,
  style: NumberStyle,
): AmountCell {
  let cell = number;
  for (;;) {
    const right = isAffix(words, cell.last, cell.last + 1);
    const left = cell.first - 1 > previous && isAffix(words, cell.first - 1, cell.first);
    const wider =
      (right ? read(words, cell, cell.first, cell.last + 1, style) : null) ??
      (left ? read(words, cell, cell.first - 1, cell.last, style) : null) ??
      (left && right ? read(words, cell, cell.first - 1, cell.last + 1, style) : null);
    if (wider === null) return cell;
    cell = wider;
  }
}

/** Whether of two neighbours the one that is not the number is a sign, mark or currency close to it. */
function isAffix(words: readonly Word[], left: number, right: number): boolean {
  const [a, b] = [words[left], words[right]];
  if (a === undefined || b === undefined || gap(a, b) > AFFIX_GAP) return false;
  return AFFIX.test(a.text) || AFFIX.test(b.text);
}

/** The words as one amount; its digits end where they ended before. */
function read(
  words: readonly Word[],
  cell: AmountCell,
  first: number,
  last: number,
  style: NumberStyle,
): AmountCell | null {
  const textOf = (from: number, to: number): string[] => words.slice(from, to).map((word) => word.text);
  const digits = textOf(cell.first, cell.last + 1).join(style.torn === true ? "" : " ");
  const text = [...textOf(first, cell.first), digits, ...textOf(cell.last + 1, last + 1)].join(" ");
  const amount = parseAmount(text, style.decimal, style.exponent);
  return amount && Object.assign(cellOf(words, first, last, amount), { edge: cell.edge });
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function hasDigit(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (isDigit(text.charCodeAt(i))) return true;
  return false;
}
