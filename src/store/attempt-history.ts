/** Attempts as the history shows them: newest first by their time, which also leaves out the days beyond a range. */
import { sql, type Kysely, type RawBuilder } from "kysely";
import { eventsMatching } from "./history.ts";
import type { Attempts, EndpointFormat, Schema } from "./schema.ts";

export interface AttemptPosition {
  at: Temporal.Instant;
  id: bigint;
}

/** Its primary key within its environment, but for the class. */
export interface AttemptKey extends AttemptPosition {
  endpoint_id: number;
}

export interface AttemptFilter {
  endpointId?: number | undefined;
  eventId?: bigint | undefined;
  types?: readonly string[] | undefined;
  resource?: string | undefined;
  outcome?: Attempts["outcome"] | undefined;
  /** HTTP status of the answer. */
  status?: number | undefined;
  from?: Temporal.Instant | undefined;
  to?: Temporal.Instant | undefined;
}

export interface HistoryAttempt extends AttemptKey {
  /** Null where its days are over. */
  event: string | null;
  type: string | null;
  /** Null where it was deleted. */
  endpoint: string | null;
  resource: string;
  attempt: number;
  outcome: Attempts["outcome"];
  status: number | null;
  error: string | null;
  retry_at: Temporal.Instant | null;
  address: string | null;
  /** Microseconds from the start of the attempt. */
  dns_us: number | null;
  connect_us: number | null;
  tls_us: number | null;
  first_byte_us: number | null;
  total_us: number;
}

const COLUMNS = sql`a.id, a.at, a.endpoint_id, v.public_id as event, v.type, e.public_id as endpoint, a.resource, a.attempt,
  a.outcome, a.status, a.error, a.retry_at, a.address, a.dns_us, a.connect_us, a.tls_us, a.first_byte_us, a.total_us`;
/** One of an event's classes holds it; its time leaves out all but one day of each. */
const EVENT = sql`left join lateral (
    select v.public_id, v.type, v.retention, v.created_at from events v
    where v.env_id = a.env_id and v.id = a.event_id and v.created_at = a.event_at limit 1) v on true`;

/** Of the environment's endpoints, those of deleted ones excepted: each endpoint's newest by its own index, merged. */
export async function listAttempts(
  db: Kysely<Schema>,
  envId: number,
  filter: AttemptFilter,
  { before, limit }: { before: AttemptPosition | null; limit: number },
): Promise<HistoryAttempt[]> {
  const { endpointId, eventId, resource } = filter;
  const ofEndpoint = endpointId === undefined ? sql`` : sql`and e.id = ${endpointId}`;
  const position = before
    ? sql`and (a.at, a.id) < (${before.at}::timestamptz, ${before.id}::bigint) and a.at <= ${before.at}::timestamptz`
    : sql``;
  const newest = sql`order by a.at desc, a.id desc limit ${limit}`;
  // One event's or one resource's are few, and have an index of their own.
  const ids = eventId === undefined ? eventsOfResource(envId, resource) : sql`array[${eventId}::bigint]`;
  const source = ids
    ? sql`attempts a join webhook_endpoints e on e.env_id = a.env_id and e.id = a.endpoint_id ${ofEndpoint}
        and a.env_id = ${envId} and a.event_id = any(${ids}) ${position} ${attemptsMatching(filter)}`
    : sql`webhook_endpoints e cross join lateral (
        select a.* from attempts a
        where a.env_id = ${envId} and a.endpoint_id = e.id ${position} ${attemptsMatching(filter)} ${newest}) a`;
  const { rows } = await sql<HistoryAttempt>`
    select ${COLUMNS} from ${source} ${EVENT}
    where e.env_id = ${envId} ${ofEndpoint} ${newest}`.execute(db);
  return rows;
}

const eventsOfResource = (envId: number, resource: string | undefined) =>
  resource === undefined
    ? null
    : sql`array(select id from events where env_id = ${envId} and resource = ${resource})`;

function attemptsMatching(filter: AttemptFilter): RawBuilder<unknown> {
  const { eventId, types, resource, outcome, status, from, to } = filter;
  const ofType = sql`and exists (select from events v where v.env_id = a.env_id and v.id = a.event_id
    and v.created_at = a.event_at ${eventsMatching({ types })})`;
  return sql.join(
    [
      eventId === undefined ? sql`` : sql`and a.event_id = ${eventId}`,
      resource === undefined ? sql`` : sql`and a.resource = ${resource}`,
      outcome === undefined ? sql`` : sql`and a.outcome = ${outcome}`,
      status === undefined ? sql`` : sql`and a.status = ${status}`,
      from ? sql`and a.at >= ${from}::timestamptz` : sql``,
      to ? sql`and a.at < ${to}::timestamptz` : sql``,
      types ? ofType : sql``,
    ],
    sql` `,
  );
}

export interface AttemptDetailRow extends HistoryAttempt {
  url: string | null;
  request_headers: Record<string, string>;
  response_headers: Record<string, string> | null;
  /** At most 64 KiB; null where there was none, or where it has been erased. */
  response_body: Buffer | null;
  /** The bytes that were sent; null where they have been erased or the endpoint was deleted. */
  body: Buffer | null;
  format: EndpointFormat | null;
}

/** Null where the environment has none of this key. */
export async function findAttempt(
  db: Kysely<Schema>,
  envId: number,
  { at, id, endpoint_id }: AttemptKey,
): Promise<AttemptDetailRow | null> {
  const { rows } = await sql<AttemptDetailRow>`
    select ${COLUMNS}, e.url, e.format, a.request_headers, a.response_headers, a.response_body, b.body
    from attempts a
    left join webhook_endpoints e on e.env_id = a.env_id and e.id = a.endpoint_id
    ${EVENT}
    left join event_bodies b on b.env_id = a.env_id and b.event_id = a.event_id and b.format = e.format
      and b.retention = v.retention and b.created_at = v.created_at
    where a.env_id = ${envId} and a.endpoint_id = ${endpoint_id}::int and a.at = ${at}::timestamptz
      and a.id = ${id}`.execute(db);
  return rows[0] ?? null;
}
