/**
 * The words of this room.
 *
 * - **page**: what the file shows at once: words with their boxes, in points, origin top left.
 * - **statement**: one account (or card) over one period. A file may hold several.
 * - **row**: one line of the transaction table as printed; a transaction is what it means.
 * - **opening / closing**: the balance before the first and after the last transaction.
 * - **proof**: how arithmetic vouches for a row; **verification**: what it says of the whole statement.
 *
 * All money is in minor units of the statement's currency (`123456n` is 1,234.56 INR).
 */

import type { MetadataFinding } from "./fraud/types.ts";

export type Direction = "debit" | "credit";

/** `chain`: its balance follows from the previous one; `totals`: the printed totals close over it. */
export type Proof = "chain" | "totals" | "none";

/**
 * `proven`: every row is proven, and opening + Σ = closing with both printed, or printed totals of every direction
 * close over the rows.
 * `partly`: nothing contradicts, but some rows rest on nothing, an end is open, pages are missing, or the document
 * says a balance or total twice and not alike.
 * `rounding`: the bank's own document drifts by at most 0.01 on the named rows.
 * `broken`: at least one row contradicts; see `breaks`.
 * `unverifiable`: neither balances nor totals are printed.
 */
export type VerificationStatus = "proven" | "partly" | "rounding" | "broken" | "unverifiable";

export interface Word {
  text: string;
  /** Left, top, right, bottom in points. */
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface Page {
  /** 1-based. */
  number: number;
  width: number;
  height: number;
  words: Word[];
  /** Of pages of a PDF: how it paints its figures. */
  paint?: PagePaint;
}

/** An amount as painted: digits, and which fonts paint them. Boxes in points as those of words. */
export interface Figure extends Word {
  /** Indexes into `TextDocument.fonts`, of its digits; usually one. */
  fonts: number[];
  /** The font's em in points. */
  size: number;
  /** Painted without ink: what is searched for under a picture, or read aloud. */
  hidden: boolean;
  /** Where its base line stands. */
  base: number;
}

export interface PagePaint {
  /** In painting order. */
  figures: Figure[];
  /** Which fonts (indexes) paint on each base line, in whole points from the top. */
  fontsByLine: Map<number, Set<number>>;
  /** Quarter turns clockwise that stood the page upright, from how the file shows it. */
  turned: number;
}

/** Words that stand on one base line, left to right. */
export interface Line {
  /** 1-based page, and 1-based place among that page's lines. */
  page: number;
  line: number;
  y0: number;
  y1: number;
  words: Word[];
  /** The words joined by one space. */
  text: string;
}

/** What a file says once it is opened: its pages, and nothing interpreted. */
export interface TextDocument {
  pages: Page[];
  metadata: DocumentMetadata;
  /** Of a PDF: the names of its fonts, a subset's tag included: `ABCDEF+Arial`. */
  fonts?: string[];
}

/** One of a file's later versions: objects that were written behind the earlier ones. */
export interface FileUpdate {
  objects: number;
  /** Of those: how many stand for an object that was there before. */
  replaced: number;
  /** Pages of an earlier version whose drawing this one changes. */
  redrawnPages: number;
  addedPages: number;
  /** It holds a digital signature. */
  signed: boolean;
  /** Who signed as producer, where it says so. */
  producer: string | null;
}

export interface FileHistory {
  /** After the first version, in order. */
  updates: FileUpdate[];
  /** Producers that the file's XMP and its later versions name. */
  producers: string[];
  /** Pages that bear a program's private data (ISO 32000-1, 14.5), and the programs; null where none does. */
  touched: { pages: number; of: number; programs: string[] } | null;
}

export interface DocumentMetadata {
  producer: string | null;
  creator: string | null;
  author: string | null;
  title: string | null;
  /** ISO 8601 instants where the file states them readably. */
  createdAt: string | null;
  modifiedAt: string | null;
}

export interface Transaction {
  /** Booking date. */
  date: Temporal.PlainDate;
  valueDate: Temporal.PlainDate | null;
  /** The whole narration in reading order, white space folded. */
  description: string;
  /** Cheque or reference number where a column of its own prints it. */
  reference: string | null;
  direction: Direction;
  /** Never negative; a reversal in the withdrawal column is a credit. */
  amount: bigint;
  /** After this transaction, signed; null where the row prints none. */
  balance: bigint | null;
  proof: Proof;
  /** 1-based page (sheet of a workbook, 1 of a text file), and line within it, where the row stands. */
  page: number;
  line: number;
}

export interface Period {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

export interface Identity {
  accountNumber: string | null;
  name: string | null;
  address: string | null;
  ifsc: string | null;
  micr: string | null;
  iban: string | null;
  bic: string | null;
  sortCode: string | null;
  /** Of a bank of the United States; only where one is said. */
  routingNumber?: string;
  /** Those who hold the account beside `name`; only where some are named. */
  jointHolders?: string[];
  /** `SAVINGS`, `CURRENT`, `OVERDRAFT`, `CREDIT_CARD` where the document says so. */
  accountType: "SAVINGS" | "CURRENT" | "OVERDRAFT" | "CREDIT_CARD" | null;
  accountCategory: "individual" | "corporate" | null;
}

/** A sum that the document prints, and what its rows come to. */
export interface TotalCheck {
  kind: "debit" | "credit" | "debit_count" | "credit_count" | "count" | "net";
  /** Minor units, or a number of rows for the counts. */
  printed: bigint;
  /** Of the rows alone. */
  computed: bigint;
  /** The document counts the opening balance in: printed = computed + opening. */
  includesOpening: boolean;
}

/**
 * What the document says of itself around its table. Balances are candidates, the most plausible first:
 * arithmetic decides which of them closes.
 */
export interface Facts {
  identity: Identity;
  currency: string | null;
  period: Period | null;
  openingBalances: bigint[];
  closingBalances: bigint[];
  printedTotals: { kind: TotalCheck["kind"]; printed: bigint }[];
}

/** Where the chain does not close: `row` is the index into `transactions`. */
export interface Break {
  row: number;
  expected: bigint;
  printed: bigint;
}

export interface Verification {
  status: VerificationStatus;
  breaks: Break[];
  totals: TotalCheck[];
  /** Of `partly`: ends that no printed balance holds, so that rows which are cut off there would not be missed. */
  openEnds?: OpenEnd[];
  /** Rows (indexes) that repeat those right before them, come to nothing with them, and are counted by no total. */
  repeatedRows?: number[];
  /** Numbers of pages that the document counts (`Page 2 of 7`) and the file lacks; such a statement is never `proven`. */
  missingPages?: number[];
  /** What the document says otherwise elsewhere; such a statement is never `proven`. */
  disagreements?: Disagreement[];
}

export type OpenEnd = "opening" | "closing";

/** A second closing balance beside the one that the rows come to, a total beside the one that they sum to. */
export interface Disagreement {
  kind: "opening" | "closing" | TotalCheck["kind"];
  printed: bigint;
}

export interface Bank {
  /** The contract's identifier in lower case (`hdfc`), or `other` for a bank we do not know. */
  id: string;
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

export interface Statement {
  /** Null where no known bank is recognised. */
  bank: Bank | null;
  /** ISO 4217, null where nothing says so. */
  currency: string | null;
  identity: Identity;
  /** As printed; null where the document prints none. */
  period: Period | null;
  openingBalance: bigint | null;
  closingBalance: bigint | null;
  /** In the order in which they happened (a newest-first document is turned round). */
  transactions: Transaction[];
  verification: Verification;
  /** First and last page that it stands on, 1-based. */
  pages: { from: number; to: number };
}

/** Stages in the order in which a file is refused. */
export type ExtractionStage = "open" | "text" | "table" | "limits";

/** Codes of the BankConnect contract at statement level; messages are for people, never data of the file. */
export type ExtractionErrorCode =
  | "PASSWORD_INCORRECT"
  | "PDF_IS_IMAGE"
  | "STATEMENT_UNSUPPORTED_FORMAT"
  | "STATEMENT_TOO_MANY_PAGES"
  | "STATEMENT_NO_TRANSACTIONS"
  | "UNPARSABLE"
  | "EXTRACTION_FAILED";

export interface ExtractionError {
  stage: ExtractionStage;
  code: ExtractionErrorCode;
  message: string;
  /** Beside `STATEMENT_UNSUPPORTED_FORMAT`: what exactly is wrong with the file. */
  reason?: UnsupportedReason;
}

/**
 * `not_pdf`: the bytes are of no format that we know; `corrupt`: they are, but nothing can be read from them;
 * `security`: encrypted by a scheme that is not the standard's password scheme. None for a format that we know and do
 * not read, such as `.xls`.
 */
export type UnsupportedReason = "not_pdf" | "corrupt" | "security";

export interface ExtractionOptions {
  password: string | null;
  maxPages: number;
  /** Wall time for one file, from claim of a worker to its answer. */
  timeoutMs: number;
}

/** Never throws for what a file contains: a file that cannot be read is a value too. */
export type Extraction =
  | {
      ok: true;
      statements: Statement[];
      pageCount: number;
      metadata: DocumentMetadata;
      /** What the file's making says against it; absent for formats that say nothing of it. */
      findings?: MetadataFinding[];
    }
  | { ok: false; error: ExtractionError; pageCount: number | null; metadata: DocumentMetadata | null };
