/** Columns that are more, fewer or others than usual, or stand elsewhere on the next page. */
import type { Layout } from "../types.ts";
import { A4_LANDSCAPE, base } from "./base.ts";

const lakh = { decimal: ".", grouping: "indian" } as const;

const usual = [
  { key: "date", title: "Date", x0: 30, x1: 84 },
  { key: "narration", title: "Description", x0: 96, x1: 290 },
  { key: "debit", title: "Debit", x0: 310, x1: 384, align: "right" },
  { key: "credit", title: "Credit", x0: 394, x1: 468, align: "right" },
  { key: "balance", title: "Balance", x0: 478, x1: 560, align: "right" },
] as const;

/** Names of columns in two languages, on one line or on two. */
const malay = (title: string, english: string): string => `${title}\n${english}`;

export const columned: readonly Layout[] = [
  {
    ...base,
    id: "column-after-balance",
    money: lakh,
    openingRow: "Opening Balance",
    closingRow: "Closing Balance",
    columns: [
      { key: "date", title: "Tran Date", x0: 30, x1: 84 },
      { key: "narration", title: "Particulars", x0: 96, x1: 270 },
      { key: "debit", title: "Debit", x0: 280, x1: 354, align: "right" },
      { key: "credit", title: "Credit", x0: 364, x1: 438, align: "right" },
      { key: "balance", title: "Balance", x0: 448, x1: 524, align: "right" },
      { key: "branch", title: "Init. Br", x0: 536, x1: 566 },
    ],
  },
  {
    ...base,
    id: "available-after-balance",
    head: "left-list",
    columns: [
      { key: "date", title: "Date", x0: 30, x1: 84 },
      { key: "narration", title: "Details", x0: 92, x1: 258 },
      { key: "debit", title: "Debit", x0: 262, x1: 326, align: "right" },
      { key: "credit", title: "Credit", x0: 334, x1: 398, align: "right" },
      { key: "balance", title: "Ledger Balance", x0: 406, x1: 480, align: "right" },
      { key: "available", title: "Available Balance", x0: 488, x1: 566, align: "right" },
    ],
  },
  {
    ...base,
    id: "nine-columns",
    page: A4_LANDSCAPE,
    money: lakh,
    rules: "grid",
    summaryBelow: true,
    columns: [
      { key: "serial", title: "Sl. No.", x0: 30, x1: 58 },
      { key: "date", title: "Tran Date", x0: 66, x1: 116 },
      { key: "valueDate", title: "Value Date", x0: 124, x1: 174 },
      { key: "branch", title: "Branch Code", x0: 182, x1: 236 },
      { key: "narration", title: "Transaction Details", x0: 244, x1: 460 },
      { key: "reference", title: "Cheque No.", x0: 470, x1: 526 },
      { key: "debit", title: "Debit", x0: 536, x1: 616, align: "right" },
      { key: "credit", title: "Credit", x0: 626, x1: 706, align: "right" },
      { key: "balance", title: "Balance", x0: 716, x1: 808, align: "right" },
    ],
  },
  {
    ...base,
    id: "bilingual-lines",
    head: "left-list",
    amountStyle: "plus-minus",
    openingRow: "BEGINNING BALANCE",
    closingRow: "ENDING BALANCE",
    rules: "none",
    columns: [
      { key: "date", title: malay("TARIKH MASUK", "ENTRY DATE"), x0: 30, x1: 96 },
      { key: "valueDate", title: malay("TARIKH NILAI", "VALUE DATE"), x0: 104, x1: 164 },
      { key: "narration", title: malay("BUTIR URUSNIAGA", "TRANSACTION DESCRIPTION"), x0: 172, x1: 350 },
      {
        key: "amount",
        title: malay("JUMLAH URUSNIAGA", "TRANSACTION AMOUNT"),
        x0: 360,
        x1: 452,
        align: "right",
      },
      { key: "balance", title: malay("BAKI PENYATA", "STATEMENT BALANCE"), x0: 460, x1: 566, align: "right" },
    ],
  },
  {
    ...base,
    id: "bilingual-slashes",
    head: "left-list",
    money: { decimal: ".", grouping: "western" },
    date: "yyyy-mm-dd",
    columns: [
      { key: "date", title: "Date / Date", x0: 30, x1: 90 },
      { key: "narration", title: "Description / Détails", x0: 96, x1: 290 },
      { key: "debit", title: "Withdrawals / Retraits", x0: 296, x1: 388, align: "right" },
      { key: "credit", title: "Deposits / Dépôts", x0: 396, x1: 472, align: "right" },
      { key: "balance", title: "Balance / Solde", x0: 480, x1: 566, align: "right" },
    ],
  },
  {
    ...base,
    id: "moving-columns",
    movesBy: -6,
    head: "left-list",
    columns: usual.map((column) => ({ ...column, x0: column.x0 + 6, x1: column.x1 + 6 })),
  },
  {
    // Far enough that the debits of one page stand where the credits of the other do.
    ...base,
    id: "moving-far",
    page: A4_LANDSCAPE,
    movesBy: 84,
    head: "left-list",
    rules: "none",
    columns: usual,
  },
  {
    ...base,
    id: "reversals",
    head: "centred",
    openingRow: "BALANCE B/F",
    totalsRow: "TOTAL",
    closingRow: "BALANCE C/F",
    columns: usual,
  },
  { ...base, id: "blank-balances", head: "left-list", blankBalanceEvery: 9, columns: usual },
  {
    ...base,
    id: "no-balances",
    head: "summary-box",
    date: "dd Mon yyyy",
    columns: usual.filter(({ key }) => key !== "balance"),
  },
  {
    ...base,
    id: "no-balances-signed",
    head: "labels-above",
    amountStyle: "minus",
    columns: [
      { key: "date", title: "Date", x0: 36, x1: 90 },
      { key: "narration", title: "Description", x0: 100, x1: 400 },
      { key: "amount", title: "Amount", x0: 420, x1: 520, align: "right" },
    ],
  },
  { ...base, id: "dashes", head: "left-list", emptyCell: "--", rules: "none", columns: usual },
  {
    ...base,
    id: "zeros-credit-first",
    emptyCell: "0.00",
    head: "left-list",
    money: lakh,
    columns: [
      { key: "date", title: "Date", x0: 30, x1: 84 },
      { key: "narration", title: "Remarks", x0: 96, x1: 290 },
      { key: "credit", title: "Deposit", x0: 310, x1: 384, align: "right" },
      { key: "debit", title: "Withdrawal", x0: 394, x1: 468, align: "right" },
      { key: "balance", title: "Balance", x0: 478, x1: 560, align: "right" },
    ],
  },
  {
    ...base,
    id: "newest-first-two-columns",
    order: "newest-first",
    head: "left-list",
    dateOncePerDay: true,
    columns: usual,
  },
];
