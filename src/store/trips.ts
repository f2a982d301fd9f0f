/** Browsers' trips to banks. A trip is found by the hash of its state: the state itself is only in the browser. */
import type { Kysely, Selectable } from "kysely";
import type { BankTrips } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type TripRow = Selectable<BankTrips>;
/** What a trip is for. A session is net banking of the BankConnect contract. */
export type TripKind = "consent" | "payment" | "batch_payment" | "session";

const COLUMN = {
  consent: "consent_id",
  payment: "payment_id",
  batch_payment: "batch_payment_id",
  session: "session_id",
} as const satisfies Record<TripKind, keyof TripRow>;

export interface NewTrip {
  env_id: number;
  state_hash: Buffer;
  browser_hash: Buffer;
  secrets: Buffer;
  provider: string;
  bank_consent_id: string;
  created_at: Temporal.Instant;
  expires_at: Temporal.Instant;
}

export async function insertTrip(
  trx: Kysely<Schema>,
  trip: NewTrip,
  target: { kind: TripKind; id: bigint },
): Promise<bigint> {
  const { id } = await trx
    .insertInto("bank_trips")
    .values({ ...trip, [COLUMN[target.kind]]: target.id })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** What the row is for. */
export function targetOf(row: TripRow): { kind: TripKind; id: bigint } {
  for (const kind of ["consent", "payment", "batch_payment", "session"] as const) {
    const id = row[COLUMN[kind]];
    if (id !== null) return { kind, id };
  }
  throw new Error(`Trip ${row.id} is for nothing.`);
}

export async function findTripByState(
  db: Kysely<Schema>,
  stateHash: Buffer,
  provider: string,
): Promise<TripRow | null> {
  const row = await db
    .selectFrom("bank_trips")
    .selectAll()
    .where("state_hash", "=", stateHash)
    .where("provider", "=", provider)
    .executeTakeFirst();
  return row ?? null;
}

export async function findTrip(db: Kysely<Schema>, envId: number, id: bigint): Promise<TripRow | null> {
  const row = await db
    .selectFrom("bank_trips")
    .selectAll()
    .where("env_id", "=", envId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/** The newest trip of this browser to this bank for this target that is unused and ends after `until`. */
export async function findUnusedTrip(
  db: Kysely<Schema>,
  envId: number,
  target: { kind: TripKind; id: bigint },
  { provider, browserHash, until }: { provider: string; browserHash: Buffer; until: Temporal.Instant },
): Promise<TripRow | null> {
  const row = await db
    .selectFrom("bank_trips")
    .selectAll()
    .where("env_id", "=", envId)
    .where(COLUMN[target.kind], "=", target.id)
    .where("provider", "=", provider)
    .where("browser_hash", "=", browserHash)
    .where("used_at", "is", null)
    .where("expires_at", ">", until)
    .orderBy("id", "desc")
    .executeTakeFirst();
  return row ?? null;
}

/** One of any number of requests is answered true. */
export async function useTrip(
  db: Kysely<Schema>,
  { env_id, id }: Pick<TripRow, "env_id" | "id">,
  at: Temporal.Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("bank_trips")
    .set({ used_at: at })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .where("used_at", "is", null)
    .where("expires_at", ">", at)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Those that ended before; answers how many. */
export async function deleteOldTrips(db: Kysely<Schema>, before: Temporal.Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("bank_trips")
    .where("expires_at", "<", before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
