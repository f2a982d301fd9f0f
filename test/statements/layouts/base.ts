/** What most layouts share; each layout names only how it differs. */
import type { Layout } from "../types.ts";

export const A4 = [595, 842] as const;
export const A4_LANDSCAPE = [842, 595] as const;
export const LETTER = [612, 792] as const;

export const base: Omit<Layout, "id" | "columns"> = {
  page: A4,
  font: "Helvetica",
  size: 8,
  rowGap: 4,
  date: "dd/mm/yyyy",
  timed: false,
  money: { decimal: ".", grouping: "western" },
  amountStyle: "minus",
  balanceStyle: "minus",
  emptyCell: "",
  valign: "top",
  narrationBreaks: "words",
  marksBelow: false,
  blankBalanceEvery: null,
  totalsIncludeOpening: false,
  movesBy: 0,
  box: null,
  after: [],
  order: "oldest-first",
  dateOncePerDay: false,
  balanceOncePerDay: false,
  openingRow: null,
  closingRow: null,
  carry: null,
  totalsRow: null,
  repeatHeader: true,
  splitRows: false,
  rules: "lines",
  headOnEveryPage: false,
  head: "two-blocks",
  summaryBelow: false,
  footer: [],
};
