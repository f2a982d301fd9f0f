/** What a document says twice and not alike: rows can follow from one of two balances only. */
import type { Item } from "./interpret.ts";
import { abs } from "./money.ts";
import type { Disagreement, TotalCheck } from "./types.ts";

/** A closing balance said in the head and in a summary below the table, or page by page. */
export interface SaidBalances {
  openings: readonly bigint[];
  closings: readonly bigint[];
}

/**
 * Printed balances that are neither an end of the rows nor a balance between them (a page may say with which balance
 * it begins).
 * @param ends balances that the rows start from and come to
 */
export function otherBalances(
  items: readonly Item[],
  { openings, closings }: SaidBalances,
  ends: readonly (bigint | null)[],
): Disagreement[] {
  if (openings.length + closings.length < 2) return [];
  const known = new Set([...ends, ...items.map((item) => (item.kind === "total" ? null : item.balance))]);
  const others = (kind: "opening" | "closing", said: readonly bigint[]): Disagreement[] =>
    said.filter((balance) => !known.has(balance)).map((printed) => ({ kind, printed }));
  return [...others("opening", openings), ...others("closing", closings)];
}

/** Printed totals of one kind of which another one is met. */
export function otherTotals(
  kind: TotalCheck["kind"],
  printed: readonly bigint[],
  isMet: (value: bigint) => boolean,
): Disagreement[] {
  if (printed.length < 2 || !printed.some(isMet)) return [];
  return printed.filter((value) => !isMet(value)).map((value) => ({ kind, printed: abs(value) }));
}

/** Zeros of several kinds are the totals of another table without rows; one zero alone may be a misprint. */
export function withoutEmpty(totals: readonly Disagreement[]): Disagreement[] {
  const zeros = totals.filter(({ printed }) => printed === 0n);
  const kinds = new Set(zeros.map(({ kind }) => kind));
  return kinds.size < 2 ? [...totals] : totals.filter(({ printed }) => printed !== 0n);
}
