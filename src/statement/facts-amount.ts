/** Amounts that stand under a label, for the facts around a table. */
import type { NumberStyle } from "./cells.ts";
import { type DateOrder, type PrintedDate, readDate } from "./dates.ts";
import { type Cell, type Label, placesOf, type Row, type Token } from "./identity-cells.ts";
import { type Amount, parseAmount } from "./money.ts";
import type { TableStyle } from "./tableline.ts";

/** No amount is printed in more words than `- SGD 15,450.75 Cr`. */
const WORDS = 4;

/** The amount with which a cell begins, in as many of its words as belong to it. */
export function amountOf(cell: Cell, style: NumberStyle, from = 0): Amount | null {
  const { decimal, exponent } = style;
  for (let count = Math.min(WORDS, cell.tokens.length - from); count > 0; count -= 1) {
    const amount = parseAmount(textOf(cell.tokens.slice(from, from + count), style), decimal, exponent);
    if (amount !== null) return amount;
  }
  return null;
}

/** Widths of a digit that may part the pieces of a torn number. */
const TORN_DIGITS = 1.25;

/** The words joined by a space, torn numbers by none. */
function textOf(tokens: readonly Token[], { torn }: NumberStyle): string {
  return tokens.reduce((text, token, index) => {
    const before = tokens[index - 1];
    if (before === undefined) return token.text;
    const digit = (token.x1 - token.x0) / token.text.length;
    const isOne =
      torn === true &&
      token.x0 - before.x1 <= TORN_DIGITS * digit &&
      /[\d.,]$/.test(before.text) &&
      /^[\d.,]/.test(token.text);
    return isOne ? text + token.text : `${text} ${token.text}`;
  }, "");
}

/** Signed: an overdrawn balance (`Dr`, `D`, a minus) is negative. */
export function signed({ minor, mark }: Amount): bigint {
  return mark === "dr" && minor > 0n ? -minor : minor;
}

/** The date that begins at a token, or a word or two behind it (`as on`), and the token behind the date. */
export function dateBehind(
  cell: Cell,
  from: number,
  order: DateOrder,
): { date: PrintedDate; end: number } | null {
  for (let start = from; start < cell.tokens.length && start <= from + 2; start += 1) {
    const words = cell.tokens.slice(start).map(({ text }) => text);
    const date = readDate(words.join(" "), order);
    if (date !== null) return { date, end: start + wordsIn(words, date.end) };
  }
  return null;
}

/** How many words the first `length` characters of the joined words take. */
function wordsIn(words: readonly string[], length: number): number {
  let read = 0;
  let count = 0;
  while (count < words.length && read < length) {
    read += (words[count]?.length ?? 0) + 1;
    count += 1;
  }
  return count;
}

/** `Closing Balance : 3,100.50`, `Closing Balance on 31/01/2024: INR 3,100.50`, or the amount below its label. */
export function amountUnder(rows: readonly Row[], label: Label, style: TableStyle): Amount | null {
  for (const place of placesOf(rows, label)) {
    const behind = dateBehind(place, 0, style.dateOrder)?.end;
    const amount =
      amountOf(place, style) ??
      (behind === undefined ? null : amountOf(place, style, behind)) ??
      paddedAmount(place, style);
    if (amount !== null && isMoney(amount, style)) return amount;
  }
  return null;
}

/**
 * `03,74` alone behind a label is a misprint of `53,74` and no date: left unread, nothing would speak against it.
 */
function paddedAmount(place: Cell, style: NumberStyle): Amount | null {
  if (place.tokens.length > 2) return null;
  return parseAmount(place.text.replace(/(?<!\d)0(?=\d[.,]\d\d(?!\d))/, ""), style.decimal, style.exponent);
}

/** A bare whole number right behind a label is a count or a code sooner than money, unless all money is whole. */
function isMoney({ form, currency, minor }: Amount, { exponent }: NumberStyle): boolean {
  return form !== "plain" || currency !== null || minor === 0n || exponent === 0;
}
