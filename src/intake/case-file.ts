/** A session or entity as the people of the organisation look at it: at any time, whether or not it was processed. */
import type { Kysely } from "kysely";
import { minorDigits } from "../statement/currency.ts";
import { findCase } from "../store/case-list.ts";
import type { Environment } from "../store/environments.ts";
import type { Session } from "../store/sessions.ts";
import { fileOfStatement } from "../store/stored-files.ts";
import type { Schema } from "../store/schema.ts";
import { transactionsOfStatement, type TransactionRow } from "../store/transactions.ts";
import { inTransaction } from "../store/transaction.ts";
import { todayOf } from "./calendar.ts";
import type { Intake } from "./context.ts";
import { inputOf } from "./insights-input.ts";
import { insightsOf, type SessionInsights } from "./insights.ts";
import { loadSnapshot, type Snapshot } from "./snapshot.ts";

export interface CaseFile {
  snapshot: Snapshot;
  insights: SessionInsights;
}

/** Null where there is none, or it was deleted. All of it is of one moment. */
export async function readCase(intake: Intake, env: Environment, id: string): Promise<CaseFile | null> {
  return atOnce(intake, async (trx) => {
    const snapshot = await snapshotOf(trx, intake, env, id);
    if (!snapshot) return null;
    const input = await inputOf(trx, snapshot);
    return { snapshot, insights: insightsOf(input, todayOf(env, intake.clock())) };
  });
}

/** Without its transactions. */
export const readCaseSnapshot = (intake: Intake, env: Environment, id: string): Promise<Snapshot | null> =>
  atOnce(intake, (trx) => snapshotOf(trx, intake, env, id));

export interface StatementProof {
  session: Session;
  statement: Snapshot["statements"][number];
  /** UUID; null where it has none. */
  accountId: string | null;
  /** Decimals of its currency's minor unit. */
  minorDigits: number;
  /** False: its bytes are gone. */
  hasFile: boolean;
  rows: TransactionRow[];
}

/** A statement with its rows as they stand in its file. Null where the case has no such statement. */
export async function readProof(
  intake: Intake,
  env: Environment,
  id: string,
  statementId: string,
): Promise<StatementProof | null> {
  return atOnce(intake, async (trx) => {
    const snapshot = await snapshotOf(trx, intake, env, id);
    const statement = snapshot?.statements.find(({ public_id }) => public_id === statementId);
    if (!snapshot || !statement) return null;
    const { session, accounts } = snapshot;
    const file = await fileOfStatement(trx, env.id, session.id, statementId);
    return {
      session,
      statement,
      accountId: accounts.find(({ row }) => row.id === statement.account_id)?.row.public_id ?? null,
      minorDigits: minorDigits(statement.currency),
      hasFile: file !== null && file.blobKey !== null,
      rows: await transactionsOfStatement(trx, env.id, statement.id),
    };
  });
}

async function snapshotOf(
  trx: Kysely<Schema>,
  intake: Intake,
  env: Environment,
  id: string,
): Promise<Snapshot | null> {
  const session = await findCase(trx, env.id, id);
  return session && loadSnapshot(trx, env, session, intake.clock());
}

const atOnce = <T>({ db }: Intake, read: (trx: Kysely<Schema>) => Promise<T>): Promise<T> =>
  inTransaction(db, ({ trx }) => read(trx), "repeatable read");
