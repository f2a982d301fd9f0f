/** The history of attempts. */
import type { Kysely, Selectable } from "kysely";
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
