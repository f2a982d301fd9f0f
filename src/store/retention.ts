/**
 * History by class and day. A day older than its class is dropped whole; what of it is still undelivered (queued, waiting,
 * exhausted) goes to class 0 first, and leaves it once nothing waits for it. Idempotency keys stay, and so does what was
 * class 0 from the start.
 */
import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Retention, Schema } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

type Class = Exclude<Retention, 0>;
const CLASSES: readonly Class[] = [7, 30, 90, 365];
/** Dropping a partition locks its parent, and everybody who asks for it waits behind: rather try again later. */
const LOCK_TIMEOUT = "3s";

export interface Dropped {
  class: Class;
  /** Null: the default partition, for rows of days that had none of their own. */
  day: Temporal.PlainDate | null;
  /** Events that were undelivered and were moved. */
  kept: number;
}

/**
 * Drops every day that is over at `today` (UTC), oldest first, each in its own transaction. Throws where a lock was not to be
 * had in 3 seconds; what was dropped by then stays dropped.
 */
export async function dropOldDays(db: Kysely<Schema>, today: Temporal.PlainDate): Promise<Dropped[]> {
  const dropped: Dropped[] = [];
  for (const kept of CLASSES) {
    // Each row is kept for the whole of its days.
    const end = today.subtract({ days: kept });
    for (const day of await daysOf(db, kept)) {
      if (Temporal.PlainDate.compare(day, end) < 0) dropped.push(await dropDay(db, kept, day));
    }
    dropped.push(...(await emptyDefault(db, kept, end)));
  }
  return dropped;
}

/** Days of which a partition of any of the three tables is there, named as make_day_partitions names them. */
async function daysOf(db: Kysely<Schema>, kept: Class): Promise<Temporal.PlainDate[]> {
  const { rows } = await sql<{ day: string }>`
    select distinct right(c.relname, 8) as day from pg_class c join pg_inherits i on i.inhrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace
      and c.relname ~ ${`^(events|event_bodies|attempts)_${kept}_[0-9]{8}$`}
    order by 1`.execute(db);
  return rows.map(({ day }) => Temporal.PlainDate.from(day));
}

async function dropDay(db: Kysely<Schema>, kept: Class, day: Temporal.PlainDate): Promise<Dropped> {
  const suffix = `${kept}_${day.toString().replaceAll("-", "")}`;
  return inTransaction(db, async ({ trx }) => {
    await lockHistory(trx);
    const moved = await keepUndelivered(trx, kept, startOf(day), startOf(day.add({ days: 1 })));
    for (const table of ["events", "event_bodies", "attempts"])
      await sql`drop table if exists ${sql.id(`${table}_${suffix}`)}`.execute(trx);
    return { class: kept, day, kept: moved };
  });
}

async function emptyDefault(db: Kysely<Schema>, kept: Class, end: Temporal.PlainDate): Promise<Dropped[]> {
  const until = startOf(end);
  const { rows } = await sql`
    (select from ${sql.id(`events_${kept}_default`)} where created_at < ${until} limit 1)
    union all (select from ${sql.id(`event_bodies_${kept}_default`)} where created_at < ${until} limit 1)
    union all (select from ${sql.id(`attempts_${kept}_default`)} where at < ${until} limit 1)`.execute(db);
  if (rows.length === 0) return [];
  return inTransaction(db, async ({ trx }) => {
    await lockHistory(trx);
    const moved = await keepUndelivered(trx, kept, Temporal.Instant.fromEpochMilliseconds(0), until);
    await sql`delete from ${sql.id(`events_${kept}_default`)} where created_at < ${until}`.execute(trx);
    await sql`delete from ${sql.id(`event_bodies_${kept}_default`)} where created_at < ${until}`.execute(trx);
    await sql`delete from ${sql.id(`attempts_${kept}_default`)} where at < ${until}`.execute(trx);
    return [{ class: kept, day: null, kept: moved }];
  });
}

const startOf = (day: Temporal.PlainDate): Temporal.Instant => day.toZonedDateTime("UTC").toInstant();

/**
 * Everything that the drop locks anyway (`environments` by the foreign keys), in one order. With the queue, nobody can queue
 * an event of the day again, or move it from one table to the other, between the move and the drop.
 */
async function lockHistory(trx: Kysely<Schema>): Promise<void> {
  await sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(trx);
  await sql`lock table environments, events, event_bodies, attempts in access exclusive mode`.execute(trx);
  await sql`lock table queue, queue_next, exhausted_deliveries in share row exclusive mode`.execute(trx);
}

async function keepUndelivered(
  trx: Kysely<Schema>,
  kept: Class,
  from: Temporal.Instant,
  until: Temporal.Instant,
): Promise<number> {
  const inRange = (column: string): RawBuilder<unknown> =>
    sql`retention = ${kept} and ${sql.ref(column)} >= ${from}::timestamptz and ${sql.ref(column)} < ${until}::timestamptz`;
  const undelivered = sql`
    select env_id, event_id from queue where ${inRange("event_at")}
    union select env_id, event_id from queue_next where ${inRange("event_at")}
    union select env_id, event_id from exhausted_deliveries where ${inRange("event_at")}`;
  const { numAffectedRows } = await sql`
    insert into events (env_id, id, public_id, xid, type, resource, subject, retention, created_at, kept_from)
    select v.env_id, v.id, v.public_id, v.xid, v.type, v.resource, v.subject, 0, v.created_at, ${kept}::smallint
    from events v join (${undelivered}) u on u.env_id = v.env_id and u.event_id = v.id
    where ${inRange("created_at")}`.execute(trx);
  await sql`
    insert into event_bodies (env_id, event_id, format, public_id, type, body, retention, created_at)
    select b.env_id, b.event_id, b.format, b.public_id, b.type, b.body, 0, b.created_at
    from event_bodies b join (${undelivered}) u on u.env_id = b.env_id and u.event_id = b.event_id
    where ${inRange("created_at")}`.execute(trx);
  for (const table of ["queue", "queue_next", "exhausted_deliveries"])
    await sql`update ${sql.id(table)} set retention = 0 where ${inRange("event_at")}`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}

/** What was moved to class 0 and is waited for no longer, with its bodies; answers how many. */
export async function dropDeliveredKept(db: Kysely<Schema>): Promise<number> {
  const waits = (table: string) =>
    sql`exists (select from ${sql.id(table)} w where w.env_id = v.env_id and w.event_id = v.id)`;
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from events v where v.retention = 0 and v.kept_from is not null
        and not ${waits("queue")} and not ${waits("queue_next")} and not ${waits("exhausted_deliveries")}
      returning v.env_id, v.id, v.created_at
    ), bodies as (
      delete from event_bodies b using gone g
      where b.retention = 0 and b.env_id = g.env_id and b.event_id = g.id and b.created_at = g.created_at
    )
    select count(*)::int as count from gone`.execute(db);
  return rows[0]?.count ?? 0;
}
