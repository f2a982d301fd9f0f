/** The history of attempts, and sending again what it holds. */
import { sql, type Kysely, type Selectable } from "kysely";
import type { Claimed, Queryable } from "./queue.ts";
import type { AttemptDetail } from "./settle.ts";
import type { Attempts, Schema } from "./schema.ts";

export type Attempt = Selectable<Attempts>;

/** Of one event, to every endpoint or to one, oldest first. */
export async function attemptsOfEvent(
  db: Kysely<Schema>,
  envId: number,
  eventId: bigint,
  endpointId?: number,
): Promise<Attempt[]> {
  return db
    .selectFrom("attempts")
    .selectAll()
    .where("env_id", "=", envId)
    .where("event_id", "=", eventId)
    .$if(endpointId !== undefined, (query) => query.where("endpoint_id", "=", endpointId ?? 0))
    .orderBy("id")
    .execute();
}

const STALE = `
  insert into attempts (env_id, endpoint_id, event_id, event_at, resource, attempt, at, outcome, status, error,
    address, connect_us, first_byte_us, total_us, request_headers, response_headers, retention)
  values ($1, $2, $3, $4, split_part($5, '#', 1), $6, $7, 'stale', $8, $9, $10, $11, $12, $13, $14, $15, $16)`;

/** A result that came after its lease had gone to another: it changes nothing, but it was sent. */
export async function recordStale(db: Queryable, claimed: Claimed, history: AttemptDetail): Promise<void> {
  await db.query({
    name: "stale",
    text: STALE,
    values: [
      claimed.envId,
      claimed.endpointId,
      claimed.eventId,
      claimed.eventAt,
      claimed.resource,
      claimed.attempt + 1,
      history.at,
      history.status,
      history.error,
      history.address,
      history.connectUs,
      history.firstByteUs,
      history.totalUs,
      JSON.stringify(history.requestHeaders),
      history.responseHeaders && JSON.stringify(history.responseHeaders),
      history.retention,
    ],
  });
}

export interface SentAttempt {
  envId: number;
  endpointId: number;
  eventId: bigint;
  eventAt: Temporal.Instant;
  resource: string;
  attempt: number;
  outcome: "delivered" | "failed";
  history: AttemptDetail;
}

/** An attempt that no queue has made, such as a test. */
export async function recordAttempt(trx: Kysely<Schema>, sent: SentAttempt): Promise<void> {
  const { history } = sent;
  await trx
    .insertInto("attempts")
    .values({
      env_id: sent.envId,
      endpoint_id: sent.endpointId,
      event_id: sent.eventId,
      event_at: sent.eventAt,
      resource: sent.resource,
      attempt: sent.attempt,
      at: history.at,
      outcome: sent.outcome,
      status: history.status,
      error: history.error,
      address: history.address,
      dns_us: history.dnsUs,
      tls_us: history.tlsUs,
      connect_us: history.connectUs,
      first_byte_us: history.firstByteUs,
      total_us: history.totalUs,
      request_headers: JSON.stringify(history.requestHeaders),
      response_headers: history.responseHeaders && JSON.stringify(history.responseHeaders),
      response_body: history.responseBody.length > 0 ? history.responseBody : null,
      retention: history.retention,
    })
    .execute();
}

export type Replayed =
  | "queued"
  /** It waits already, or is under way. */
  | "waiting"
  /** No such event or endpoint here, or the event has no body in the endpoint's format any more. */
  | "unknown";

/**
 * Queues an event for an endpoint again, behind what waits for its resource; its schedule starts anew and it is
 * exhausted no longer. The same bytes, the same `webhook-id`. Wake the dispatcher after the commit.
 */
export async function replay(
  trx: Kysely<Schema>,
  envId: number,
  endpointId: number,
  eventId: bigint,
): Promise<Replayed> {
  const { rows } = await sql<{ resource: string; event_at: Temporal.Instant; retention: number }>`
    select v.resource || case when e.ordered then '' else '#' || v.id end as resource,
      v.created_at as event_at, v.retention
    from webhook_endpoints e
    join events v on v.env_id = e.env_id
    join event_bodies b on b.env_id = v.env_id and b.event_id = v.id and b.format = e.format
      and b.retention = v.retention and b.created_at = v.created_at
    where e.env_id = ${envId} and e.id = ${endpointId} and v.id = ${eventId}`.execute(trx);
  const [event] = rows;
  if (!event) return "unknown";
  const { resource, event_at, retention } = event;
  // A head that held its resource too long retries beside, under its own name.
  const chains = [resource, `${resource.replace(/#.*$/, "")}#${eventId}`];
  const { rows: queued } = await sql<{ there: boolean }>`
    select true as there from queue where env_id = ${envId} and endpoint_id = ${endpointId}
      and resource = any(${chains}::text[]) and event_id = ${eventId}
    union all
    select true from queue_next where env_id = ${envId} and endpoint_id = ${endpointId}
      and resource = any(${chains}::text[]) and event_id = ${eventId}`.execute(trx);
  if (queued.length > 0) return "waiting";
  await sql`
    with head as (
      insert into queue as h (env_id, endpoint_id, resource, event_id, event_at, retention)
      values (${envId}, ${endpointId}, ${resource}, ${eventId}, ${event_at}, ${retention})
      on conflict (env_id, endpoint_id, resource) do update set waiting = h.waiting + 1
      returning xmax = 0 as fresh
    ), behind as (
      insert into queue_next (env_id, endpoint_id, resource, event_id, event_at, retention)
      select ${envId}::int, ${endpointId}::int, ${resource}::text, ${eventId}::bigint, ${event_at}::timestamptz,
        ${retention}::smallint
      from head where not fresh
    )
    delete from exhausted_deliveries
    where env_id = ${envId} and endpoint_id = ${endpointId} and event_id = ${eventId}`.execute(trx);
  return "queued";
}
