/**
 * Failures in a row. Only an endpoint that fails, or that is paused, has a row here: deliveries to a healthy one write
 * nothing, and a success writes only where there was a failure.
 */
import { sql, type Kysely } from "kysely";
import type { Queryable } from "./queue.ts";
import type { Schema } from "./schema.ts";

interface Key {
  env_id: number;
  id: number;
}

export async function forgetHealth(trx: Kysely<Schema>, { env_id, id }: Key): Promise<void> {
  await trx
    .deleteFrom("endpoint_health")
    .where("env_id", "=", env_id)
    .where("endpoint_id", "=", id)
    .execute();
}

/** Null: it is not tried by itself. */
export async function probeAt(
  trx: Kysely<Schema>,
  { env_id, id }: Key,
  at: Temporal.Instant | null,
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .insertInto("endpoint_health")
    .values({ env_id, endpoint_id: id, failures: 0, failing_since: now, probe_at: at })
    .onConflict((conflict) => conflict.columns(["env_id", "endpoint_id"]).doUpdateSet({ probe_at: at }))
    .execute();
}

/** What a batch of results says of one endpoint. */
export interface Tally {
  envId: number;
  endpointId: number;
  /** One succeeded: the run starts anew. */
  succeeded: boolean;
  /** Failures after the last success of the batch. */
  failures: number;
  /** When the first of them was sent. */
  since: Temporal.Instant;
}

export interface Failing {
  envId: number;
  endpointId: number;
}

/** The endpoint's failures reach what pauses it. The span is measured by the clock of the attempts. */
const TALLY = `
  with t as (
    select * from unnest($1::int[], $2::int[], $3::bool[], $4::int[], $5::timestamptz[])
      as t (env_id, endpoint_id, succeeded, failures, since)
  ), cleared as (
    delete from endpoint_health h using t
    where h.env_id = t.env_id and h.endpoint_id = t.endpoint_id and t.succeeded and t.failures = 0 and h.probe_at is null
  )
  insert into endpoint_health as h (env_id, endpoint_id, failures, failing_since)
  select t.env_id, t.endpoint_id, t.failures, t.since from t
    join webhook_endpoints e on e.env_id = t.env_id and e.id = t.endpoint_id
    where t.failures > 0 order by t.endpoint_id
  on conflict (env_id, endpoint_id) do update set
    failures = case when (select t.succeeded from t where t.endpoint_id = h.endpoint_id) then 0 else h.failures end
      + excluded.failures,
    failing_since = case when (select t.succeeded from t where t.endpoint_id = h.endpoint_id) or h.failures = 0
      then excluded.failing_since else least(h.failing_since, excluded.failing_since) end
  returning h.env_id, h.endpoint_id, h.failures, h.failing_since`;

export interface Run extends Failing {
  failures: number;
  since: Temporal.Instant;
}

/** Adds a batch, one tally per endpoint, and answers the runs that go on. */
export async function tally(db: Queryable, tallies: readonly Tally[]): Promise<Run[]> {
  const { rows } = await db.query<{
    env_id: number;
    endpoint_id: number;
    failures: number;
    failing_since: Temporal.Instant;
  }>({
    name: "tally",
    text: TALLY,
    values: [
      tallies.map((one) => one.envId),
      tallies.map((one) => one.endpointId),
      tallies.map((one) => one.succeeded),
      tallies.map((one) => one.failures),
      tallies.map((one) => one.since.toString()),
    ],
  });
  return rows.map((row) => ({
    envId: row.env_id,
    endpointId: row.endpoint_id,
    failures: row.failures,
    since: row.failing_since,
  }));
}

/** Those whose next success must be written. */
export async function failingEndpoints(db: Kysely<Schema>): Promise<number[]> {
  const rows = await db
    .selectFrom("endpoint_health")
    .select("endpoint_id")
    .where("failures", ">", 0)
    .execute();
  return rows.map((row) => row.endpoint_id);
}

/** Takes the turn to try paused endpoints that are due and have something to try with; the next turn is at `next`. */
export async function takeProbes(
  db: Kysely<Schema>,
  now: Temporal.Instant,
  next: Temporal.Instant,
): Promise<Failing[]> {
  const { rows } = await sql<{ env_id: number; endpoint_id: number }>`
    update endpoint_health h set probe_at = ${next}::timestamptz
    from webhook_endpoints e
    where h.probe_at <= ${now}::timestamptz and e.env_id = h.env_id and e.id = h.endpoint_id and e.status = 'paused'
      and exists (select from queue q where q.env_id = h.env_id and q.endpoint_id = h.endpoint_id
        and q.lease_until <= now())
    returning h.env_id, h.endpoint_id`.execute(db);
  return rows.map((row) => ({ envId: row.env_id, endpointId: row.endpoint_id }));
}
