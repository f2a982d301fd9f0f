/** Writes one statement of a file: its account, its row, its transactions. Inside the upload's transaction. */
import type { Kysely } from "kysely";
import { includesDay, type Span } from "../analysis/coverage.ts";
import { findDuplicates, sameRows, type MergeRow } from "../analysis/merge.ts";
import { newUuid } from "../platform/ids.ts";
import { fraudTypeOf } from "../statement/fraud/check.ts";
import type { MetadataFinding } from "../statement/fraud/types.ts";
import type { Statement } from "../statement/types.ts";
import { accountsOfSession, insertAccount, updateAccount, type Account } from "../store/accounts.ts";
import type { Schema } from "../store/schema.ts";
import type { Session } from "../store/sessions.ts";
import { insertStatement } from "../store/statements.ts";
import { insertTransactions, transactionsOfAccount, type TransactionRow } from "../store/transactions.ts";
import { rangeOf } from "./calendar.ts";
import type { Candidate, UploadFields } from "./candidates.ts";
import { IntakeError } from "./errors.ts";
import { findAccount, fullerNumber } from "./match.ts";
import { STATEMENT_MESSAGES, type StatementCode } from "./messages.ts";
import { placeOf } from "./place.ts";

/** A statement, and what its file's making says against it. */
type Checked = Pick<Candidate, "statement" | "findings">;

export interface FileContext {
  session: Session;
  fileId: bigint;
  fields: UploadFields;
  source: "pdf" | "online";
  at: Temporal.Instant;
}

/** What became of a candidate: recorded under an account, or why not. */
export type Recorded =
  | { statementId: string; account: Account; refusal: null }
  | { statementId: null; account: Account | null; refusal: IntakeError };

/** A candidate that is refused leaves nothing here; `recordRefused` notes it once the file as a whole is taken. */
export async function recordCandidate(
  trx: Kysely<Schema>,
  file: FileContext,
  candidate: Candidate,
): Promise<Recorded> {
  if (candidate.refusal) return { statementId: null, account: null, refusal: candidate.refusal };
  const { statement, bank, findings } = candidate;
  const { session, fields, at } = file;
  const accounts = await accountsOfSession(trx, session.env_id, session.id);
  const { currency, country } = placeOf(statement);
  const key = {
    bank_name: bank,
    account_number: statement.identity.accountNumber,
    iban: statement.identity.iban,
    currency,
  };
  const known = findAccount(accounts, key);
  const rows = known ? await transactionsOfAccount(trx, session.env_id, known.id) : [];
  const refusal = refusalIn(session, statement, rows);
  if (refusal) return { statementId: null, account: known, refusal };

  const facts = accountFacts(statement, fields);
  const account = known
    ? await updateAccount(trx, known, { ...fillGaps(known, { ...key, ...facts }), last_updated_at: at })
    : await insertAccount(trx, {
        env_id: session.env_id,
        public_id: newUuid(),
        session_id: session.id,
        ...key,
        ...facts,
        account_category: facts.account_category ?? "individual",
        country,
        created_at: at,
        last_updated_at: at,
      });
  const statementId = await recordTaken(trx, file, { statement, findings }, account, rows);
  return { statementId, account, refusal: null };
}

/** Duplicate, then date range (§9-25). */
function refusalIn(session: Session, statement: Statement, rows: TransactionRow[]): IntakeError | null {
  const facts = { sessionId: session.public_id };
  const byStatement = Map.groupBy(rows, (row) => row.statement_id);
  const isRepeated = [...byStatement.values()].some((known) => sameRows(known, statement.transactions));
  if (isRepeated) return new IntakeError("duplicate", "STATEMENT_DUPLICATE", facts);
  const range = rangeOf(session);
  const isInRange = statement.transactions.some(({ date }) => includesDay(range, date));
  return isInRange || session.accept_anything ? null : new IntakeError("range", "OUT_OF_DATE_RANGE", facts);
}

const accountFacts = ({ identity }: Statement, fields: UploadFields) => ({
  name: identity.name,
  address: identity.address,
  ifsc: identity.ifsc,
  micr: identity.micr,
  // The caller was asked; the document may only suggest.
  account_type: fields.accountType ?? identity.accountType,
  account_category: fields.accountCategory ?? identity.accountCategory,
});

type Facts = ReturnType<typeof accountFacts> & { account_number: string | null; iban: string | null };

/** What a later statement adds to an account: what was unknown, and the number where this one masks less of it. */
const fillGaps = (known: Account, facts: Facts) => ({
  account_number: fullerNumber(known.account_number, facts.account_number),
  iban: known.iban ?? facts.iban,
  name: known.name ?? facts.name,
  address: known.address ?? facts.address,
  ifsc: known.ifsc ?? facts.ifsc,
  micr: known.micr ?? facts.micr,
  account_type: known.account_type ?? facts.account_type,
});

async function recordTaken(
  trx: Kysely<Schema>,
  file: FileContext,
  { statement, findings }: Checked,
  account: Account,
  known: TransactionRow[],
): Promise<string> {
  const publicId = newUuid();
  const { currency } = placeOf(statement);
  const id = await insertStatement(trx, {
    ...statementColumns(file, statement, findings),
    public_id: publicId,
    account_id: account.id,
    currency,
    status: "completed",
    error_code: null,
    error_message: null,
    identity_status: statement.identity.accountNumber === null ? "failed" : "completed",
    transaction_status: "completed",
    processing_status: "processing",
    fraud_status: "processing",
  });
  const firsts = known.filter((row) => row.duplicate_of === null);
  const repeats = findDuplicates<bigint>(firsts, statement.transactions);
  const rows = statement.transactions.map((row, index) => ({ ...row, duplicateOf: repeats[index] ?? null }));
  await insertTransactions(trx, { envId: file.session.env_id, statementId: id, accountId: account.id }, rows);
  return publicId;
}

/** A statement of a file that was taken for others: kept as failed, so that progress and status tell of it. Answers its id. */
export async function recordRefused(
  trx: Kysely<Schema>,
  file: FileContext,
  { statement, findings }: Checked,
  account: Account | null,
  { code }: IntakeError,
): Promise<string> {
  const publicId = newUuid();
  await insertStatement(trx, {
    ...statementColumns(file, statement, findings),
    public_id: publicId,
    account_id: account?.id ?? null,
    currency: statement.currency,
    status: "failed",
    error_code: code,
    error_message: isStatementCode(code) ? STATEMENT_MESSAGES[code] : STATEMENT_MESSAGES.UNPARSABLE,
    identity_status: statement.identity.accountNumber === null ? "failed" : "completed",
    transaction_status: "failed",
    processing_status: "failed",
    fraud_status: "failed",
  });
  return publicId;
}

const isStatementCode = (code: string): code is StatementCode => code in STATEMENT_MESSAGES;

function statementColumns(
  { session, fileId, source, at }: FileContext,
  statement: Statement,
  findings: readonly MetadataFinding[],
) {
  const { period, verification, pages } = statement;
  const { status, ...detail } = verification;
  const span = spanOf(statement.transactions);
  return {
    env_id: session.env_id,
    session_id: session.id,
    file_id: fileId,
    source,
    period_from: period?.from ?? null,
    period_to: period?.to ?? null,
    first_transaction_on: span?.from ?? null,
    last_transaction_on: span?.to ?? null,
    opening_balance: statement.openingBalance,
    closing_balance: statement.closingBalance,
    page_count: pages.to - pages.from + 1,
    transaction_count: statement.transactions.length,
    verification: status,
    verification_detail: JSON.stringify(detail, (_, v) =>
      typeof v === "bigint" ? String(v) : (v as unknown),
    ),
    is_fraud: fraudTypeOf(findings) !== null,
    fraud_type: fraudTypeOf(findings),
    fraud_findings: JSON.stringify(findings),
    created_at: at,
    updated_at: at,
  };
}

/** Value dates and time zones put rows of one day out of order: the outermost days count. */
function spanOf(rows: readonly Pick<MergeRow, "date">[]): Span | null {
  const dates = rows.map(({ date }) => date).sort((a, b) => Temporal.PlainDate.compare(a, b));
  const [from, to] = [dates[0], dates.at(-1)];
  return from && to ? { from, to } : null;
}
