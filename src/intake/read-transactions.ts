import type { Environment } from "../store/environments.ts";
import { mergedTransactions } from "../store/transactions.ts";
import type { Intake } from "./context.ts";
import { hasher } from "./hashes.ts";
import { loadSnapshot } from "./snapshot.ts";
import { assertAllows } from "./states.ts";
import { currentSession } from "./upload-end.ts";
import type { SessionTransactions } from "./views.ts";

/**
 * Every transaction of a processed session, account by account, oldest first, each once.
 * Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, PROCESSING_NOT_REQUESTED, PROCESSING_NOT_COMPLETED.
 */
export async function readTransactions(
  intake: Intake,
  env: Environment,
  sessionId: string,
): Promise<SessionTransactions> {
  const session = await currentSession(intake, env, sessionId);
  assertAllows(session.state, "read_result", sessionId);
  const { accounts } = await loadSnapshot(intake.db, env, session, intake.clock());
  const perAccount = await Promise.all(
    accounts.map(async ({ row: account }) => {
      const rows = await mergedTransactions(intake.db, env.id, account.id);
      const hash = hasher(account.public_id);
      return rows.map((row) => ({
        accountId: account.public_id,
        date: row.date,
        description: row.description,
        reference: row.reference,
        direction: row.direction,
        amount: row.amount,
        balance: row.balance,
        currency: account.currency,
        proof: row.proof,
        hash: hash(row),
      }));
    }),
  );
  return { sessionId: session.public_id, transactions: perAccount.flat() };
}
