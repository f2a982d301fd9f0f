/** What `extract` prints for programs: one record per statement, as JSON or as CSV. */

import { toDecimal } from "./statement/currency.ts";
import { findingsOf } from "./statement/fraud/check.ts";
import type { MetadataFinding } from "./statement/fraud/types.ts";
import type { Disagreement, Extraction, Statement, TotalCheck, Transaction } from "./statement/types.ts";

/** One file's answer; `unreadable` when its bytes could not be had at all. */
export type FileOutcome = { file: string; extraction: Extraction } | { file: string; unreadable: string };

/** Amounts are decimal strings in the currency's minor units, dates `YYYY-MM-DD`. */
export interface StatementRecord {
  file: string;
  /** The contract's identifier; `other` for a bank we do not know; null where nothing was read. */
  bank: string | null;
  currency: string | null;
  account_number: string | null;
  name: string | null;
  address: string | null;
  period: { from: string | null; to: string | null };
  opening_balance: string | null;
  closing_balance: string | null;
  transactions: TransactionRecord[];
  verification: {
    status: Statement["verification"]["status"] | null;
    /** `row` is the index into `transactions`, from 0. */
    breaks: { row: number; expected: string; printed: string }[];
    /** Sums as decimal strings, counts as numbers. */
    totals: {
      kind: TotalCheck["kind"];
      printed: string | number;
      /** Of the rows alone. */
      computed: string | number;
      /** The document counts the opening balance in. */
      includes_opening: boolean;
    }[];
    /** Only where the file lacks pages that it counts. */
    missing_pages?: number[];
    /** Only where the document says a balance or total twice and not alike: what the rows do not come to. */
    disagreements?: { kind: "opening" | "closing" | TotalCheck["kind"]; printed: string | number }[];
    /** Only where rows repeat those right before them and come to nothing: a page may be printed twice. Indexes. */
    repeated_rows?: number[];
    /** Only of `partly`: ends that no printed balance or totals hold; rows that are cut off there are not missed. */
    open_ends?: ("opening" | "closing")[];
  };
  /** Only where the file's making says something (docs/fraud.md); `row` is the index into `transactions`. */
  fraud_findings?: Omit<MetadataFinding, "statement">[];
  error: { code: string; message: string } | null;
}

export interface TransactionRecord {
  date: string;
  description: string;
  amount: string;
  type: "debit" | "credit";
  balance: string | null;
  proof: Transaction["proof"];
}

function valueOf(kind: Disagreement["kind"], of: bigint, currency: string | null): string | number {
  return kind === "count" || kind.endsWith("_count") ? Number(of) : toDecimal(of, currency);
}

/** Why a statement whose rows all hold is not proven; nothing where nothing is amiss. */
function doubts(
  { missingPages, disagreements, openEnds, repeatedRows }: Statement["verification"],
  currency: string | null,
): Pick<StatementRecord["verification"], "missing_pages" | "disagreements" | "open_ends" | "repeated_rows"> {
  const others = disagreements?.map(({ kind, printed }) => ({
    kind,
    printed: valueOf(kind, printed, currency),
  }));
  return {
    ...(missingPages === undefined ? {} : { missing_pages: missingPages }),
    ...(others === undefined ? {} : { disagreements: others }),
    ...(openEnds === undefined ? {} : { open_ends: openEnds }),
    ...(repeatedRows === undefined ? {} : { repeated_rows: repeatedRows }),
  };
}

function totalRecord(
  check: TotalCheck,
  currency: string | null,
): StatementRecord["verification"]["totals"][0] {
  const value = (of: bigint): string | number => valueOf(check.kind, of, currency);
  return {
    kind: check.kind,
    printed: value(check.printed),
    computed: value(check.computed),
    includes_opening: check.includesOpening,
  };
}

const findingRecord = ({ type, reason, weight, row, evidence }: MetadataFinding) => ({
  type,
  reason,
  weight,
  row,
  evidence,
});

function statementRecord(
  file: string,
  statement: Statement,
  findings: readonly MetadataFinding[],
): StatementRecord {
  const { currency, identity, period, verification } = statement;
  const money = (minor: bigint): string => toDecimal(minor, currency);
  const maybe = (minor: bigint | null): string | null => (minor === null ? null : money(minor));
  return {
    file,
    bank: statement.bank?.id ?? "other",
    currency,
    account_number: identity.accountNumber,
    name: identity.name,
    address: identity.address,
    period: { from: period?.from.toString() ?? null, to: period?.to.toString() ?? null },
    opening_balance: maybe(statement.openingBalance),
    closing_balance: maybe(statement.closingBalance),
    transactions: statement.transactions.map((row) => ({
      date: row.date.toString(),
      description: row.description,
      amount: money(row.amount),
      type: row.direction,
      balance: maybe(row.balance),
      proof: row.proof,
    })),
    verification: {
      status: verification.status,
      breaks: verification.breaks.map(({ row, expected, printed }) => ({
        row,
        expected: money(expected),
        printed: money(printed),
      })),
      totals: verification.totals.map((check) => totalRecord(check, currency)),
      ...doubts(verification, currency),
    },
    ...(findings.length === 0 ? {} : { fraud_findings: findings.map(findingRecord) }),
    error: null,
  };
}

function failedRecord(file: string, error: { code: string; message: string }): StatementRecord {
  return {
    file,
    bank: null,
    currency: null,
    account_number: null,
    name: null,
    address: null,
    period: { from: null, to: null },
    opening_balance: null,
    closing_balance: null,
    transactions: [],
    verification: { status: null, breaks: [], totals: [] },
    error,
  };
}

/** Why the file gave nothing, or null when it was read. */
export function outcomeError(outcome: FileOutcome): { code: string; message: string } | null {
  if ("unreadable" in outcome) return { code: "FILE_UNREADABLE", message: outcome.unreadable };
  if (outcome.extraction.ok) return null;
  const { code, message } = outcome.extraction.error;
  return { code, message };
}

/** One record per statement of the file; a file that failed gives one with its error. */
export function toRecords(outcome: FileOutcome): StatementRecord[] {
  const error = outcomeError(outcome);
  if (error !== null) return [failedRecord(outcome.file, error)];
  if ("unreadable" in outcome || !outcome.extraction.ok) return [];
  const { statements, findings = [] } = outcome.extraction;
  return statements.map((statement, index) =>
    statementRecord(outcome.file, statement, findingsOf(findings, index)),
  );
}

const CSV_COLUMNS = [
  "file",
  "bank",
  "account_number",
  "currency",
  "date",
  "description",
  "amount",
  "type",
  "balance",
  "proof",
];

/** RFC 4180 quoting: only where a comma, a quote or a line break stands inside. */
function csvLine(fields: (string | null)[]): string {
  const cells = fields.map((field) => {
    const text = field ?? "";
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(",")}\n`;
}

export function csvHeader(): string {
  return csvLine(CSV_COLUMNS);
}

/** One line per transaction. */
export function csvRows(record: StatementRecord): string {
  const { file, bank, account_number: account, currency } = record;
  return record.transactions
    .map(({ date, description, amount, type, balance, proof }) =>
      csvLine([file, bank, account, currency, date, description, amount, type, balance, proof]),
    )
    .join("");
}
