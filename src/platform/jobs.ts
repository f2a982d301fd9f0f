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
import { setTimeout as pause } from "node:timers/promises";
import { sql, type Kysely } from "kysely";
import type { Pool } from "pg";
import { holdJobLocks, type JobLocks } from "./job-locks.ts";
import type { Log } from "./telemetry.ts";

export interface Job {
  task: string;
  payload: Record<string, string | number | boolean | null>;
  /** Not before; null is at once. */
  runAt?: Temporal.Instant;
  /** At most one waiting job has this key; a later one takes its place. */
  key?: string;
  maxAttempts?: number;
  /** The lower goes before the higher among those whose time has come; 0 where nothing is said. */
  priority?: number;
}

export async function addJob<DB>(trx: Kysely<DB>, job: Job): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${job.task}::text, payload => ${JSON.stringify(job.payload)}::json,
    run_at => ${job.runAt?.toString() ?? null}::timestamptz, max_attempts => ${job.maxAttempts ?? null}::int,
    job_key => ${job.key ?? null}::text, priority => ${job.priority ?? null}::int)`.execute(trx);
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

const RESTART_MS = 1000;

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

/** Throws where the first runner cannot start; one that gives up later, as when the database dies, is replaced. */
export async function startJobs(options: JobOptions): Promise<JobRunner> {
  const stopping = new AbortController();
  let current = await startRunner(options);
  const supervised = (async () => {
    while (!stopping.signal.aborted) {
      await endOf(current, options.log, stopping.signal);
      if (stopping.signal.aborted) return;
      current = await startAnother(options, current, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await stopRunner(current);
      await supervised;
    },
  };
}

interface Running {
  runner: Runner;
  locks: JobLocks;
}

async function startRunner({ concurrency, log, pool, tasks, cron }: JobOptions): Promise<Running> {
  const taskList: TaskList = {};
  for (const [name, task] of Object.entries(tasks)) taskList[name] = (payload) => task(payload);
  // locked_by names the pool, whose id is drawn while it is made.
  let poolId = "";
  const events: WorkerEvents = new EventEmitter();
  events.once("pool:create", ({ workerPool }) => (poolId = workerPool.id));
  const runner = await run({
    events,
    pgPool: pool,
    taskList,
    concurrency,
    noHandleSignals: true,
    pollInterval: 1000,
    // Without batches a result that cannot be written is a rejection that nobody handles: it ended the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: new WorkerLogger(() => (level, message) => logWorker(log, level, message)),
    parsedCronItems: parseCronItems(cron.map(({ task, match }) => ({ task, match }))),
  });
  // It ends by our wish or is replaced; `endOf` looks at why.
  runner.promise.catch(() => undefined);
  return { runner, locks: holdJobLocks(pool, poolId, log) };
}

/** What it leaves behind is unlocked with its lock: the next runner does it again. */
async function endOf({ runner, locks }: Running, log: Log, signal: AbortSignal): Promise<void> {
  try {
    await runner.promise;
    if (!signal.aborted) log.warn({}, "the job runner ended; another takes over");
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, "the job runner gave up; another takes over");
  }
  await locks.stop();
}

/** Tries until it starts; after the signal the old one is answered. */
async function startAnother(options: JobOptions, old: Running, signal: AbortSignal): Promise<Running> {
  while (!signal.aborted) {
    try {
      const running = await startRunner(options);
      if (signal.aborted) await stopRunner(running);
      return running;
    } catch (error) {
      options.log.warn({ err: error }, "the job runner could not start");
      await pause(RESTART_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return old;
}

async function stopRunner({ runner, locks }: Running): Promise<void> {
  // It rejects where the runner has stopped by itself.
  await runner.stop().catch(() => undefined);
  await locks.stop();
}

function logWorker(log: Log, level: string, message: string): void {
  if (level === "error") log.error({ from: "jobs" }, message);
  else if (level === "warning") log.warn({ from: "jobs" }, message);
  else log.debug({ from: "jobs" }, message);
}
