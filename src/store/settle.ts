/** Writing results: one statement per batch moves the queue, writes the history and leases what is next. */
import { claimedOf, HEAD_JOINS, type Claimed, type HeadRow, type Queryable } from "./queue.ts";
import type { EndpointFormat, Retention } from "./schema.ts";

/** A head under lease whose event is not loaded. */
export interface Successor extends Claimed {
  format: EndpointFormat;
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
  /** The next of the chain, already leased, to be loaded; null where there is none or its endpoint is not enabled. */
  successor: Successor | null;
}

type Column = "int" | "bigint" | "smallint" | "float8" | "bool" | "text" | "timestamptz" | "bytea" | "json";

/** A batch goes as one array per column: PostgreSQL reads them in 4.6 µs per row, the same as JSON in 12.5. */
const RESULT: readonly (readonly [name: string, type: Column])[] = [
  ["env_id", "int"],
  ["endpoint_id", "int"],
  ["resource", "text"],
  ["gen", "int"],
  ["claimed_event", "bigint"],
  ["outcome", "text"],
  ["due_in", "float8"],
  ["uncounted", "bool"],
  ["at", "timestamptz"],
  ["status", "smallint"],
  ["error", "text"],
  ["address", "text"],
  ["dns_us", "int"],
  ["tls_us", "int"],
  ["connect_us", "int"],
  ["first_byte_us", "int"],
  ["total_us", "int"],
  ["request_headers", "json"],
  ["response_headers", "json"],
  ["response_body", "bytea"],
  ["kept", "smallint"],
];
const RESULT_NAMES = RESULT.map(([name]) => name).join(", ");
/**
 * $1 is the lease. JSON holds quotes, which an array would escape one by one, and never U+001E: it is joined by that
 * and split again.
 */
const RESULT_ARRAYS = RESULT.map(([, type], index) =>
  type === "json" ? `string_to_array($${index + 2}::text, E'\\x1e', '')` : `$${index + 2}::${type}[]`,
).join(", ");

const SETTLE = `
  with r as materialized (
    select *, (ord - 1)::int as n from unnest(${RESULT_ARRAYS}) with ordinality as r (${RESULT_NAMES}, ord)
  ), mine as materialized (
    select r.*, q.waiting, q.attempt, q.event_id, q.event_at, q.retention
    from r join queue q on q.env_id = r.env_id and q.endpoint_id = r.endpoint_id and q.resource = r.resource
    where q.gen = r.gen and q.event_id = r.claimed_event
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
      lease_until = case when x.open then now() + $1::float8 * interval '1 ms' else '-infinity' end
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
    update queue q set gen = q.gen + 1, lease_until = '-infinity', due_at = now() + m.due_in * interval '1 s',
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
      error, now() + due_in * interval '1 s', address, dns_us, tls_us, connect_us, first_byte_us, total_us, request_headers::json,
      response_headers::json, response_body, kept
    from mine where at is not null and n = any(array(select n from done))
  )
  select n, open, env_id, endpoint_id, resource, gen, attempt, event_id::text as event_id, event_at::text as event_at,
    extract(epoch from event_at)::float8 * 1000 as event_at_ms, format, version
  from h
  union all
  select n, null, null, null, null, null, null, null, null, null, null, null
  from (select n from gone union all select n from again) as over_or_later`;

/**
 * Writes results and their history, and hands back each chain's next, leased. A result that is not answered was
 * not written: its row is locked by a recorder just now (offer it again) or another generation holds it (stale).
 */
export async function settle(
  db: Queryable,
  batch: readonly Settlement[],
  leaseMs: number,
): Promise<Settled[]> {
  const rows = batch.map(resultRow);
  const { rows: settled } = await db.query<SettledRow>({
    name: "settle",
    text: SETTLE,
    values: [leaseMs, ...RESULT.map(([, type], at) => columnOf(rows, at, type))],
  });
  return settled.map((row) => ({ index: row.n, successor: row.open === true ? successorOf(row) : null }));
}

type SettledRow = Omit<HeadRow, "public_id" | "type" | "body"> & {
  n: number;
  open: boolean | null;
  format: EndpointFormat;
};

function successorOf(row: SettledRow): Successor {
  return { ...claimedOf({ ...row, public_id: null, type: null, body: null }), format: row.format };
}

type Cell = string | number | boolean | null;

/** In the order of `RESULT`. */
function resultRow({ claimed, outcome, dueIn, history, uncounted = false }: Settlement): Cell[] {
  const delivery = [
    claimed.envId,
    claimed.endpointId,
    claimed.resource,
    claimed.gen,
    claimed.eventId,
    outcome,
    dueIn,
    uncounted,
  ];
  if (!history) return [...delivery, ...NO_HISTORY];
  return [
    ...delivery,
    history.at.toString({ smallestUnit: "microsecond" }),
    history.status,
    history.error,
    history.address,
    history.dnsUs,
    history.tlsUs,
    history.connectUs,
    history.firstByteUs,
    history.totalUs,
    JSON.stringify(history.requestHeaders),
    history.responseHeaders && JSON.stringify(history.responseHeaders),
    history.responseBody.length > 0 ? `\\x${history.responseBody.toString("hex")}` : null,
    history.retention,
  ];
}

const NO_HISTORY: Cell[] = Array.from({ length: 13 }, () => null);

/** PostgreSQL's text of an array; pg's own way there costs 3 µs per row more. */
function columnOf(rows: readonly Cell[][], at: number, type: Column): string {
  if (type === "json") return rows.map((row) => row[at] ?? "").join("\x1e");
  return `{${rows.map((row) => elementOf(row[at] ?? null)).join()}}`;
}

function elementOf(value: Cell): Cell {
  if (value === null) return "NULL";
  return typeof value === "string"
    ? `"${/["\\]/.test(value) ? value.replace(/["\\]/g, "\\$&") : value}"`
    : value;
}

/**
 * The row says where its event lies now: days that are dropped move what is undelivered to class 0, rows and bodies in one
 * transaction, and one statement sees both before or both after.
 */
const LOAD = `
  with l as materialized (
    select * from unnest($1::int[], $2::int[], $3::text[], $4::int[], $5::bigint[], $6::text[]) with ordinality
      as l (env_id, endpoint_id, resource, gen, event_id, format, ord)
  ), h as materialized (
    select l.ord, q.env_id, q.event_id, q.event_at, q.retention, l.format
    from l join queue q on q.env_id = l.env_id and q.endpoint_id = l.endpoint_id and q.resource = l.resource
    where q.gen = l.gen and q.event_id = l.event_id
  )
  select (h.ord - 1)::int as n, b.public_id, b.type, b.body from h ${HEAD_JOINS}`;

/**
 * What is to be sent of each: its settle has not looked, since few have a successor and the look alone costs
 * PostgreSQL 180 µs, for the locks of every partition. What another holds by now is not answered.
 */
export async function load(db: Queryable, successors: readonly Successor[]): Promise<Claimed[]> {
  const { rows } = await db.query<Pick<HeadRow, "public_id" | "type" | "body"> & { n: number }>({
    name: "load",
    text: LOAD,
    values: [
      successors.map((head) => head.envId),
      successors.map((head) => head.endpointId),
      successors.map((head) => head.resource),
      successors.map((head) => head.gen),
      successors.map((head) => head.eventId),
      successors.map((head) => head.format),
    ],
  });
  return rows.flatMap(({ n, public_id: publicId, type, body }) => {
    const head = successors[n];
    return head ? [{ ...head, publicId, type, body }] : [];
  });
}
