/** Mails before a consent's access ends. A row is one mail: claimed, then sent, with its event, once. */
import { sql, type Kysely } from "kysely";
import { REMINDER_DAYS } from "./openbanking-settings.ts";
import type { Schema } from "./schema.ts";

export interface Ending {
  env_id: number;
  id: bigint;
}

/**
 * Authorized consents for which a reminder's day has come on any clock and the mail has not gone out. A superset by a
 * day: whoever sends looks at the hour and the zone. `today` is UTC's.
 */
export async function endingConsents(
  db: Kysely<Schema>,
  { today, after, limit }: { today: Temporal.PlainDate; after: Ending; limit: number },
): Promise<Ending[]> {
  const tomorrow = today.add({ days: 1 });
  const { rows } = await sql<Ending>`
    select c.env_id, c.id
    from consents c
    left join openbanking_settings s on s.env_id = c.env_id
    cross join lateral (select least(c.expiry_date, c.reconfirm_by) as ends) e
    cross join lateral (
      select min(d) as days from unnest(coalesce(s.reminder_days, ${[...REMINDER_DAYS]}::int[])) d
      where e.ends - d <= ${tomorrow}::date
    ) due
    where c.status = 'authorized' and due.days is not null and e.ends >= ${today.subtract({ days: 1 })}::date
      and (c.env_id, c.id) > (${after.env_id}::int, ${after.id}::bigint)
      and not exists (
        select 1 from consent_reminders r
        where r.env_id = c.env_id and r.consent_id = c.id and r.expiry_date = e.ends
          and r.days <= due.days and r.sent_at is not null)
    order by c.env_id, c.id limit ${limit}`.execute(db);
  return rows;
}

export interface Reminder {
  envId: number;
  consentId: bigint;
  /** The end that the mail speaks of. */
  end: Temporal.PlainDate;
  /** Before it. */
  days: number;
}

/** True for one of any number of processes, until `until`; false once it is sent. */
export async function claimReminder(
  db: Kysely<Schema>,
  { envId, consentId, end, days }: Reminder,
  { now, until }: { now: Temporal.Instant; until: Temporal.Instant },
): Promise<boolean> {
  const row = await db
    .insertInto("consent_reminders")
    .values({ env_id: envId, consent_id: consentId, expiry_date: end, days, claimed_until: until })
    .onConflict((conflict) =>
      conflict
        .columns(["env_id", "consent_id", "expiry_date", "days"])
        .doUpdateSet({ claimed_until: until })
        .where("consent_reminders.sent_at", "is", null)
        .where("consent_reminders.claimed_until", "<=", now),
    )
    .returning("days")
    .executeTakeFirst();
  return row !== undefined;
}

const rowOf = ({ envId, consentId, end, days }: Reminder) =>
  sql<boolean>`(env_id, consent_id, expiry_date, days) = (${envId}::int, ${consentId}::bigint, ${end}::date, ${days}::int)`;

/** False where another has said so before. */
export async function markReminderSent(
  trx: Kysely<Schema>,
  reminder: Reminder,
  at: Temporal.Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("consent_reminders")
    .set({ sent_at: at, error: null })
    .where(rowOf(reminder))
    .where("sent_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function markReminderFailed(
  db: Kysely<Schema>,
  reminder: Reminder,
  error: string,
  retryAt: Temporal.Instant,
): Promise<void> {
  await db
    .updateTable("consent_reminders")
    .set({ error, claimed_until: retryAt })
    .where(rowOf(reminder))
    .where("sent_at", "is", null)
    .execute();
}

/** Where the mail goes. */
export async function findRecipient(
  db: Kysely<Schema>,
  envId: number,
  customerId: bigint,
): Promise<{ name: string; email: string } | null> {
  const row = await db
    .selectFrom("customers")
    .select(["name", "email"])
    .where("env_id", "=", envId)
    .where("id", "=", customerId)
    .executeTakeFirst();
  return row && row.email !== null ? { name: row.name, email: row.email } : null;
}
