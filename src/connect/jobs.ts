/**
 * What graphile-worker runs for this room: each part's tasks are a line here. Every task is safe to run late and twice.
 * What waits for banks is apart, and payments have tasks of their own: `runners.ts` says what runs beside what.
 */
import type { CronLine, Task } from "../platform/jobs.ts";
import { dropOldKeys } from "../store/idempotency.ts";
import { REVOKE_AT_BANK_TASK } from "./consents/change.ts";
import { END_CONSENTS_TASK, endConsents, endTrip, revokeAtBank } from "./consents/timers.ts";
import type { Connect } from "./context.ts";
import { REMIND_TASK, sendReminders } from "./reminders.ts";
import { syncCron, syncTasks } from "./sync/jobs.ts";
import { TRIP_TARGETS } from "./trip-targets.ts";
import { END_TRIP_TASK } from "./trips.ts";

const DROP_OLD_KEYS_TASK = "drop_idempotency_keys";

/** By task name: what no bank is asked for. */
export function connectTasks(connect: Connect): Record<string, Task> {
  return {
    [END_CONSENTS_TASK]: async () => {
      const { ended } = await endConsents(connect);
      if (ended > 0) connect.log.info({ ended }, "consents ended");
    },
    [REMIND_TASK]: async () => {
      const { sent } = await sendReminders(connect);
      if (sent > 0) connect.log.info({ sent }, "reminders were sent");
    },
    [DROP_OLD_KEYS_TASK]: async () => void (await dropOldKeys(connect.db, connect.clock())),
  };
}

/** By task name: what waits for banks, or plans what does. */
export const bankTasks = (connect: Connect): Record<string, Task> => ({
  [REVOKE_AT_BANK_TASK]: revokeAtBank(connect),
  [END_TRIP_TASK]: endTrip(connect, TRIP_TARGETS),
  ...syncTasks(connect),
});

export const connectCron: readonly CronLine[] = [
  { task: END_CONSENTS_TASK, match: "* * * * *" },
  { task: REMIND_TASK, match: "*/15 * * * *" },
  { task: DROP_OLD_KEYS_TASK, match: "17 * * * *" },
];

export const bankCron: readonly CronLine[] = syncCron;
