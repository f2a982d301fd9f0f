/** What the analysis of a processed session starts from: its accounts, each with its transactions once, oldest first. */
import type { Kysely } from "kysely";
import type { StatementFacts } from "../analysis/figures/types.ts";
import { readKnownParties } from "../analysis/known-parties.ts";
import type { AccountProfile, AnalysisTransaction, FraudFinding, KnownParties } from "../analysis/types.ts";
import { minorDigits } from "../statement/currency.ts";
import type { Account as AccountRow } from "../store/accounts.ts";
import type { Schema } from "../store/schema.ts";
import type { Rules } from "../store/sessions.ts";
import type { StatementWithFile } from "../store/statements.ts";
import { mergedTransactions } from "../store/transactions.ts";
import type { Intake } from "./context.ts";
import { hasher } from "./hashes.ts";
import { readAccounts } from "./read-accounts.ts";
import { isUsable, printedPeriod, transactionSpan, type AccountSnapshot, type Snapshot } from "./snapshot.ts";

/** Where a transaction comes from. */
export interface Origin {
  /** Of the statement that has it first. */
  statementId: string | null;
  proof: "chain" | "totals" | "none";
}

/** A finding about a file, and which of its statements and transactions it concerns. */
export interface Accusation {
  statementId: string;
  finding: FraudFinding;
}

export interface AccountInput {
  snapshot: AccountSnapshot;
  profile: AccountProfile;
  /** Decimals of the currency's minor unit. */
  minorDigits: number;
  transactions: AnalysisTransaction[];
  /** By hash. */
  origins: ReadonlyMap<string, Origin>;
  /** What the making of its files says against them. */
  accusations: Accusation[];
  /** Of its statements that were read. */
  facts: StatementFacts[];
}

export interface SessionInput {
  snapshot: Snapshot;
  known: KnownParties;
  accounts: AccountInput[];
}

/** Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, PROCESSING_NOT_REQUESTED, PROCESSING_NOT_COMPLETED. */
export async function loadInput(intake: Intake, rules: Rules, sessionId: string): Promise<SessionInput> {
  return inputOf(intake.db, await readAccounts(intake, rules, sessionId));
}

/** Of a session or an entity. One query after the other: `db` may be a transaction. */
export async function inputOf(db: Kysely<Schema>, snapshot: Snapshot): Promise<SessionInput> {
  const accounts: AccountInput[] = [];
  for (const account of snapshot.accounts) accounts.push(await loadAccount(db, account));
  return { snapshot, known: readKnownParties(snapshot.session.request["metadata"]), accounts };
}

async function loadAccount(db: Kysely<Schema>, snapshot: AccountSnapshot): Promise<AccountInput> {
  const { row, statements } = snapshot;
  const rows = await mergedTransactions(db, row.env_id, row.id);
  const statementIds = new Map(statements.map(({ id, public_id }) => [id, public_id]));
  const hash = hasher(row.public_id);
  const origins = new Map<string, Origin>();
  const hashAt = (statementId: bigint, at: number): string | null => {
    const index = rows.findIndex(({ statement_id, row }) => statement_id === statementId && row === at);
    return transactions[index]?.hash ?? null;
  };
  const transactions = rows.map((transaction): AnalysisTransaction => {
    const { statement_id, date, description, reference, direction, amount, balance, proof } = transaction;
    const id = hash(transaction);
    const statementId = statementIds.get(statement_id) ?? null;
    origins.set(id, { statementId, proof });
    const narration = description;
    return { hash: id, accountId: row.public_id, date, narration, reference, direction, amount, balance };
  });
  return {
    snapshot,
    profile: profileOf(row, statements),
    minorDigits: minorDigits(row.currency),
    transactions,
    origins,
    accusations: statements.flatMap((statement) => accusationsOf(statement, hashAt)),
    facts: factsOf(snapshot),
  };
}

/** Notes, which accuse nobody, stay in the database. */
const accusationsOf = (
  { id, public_id: statementId, fraud_findings }: StatementWithFile,
  hashAt: (statementId: bigint, row: number) => string | null,
): Accusation[] =>
  fraud_findings
    .filter(({ weight }) => weight === "accuses")
    .map(({ type, row, reason, evidence }) => ({
      statementId,
      finding: {
        type,
        category: "metadata",
        transactionHash: row === null ? null : hashAt(id, row),
        evidence: { reason, ...evidence },
      },
    }));

const factsOf = ({ row, statements }: AccountSnapshot): StatementFacts[] =>
  statements.filter(isUsable).map((statement) => ({
    id: statement.public_id,
    accountId: row.public_id,
    period: printedPeriod(statement),
    transactions: transactionSpan(statement),
    transactionCount: statement.transaction_count,
  }));

function profileOf(row: AccountRow, statements: readonly StatementWithFile[]): AccountProfile {
  const limit = row.od_limit > 0n ? row.od_limit : row.credit_limit;
  return {
    id: row.public_id,
    bank: row.bank_name,
    ifsc: row.ifsc,
    country: row.country,
    currency: row.currency,
    holder: row.name,
    accountNumber: row.account_number,
    category: row.account_category,
    limit: limit > 0n ? limit : null,
    openingBalance: earliest(statements)?.opening_balance ?? null,
  };
}

/** By its first transaction: what was printed before it is the balance that the transactions start from. */
function earliest(statements: readonly StatementWithFile[]): StatementWithFile | null {
  const dated = statements.flatMap((statement) => {
    const from = statement.first_transaction_on ?? statement.period_from;
    return from && isUsable(statement) ? [{ statement, from }] : [];
  });
  dated.sort((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  return dated[0]?.statement ?? null;
}
