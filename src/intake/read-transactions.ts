import type { Environment } from "../store/environments.ts";
import type { Intake } from "./context.ts";
import { labelAccounts } from "./insights.ts";
import { loadInput } from "./insights-input.ts";
import type { SessionTransactions, TransactionView } from "./views.ts";

/**
 * Every transaction of a processed session, account by account, oldest first, each once.
 * Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, PROCESSING_NOT_REQUESTED, PROCESSING_NOT_COMPLETED.
 */
export async function readTransactions(
  intake: Intake,
  env: Environment,
  sessionId: string,
): Promise<SessionTransactions> {
  const input = await loadInput(intake, env, sessionId);
  const { accounts } = labelAccounts(input);
  const perAccount = accounts.map(({ profile, transactions }, at) => {
    const origins = input.accounts[at]?.origins;
    return transactions.map((transaction): TransactionView => {
      const proof = origins?.get(transaction.hash)?.proof ?? "none";
      return { transaction, currency: profile.currency ?? "", proof };
    });
  });
  return { sessionId: input.snapshot.session.public_id, transactions: perAccount.flat() };
}
