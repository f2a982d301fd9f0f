/** Amounts that stand under a label, for the facts around a table. */
import type { DateOrder } from "./dates.ts";
import { type Cell, type Label, placesOf, type Row } from "./identity-cells.ts";
import { type Amount, type DecimalMark, parseAmount } from "./money.ts";

export interface MoneyHints {
  decimal: DecimalMark;
  dateOrder: DateOrder;
}

/** No amount is printed in more words than `- SGD 15,450.75 Cr`. */
const WORDS = 4;

/** The amount with which a cell begins, in as many of its words as belong to it. */
export function amountOf(cell: Cell, decimal: DecimalMark, from = 0): Amount | null {
  for (let count = Math.min(WORDS, cell.tokens.length - from); count > 0; count -= 1) {
    const words = cell.tokens.slice(from, from + count).map(({ text }) => text);
    const amount = parseAmount(words.join(" "), decimal);
    if (amount !== null) return amount;
  }
  return null;
}

/** Signed: an overdrawn balance (`Dr`, `D`, a minus) is negative. */
export function signed({ minor, mark }: Amount): bigint {
  return mark === "dr" && minor > 0n ? -minor : minor;
}

export function amountUnder(rows: readonly Row[], label: Label, decimal: DecimalMark): Amount | null {
  for (const place of placesOf(rows, label)) {
    const amount = amountOf(place, decimal);
    // A bare whole number right behind a label is a count or a code sooner than money.
    if (amount !== null && (amount.form !== "plain" || amount.currency !== null || amount.minor === 0n))
      return amount;
  }
  return null;
}
