/** What waited too long for an endpoint that nobody resumed: taken out of the queue, with a row in the history. */
import { sql, type Kysely } from "kysely";
import { SUCCESSION } from "./queue-order.ts";
import type { Schema } from "./schema.ts";

export const KEPT_DAYS = 90;
const BATCH = 256;

/**
 * Ends deliveries of paused and disabled endpoints whose event is 90 days old, where the endpoint has been so for 90 days
 * as well; answers how many. A chain's next takes its predecessor's place and is looked at in turn.
 */
export async function expireUndelivered(db: Kysely<Schema>, now: Temporal.Instant): Promise<number> {
  const before = now.subtract({ hours: KEPT_DAYS * 24 });
  let expired = 0;
  for (;;) {
    const count = await expireBatch(db, before, now);
    expired += count;
    // None, or somebody records behind all of them just now: tomorrow.
    if (count === 0) return expired;
  }
}

async function expireBatch(
  db: Kysely<Schema>,
  before: Temporal.Instant,
  now: Temporal.Instant,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with pick as materialized (
      select q.env_id, q.endpoint_id, q.resource, q.event_id, q.event_at, q.attempt, q.waiting, n.retention as class
      from webhook_endpoints e join environments n on n.id = e.env_id
      join queue q on q.env_id = e.env_id and q.endpoint_id = e.id
      where e.status <> 'enabled' and e.status_since <= ${before}::timestamptz
        and q.event_at <= ${before}::timestamptz and q.lease_until <= now()
      limit ${BATCH} for update of q skip locked
    ), ${SUCCESSION}, gone as (
      delete from queue q using pick p
      where q.env_id = p.env_id and q.endpoint_id = p.endpoint_id and q.resource = p.resource and p.waiting = 0
      returning q.env_id, q.endpoint_id, q.resource
    ), history as (
      insert into attempts (env_id, endpoint_id, event_id, event_at, resource, attempt, at, outcome, error, total_us,
        request_headers, retention)
      select p.env_id, p.endpoint_id, p.event_id, p.event_at, split_part(p.resource, '#', 1), p.attempt + 1,
        ${now}::timestamptz, 'expired', ${`undelivered for ${KEPT_DAYS} days`}, 0, '{}', p.class
      from pick p join (select * from moved union all select * from gone) done
        using (env_id, endpoint_id, resource)
      returning 1
    )
    select count(*)::int as count from history`.execute(db);
  return rows[0]?.count ?? 0;
}

/** What ran out of retries 90 days ago can no longer be replayed by itself; answers how many. Its bodies go with their days. */
export async function dropOldExhausted(db: Kysely<Schema>, now: Temporal.Instant): Promise<number> {
  const before = now.subtract({ hours: KEPT_DAYS * 24 });
  const { numDeletedRows } = await db
    .deleteFrom("exhausted_deliveries")
    .where("exhausted_at", "<", before)
    .where("announced", "=", true)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/**
 * Rows of endpoints that are gone: whoever recorded while one was deleted has left them, for the queue has no foreign key
 * (ADR 13). Answers how many.
 */
export async function dropOrphans(db: Kysely<Schema>): Promise<number> {
  let dropped = 0;
  for (const table of ["queue", "queue_next"]) {
    const { numAffectedRows } = await sql`
      delete from ${sql.id(table)} q where not exists (
        select from webhook_endpoints e where e.env_id = q.env_id and e.id = q.endpoint_id)`.execute(db);
    dropped += Number(numAffectedRows ?? 0n);
  }
  return dropped;
}
