/** API keys as their owner sees them. Of a key and its server hash only the SHA-256 is stored; both are shown once. */
import { randomBytes } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import { sha256 } from "../platform/crypto.ts";
import { newId } from "../platform/ids.ts";
import type { Credentials } from "./environments.ts";
import type { ApiKeys, Schema } from "./schema.ts";

export type ApiKey = Omit<Selectable<ApiKeys>, "key_hash" | "server_hash_hash">;

const COLUMNS = [
  "env_id",
  "id",
  "public_id",
  "name",
  "created_at",
  "revoked_at",
  "requires_server_hash",
  "expires_at",
  "last_used_at",
] as const;
const KEY_BYTES = 20;

/** Oldest first, those that were revoked included. */
export async function listKeys(db: Kysely<Schema>, envId: number): Promise<ApiKey[]> {
  return db.selectFrom("api_keys").select(COLUMNS).where("env_id", "=", envId).orderBy("id").execute();
}

/** Locked until the transaction ends; null where the environment has no such key that lives. */
export async function lockKey(trx: Kysely<Schema>, envId: number, publicId: string): Promise<ApiKey | null> {
  const row = await trx
    .selectFrom("api_keys")
    .select(COLUMNS)
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .where("revoked_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/** How many keys work now and go on working: neither revoked nor about to expire. */
export async function countLasting(trx: Kysely<Schema>, envId: number): Promise<number> {
  const rows = await trx
    .selectFrom("api_keys")
    .select("id")
    .where("env_id", "=", envId)
    .where("revoked_at", "is", null)
    .where("expires_at", "is", null)
    .forUpdate()
    .execute();
  return rows.length;
}

/** 160 random bits each. */
export async function insertKey(
  trx: Kysely<Schema>,
  key: { envId: number; name: string; requiresServerHash: boolean; at: Temporal.Instant },
): Promise<{ key: ApiKey; credentials: Credentials }> {
  const credentials = {
    apiKey: randomBytes(KEY_BYTES).toString("hex"),
    serverHash: randomBytes(KEY_BYTES).toString("hex"),
  };
  const row = await trx
    .insertInto("api_keys")
    .values({
      env_id: key.envId,
      public_id: newId("key"),
      name: key.name,
      key_hash: sha256(credentials.apiKey),
      server_hash_hash: sha256(credentials.serverHash),
      created_at: key.at,
      requires_server_hash: key.requiresServerHash,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return { key: row, credentials };
}

export async function changeKey(
  trx: Kysely<Schema>,
  { env_id, id }: ApiKey,
  change: Partial<Pick<ApiKey, "name" | "requires_server_hash" | "expires_at" | "revoked_at">>,
): Promise<ApiKey> {
  return trx
    .updateTable("api_keys")
    .set(change)
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}
