/**
 * The delivery queue. One row per endpoint and resource is the head of its chain; what waits behind it lies in
 * `queue_next`. A claim is a lease with a generation; a settle that comes with another generation is refused.
 *
 * These are the hot paths: named statements, so that they are planned once per connection, batches, and no table of
 * CTE joined with another (hash joins are off, `PINNED_PLANS`): rows carry their number `n` instead.
 */
import { sql, type Kysely } from "kysely";
import type { Lane } from "./events.ts";
import type { Retention, Schema } from "./schema.ts";

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

interface HeadRow {
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
    v.public_id, v.type, b.body, h.version`;
/** The whole keys, so that one partition is looked into. */
const HEAD_JOINS = `left join events v on v.env_id = h.env_id and v.id = h.event_id
      and v.retention = h.retention and v.created_at = h.event_at
    left join event_bodies b on b.env_id = h.env_id and b.event_id = h.event_id and b.format = h.format
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

function claimedOf(row: HeadRow): Claimed {
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

export interface Settlement {
  claimed: Claimed;
  outcome: "delivered" | "failed" | "exhausted" | "expired";
  /** Seconds until the retry; null where the delivery is over. */
  dueIn: number | null;
  /** Null writes no history: there was nothing to send. */
  history: AttemptDetail | null;
  /** A probe of a paused endpoint: its failure uses up no retry. */
  uncounted?: boolean;
}

export interface AttemptDetail {
  at: Temporal.Instant;
  status: number | null;
  error: string | null;
  address: string | null;
  /** Null where the connection was kept. */
  dnsUs: number | null;
  tlsUs: number | null;
  connectUs: number | null;
  firstByteUs: number | null;
  totalUs: number;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string> | null;
  responseBody: Buffer;
  /** Days that this attempt is kept. */
  retention: Exclude<Retention, 0>;
}

export interface Settled {
  /** Index in the batch. */
  index: number;
  /** The next of the chain, already leased; null where there is none or its endpoint is not enabled. */
  successor: Claimed | null;
}

const SETTLE = `
  with r as materialized (
    select * from json_to_recordset($1::json) as r (n int, env_id int, endpoint_id int, resource text, gen int,
      outcome text, due_in float8, uncounted bool, at timestamptz, status smallint, error text, address text, dns_us int,
      tls_us int, connect_us int, first_byte_us int, total_us int, request_headers jsonb, response_headers jsonb, response_body text,
      kept smallint)
  ), mine as materialized (
    select r.*, q.waiting, q.attempt, q.event_id, q.event_at, q.retention
    from r join queue q on q.env_id = r.env_id and q.endpoint_id = r.endpoint_id and q.resource = r.resource
    where q.gen = r.gen
    for update of q skip locked
  ), nxt as materialized (
    select m.n, m.env_id, m.endpoint_id, m.resource, x.seq, x.event_id, x.event_at, x.retention,
      e.version, e.format, e.status = 'enabled' as open
    from mine m
    join webhook_endpoints e on e.env_id = m.env_id and e.id = m.endpoint_id
    cross join lateral (
      select * from queue_next x
      where x.env_id = m.env_id and x.endpoint_id = m.endpoint_id and x.resource = m.resource
      order by x.seq limit 1) x
    where m.due_in is null and m.waiting > 0
  ), h as (
    update queue q set event_id = x.event_id, event_at = x.event_at, retention = x.retention,
      waiting = q.waiting - 1, attempt = 0, gen = q.gen + 1, hold_until = null,
      lease_until = case when x.open then now() + $2::float8 * interval '1 ms' else '-infinity' end
    from nxt x
    where q.env_id = x.env_id and q.endpoint_id = x.endpoint_id and q.resource = x.resource
    returning x.n, q.env_id, q.endpoint_id, q.resource, q.gen, q.attempt, q.event_id, q.event_at, q.retention,
      x.version, x.format, x.open
  ), popped as (
    delete from queue_next d using nxt x
    where d.env_id = x.env_id and d.endpoint_id = x.endpoint_id and d.resource = x.resource and d.seq = x.seq
  ), gone as (
    delete from queue q using mine m
    where q.env_id = m.env_id and q.endpoint_id = m.endpoint_id and q.resource = m.resource
      and m.due_in is null and m.waiting = 0
    returning m.n
  ), again as (
    update queue q set lease_until = '-infinity', due_at = now() + m.due_in * interval '1 s',
      attempt = case when m.uncounted then q.attempt else least(q.attempt, 32000) + 1 end,
      hold_until = case when m.uncounted then q.hold_until
        else coalesce(q.hold_until, now() + e.order_hold_s * interval '1 s') end
    from mine m join webhook_endpoints e on e.env_id = m.env_id and e.id = m.endpoint_id
    where q.env_id = m.env_id and q.endpoint_id = m.endpoint_id and q.resource = m.resource
      and m.due_in is not null
    returning m.n
  ), done as materialized (
    select n from gone union all select n from again union all select n from h
  ), over as (
    insert into exhausted_deliveries (env_id, endpoint_id, event_id, event_at, retention, resource, attempts, exhausted_at)
    select env_id, endpoint_id, event_id, event_at, retention, split_part(resource, '#', 1), attempt + 1, at
    from mine where outcome = 'exhausted' and at is not null and n = any(array(select n from done))
    on conflict (env_id, endpoint_id, event_id)
      do update set attempts = excluded.attempts, exhausted_at = excluded.exhausted_at, announced = false
  ), history as (
    insert into attempts (env_id, endpoint_id, event_id, event_at, resource, attempt, at, outcome, status, error,
      retry_at, address, dns_us, tls_us, connect_us, first_byte_us, total_us, request_headers, response_headers, response_body,
      retention)
    select env_id, endpoint_id, event_id, event_at, split_part(resource, '#', 1), attempt + 1, at, outcome, status,
      error, now() + due_in * interval '1 s', address, dns_us, tls_us, connect_us, first_byte_us, total_us, request_headers,
      response_headers, decode(response_body, 'base64'), kept
    from mine where at is not null and n = any(array(select n from done))
  )
  select d.n, h.open, ${HEAD_COLUMNS}
  from done d left join h on h.n = d.n ${HEAD_JOINS}`;

/**
 * Writes results and their history, and hands back each chain's next, leased. A result that is not answered was
 * not written: its row is locked by a recorder just now (offer it again) or another generation holds it (stale).
 */
export async function settle(
  db: Queryable,
  batch: readonly Settlement[],
  leaseMs: number,
): Promise<Settled[]> {
  const { rows } = await db.query<HeadRow & { n: number; open: boolean | null }>({
    name: "settle",
    text: SETTLE,
    values: [JSON.stringify(batch.map(settlementRow)), leaseMs],
  });
  return rows.map((row) => ({ index: row.n, successor: row.open === true ? claimedOf(row) : null }));
}

function settlementRow(settlement: Settlement, n: number): object {
  const { claimed, outcome, dueIn, history, uncounted = false } = settlement;
  return {
    n,
    env_id: claimed.envId,
    endpoint_id: claimed.endpointId,
    resource: claimed.resource,
    gen: claimed.gen,
    outcome,
    due_in: dueIn,
    uncounted,
    ...(history && attemptRow(history)),
  };
}

function attemptRow(history: AttemptDetail): object {
  return {
    at: history.at.toString({ smallestUnit: "microsecond" }),
    status: history.status,
    error: history.error,
    address: history.address,
    dns_us: history.dnsUs,
    tls_us: history.tlsUs,
    connect_us: history.connectUs,
    first_byte_us: history.firstByteUs,
    total_us: history.totalUs,
    request_headers: history.requestHeaders,
    response_headers: history.responseHeaders,
    response_body: history.responseBody.length > 0 ? history.responseBody.toString("base64") : null,
    kept: history.retention,
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
  select l.env_id, l.endpoint_id, e.public_id, l.retry, extract(epoch from now() - l.due_at)::float8 as seconds
  from lane l join webhook_endpoints e on e.env_id = l.env_id and e.id = l.endpoint_id and e.status = 'enabled'
  where l.due_at <= now()`;

export interface DueLane extends Lane {
  publicId: string;
  retry: boolean;
  /** How long its oldest has been due. */
  seconds: number;
}

interface DueLaneRow {
  env_id: number;
  endpoint_id: number;
  public_id: string;
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
    retry: row.retry,
    seconds: row.seconds,
  }));
}

const RELEASE = `
  update queue q set lease_until = '-infinity'
  from unnest($1::int[], $2::int[], $3::text[], $4::int[]) as l (env_id, endpoint_id, resource, gen)
  where q.env_id = l.env_id and q.endpoint_id = l.endpoint_id and q.resource = l.resource and q.gen = l.gen`;

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
