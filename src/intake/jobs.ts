/** What graphile-worker runs for this room. Every task is safe to run late and twice. */
import { sql, type Kysely } from "kysely";
import type { Clock } from "../platform/clock.ts";
import type { CronLine, Task } from "../platform/jobs.ts";
import { retentionClasses } from "../store/environments.ts";
import type { Schema } from "../store/schema.ts";
import { findSession, loadRules, type Rules } from "../store/sessions.ts";
import type { Intake } from "./context.ts";
import { processSession, PROCESS_TASK } from "./processing.ts";
import { DROP_BLOBS_TASK, DROP_OLD_FILES_TASK, dropBlobs, dropOldFiles } from "./stored-files.ts";
import { expireIfDue, EXPIRE_TASK, isExpiryDue } from "./upload-end.ts";
import { mayStep } from "./states.ts";

const PARTITIONS_TASK = "make_day_partitions";
/** Ahead of time, so that a few days without the job cost nothing. */
const DAYS_AHEAD = 7;

/** By task name; those of net banking, which wait for banks, are `net-banking/fetch.ts`. */
export function intakeTasks(intake: Intake): Record<string, Task> {
  return {
    [PROCESS_TASK]: ofSession(intake, (rules, id) => processSession(intake, rules, id)),
    [EXPIRE_TASK]: ofSession(intake, (rules, id) => expireSession(intake, rules, id)),
    [DROP_BLOBS_TASK]: (payload) => dropBlobs(intake.blobs, payload),
    [DROP_OLD_FILES_TASK]: async () => {
      const files = await dropOldFiles(intake);
      if (files > 0) intake.log.info({ files }, "old files were dropped");
    },
    [PARTITIONS_TASK]: async () => {
      await makeDayPartitions(intake.db, intake.clock);
    },
  };
}

export const intakeCron: readonly CronLine[] = [
  { task: PARTITIONS_TASK, match: "10 0 * * *" },
  { task: DROP_OLD_FILES_TASK, match: "20 1 * * *" },
];

/** Also for the start of the program: the cron line runs only at its minute. */
export async function makeDayPartitions(db: Kysely<Schema>, clock: Clock): Promise<void> {
  const today = clock().toZonedDateTimeISO("UTC").toPlainDate();
  for (const retention of await retentionClasses(db)) {
    await sql`select make_day_partitions(${retention}::int, ${today}::date, ${DAYS_AHEAD}::int)`.execute(db);
  }
}

/** Throws where the database's clock, which started the job, is ahead of ours: the job is then tried again. */
export async function expireSession(intake: Intake, rules: Rules, sessionId: string): Promise<void> {
  await expireIfDue(intake, rules, sessionId);
  const session = await findSession(intake.db, rules.id, sessionId);
  const isEarly = session && mayStep(session.state, "expire") && !isExpiryDue(session, intake.clock());
  if (isEarly) throw new Error(`The expiry of session ${sessionId} came before its time.`);
}

function ofSession(intake: Intake, run: (rules: Rules, sessionId: string) => Promise<void>): Task {
  return async (payload) => {
    const { env, session } = readPayload(payload);
    await run(await loadRules(intake.db, env), session);
  };
}

function readPayload(payload: unknown): { env: number; session: string } {
  if (typeof payload === "object" && payload !== null && "env" in payload && "session" in payload) {
    const { env, session } = payload;
    if (typeof env === "number" && typeof session === "string") return { env, session };
  }
  throw new Error("A session's job names its environment and its session.");
}
