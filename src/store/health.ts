/** What an operator who is paged wants to know; asked by `doctor`. Reads only. */
import { sql, type Kysely } from "kysely";
import type { Pool } from "pg";
import { readMigrations, SQL_DIR } from "./migrate.ts";
import type { Schema } from "./schema.ts";

export interface QueueHealth {
  waiting: number;
  /** Of enabled endpoints; 0 where nothing is due. */
  oldestDueSeconds: number;
  exhausted: number;
}

export interface TroubledEndpoint {
  publicId: string;
  status: "enabled" | "paused" | "disabled";
  /** Why it is not enabled, or what its last attempt said. */
  reason: string;
}

/** Names of migrations that this database lacks. It may have none at all. */
export async function pendingMigrations(pool: Pool, dir: string = SQL_DIR): Promise<string[]> {
  const known = readMigrations(dir);
  const { rows: tables } = await pool.query("select to_regclass('schema_migrations') is not null as there");
  if (tables[0]?.there !== true) return known.map(({ name }) => name);
  const { rows } = await pool.query<{ number: number }>("select number from schema_migrations");
  const done = new Set(rows.map(({ number }) => number));
  return known.filter(({ number }) => !done.has(number)).map(({ name }) => name);
}

export async function queueHealth(db: Kysely<Schema>): Promise<QueueHealth> {
  const { rows } = await sql<{ waiting: number; oldest: number; exhausted: number }>`
    select (select count(*)::int from queue) + (select count(*)::int from queue_next) as waiting,
      (select coalesce(extract(epoch from now() - min(q.due_at)), 0)::float8 from queue q
        join webhook_endpoints e on e.env_id = q.env_id and e.id = q.endpoint_id and e.status = 'enabled'
        where q.due_at < now()) as oldest,
      (select count(*)::int from exhausted_deliveries) as exhausted`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("A query without a table answers one row.");
  return { waiting: row.waiting, oldestDueSeconds: Math.floor(row.oldest), exhausted: row.exhausted };
}

/** Endpoints that are switched off, and those whose last attempt failed; the first twenty. */
export async function troubledEndpoints(db: Kysely<Schema>): Promise<TroubledEndpoint[]> {
  const { rows } = await sql<TroubledEndpoint>`
    select e.public_id as "publicId", e.status,
      case when e.status = 'enabled' then coalesce(a.error, 'answered ' || a.status) else coalesce(e.status_reason, '') end as reason
    from webhook_endpoints e
    left join lateral (
      select outcome, error, status from attempts a
      where a.env_id = e.env_id and a.endpoint_id = e.id order by at desc limit 1) a on true
    where e.status <> 'enabled' or a.outcome in ('failed', 'exhausted')
    order by e.env_id, e.id limit 20`.execute(db);
  return rows;
}

/** Background jobs that failed at their last try, by task. */
export async function failingJobs(db: Kysely<Schema>): Promise<{ task: string; jobs: number }[]> {
  const { rows } = await sql<{ task: string; jobs: number }>`
    select task_identifier as task, count(*)::int as jobs from graphile_worker.jobs
    where last_error is not null group by 1 order by 1`.execute(db);
  return rows;
}
