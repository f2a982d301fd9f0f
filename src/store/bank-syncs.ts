/**
 * Who may bring a bank account up to date, and when. A sync holds a lease that it extends with each commit; the
 * lease's generation is checked in the same transaction, so that a worker that was thought dead changes nothing.
 */
import { sql, type Kysely } from "kysely";
import type { BankAccountRow } from "./bank-accounts.ts";
import type { Schema } from "./schema.ts";

type AccountKey = Pick<BankAccountRow, "env_id" | "id">;

export interface SyncLease extends AccountKey {
  generation: number;
}

export type Claim = { held: true; lease: SyncLease } | { held: false; until: Temporal.Instant };

/** Null where there is no such account. */
export async function claimSync(
  db: Kysely<Schema>,
  { env_id, id }: AccountKey,
  now: Temporal.Instant,
  until: Temporal.Instant,
): Promise<Claim | null> {
  const claimed = await db
    .updateTable("bank_accounts")
    .set((e) => ({
      sync_status: "running" as const,
      sync_lease_until: until,
      sync_generation: e("sync_generation", "+", 1),
    }))
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .where((e) => e.or([e("sync_lease_until", "is", null), e("sync_lease_until", "<=", now)]))
    .returning("sync_generation")
    .executeTakeFirst();
  if (claimed) return { held: true, lease: { env_id, id, generation: claimed.sync_generation } };
  const other = await db
    .selectFrom("bank_accounts")
    .select("sync_lease_until")
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .executeTakeFirst();
  return other ? { held: false, until: other.sync_lease_until ?? now } : null;
}

/** False where the lease is another's by now. Holds the row until the transaction ends. */
export async function extendSync(
  trx: Kysely<Schema>,
  lease: SyncLease,
  until: Temporal.Instant,
  added: { booked: number; pending: number },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("bank_accounts")
    .set((e) => ({
      sync_lease_until: until,
      booked_count: e("booked_count", "+", BigInt(added.booked)),
      pending_count: e("pending_count", "+", BigInt(added.pending)),
    }))
    .where("env_id", "=", lease.env_id)
    .where("id", "=", lease.id)
    .where("sync_generation", "=", lease.generation)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export interface SyncEnd {
  syncedFrom: Temporal.Instant | null;
  syncedTo: Temporal.Instant | null;
  pending: number;
  nextAt: Temporal.Instant | null;
  /** Null: it succeeded. */
  error: string | null;
  at: Temporal.Instant;
}

/** Gives the lease back. After a fault the period that is covered stays what it was. */
export async function endSync(trx: Kysely<Schema>, lease: SyncLease, end: SyncEnd): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("bank_accounts")
    .set((e) => ({
      sync_status: "idle" as const,
      sync_lease_until: null,
      sync_error: end.error,
      next_sync_at: end.nextAt,
      ...(end.error === null
        ? {
            synced_from: end.syncedFrom,
            synced_to: end.syncedTo,
            pending_count: BigInt(end.pending),
            sync_failures: 0,
            updated_at: end.at,
          }
        : { sync_failures: e("sync_failures", "+", 1) }),
    }))
    .where("env_id", "=", lease.env_id)
    .where("id", "=", lease.id)
    .where("sync_generation", "=", lease.generation)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * A sync asked for by hand: notes it and answers null, or answers when the next may be asked for. One statement, so
 * that of two who ask at once one is refused.
 */
export async function askForSync(
  trx: Kysely<Schema>,
  { env_id, id }: AccountKey,
  now: Temporal.Instant,
  pause: Temporal.Duration,
): Promise<Temporal.Instant | null> {
  const asked = await trx
    .updateTable("bank_accounts")
    .set({ asked_at: now, sync_status: "running" })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .where((e) => e.or([e("asked_at", "is", null), e("asked_at", "<=", now.subtract(pause))]))
    .returning("id")
    .executeTakeFirst();
  if (asked) return null;
  const { asked_at } = await trx
    .selectFrom("bank_accounts")
    .select("asked_at")
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return (asked_at ?? now).add(pause);
}

/**
 * Takes up to `limit` accounts whose time has come, pushes their time on (so that a job that dies is asked for again),
 * and names them. Of accounts whose consent has ended none.
 */
export async function takeDueSyncs(
  trx: Kysely<Schema>,
  now: Temporal.Instant,
  againAt: Temporal.Instant,
  limit: number,
): Promise<{ env_id: number; public_id: string }[]> {
  const { rows } = await sql<{ env_id: number; public_id: string }>`
    update bank_accounts a set next_sync_at = ${againAt}::timestamptz
    from (
      select d.env_id, d.id from bank_accounts d
      join consents c on c.env_id = d.env_id and c.id = d.consent_id
      where d.next_sync_at <= ${now}::timestamptz and c.status = 'authorized'
      order by d.next_sync_at limit ${limit}
      for update of d skip locked
    ) due
    where a.env_id = due.env_id and a.id = due.id
    returning a.env_id, a.public_id`.execute(trx);
  return rows;
}

/** A refreshed grant, encrypted. False where the consent has ended meanwhile: it is not kept. */
export async function storeTokens(
  trx: Kysely<Schema>,
  { env_id, id }: { env_id: number; id: bigint },
  tokens: Buffer,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("consents")
    .set({ tokens })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .where("status", "=", "authorized")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
