/** What a client writes on a bank account: a nickname, metadata, how often it is synced. */
import { recordAudit } from "../../store/audit.ts";
import { editBankAccount, findBankAccount, type BankAccount } from "../../store/bank-accounts.ts";
import type { Environment } from "../../store/environments.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import { nextSyncAt } from "./schedule.ts";

export interface Description {
  nickname?: string | null;
  /** ISO 8601; null: by hand only. */
  autoSyncInterval?: string | null;
  metadata: (before: Record<string, string>) => Record<string, string>;
}

const LEAST_S = 3600;
const MOST_S = 30 * 86_400;

/** Throws ConnectError `resource_missing`, `invalid_parameter`. */
export async function describeAccount(
  connect: Connect,
  env: Environment,
  id: string,
  { nickname, autoSyncInterval, metadata }: Description,
  actor: string,
): Promise<BankAccount> {
  if (autoSyncInterval !== undefined && autoSyncInterval !== null) checkInterval(autoSyncInterval);
  return inTransaction(connect.db, async ({ trx }) => {
    const at = connect.clock();
    const account = await findBankAccount(trx, env.id, id);
    if (!account) throw new ConnectError("resource_missing", "There is no such bank account.");
    const edit = {
      ...(nickname === undefined ? {} : { nickname }),
      ...(autoSyncInterval === undefined
        ? {}
        : { autoSyncInterval, nextSyncAt: nextSyncAt(at, autoSyncInterval) }),
      metadata: metadata(account.metadata),
    };
    await editBankAccount(trx, account, edit, at);
    const target = `bank_account:${id}`;
    await recordAudit(trx, { envId: env.id, at, actor, action: "bank_account.update", target });
    const after = await findBankAccount(trx, env.id, id);
    if (!after) throw new Error(`${id} was changed and is gone.`);
    return after;
  });
}

function checkInterval(text: string): void {
  const seconds = secondsOf(text);
  if (seconds !== null && seconds >= LEAST_S && seconds <= MOST_S) return;
  throw new ConnectError(
    "invalid_parameter",
    "`auto_sync_interval` is a duration from PT1H to P30D, such as PT24H.",
    {
      param: "auto_sync_interval",
    },
  );
}

/** Null where it is no duration, or one of months, whose length nobody knows. */
function secondsOf(text: string): number | null {
  try {
    return Temporal.Duration.from(text).total("seconds");
  } catch {
    return null;
  }
}
