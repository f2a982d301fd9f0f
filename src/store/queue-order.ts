/**
 * The end of a head's hold. A head that keeps failing holds its resource for the endpoint's `order_hold`; then it goes to a
 * chain of its own, named `resource#event`, and retries there on its own schedule, while its successors flow.
 */
import { sql, type Kysely } from "kysely";
import type { Lane } from "./events.ts";
import type { Schema } from "./schema.ts";

/** In one statement; each endpoint that has any gets its share. */
const MOST_PER_ENDPOINT = 256;

/**
 * What waits behind the heads of `pick` (env_id, endpoint_id, resource, waiting) takes their place: `moved` are those that
 * had a successor. The generation goes up, so that a late result of the old head is refused.
 */
export const SUCCESSION = sql`nxt as materialized (
      select p.env_id, p.endpoint_id, p.resource, x.seq, x.event_id, x.event_at, x.retention
      from pick p cross join lateral (
        select * from queue_next x
        where x.env_id = p.env_id and x.endpoint_id = p.endpoint_id and x.resource = p.resource
        order by x.seq limit 1) x
      where p.waiting > 0
    ), moved as (
      update queue q set event_id = x.event_id, event_at = x.event_at, retention = x.retention,
        waiting = q.waiting - 1, attempt = 0, due_at = now(), gen = q.gen + 1, hold_until = null
      from nxt x
      where q.env_id = x.env_id and q.endpoint_id = x.endpoint_id and q.resource = x.resource
      returning q.env_id, q.endpoint_id, q.resource
    ), popped as (
      delete from queue_next d using nxt x
      where d.env_id = x.env_id and d.endpoint_id = x.endpoint_id and d.resource = x.resource and d.seq = x.seq
    )`;

/**
 * Moves aside what has held too long and answers the lanes that now have something due. A head under way is left for the
 * next time. After a pause the hold counts from the resuming: until then nobody could know better.
 */
export async function moveAside(db: Kysely<Schema>): Promise<Lane[]> {
  const { rows } = await sql<{ env_id: number; endpoint_id: number }>`-- prepared: move_aside
    with recursive lane as (
      (select env_id, endpoint_id from queue where held order by env_id, endpoint_id limit 1)
      union all
      select n.* from lane l cross join lateral (
        select q.env_id, q.endpoint_id from queue q
        where q.held and (q.env_id, q.endpoint_id) > (l.env_id, l.endpoint_id)
        order by q.env_id, q.endpoint_id limit 1) n
    ), pick as materialized (
      select c.* from lane l
      join webhook_endpoints e on e.env_id = l.env_id and e.id = l.endpoint_id and e.status = 'enabled'
        and e.status_since <= now() - e.order_hold_s * interval '1 s'
      cross join lateral (
        select q.env_id, q.endpoint_id, q.resource, q.event_id, q.event_at, q.retention, q.attempt, q.due_at, q.waiting
        from queue q
        where q.held and q.env_id = l.env_id and q.endpoint_id = l.endpoint_id and q.hold_until <= now()
          and q.lease_until <= now() and strpos(q.resource, '#') = 0
        order by q.hold_until limit ${MOST_PER_ENDPOINT}::int for update skip locked) c
    ), ${SUCCESSION}, beside as (
      insert into queue (env_id, endpoint_id, resource, event_id, event_at, retention, attempt, due_at)
      select p.env_id, p.endpoint_id, p.resource || '#' || p.event_id, p.event_id, p.event_at, p.retention,
        p.attempt, p.due_at
      from pick p join moved m using (env_id, endpoint_id, resource)
      on conflict do nothing
    )
    select distinct env_id, endpoint_id from moved`.execute(db);
  return rows.map((row) => ({ envId: row.env_id, endpointId: row.endpoint_id }));
}

/** Retries that wait are due at once: the endpoint is back. */
export async function hastenRetries(trx: Kysely<Schema>, { envId, endpointId }: Lane): Promise<void> {
  await sql`update queue set due_at = now()
    where env_id = ${envId} and endpoint_id = ${endpointId} and retry and due_at > now()`.execute(trx);
}
