/** Visits of a bank for a session or entity: what a customer's net banking came to. */
import type { Insertable, Kysely, Selectable, Updateable } from "kysely";
import { openText, sealText, type SealKey } from "../platform/crypto.ts";
import type { Schema } from "./schema.ts";
import type { NetBankingVisits } from "./schema-openbanking.ts";

export type Visit = Selectable<NetBankingVisits>;

export const insertVisit = (trx: Kysely<Schema>, row: Insertable<NetBankingVisits>): Promise<Visit> =>
  trx.insertInto("net_banking_visits").values(row).returningAll().executeTakeFirstOrThrow();

export async function findVisit(db: Kysely<Schema>, envId: number, publicId: string): Promise<Visit | null> {
  const row = await visits(db, envId, publicId).executeTakeFirst();
  return row ?? null;
}

/** Holds the row until the transaction ends. */
export async function lockVisit(trx: Kysely<Schema>, envId: number, publicId: string): Promise<Visit | null> {
  const row = await visits(trx, envId, publicId).forUpdate().executeTakeFirst();
  return row ?? null;
}

const visits = (db: Kysely<Schema>, envId: number, publicId: string) =>
  db
    .selectFrom("net_banking_visits")
    .selectAll()
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId);

/** By the bank's consent, which is one visit's alone; null while nothing has come of it. */
export async function visitOfConsent(
  db: Kysely<Schema>,
  envId: number,
  { provider, bankConsentId }: { provider: string; bankConsentId: string },
): Promise<Visit | null> {
  const row = await db
    .selectFrom("net_banking_visits")
    .selectAll()
    .where("env_id", "=", envId)
    .where("provider", "=", provider)
    .where("bank_consent_id", "=", bankConsentId)
    .executeTakeFirst();
  return row ?? null;
}

export async function updateVisit(
  trx: Kysely<Schema>,
  { env_id, id }: Pick<Visit, "env_id" | "id">,
  change: Updateable<NetBankingVisits>,
): Promise<void> {
  await trx
    .updateTable("net_banking_visits")
    .set(change)
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .execute();
}

/** Oldest first. */
export const visitsOfSession = (db: Kysely<Schema>, envId: number, sessionId: bigint): Promise<Visit[]> =>
  db
    .selectFrom("net_banking_visits")
    .selectAll()
    .where("env_id", "=", envId)
    .where("session_id", "=", sessionId)
    .orderBy("id")
    .execute();

const accessPlace = (publicId: string) => ({ table: "net_banking_visits", column: "access", row: publicId });

export const sealAccess = (key: SealKey, access: string, publicId: string): Buffer =>
  sealText(key, access, accessPlace(publicId));

/** Throws SealError where key or row is another. */
export const openAccess = (key: SealKey, sealed: Buffer, publicId: string): string =>
  openText(key, sealed, accessPlace(publicId));
