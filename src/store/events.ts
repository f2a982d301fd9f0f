import { CompiledQuery, sql, type Kysely } from "kysely";
import type { EndpointFormat, Retention, Schema } from "./schema.ts";

/** An endpoint's own way through the dispatcher. */
export interface Lane {
  envId: number;
  endpointId: number;
}

export interface EventRow {
  envId: number;
  key: string;
  type: string;
  resource: string;
  subject: string | null;
  retention: Retention;
  at: Temporal.Instant;
  publicId: string;
  /** As long as `bodies`. */
  formats: EndpointFormat[];
  bodies: Buffer[];
  /** Which words among an endpoint's event types ask for it. */
  wantedAs: string[];
  /** An endpoint that does not get it. */
  except: number | null;
}

/**
 * $1 environment, $2 key, $3 at, $4 public id, $5 type, $6 resource, $7 subject, $8 retention, $9 formats, $10 bodies,
 * $11 words that ask for it, $12 endpoint that does not get it.
 */
const INSERT_EVENT = `-- prepared: insert_event
    with k as (
      insert into event_keys (env_id, key, event_id, created_at)
      values ($1::int, $2, nextval('events_id_seq'), $3::timestamptz)
      on conflict do nothing
      returning env_id, event_id, created_at
    ), ev as (
      insert into events (env_id, id, public_id, type, resource, subject, retention, created_at)
      select env_id, event_id, $4::text, $5::text, $6::text, $7, $8::smallint, created_at
      from k
    ), bodies as (
      insert into event_bodies (env_id, event_id, format, public_id, type, body, retention, created_at)
      select env_id, event_id, b.format, $4::text, $5::text, b.body, $8::smallint, created_at
      from k cross join unnest($9::text[], $10::bytea[]) as b (format, body)
    ), head as (
      insert into queue as h (env_id, endpoint_id, resource, event_id, event_at, retention)
      select k.env_id, e.id, $6::text || case when e.ordered then '' else '#' || k.event_id end,
        k.event_id, k.created_at, $8::smallint
      from k join webhook_endpoints e using (env_id)
      where e.format = any($9::text[]) and e.status <> 'disabled'
        and e.event_types && $11::text[] and e.id is distinct from $12::int
      order by e.id
      on conflict (env_id, endpoint_id, resource) do update set waiting = h.waiting + 1
      returning endpoint_id, resource, xmax = 0 as fresh
    ), behind as (
      insert into queue_next (env_id, endpoint_id, resource, event_id, event_at, retention)
      select k.env_id, head.endpoint_id, head.resource, k.event_id, k.created_at, $8::smallint
      from head cross join k where not head.fresh
    )
    select event_id, (select array_agg(endpoint_id) from head) as endpoints from k`;

/**
 * One statement: the key, the event, its bodies, and a delivery for every endpoint of the environment that has one
 * of the formats, asks for the type and is not disabled (a paused one keeps queueing). Null where the key was there.
 *
 * The head of a resource's chain lies in `queue`, the rest in `queue_next`. Whoever finds a head counts itself in
 * `waiting` under the row's lock: that closes the race with a settle that is about to delete it.
 * An endpoint without order has one chain per event: the resource with `#<event id>`.
 */
export async function insertEvent(
  trx: Kysely<Schema>,
  row: EventRow,
): Promise<{ eventId: bigint; lanes: Lane[] } | null> {
  const { envId } = row;
  // Not as a template: Kysely would build and print its tree anew for every event.
  const query = CompiledQuery.raw(INSERT_EVENT, [
    envId,
    row.key,
    row.at,
    row.publicId,
    row.type,
    row.resource,
    row.subject,
    row.retention,
    row.formats,
    row.bodies,
    row.wantedAs,
    row.except,
  ]);
  const { rows } = await trx.executeQuery<{ event_id: bigint; endpoints: number[] | null }>(query);
  const [inserted] = rows;
  if (!inserted) return null;
  const lanes = (inserted.endpoints ?? []).map((endpointId) => ({ envId, endpointId }));
  return { eventId: inserted.event_id, lanes };
}

export interface RecordedBody {
  publicId: string;
  type: string;
  format: EndpointFormat;
  /** The parsed JSON of the bytes that are sent. */
  body: unknown;
  /** When it was due. */
  at: Temporal.Instant;
}

/** What was due for a resource, delivered or not, newest first; in one format or in each that it has. */
export async function eventsOfResource(
  db: Kysely<Schema>,
  envId: number,
  resource: string,
  format?: EndpointFormat,
): Promise<RecordedBody[]> {
  return bodiesOf(db, envId, format ?? null, { column: "resource", value: resource });
}

/** The same for a link_id or customer. */
export async function eventsOfSubject(
  db: Kysely<Schema>,
  envId: number,
  subject: string,
  format?: EndpointFormat,
): Promise<RecordedBody[]> {
  return bodiesOf(db, envId, format ?? null, { column: "subject", value: subject });
}

async function bodiesOf(
  db: Kysely<Schema>,
  envId: number,
  format: EndpointFormat | null,
  of: { column: "resource" | "subject"; value: string },
): Promise<RecordedBody[]> {
  const rows = await db
    .selectFrom("events as e")
    .innerJoin("event_bodies as b", (join) =>
      join
        .onRef("b.env_id", "=", "e.env_id")
        .onRef("b.event_id", "=", "e.id")
        .onRef("b.retention", "=", "e.retention")
        .onRef("b.created_at", "=", "e.created_at"),
    )
    .select(["e.public_id", "e.type", "b.format", "b.body", "e.created_at"])
    .where("e.env_id", "=", envId)
    .where(`e.${of.column}`, "=", of.value)
    .$if(format !== null, (query) => query.where("b.format", "=", format))
    .orderBy("e.id", "desc")
    .orderBy("b.format")
    .execute();
  return rows.map((row) => ({
    publicId: row.public_id,
    type: row.type,
    format: row.format,
    body: JSON.parse(row.body.toString()) as unknown,
    at: row.created_at,
  }));
}

/**
 * When a session or entity is deleted: what is undelivered is withdrawn, bodies and stored answers are erased. The
 * events themselves stay as tombstones (they hold no personal data), and their keys, so that none is recorded anew.
 */
export async function eraseResource(trx: Kysely<Schema>, envId: number, resource: string): Promise<void> {
  // Chains without order are named resource#event.
  const chains = sql`env_id = ${envId} and endpoint_id = any(array(
      select id from webhook_endpoints where env_id = ${envId}))
    and (resource = ${resource} or starts_with(resource, ${`${resource}#`}))`;
  const ofItsEvents = sql`env_id = ${envId} and event_id = any(array(
      select id from events where env_id = ${envId} and resource = ${resource}))`;
  await sql`delete from queue where ${chains}`.execute(trx);
  await sql`delete from queue_next where ${chains}`.execute(trx);
  await sql`delete from exhausted_deliveries where ${ofItsEvents}`.execute(trx);
  await sql`delete from event_bodies where ${ofItsEvents}`.execute(trx);
  await sql`update events set subject = null where env_id = ${envId} and resource = ${resource}`.execute(trx);
  await sql`update attempts set response_headers = null, response_body = null where ${ofItsEvents}`.execute(
    trx,
  );
}
