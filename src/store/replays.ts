/**
 * Sending again what was recorded: one event, or everything that matches a filter, to one endpoint. The same bytes
 * and the same `webhook-id`; an event that never had a delivery to the endpoint gets its first one.
 */
import { sql, type Kysely, type Selectable } from "kysely";
import { newId } from "../platform/ids.ts";
import type { Lane } from "./events.ts";
import { eventsMatching, queuedOf, type EventFilter } from "./history.ts";
import type { ReplayFilter, Replays, Retention, Schema } from "./schema.ts";

export type Replay = Selectable<Replays>;

export interface NewReplay extends Lane {
  filter: ReplayFilter;
  actor: string;
  at: Temporal.Instant;
}

/** A running replay of what has been recorded until now. The caller adds its job in the same transaction. */
export async function insertReplay(
  trx: Kysely<Schema>,
  { envId, endpointId, filter, actor, at }: NewReplay,
): Promise<Replay> {
  return trx
    .insertInto("replays")
    .values({
      env_id: envId,
      public_id: newId("rpl"),
      endpoint_id: endpointId,
      filter: JSON.stringify(filter),
      last_event_id: sql<bigint>`(select last_value from events_id_seq)`,
      actor,
      created_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findReplay(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
): Promise<Replay | null> {
  const row = await db
    .selectFrom("replays")
    .selectAll()
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .executeTakeFirst();
  return row ?? null;
}

/** Newest first, with an id below `before`. */
export async function listReplays(
  db: Kysely<Schema>,
  envId: number,
  endpointId: number | undefined,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<Replay[]> {
  return db
    .selectFrom("replays")
    .selectAll()
    .where("env_id", "=", envId)
    .$if(endpointId !== undefined, (query) => query.where("endpoint_id", "=", endpointId ?? 0))
    .$if(before !== null, (query) => query.where("id", "<", before ?? 0n))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** For the job: no other run of it and no cancel comes between. Null where it is gone with its endpoint. */
export async function lockReplay(
  trx: Kysely<Schema>,
  envId: number,
  publicId: string,
): Promise<Replay | null> {
  const row = await trx
    .selectFrom("replays")
    .selectAll()
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

export async function endReplay(
  trx: Kysely<Schema>,
  replay: Pick<Replay, "env_id" | "id">,
  status: "completed" | "cancelled",
  at: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable("replays")
    .set({ status, ended_at: at })
    .where("env_id", "=", replay.env_id)
    .where("id", "=", replay.id)
    .execute();
}

/** Counts what matches, however long it takes. `namedOnly`: event types that `*` does not mean. */
export async function countReplay(
  db: Kysely<Schema>,
  replay: Replay,
  namedOnly: readonly string[],
): Promise<void> {
  const undelivered = sql`and not exists (select from attempts a where a.env_id = v.env_id and a.event_id = v.id
    and a.endpoint_id = ${replay.endpoint_id} and a.outcome = 'delivered')`;
  await db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    const { rows } = await sql<{ total: bigint }>`
      select count(*) as total ${eventsMeant(replay, namedOnly)}
        ${replay.filter.only === "undelivered" ? undelivered : sql``}`.execute(trx);
    await trx
      .updateTable("replays")
      .set({ total: rows[0]?.total ?? 0n })
      .where("env_id", "=", replay.env_id)
      .where("id", "=", replay.id)
      .execute();
  });
}

/** Events looked at in one batch where delivered ones are left out: a long stretch of them must not take for ever. */
const MOST_LOOKED_AT = 5000;

/** The next batch, oldest first, queued; the replay's place moves with it. `isOver` where nothing is left. */
export async function advanceReplay(
  trx: Kysely<Schema>,
  replay: Replay,
  { batchSize, namedOnly }: { batchSize: number; namedOnly: readonly string[] },
): Promise<{ queued: number; isOver: boolean }> {
  const { env_id: envId, endpoint_id: endpointId, filter } = replay;
  const lane = { envId, endpointId };
  const most = filter.only === "undelivered" ? Math.max(MOST_LOOKED_AT, batchSize) : batchSize;
  const { rows: looked } = await sql<EventKey>`
    select v.id, v.retention, v.created_at as at ${eventsMeant(replay, namedOnly)}
      and v.id > ${replay.after_event_id}
    order by v.id limit ${most}`.execute(trx);
  const delivered = filter.only === "undelivered" ? await deliveredOf(trx, lane, looked) : new Set<bigint>();
  const wanted = looked.filter(({ id }) => !delivered.has(id));
  const batch = wanted.slice(0, batchSize);
  const last = wanted.length > batchSize ? batch.at(-1) : looked.at(-1);
  if (!last) return { queued: 0, isOver: true };
  const queued = batch.length > 0 ? await queueAgain(trx, lane, batch) : 0;
  await trx
    .updateTable("replays")
    .set((eb) => ({
      after_event_id: last.id,
      queued: eb("queued", "+", BigInt(queued)),
      skipped: eb("skipped", "+", BigInt(batch.length - queued)),
    }))
    .where("env_id", "=", envId)
    .where("id", "=", replay.id)
    .execute();
  return { queued, isOver: looked.length < most && wanted.length <= batchSize };
}

async function deliveredOf(
  db: Kysely<Schema>,
  { envId, endpointId }: Lane,
  events: readonly EventKey[],
): Promise<Set<bigint>> {
  const { rows } = await sql<{ event_id: bigint }>`
    select distinct event_id from attempts
    where env_id = ${envId} and endpoint_id = ${endpointId} and outcome = 'delivered'
      and event_id = any(${events.map(({ id }) => id)}::bigint[])`.execute(db);
  return new Set(rows.map(({ event_id }) => event_id));
}

/**
 * `from … where …`: what a replay means. Without types in its filter, what the endpoint asks for: as when events are
 * recorded, it hears of other endpoints and not of itself.
 */
function eventsMeant(
  { env_id: envId, endpoint_id: endpointId, filter, last_event_id, created_at: asked }: Replay,
  namedOnly: readonly string[],
) {
  const { only, types, from, to, ...rest } = filter;
  const events: EventFilter = {
    ...rest,
    ...(types ? { types } : {}),
    ...(from === undefined ? {} : { from: Temporal.Instant.from(from) }),
    ...(to === undefined ? {} : { to: Temporal.Instant.from(to) }),
  };
  const wanted = sql`and (v.type = any(e.event_types)
      or ('*' = any(e.event_types) and v.type <> all(${[...namedOnly]}::text[])))
    and v.resource <> 'webhook_endpoint:' || e.public_id`;
  // Beyond the days of its attempts nobody knows what was delivered: sending all of that again is not what is meant.
  const known = sql`and v.created_at >= ${asked}::timestamptz
    - (select n.retention from environments n where n.id = ${envId}) * interval '1 day'`;
  return sql`from events v join webhook_endpoints e on e.env_id = v.env_id and e.id = ${endpointId}
    where v.env_id = ${envId} and v.id <= ${last_event_id}
      ${types ? sql`` : wanted} ${only === "undelivered" ? known : sql``}
      ${eventsMatching(events)}`;
}

/** Rows in the endpoint's queue, counted no further than `most`. */
export async function waitingUpTo(db: Kysely<Schema>, lane: Lane, most: number): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select coalesce(sum(1 + waiting), 0)::float8 as waiting
    from (select waiting from queue where env_id = ${lane.envId} and endpoint_id = ${lane.endpointId}
      order by resource limit ${most}) q
    `.execute(db);
  return Math.min(rows[0]?.waiting ?? 0, most);
}

/** Its whole key, so that one partition is looked into. */
export interface EventKey {
  id: bigint;
  retention: Retention;
  at: Temporal.Instant;
}

/**
 * Queues events for one endpoint, oldest first, each behind what waits for its resource; their schedules start anew
 * and they are exhausted no longer. Left out: what waits or is under way already, and what has no body in the
 * endpoint's format. Answers how many were queued. Wake the dispatcher after the commit.
 *
 * A chain's first is its head where it has none; the rest, and all where there is one, lie in `queue_next`.
 * An endpoint without order has one chain per event.
 */
export async function queueAgain(
  trx: Kysely<Schema>,
  { envId, endpointId }: Lane,
  events: readonly EventKey[],
): Promise<number> {
  const { rows } = await sql<{ queued: number }>`
    with picked as materialized (
      select e.id as endpoint_id, v.id, v.resource, v.created_at, v.retention,
        v.resource || case when e.ordered then '' else '#' || v.id end as chain
      from unnest(${events.map(({ id }) => id)}::bigint[], ${events.map(({ retention }) => retention)}::smallint[],
        ${events.map(({ at }) => at)}::timestamptz[]) as w (id, retention, created_at)
      join webhook_endpoints e on e.env_id = ${envId} and e.id = ${endpointId}
      cross join lateral (
        select v.id, v.resource, v.created_at, v.retention from events v
        where v.env_id = ${envId} and v.id = w.id and v.retention = w.retention and v.created_at = w.created_at
        offset 0) v
      cross join lateral (
        select from event_bodies b
        where b.env_id = ${envId} and b.event_id = w.id and b.format = e.format and b.retention = w.retention
          and b.created_at = w.created_at offset 0) b
    ), waiting as materialized (
      ${queuedOf(sql`queue`, sql``, envId)} union all ${queuedOf(sql`queue_next`, sql``, envId)}
    ), c as materialized (
      select * from picked where id not in (select event_id from waiting)
    ), heads as materialized (
      select distinct on (chain) chain, id, created_at, retention, count(*) over (partition by chain) as events
      from c order by chain, id
    ), head as (
      insert into queue as h (env_id, endpoint_id, resource, event_id, event_at, retention, waiting)
      select ${envId}::int, ${endpointId}::int, chain, id, created_at, retention, events - 1
      from heads order by chain
      on conflict (env_id, endpoint_id, resource) do update set waiting = h.waiting + excluded.waiting + 1
      returning resource, event_id, xmax = 0 as fresh
    ), behind as (
      insert into queue_next (env_id, endpoint_id, resource, event_id, event_at, retention)
      select ${envId}::int, ${endpointId}::int, c.chain, c.id, c.created_at, c.retention
      from c join head on head.resource = c.chain
      where not (head.fresh and head.event_id = c.id)
      order by c.id
    ), revived as (
      delete from exhausted_deliveries d using c
      where d.env_id = ${envId} and d.endpoint_id = ${endpointId} and d.event_id = c.id
    )
    select count(*)::int as queued from c`.execute(trx);
  return rows[0]?.queued ?? 0;
}
