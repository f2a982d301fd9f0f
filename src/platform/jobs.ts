/**
 * Background jobs on graphile-worker. A job is added inside the transaction that makes it necessary, so that
 * neither exists without the other; it runs at least once, so every task is safe to repeat.
 */
import { EventEmitter } from "node:events";
import {
  Logger as WorkerLogger,
  parseCronItems,
  run,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from "graphile-worker";
import { sql, type Kysely } from "kysely";
import type { Pool } from "pg";
import { holdJobLocks } from "./job-locks.ts";
import type { Log } from "./telemetry.ts";

export interface Job {
  task: string;
  payload: Record<string, string | number | boolean | null>;
  /** Not before; null is at once. */
  runAt?: Temporal.Instant;
  /** At most one waiting job has this key; a later one takes its place. */
  key?: string;
  maxAttempts?: number;
}

export async function addJob<DB>(trx: Kysely<DB>, job: Job): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${job.task}::text, payload => ${JSON.stringify(job.payload)}::json,
    run_at => ${job.runAt?.toString() ?? null}::timestamptz, max_attempts => ${job.maxAttempts ?? null}::int,
    job_key => ${job.key ?? null}::text)`.execute(trx);
}

/** Cancels the waiting job of this key; one that is running goes on. */
export async function removeJob<DB>(trx: Kysely<DB>, key: string): Promise<void> {
  await sql`select graphile_worker.remove_job(${key}::text)`.execute(trx);
}

export type Task = (payload: unknown) => Promise<void>;

export interface CronLine {
  task: string;
  /** crontab pattern in UTC, such as `0 2 * * *`. */
  match: string;
}

export interface JobRunner {
  /** Waits for what is running. */
  stop(): Promise<void>;
}

export interface JobOptions {
  /** With pg's plain type parsers, which graphile-worker expects; the caller ends it after `stop`. */
  pool: Pool;
  tasks: Record<string, Task>;
  cron: readonly CronLine[];
  concurrency: number;
  log: Log;
}

export async function startJobs(options: JobOptions): Promise<JobRunner> {
  const { concurrency, log, pool } = options;
  const taskList: TaskList = {};
  for (const [name, task] of Object.entries(options.tasks)) taskList[name] = (payload) => task(payload);
  // locked_by names the pool, whose id is drawn while it is made.
  let poolId = "";
  const events: WorkerEvents = new EventEmitter();
  events.once("pool:create", ({ workerPool }) => (poolId = workerPool.id));
  const runner: Runner = await run({
    events,
    pgPool: pool,
    taskList,
    concurrency,
    noHandleSignals: true,
    pollInterval: 1000,
    logger: new WorkerLogger(() => (level, message) => logWorker(log, level, message)),
    parsedCronItems: parseCronItems(options.cron.map(({ task, match }) => ({ task, match }))),
  });
  // A runner that gives up must not go unnoticed; the process keeps answering and says so.
  runner.promise.catch((error: unknown) => log.error({ err: error }, "job runner ended"));
  const locks = holdJobLocks(pool, poolId, log);
  return {
    async stop() {
      await runner.stop();
      await locks.stop();
    },
  };
}

function logWorker(log: Log, level: string, message: string): void {
  if (level === "error") log.error({ from: "jobs" }, message);
  else if (level === "warning") log.warn({ from: "jobs" }, message);
  else log.debug({ from: "jobs" }, message);
}
