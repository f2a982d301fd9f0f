/**
 * The words of the generator.
 *
 * - **spec**: everything that decides a file, byte for byte. The same spec gives the same file and truth.
 * - **brand**: who issues the statement, and what its page head says.
 * - **layout**: how a table is printed: columns, dates, signs, carry rows. A value, never a function.
 * - **account**: one account with its ledger, before anything is printed.
 * - **truth**: what a reader must find in the file, in the shape of `bankbell extract --format json`.
 */
import type {
  Direction,
  ExtractionErrorCode,
  OpenEnd,
  TotalCheck,
  VerificationStatus,
} from "../../src/statement/types.ts";
import type { Retouch } from "./text/names.ts";

export type ColumnKey =
  | "serial"
  | "date"
  | "valueDate"
  | "narration"
  | "kind"
  | "reference"
  | "debit"
  | "credit"
  | "amount"
  | "mark"
  | "balance"
  | "branch"
  | "time"
  | "available"
  | "foreign";

export interface Column {
  key: ColumnKey;
  /** `\n` makes a header of two lines. */
  title: string;
  /** Left and right edge in points; a right-aligned cell ends at x1. */
  x0: number;
  x1: number;
  align?: "left" | "right" | "center";
  /** Where its cell stands in a row of several lines, if not where the layout says. */
  valign?: VerticalPlace;
  /** A narrow cell breaks its text: between words, or in the middle of them (`DEBI`/`T`). Default: one line. */
  wrap?: "words" | "anywhere";
}

/** `second`: one line below the first, also in a row that has no second line otherwise. */
export type VerticalPlace = "top" | "middle" | "bottom" | "second";

export interface MoneyStyle {
  decimal: "." | ",";
  /** `indian` groups 1,23,456.78. */
  grouping: "indian" | "western" | "space" | "apostrophe" | "none";
  /** Decimal places of the currency's minor unit, where it has not two. */
  digits?: 0 | 3;
  /** Decimal places printed, where they are fewer. */
  decimals?: 1;
  /** Printed before the digits of a balance or an amount, such as `£`. */
  symbol?: string;
}

export type DateStyle =
  | "dd/mm/yy"
  | "dd/mm/yyyy"
  | "dd-mm-yyyy"
  | "dd.mm.yyyy"
  | "dd-Mon-yyyy"
  | "dd Mon yyyy"
  | "ddMONyy"
  | "dd Mon"
  | "mm/dd"
  | "mm/dd/yyyy"
  | "yyyy-mm-dd"
  | "dd.mm.yy"
  /** `3 janv.`, and with its year in the head. */
  | "d mmm fr"
  | "d mmm yyyy fr"
  | "dd mmm yyyy es"
  | "d mmm yy it"
  | "d de mmmm de yyyy pt"
  /** Years of the Buddhist era. */
  | "dd/mm/yyyy th"
  | "dd/mm/yy th";

/** How one amount column tells a debit from a credit. */
export type AmountStyle =
  | "minus"
  | "plus-minus"
  | "DrCr"
  | "(Dr)(Cr)"
  | "credit-CR"
  | "trailing-minus"
  | "credit-minus";
export type BalanceStyle = "minus" | "DrCr" | "Cr-Dr-glued" | "D-when-overdrawn" | "brackets";

export interface Layout {
  id: string;
  /** Width and height in points. */
  page: readonly [number, number];
  font: "Helvetica" | "Times-Roman" | "Courier";
  size: number;
  rowGap: number;
  columns: readonly Column[];
  date: DateStyle;
  /** A time of day stands behind each date. */
  timed: boolean;
  money: MoneyStyle;
  amountStyle: AmountStyle;
  balanceStyle: BalanceStyle;
  emptyCell: "" | "-" | "--" | "0.00";
  /** Where dates and numbers stand beside a narration of several lines. */
  valign: VerticalPlace;
  /** `anywhere`: the narration breaks where the cell ends, also in the middle of a word. */
  narrationBreaks: "words" | "anywhere";
  /** `Dr` and `Cr` stand on the line below their number. */
  marksBelow: boolean;
  /** Every nth row prints no balance. */
  blankBalanceEvery: number | null;
  /** The total of the credits counts the opening balance, too. */
  totalsIncludeOpening: boolean;
  /** Points by which the whole table stands further right on even pages. */
  movesBy: number;
  /** A box with remarks beside the rows of each page, from x0 on. */
  box: number | null;
  /** What stands under the last row and is no transaction. */
  after: readonly AfterTable[];
  order: "oldest-first" | "newest-first";
  /** The date stands only on the first row of a day. */
  dateOncePerDay: boolean;
  /** The balance stands only on the last row of a day. */
  balanceOncePerDay: boolean;
  /** Titles of the rows that open and close the table. */
  openingRow: string | null;
  closingRow: string | null;
  /** Titles of the rows that carry the balance over a page break. */
  carry: { forward: string; brought: string } | null;
  /** Title of a row with the sums of both columns under the last transaction. */
  totalsRow: string | null;
  repeatHeader: boolean;
  /** A narration may be cut by the page break. */
  splitRows: boolean;
  rules: "grid" | "lines" | "zebra" | "none";
  headOnEveryPage: boolean;
  head: HeadStyle;
  /** A summary under the table, labels over values. */
  summaryBelow: boolean;
  footer: readonly string[];
}

/** Lines with a date and a balance; balances by day; interest rates; sums by kind of spending. */
export type AfterTable = "balance-lines" | "daily-grid" | "rates" | "categories";

/** How the page says whose account it is. */
export type HeadStyle =
  | "two-blocks"
  | "labels-above"
  | "summary-box"
  | "left-list"
  | "centred"
  | "card"
  | "dutch"
  | "german"
  | "section";

/**
 * `long` wraps to several lines; `mentions-banks` names banks that have nothing to do with the statement; `prose` has
 * letters that type sets as ligatures.
 */
export type NarrationStyle = "usual" | "long" | "mentions-banks" | "prose";

export type Region = "india" | "uk" | "netherlands" | "germany" | "usa" | "singapore";

export interface Brand {
  /** The identifier that extraction must answer with. */
  bank: string;
  /** As the page head prints it. */
  name: string;
  region: Region;
  currency: string;
  colour: string;
  ifscPrefix?: string;
  bic?: string;
  /** Bank part of an IBAN: `NL`, `NSPB`. */
  iban?: { country: string; bankCode: string };
  sortCode?: string;
  domain?: string;
}

export interface Entry {
  date: Temporal.PlainDate;
  narration: string;
  kind: string;
  reference: string;
  direction: Direction;
  amount: bigint;
  /** After this entry. */
  balance: bigint;
  /** Printed negative in the column of the other direction. */
  isReversal: boolean;
}

/** An entry before its balance is known. */
export type Told = Omit<Entry, "balance" | "isReversal">;

export interface Account {
  brand: Brand;
  holder: string;
  address: readonly string[];
  number: string;
  /** As the page prints the number; the same as `number` but for spaces. */
  printedNumber: string;
  type: string;
  branch: string;
  ifsc: string | null;
  micr: string | null;
  period: { from: Temporal.PlainDate; to: Temporal.PlainDate };
  opening: bigint;
  closing: bigint;
  entries: Entry[];
}

/** A misprint: the cell of row `row` shows `by` minor units more than the ledger holds. */
export interface Misprint {
  cell: "balance" | "amount";
  row: number;
  by: bigint;
}

export interface AccountSpec {
  seed: number;
  from: string;
  to: string;
  /** Transactions in the whole of the ledger. */
  rows: number;
  /** In place of entries drawn by lot. */
  told?: readonly Told[];
  /** Minor units before the first entry. */
  opening?: bigint;
  /** Months (`2024-02`) in which nothing happens. */
  quietMonths?: readonly string[];
  /** Print only this part of the ledger; overlapping files share a seed and differ here. */
  slice?: { from: string; to: string };
  narration?: NarrationStyle;
  /** Every amount and balance is a multiple of this. */
  step?: bigint;
  /** A card: opening and closing are owed, so they are negative. */
  card?: boolean;
  /** Every nth entry takes back an earlier payment. */
  reversalEvery?: number;
  /** Entries after which the bank's own balance is a cent off. */
  drift?: readonly number[];
}

export interface Spec {
  name: string;
  brand: string;
  layout: string;
  accounts: readonly AccountSpec[];
  password?: string;
  /** Print pictures instead of text. */
  imageOnly?: boolean;
  misprint?: Misprint;
  /** Put the text on the page in another way than pdfkit does. */
  retouch?: Retouch;
  /** Leave the opening and closing balance and the totals unsaid. */
  withoutSummary?: boolean;
  /** Leave the account number unsaid. */
  withoutNumber?: boolean;
  /** All accounts under one head and holder, each with a heading of its own, without page breaks between them. */
  oneHead?: boolean;
  /** Pages that the file lacks, 1-based; their numbers are still counted. */
  lostPages?: readonly number[];
  /** Changes to the layout's value for this file alone. */
  change?: Partial<Layout>;
}

export interface TruthRow {
  date: string;
  description: string;
  /** Decimal string, never negative. */
  amount: string;
  type: Direction;
  /** Null where the row prints none. */
  balance: string | null;
}

export interface TruthStatement {
  /** The contract's identifier in lower case, `other` for an unknown bank. */
  bank: string;
  currency: string;
  account_number: string | null;
  name: string;
  address: string;
  ifsc: string | null;
  micr: string | null;
  /** Null where only the head of the first of several statements names one. */
  period: { from: string; to: string } | null;
  opening_balance: string | null;
  closing_balance: string | null;
  transactions: TruthRow[];
  verification: {
    status: VerificationStatus;
    /** The rows whose print contradicts the row before: `row` is an index into `transactions`. */
    breaks: { row: number; expected: string; printed: string }[];
    /** Of `partly`: ends that neither a printed balance nor totals hold. */
    openEnds: OpenEnd[];
    /** Numbers of pages that the file counts and lacks. */
    missingPages: number[];
    totals: { kind: TotalCheck["kind"]; printed: string }[];
  };
  error: "BALANCE_MISMATCH" | "BANK_NAME_UNDETECTED" | null;
}

export interface Truth {
  name: string;
  pages: number;
  password: string | null;
  /** The file as a whole is refused with this code; then there are no statements. */
  error: ExtractionErrorCode | null;
  statements: TruthStatement[];
}

export interface Generated {
  bytes: Buffer;
  truth: Truth;
}
