/**
 * Keys of requests that must not be done twice. A key is claimed before the request runs and holds its answer afterwards,
 * for 24 hours; a claim whose process died lapses after two minutes.
 */
import type { Kysely } from "kysely";
import { openText, sealText, type SealKey } from "../platform/crypto.ts";
import type { Schema } from "./schema.ts";

export interface KeyOwner {
  envId: number;
  dataKey: SealKey;
  /** At most 40 characters. */
  key: string;
}

export interface StoredAnswer {
  status: number;
  /** The bytes that went out, as text. */
  body: string;
}

export type Claimed =
  /** Ours: run the request, then `keepAnswer` or `letGo`. */
  | { is: "claimed"; at: Temporal.Instant }
  | { is: "answered"; answer: StoredAnswer }
  /** Another request with this key runs now. */
  | { is: "running" }
  /** The key belongs to a request with other content. */
  | { is: "other" };

/** Longer than any request may take. */
const CLAIM_MINUTES = 2;
const KEEP_HOURS = 24;

const place = (key: string) => ({ table: "idempotency_keys", column: "body", row: key });

/** @param requestHash SHA-256 of method, path and content */
export async function claimKey(
  db: Kysely<Schema>,
  { envId, dataKey, key }: KeyOwner,
  requestHash: Buffer,
  now: Temporal.Instant,
): Promise<Claimed> {
  const claim = {
    request_hash: requestHash,
    status: null,
    body: null,
    created_at: now,
    expires_at: now.add({ minutes: CLAIM_MINUTES }),
  };
  const claimed = await db
    .insertInto("idempotency_keys")
    .values({ env_id: envId, key, ...claim })
    .onConflict((conflict) =>
      conflict.columns(["env_id", "key"]).doUpdateSet(claim).where("idempotency_keys.expires_at", "<=", now),
    )
    .returning("created_at")
    .executeTakeFirst();
  if (claimed) return { is: "claimed", at: claimed.created_at };
  const row = await db
    .selectFrom("idempotency_keys")
    .select(["request_hash", "status", "body"])
    .where("env_id", "=", envId)
    .where("key", "=", key)
    .executeTakeFirst();
  // Let go of between the two statements: whoever waits asks again.
  if (!row) return { is: "running" };
  if (!row.request_hash.equals(requestHash)) return { is: "other" };
  if (row.status === null || row.body === null) return { is: "running" };
  return { is: "answered", answer: { status: row.status, body: openText(dataKey, row.body, place(key)) } };
}

/** False where the claim has lapsed and is another's: what was done beside it must not commit. */
export async function keepAnswer(
  trx: Kysely<Schema>,
  { envId, dataKey, key }: KeyOwner,
  claimedAt: Temporal.Instant,
  { status, body }: StoredAnswer,
): Promise<boolean> {
  const kept = await trx
    .updateTable("idempotency_keys")
    .set({
      status,
      body: sealText(dataKey, body, place(key)),
      expires_at: claimedAt.add({ hours: KEEP_HOURS }),
    })
    .where("env_id", "=", envId)
    .where("key", "=", key)
    .where("created_at", "=", claimedAt)
    .where("status", "is", null)
    .executeTakeFirst();
  return kept.numUpdatedRows === 1n;
}

/** After a failure that may be tried again: the key is free. */
export async function letGo(
  db: Kysely<Schema>,
  { envId, key }: KeyOwner,
  claimedAt: Temporal.Instant,
): Promise<void> {
  await db
    .deleteFrom("idempotency_keys")
    .where("env_id", "=", envId)
    .where("key", "=", key)
    .where("created_at", "=", claimedAt)
    .where("status", "is", null)
    .execute();
}

/** How many were dropped. */
export async function dropOldKeys(db: Kysely<Schema>, now: Temporal.Instant): Promise<number> {
  const dropped = await db.deleteFrom("idempotency_keys").where("expires_at", "<=", now).executeTakeFirst();
  return Number(dropped.numDeletedRows);
}
