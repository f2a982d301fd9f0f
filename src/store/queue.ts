/**
 * The delivery queue. One row per endpoint and resource is the head of its chain; what waits behind it lies in
 * `queue_next`. A claim is a lease with a generation; a settle that comes with another generation or for another event
 * is refused.
 *
 * These are the hot paths: named statements, so that they are planned once per connection, batches, and no table of
 * CTE joined with another (hash joins are off, `PINNED_PLANS`): rows carry their number `n` instead.
 */
import { sql, type Kysely } from "kysely";
import type { Lane } from "./events.ts";
import type { Schema } from "./schema.ts";

/** A pg pool or client of ours. */
export interface Queryable {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- pg's own signature: the caller knows its columns
  query<Row>(config: { name: string; text: string; values: unknown[] }): Promise<{ rows: Row[] }>;
}

/** For the connections of the queue: unpinned plans varied between 7,600 and 15,900 deliveries/s. */
export const PINNED_PLANS = [
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "enable_seqscan=off",
  "jit=off",
  "plan_cache_mode=force_generic_plan",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");

export interface LaneAsk extends Lane {
  /** First attempts and retries have lanes of their own. */
  retry: boolean;
  /** Heads to claim at most. */
  room: number;
}

/** A head under lease. */
export interface Claimed extends Lane {
  resource: string;
  gen: number;
  /** Failed attempts so far. */
  attempt: number;
  eventId: string;
  /** To the microsecond, as PostgreSQL writes it. */
  eventAt: string;
  eventAtMs: number;
  publicId: string | null;
  type: string | null;
  /** Null where the event has been erased. */
  body: Buffer | null;
  /** Of the endpoint's row. */
  version: number;
}

export interface HeadRow {
  env_id: number;
  endpoint_id: number;
  resource: string;
  gen: number;
  attempt: number;
  event_id: string;
  event_at: string;
  event_at_ms: number;
  public_id: string | null;
  type: string | null;
  body: Buffer | null;
  version: number;
}

const HEAD_COLUMNS = `h.env_id, h.endpoint_id, h.resource, h.gen, h.attempt, h.event_id::text as event_id,
    h.event_at::text as event_at, extract(epoch from h.event_at)::float8 * 1000 as event_at_ms,
    b.public_id, b.type, b.body, h.version`;
/** The whole key, so that one partition is looked into. */
export const HEAD_JOINS = `left join event_bodies b on b.env_id = h.env_id and b.event_id = h.event_id and b.format = h.format
      and b.retention = h.retention and b.created_at = h.event_at`;

const claimText = (status: "enabled" | "paused", which: string) => `
  with pick as materialized (
    select c.env_id, c.endpoint_id, c.resource, e.version, e.format
    from unnest($1::int[], $2::int[], $3::bool[], $4::int[]) as l (env_id, endpoint_id, retry, room)
    join webhook_endpoints e on e.env_id = l.env_id and e.id = l.endpoint_id and e.status = '${status}'
    cross join lateral (
      select q.env_id, q.endpoint_id, q.resource from queue q
      where q.env_id = l.env_id and q.endpoint_id = l.endpoint_id and q.retry = l.retry
        and ${which}
      order by q.due_at limit l.room for update skip locked) c
  ), h as (
    update queue q set lease_until = now() + $5::float8 * interval '1 ms', gen = q.gen + 1
    from pick p
    where q.env_id = p.env_id and q.endpoint_id = p.endpoint_id and q.resource = p.resource
    returning q.env_id, q.endpoint_id, q.resource, q.gen, q.attempt, q.event_id, q.event_at, q.retention,
      p.version, p.format
  )
  select ${HEAD_COLUMNS} from h ${HEAD_JOINS}`;

const CLAIM = claimText("enabled", "q.due_at <= now() and q.lease_until <= now()");
/** Whatever it was to wait for: a retry that is due in ten hours says as well whether the receiver is back. */
const CLAIM_PROBE = claimText("paused", "q.lease_until <= now()");

/** Leases due heads of enabled endpoints, oldest first within a lane; heads that others hold are passed over. */
export async function claim(db: Queryable, asks: readonly LaneAsk[], leaseMs: number): Promise<Claimed[]> {
  return claimWith(db, { name: "claim", text: CLAIM }, asks, leaseMs);
}

/** One head of a paused endpoint, a retry before a first attempt; null where there is none. */
export async function claimProbe(db: Queryable, lane: Lane, leaseMs: number): Promise<Claimed | null> {
  for (const retry of [true, false]) {
    const asks = [{ ...lane, retry, room: 1 }];
    const [claimed] = await claimWith(db, { name: "claim_probe", text: CLAIM_PROBE }, asks, leaseMs);
    if (claimed) return claimed;
  }
  return null;
}

async function claimWith(
  db: Queryable,
  statement: { name: string; text: string },
  asks: readonly LaneAsk[],
  leaseMs: number,
): Promise<Claimed[]> {
  const { rows } = await db.query<HeadRow>({
    ...statement,
    values: [
      asks.map((ask) => ask.envId),
      asks.map((ask) => ask.endpointId),
      asks.map((ask) => ask.retry),
      asks.map((ask) => ask.room),
      leaseMs,
    ],
  });
  return rows.map(claimedOf);
}

export function claimedOf(row: HeadRow): Claimed {
  return {
    envId: row.env_id,
    endpointId: row.endpoint_id,
    resource: row.resource,
    gen: row.gen,
    attempt: row.attempt,
    eventId: row.event_id,
    eventAt: row.event_at,
    eventAtMs: row.event_at_ms,
    publicId: row.public_id,
    type: row.type,
    body: row.body,
    version: row.version,
  };
}

/** A skip scan: one index probe per lane that has anything, not one per row. Paused and disabled ones are left out. */
const DUE_LANES = `
  with recursive lane as (
    (select env_id, endpoint_id, retry, due_at from queue where lease_until <= now()
      order by env_id, endpoint_id, retry, due_at limit 1)
    union all
    select n.* from lane l cross join lateral (
      select q.env_id, q.endpoint_id, q.retry, q.due_at from queue q
      where (q.env_id, q.endpoint_id, q.retry) > (l.env_id, l.endpoint_id, l.retry) and q.lease_until <= now()
      order by q.env_id, q.endpoint_id, q.retry, q.due_at limit 1) n
  )
  select l.env_id, l.endpoint_id, e.public_id, e.version, l.retry,
    extract(epoch from now() - l.due_at)::float8 as seconds
  from lane l join webhook_endpoints e on e.env_id = l.env_id and e.id = l.endpoint_id and e.status = 'enabled'
  where l.due_at <= now()`;

export interface DueLane extends Lane {
  publicId: string;
  version: number;
  retry: boolean;
  /** How long its oldest has been due. */
  seconds: number;
}

interface DueLaneRow {
  env_id: number;
  endpoint_id: number;
  public_id: string;
  version: number;
  retry: boolean;
  seconds: number;
}

export async function dueLanes(db: Queryable): Promise<DueLane[]> {
  const { rows } = await db.query<DueLaneRow>({
    name: "due_lanes",
    text: DUE_LANES,
    values: [],
  });
  return rows.map((row) => ({
    envId: row.env_id,
    endpointId: row.endpoint_id,
    publicId: row.public_id,
    version: row.version,
    retry: row.retry,
    seconds: row.seconds,
  }));
}

const RELEASE = `
  update queue q set lease_until = '-infinity'
  from unnest($1::int[], $2::int[], $3::text[], $4::int[], $5::bigint[])
    as l (env_id, endpoint_id, resource, gen, event_id)
  where q.env_id = l.env_id and q.endpoint_id = l.endpoint_id and q.resource = l.resource and q.gen = l.gen
    and q.event_id = l.event_id`;

/** Gives leases back before their end; one that has gone to another generation is left alone. */
export async function release(db: Queryable, claims: readonly Claimed[]): Promise<void> {
  await db.query({
    name: "release",
    text: RELEASE,
    values: [
      claims.map((claimed) => claimed.envId),
      claims.map((claimed) => claimed.endpointId),
      claims.map((claimed) => claimed.resource),
      claims.map((claimed) => claimed.gen),
      claims.map((claimed) => claimed.eventId),
    ],
  });
}

/** Deliveries waiting: counted while they are few, else the planner's estimate (counting a million takes 100 ms). */
export async function queueDepth(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ depth: number }>`
    select case when sum(c.reltuples) > 100000 then sum(c.reltuples)::float8
      else ((select count(*) from queue) + (select count(*) from queue_next))::float8 end as depth
    from pg_class c where c.oid in ('queue'::regclass, 'queue_next'::regclass)`.execute(db);
  return rows[0]?.depth ?? 0;
}
