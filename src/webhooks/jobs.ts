/** The deliveries' daily jobs. Each is safe to run late and twice. */
import type { Kysely } from "kysely";
import type { Clock } from "../platform/clock.ts";
import type { CronLine, Task } from "../platform/jobs.ts";
import type { Log } from "../platform/telemetry.ts";
import { dropDeliveredKept, dropOldDays } from "../store/retention.ts";
import { dropOldExhausted, dropOrphans, expireUndelivered } from "../store/queue-expiry.ts";
import { dropOldRequests } from "../store/request-log.ts";
import type { Schema } from "../store/schema.ts";

const RETENTION_TASK = "drop_old_history";
const REQUEST_DAYS = 7;

export interface DeliveryJobs {
  db: Kysely<Schema>;
  clock: Clock;
  log: Log;
}

/** By task name. */
export function deliveryTasks(jobs: DeliveryJobs): Record<string, Task> {
  return { [RETENTION_TASK]: () => retainHistory(jobs) };
}

/** After the day's partitions were made. */
export const deliveryCron: readonly CronLine[] = [{ task: RETENTION_TASK, match: "40 0 * * *" }];

/** First what waited too long is given up, so that it is not moved out of the way of a drop. */
export async function retainHistory({ db, clock, log }: DeliveryJobs): Promise<void> {
  const now = clock();
  const expired = await expireUndelivered(db, now);
  const forgotten = (await dropOldExhausted(db, now)) + (await dropOrphans(db));
  const dropped = await dropOldDays(db, now.toZonedDateTimeISO("UTC").toPlainDate());
  const released = await dropDeliveredKept(db);
  const requests = await dropOldRequests(db, now.subtract({ hours: 24 * REQUEST_DAYS }));
  if (expired + forgotten + dropped.length + released + requests === 0) return;
  const kept = dropped.reduce((sum, day) => sum + day.kept, 0);
  log.info({ expired, forgotten, days: dropped.length, kept, released, requests }, "old history was dropped");
}
