/** A sync that a client asks for: at most once an hour per account (reference §1.3). */
import { findBankAccount, type BankAccount } from "../../store/bank-accounts.ts";
import { askForSync as noteAsked } from "../../store/bank-syncs.ts";
import { findConsent } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import { inTransaction } from "../../store/transaction.ts";
import { recordAudit } from "../../store/audit.ts";
import { mayRead } from "../consents/dates.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import { askForSync } from "./consent.ts";
import { BY_HAND_EVERY } from "./schedule.ts";

/**
 * Answers the account as it is then: `running`. Throws ConnectError `resource_missing`, `invalid_state` (the consent
 * gives no access now), `sync_rate_limited`.
 */
export async function syncByHand(
  connect: Connect,
  env: Environment,
  accountId: string,
  actor: string,
): Promise<BankAccount> {
  const now = connect.clock();
  return inTransaction(connect.db, async ({ trx }) => {
    const account = await findBankAccount(trx, env.id, accountId);
    if (!account) throw new ConnectError("resource_missing", "There is no such bank account.");
    const consent = account.consent_id === null ? null : await findConsent(trx, env.id, account.consent_id);
    if (!consent || !mayRead(consent, env.timeZone, now)) {
      throw new ConnectError("invalid_state", "No consent gives access to this account now.");
    }
    const notBefore = await noteAsked(trx, account, now, BY_HAND_EVERY);
    if (notBefore) {
      const retryAfterS = Math.max(1, Math.ceil(now.until(notBefore).total("seconds")));
      throw new ConnectError("sync_rate_limited", "This account was synced less than an hour ago.", {
        retryAfterS,
      });
    }
    await askForSync(trx, env.id, accountId);
    await recordAudit(trx, {
      envId: env.id,
      at: now,
      actor,
      action: "bank_account.sync",
      target: `bank_account:${accountId}`,
    });
    return { ...account, asked_at: now, sync_status: "running" as const };
  });
}
