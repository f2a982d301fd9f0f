/**
 * A session with its accounts and statements, as one moment has them. Polled answers and webhook bodies are both
 * made from it, so that they cannot disagree.
 */
import type { Kysely } from "kysely";
import { level1Finding, type Criteria } from "../analysis/acceptance.ts";
import { coveredSpans, gapsIn, monthsOf, type Span } from "../analysis/coverage.ts";
import { accountsOfSession, type Account } from "../store/accounts.ts";
import type { Schema } from "../store/schema.ts";
import type { Rules, Session } from "../store/sessions.ts";
import { statementsOfSession, type StatementRow, type StatementWithFile } from "../store/statements.ts";
import { fullBankName } from "./banks.ts";
import { consideredRangeOf, todayOf } from "./calendar.ts";
import { BALANCE_MISMATCH_MESSAGE, STATEMENT_MESSAGES } from "./messages.ts";
import type { AccountUploadView, ProgressItem, StatementView } from "./views.ts";

export interface AccountSnapshot {
  row: Account;
  statements: StatementWithFile[];
  /** By its statements that were read; as joinSpans gives them. */
  covered: Span[];
}

export interface Snapshot {
  session: Session;
  /** What acceptance looks at; null where the whole range lies in the future, and of an entity, which asks for none. */
  considered: Span | null;
  accounts: AccountSnapshot[];
  /** All of the session, those without an account included. */
  statements: StatementWithFile[];
}

export async function loadSnapshot(
  db: Kysely<Schema>,
  rules: Rules,
  session: Session,
  now: Temporal.Instant,
): Promise<Snapshot> {
  const rows = await accountsOfSession(db, rules.id, session.id);
  const statements = await statementsOfSession(db, rules.id, session.id);
  const today = todayOf(rules, now);
  const accounts = rows.map((row) => {
    const own = statements.filter((statement) => statement.account_id === row.id);
    const times = own.filter(isUsable).map((statement) => ({
      period: printedPeriod(statement),
      transactions: transactionSpan(statement),
    }));
    return { row, statements: own, covered: coveredSpans(times, today) };
  });
  const considered = session.kind === "entity" ? null : consideredRangeOf(rules, session, now);
  return { session, considered, accounts, statements };
}

/** Months of which a statement covers a day. */
export const monthsCovered = ({ covered }: Pick<AccountSnapshot, "covered">): Temporal.PlainYearMonth[] =>
  monthsOf(covered);

export const isUsable = (statement: Pick<StatementRow, "status">): boolean =>
  statement.status === "completed";

type Times = Pick<StatementRow, "period_from" | "period_to" | "first_transaction_on" | "last_transaction_on">;

export const printedPeriod = ({ period_from: from, period_to: to }: Times): Span | null =>
  from && to ? { from, to } : null;

export const transactionSpan = ({
  first_transaction_on: from,
  last_transaction_on: to,
}: Times): Span | null => (from && to ? { from, to } : null);

export const criteriaOf = ({ settings }: Rules): Criteria => ({
  level1: settings.level_1,
  missingDays: settings.level_1_missing_days,
  level2: settings.level_2,
});

/** Whether the uploads are enough (reference §4, level 1): there is an account, and none of them lacks anything. */
export function meetsLevel1({ session, considered, accounts }: Snapshot, rules: Rules): boolean {
  if (accounts.length === 0) return false;
  if (session.accept_anything || !considered) return true;
  const criteria = criteriaOf(rules);
  return accounts.every(({ covered }) => level1Finding(criteria, considered, covered) === null);
}

export function accountUploadView(account: AccountSnapshot, considered: Span | null): AccountUploadView {
  const { row, covered } = account;
  const missingData = considered ? gapsIn(considered, covered) : [];
  return {
    accountId: row.public_id,
    accountNumber: row.account_number,
    bankName: row.bank_name,
    fullBankName: fullBankName(row.bank_name),
    name: row.name,
    accountType: row.account_type,
    status: missingData.length === 0 ? "COMPLETED" : "PARTIAL",
    months: monthsCovered(account),
    missingData,
    createdAt: row.created_at,
    lastUpdatedAt: row.last_updated_at,
    statements: account.statements.map(statementView),
  };
}

export const statementView = (row: StatementWithFile): StatementView => ({
  statementId: row.public_id,
  status: row.status,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  source: row.source,
  range: printedPeriod(row) ?? transactionSpan(row),
  createdAt: row.created_at,
  fileName: row.file_name,
});

/** How its statements came: `PDF`, `ONLINE`. */
export const attemptTypesOf = (statements: readonly Pick<StatementRow, "source">[]): string[] => [
  ...new Set(statements.map(({ source }) => source.toUpperCase())),
];

type ProgressSource = Pick<
  StatementRow,
  "identity_status" | "transaction_status" | "processing_status" | "fraud_status" | "error_message" | "source"
>;

export const progressItem = (statementId: string, row: ProgressSource): ProgressItem => ({
  statementId,
  identityStatus: row.identity_status,
  transactionStatus: row.transaction_status,
  processingStatus: row.processing_status,
  fraudStatus: row.fraud_status,
  message: progressMessage(row),
  source: row.source,
});

/** Why a step failed: a statement that was read fails only by its arithmetic or for want of an account number. */
function progressMessage(row: ProgressSource): string | null {
  if (row.error_message !== null) return row.error_message;
  if (row.processing_status === "failed") return BALANCE_MISMATCH_MESSAGE;
  return row.identity_status === "failed" ? STATEMENT_MESSAGES.NULL_ACCOUNT_NUMBER : null;
}
