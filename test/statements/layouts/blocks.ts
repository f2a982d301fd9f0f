/** Rows of several lines: where the numbers stand in them, and cells that break in the middle of a word. */
import type { Column, ColumnKey, Layout } from "../types.ts";
import { A4_LANDSCAPE, base } from "./base.ts";

const lakh = { decimal: ".", grouping: "indian" } as const;

/** Five columns; the narration is narrow, so that its cell takes several lines. */
const narrow = [
  { key: "date", title: "Date", x0: 30, x1: 90 },
  { key: "narration", title: "Particulars", x0: 100, x1: 240 },
  { key: "reference", title: "Cheque No", x0: 250, x1: 294 },
  { key: "debit", title: "Debit", x0: 304, x1: 380, align: "right" },
  { key: "credit", title: "Credit", x0: 390, x1: 470, align: "right" },
  { key: "balance", title: "Balance", x0: 480, x1: 566, align: "right" },
] as const;

/** The narrow columns, some of them otherwise. */
function changed(changes: Partial<Record<ColumnKey, Partial<Column>>>): Column[] {
  return narrow.map((column) => Object.assign({}, column, changes[column.key]));
}

const head = { ...base, money: lakh, openingRow: "Opening Balance", closingRow: "Closing Balance" } as const;

export const blocks: readonly Layout[] = [
  { ...head, id: "narration-above", valign: "bottom", rules: "none", columns: narrow },
  { ...head, id: "narration-around", valign: "middle", rules: "lines", columns: narrow },
  {
    // No gap between rows: only the first row under its header tells that narrations stand above.
    ...base,
    id: "narration-above-tight",
    money: lakh,
    valign: "bottom",
    rowGap: 0,
    rules: "none",
    head: "left-list",
    columns: narrow,
  },
  {
    ...head,
    id: "narration-above-over-pages",
    valign: "bottom",
    splitRows: true,
    headOnEveryPage: true,
    columns: narrow,
  },
  {
    ...head,
    id: "narration-around-over-pages",
    valign: "middle",
    splitRows: true,
    rowGap: 5,
    columns: narrow,
  },
  {
    // Without a header on the next page, too.
    ...head,
    id: "narration-below-over-pages",
    splitRows: true,
    repeatHeader: false,
    rules: "none",
    columns: narrow,
  },
  {
    ...head,
    id: "date-in-the-middle",
    rules: "none",
    rowGap: 6,
    columns: changed({ date: { valign: "middle" }, narration: { x1: 184 } }),
  },
  {
    ...base,
    id: "serial-below",
    page: A4_LANDSCAPE,
    money: { decimal: ".", grouping: "none" },
    head: "left-list",
    rules: "none",
    columns: [
      { key: "serial", title: "S No.", x0: 30, x1: 60, valign: "second" },
      { key: "valueDate", title: "Value Date", x0: 66, x1: 126 },
      { key: "date", title: "Transaction Date", x0: 132, x1: 205 },
      { key: "reference", title: "Cheque Number", x0: 211, x1: 280 },
      { key: "narration", title: "Transaction Remarks", x0: 286, x1: 480 },
      { key: "debit", title: "Withdrawal Amount\n(INR)", x0: 534, x1: 622, align: "right" },
      { key: "credit", title: "Deposit Amount\n(INR)", x0: 626, x1: 710, align: "right" },
      { key: "balance", title: "Balance\n(INR)", x0: 714, x1: 806, align: "right" },
    ],
  },
  {
    ...head,
    id: "torn-date-time",
    timed: true,
    head: "left-list",
    columns: [
      { key: "date", title: "Txn Date", x0: 30, x1: 62, wrap: "anywhere" },
      { key: "narration", title: "Description", x0: 72, x1: 260 },
      { key: "kind", title: "Type", x0: 270, x1: 290, wrap: "anywhere" },
      { key: "debit", title: "Debit", x0: 300, x1: 380, align: "right" },
      { key: "credit", title: "Credit", x0: 390, x1: 470, align: "right" },
      { key: "balance", title: "Balance", x0: 480, x1: 566, align: "right" },
    ],
  },
  {
    ...base,
    id: "torn-mark",
    money: lakh,
    summaryBelow: true,
    columns: [
      { key: "date", title: "Date", x0: 30, x1: 80 },
      { key: "narration", title: "Narration", x0: 90, x1: 280 },
      { key: "mark", title: "Dr/Cr", x0: 296, x1: 318, wrap: "anywhere" },
      { key: "amount", title: "Amount", x0: 340, x1: 440, align: "right" },
      { key: "balance", title: "Balance", x0: 466, x1: 566, align: "right" },
    ],
  },
  {
    ...base,
    id: "torn-year",
    date: "dd Mon yyyy",
    head: "labels-above",
    columns: [
      { key: "date", title: "Date", x0: 36, x1: 66, wrap: "words" },
      { key: "narration", title: "Description", x0: 80, x1: 320 },
      { key: "debit", title: "Money out", x0: 330, x1: 400, align: "right" },
      { key: "credit", title: "Money in", x0: 410, x1: 480, align: "right" },
      { key: "balance", title: "Balance", x0: 490, x1: 560, align: "right" },
    ],
  },
  {
    ...head,
    id: "torn-narration",
    narrationBreaks: "anywhere",
    rules: "none",
    columns: changed({ narration: { x1: 200 } }),
  },
  {
    ...head,
    id: "mark-below",
    amountStyle: "DrCr",
    balanceStyle: "DrCr",
    marksBelow: true,
    rules: "none",
    columns: [
      { key: "date", title: "Date", x0: 30, x1: 90 },
      { key: "narration", title: "Particulars", x0: 100, x1: 320 },
      { key: "amount", title: "Amount", x0: 340, x1: 440, align: "right" },
      { key: "balance", title: "Balance", x0: 466, x1: 566, align: "right" },
    ],
  },
];
