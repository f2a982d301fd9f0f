/**
 * Jobs of killed processes. graphile-worker takes a job back from a worker that it has not heard of for four hours;
 * a session would be "processing" until then. So each runner holds an advisory lock as long as it lives, PostgreSQL
 * lets go of it when the process dies, and the others unlock the jobs of runners that hold none.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Client, Pool } from "pg";
import type { Log } from "./telemetry.ts";

/** First key of the advisory locks: nobody else's in this database. */
const LOCK_CLASS = 0x62_65_6c_6c;
const SWEEP_MS = 2500;
/** A runner takes its lock this long after its first job at most. */
const GRACE = "2 seconds";
const RECONNECT_MS = 1000;

const UNLOCK = `
  select graphile_worker.force_unlock_workers(array_agg(distinct locked_by)), count(*)::int as jobs
  from graphile_worker.jobs j
  where locked_at < now() - interval '${GRACE}' and not exists (
    select from pg_locks l join pg_database d on d.oid = l.database
    where d.datname = current_database() and l.locktype = 'advisory' and l.objsubid = 2
      and l.classid = ${LOCK_CLASS}::oid and l.objid = (hashtext(j.locked_by)::bigint & 4294967295)::oid
  )
  having count(*) > 0`;

export interface JobLocks {
  stop(): Promise<void>;
}

/** `runner`: what the jobs' `locked_by` names. */
export function holdJobLocks(pool: Pool, runner: string, log: Log): JobLocks {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ended = Promise.all([keepLock(pool, runner, log, signal), keepSweeping(pool, log, signal)]);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Takes the lock again where the connection breaks: the database was restarted. */
async function keepLock(pool: Pool, runner: string, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const client = await pool.connect();
      const broken = untilBroken(client, signal);
      try {
        await client.query("select pg_advisory_lock($1, hashtext($2))", [LOCK_CLASS, runner]);
        await broken;
      } finally {
        // Ended, not returned: the lock goes with it.
        client.release(true);
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error }, "the connection that says that our jobs run broke");
      await rest(RECONNECT_MS, signal);
    }
  }
}

async function keepSweeping(pool: Pool, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { rows } = await pool.query<{ jobs: number }>(UNLOCK);
      if (rows[0]) log.warn({ jobs: rows[0].jobs }, "jobs of a process that died run again");
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error }, "looking for jobs of dead processes failed");
    }
    await rest(SWEEP_MS, signal);
  }
}

function untilBroken(client: Client, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once("error", reject);
  client.once("end", () => reject(new Error("The connection ended.")));
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  // Where the query itself fails first, nobody waits for this one.
  promise.catch(() => undefined);
  return promise;
}

/** Ends early, without an error, when the signal comes. */
const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => undefined);
