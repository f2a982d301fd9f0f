/** What graphile-worker runs for this folder. */
import type { CronLine, Task } from "../../platform/jobs.ts";
import { dropNotifications } from "../../store/bank-notifications.ts";
import { takeDueSyncs } from "../../store/bank-syncs.ts";
import { noteHealth } from "../../store/provider-health.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { syncAccount } from "./account.ts";
import { askForSync, syncConsent } from "./consent.ts";
import {
  DROP_NOTIFICATIONS_TASK,
  PROBE_PROVIDERS_TASK,
  SYNC_ACCOUNT_TASK,
  SYNC_CONSENT_TASK,
  SYNC_DUE_TASK,
} from "./tasks.ts";

/** Twice as long as one is believed. */
const KEPT = { hours: 48 };
/** Accounts per transaction of the cron. */
const DUE_AT_ONCE = 200;
/** Where the job that is asked for never comes to say when the next is due. */
const ASK_AGAIN = { minutes: 30 };

export const syncTasks = (connect: Connect): Record<string, Task> => ({
  [SYNC_CONSENT_TASK]: async (payload) => {
    const { env, id, attempt } = read(payload, "consent");
    await syncConsent(connect, await connect.environment(env), id, attempt);
  },
  [SYNC_ACCOUNT_TASK]: async (payload) => {
    const { env, id } = read(payload, "account");
    await syncAccount(connect, await connect.environment(env), id);
  },
  [SYNC_DUE_TASK]: () => askForDue(connect),
  [PROBE_PROVIDERS_TASK]: () => probeProviders(connect),
  [DROP_NOTIFICATIONS_TASK]: () => dropNotifications(connect.db, connect.clock().subtract(KEPT)),
});

export const syncCron: readonly CronLine[] = [
  { task: SYNC_DUE_TASK, match: "* * * * *" },
  { task: PROBE_PROVIDERS_TASK, match: "*/5 * * * *" },
  { task: DROP_NOTIFICATIONS_TASK, match: "40 * * * *" },
];

export async function askForDue(connect: Connect): Promise<void> {
  for (;;) {
    const due = await inTransaction(connect.db, async ({ trx }) => {
      const now = connect.clock();
      const taken = await takeDueSyncs(trx, now, now.add(ASK_AGAIN), DUE_AT_ONCE);
      for (const { env_id, public_id } of taken) await askForSync(trx, env_id, public_id);
      return taken.length;
    });
    if (due < DUE_AT_ONCE) return;
  }
}

export async function probeProviders(connect: Connect): Promise<void> {
  const all = connect.providers.all();
  await Promise.all(
    all.map(async (provider) => {
      const answer = await provider.probe();
      await noteHealth(connect.db, provider.id, answer.ok ? null : answer.fault, connect.clock());
    }),
  );
}

function read(payload: unknown, what: "consent" | "account"): { env: number; id: string; attempt: number } {
  if (typeof payload === "object" && payload !== null && "env" in payload && what in payload) {
    const { env, [what]: id, attempt = 1 } = payload as Record<string, unknown>;
    if (typeof env === "number" && typeof id === "string" && typeof attempt === "number")
      return { env, id, attempt };
  }
  throw new Error(`A sync's job names its environment and its ${what}.`);
}
