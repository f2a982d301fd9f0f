/**
 * Organisations, their environments and the keys that open them.
 * An *environment* (organisation × live or sandbox) is the unit of tenancy: every other query names its id.
 */
import { sql, type Kysely, type Selectable } from "kysely";
import {
  open,
  openText,
  seal,
  sealKey,
  sealText,
  sha256,
  type SealKey,
  SealError,
} from "../platform/crypto.ts";
import { randomBytes } from "node:crypto";
import { newId } from "../platform/ids.ts";
import type { BankconnectSettings, Schema } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export type Settings = Omit<Selectable<BankconnectSettings>, "env_id">;

export interface Environment {
  id: number;
  publicId: string;
  mode: "live" | "sandbox";
  /** IANA name: *today*, month ends and expiry follow it. */
  timeZone: string;
  retention: 7 | 30 | 90 | 365;
  dataKey: SealKey;
  /** `whsec_…`: what endpoints made through the BankConnect contract sign with. */
  webhookSecret: string;
  settings: Settings;
}

export interface Credentials {
  apiKey: string;
  serverHash: string;
}

export interface FoundKey {
  envId: number;
  keyId: string;
  /** SHA-256 of the server hash that belongs to the key. */
  serverHashHash: Buffer;
  /** False: the key alone is enough where both are asked for. */
  requiresServerHash: boolean;
}

const dataKeyPlace = (publicId: string) => ({ table: "environments", column: "data_key", row: publicId });
const secretPlace = (publicId: string) => ({
  table: "environments",
  column: "webhook_secret",
  row: publicId,
});

/** `last_used_at` says the minute: a write for every request would be the price of the second. */
const LAST_USED_SECONDS = 60;

/** Null where no live key has this text. What it finds is noted as used. The hash is looked up by index: no timing tells a near miss. */
export async function findApiKey(
  db: Kysely<Schema>,
  apiKey: string,
  now: Temporal.Instant,
): Promise<FoundKey | null> {
  const row = await db
    .selectFrom("api_keys")
    .select(["env_id", "id", "public_id", "server_hash_hash", "requires_server_hash", "last_used_at"])
    .where("key_hash", "=", sha256(apiKey))
    .where("revoked_at", "is", null)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
    .executeTakeFirst();
  if (!row) return null;
  const seen = row.last_used_at;
  if (seen === null || seen.until(now).total("seconds") >= LAST_USED_SECONDS) {
    await db
      .updateTable("api_keys")
      .set({ last_used_at: now })
      .where("env_id", "=", row.env_id)
      .where("id", "=", row.id)
      .execute();
  }
  return {
    envId: row.env_id,
    keyId: row.public_id,
    serverHashHash: row.server_hash_hash,
    requiresServerHash: row.requires_server_hash,
  };
}

/** Null where there is none. Throws SealError where the master key is not the one that wrapped its data key. */
export async function loadEnvironment(
  db: Kysely<Schema>,
  master: SealKey,
  envId: number,
): Promise<Environment | null> {
  const row = await db
    .selectFrom("environments as e")
    .innerJoin("organisations as o", "o.id", "e.organisation_id")
    .innerJoin("bankconnect_settings as s", "s.env_id", "e.id")
    .selectAll("s")
    .select(["e.id", "e.public_id", "e.mode", "e.data_key", "e.webhook_secret", "e.retention", "o.time_zone"])
    .where("e.id", "=", envId)
    .executeTakeFirst();
  if (!row) return null;
  const { env_id: _, id, public_id, mode, data_key, webhook_secret, retention, time_zone, ...settings } = row;
  const dataKey = sealKey(open(master, data_key, dataKeyPlace(public_id)));
  return {
    id,
    publicId: public_id,
    mode,
    timeZone: time_zone,
    retention,
    dataKey,
    webhookSecret: webhook_secret ? openText(dataKey, webhook_secret, secretPlace(public_id)) : "",
    settings,
  };
}

/** As loadEnvironment. Throws where there is none. */
export async function knownEnvironment(
  db: Kysely<Schema>,
  master: SealKey,
  envId: number,
): Promise<Environment> {
  const env = await loadEnvironment(db, master, envId);
  if (!env) throw new Error(`There is no environment ${envId}.`);
  return env;
}

/** The data keys of those environments that there are, and that the master key opens. */
export async function loadDataKeys(
  db: Kysely<Schema>,
  master: SealKey,
  envIds: readonly number[],
): Promise<Map<number, SealKey>> {
  const rows = await db
    .selectFrom("environments")
    .select(["id", "public_id", "data_key"])
    .where("id", "=", sql<number>`any(${[...envIds]}::int[])`)
    .execute();
  const keys = new Map<number, SealKey>();
  for (const row of rows) {
    try {
      keys.set(row.id, sealKey(open(master, row.data_key, dataKeyPlace(row.public_id))));
    } catch (error) {
      // Missing in the answer: one environment must not stand in the way of the others.
      if (!(error instanceof SealError)) throw error;
    }
  }
  return keys;
}

export interface NewEnvironment {
  organisation: string;
  mode: "live" | "sandbox";
  credentials: Credentials;
  /** `whsec_` and base64 of 24–64 bytes. */
  webhookSecret: string;
}

/** Creates an organisation with one environment and one API key; answers the environment's id. */
export async function createEnvironment(
  trx: Kysely<Schema>,
  master: SealKey,
  wanted: NewEnvironment,
  now: Temporal.Instant,
): Promise<number> {
  const organisation = await trx
    .insertInto("organisations")
    .values({ public_id: newId("org"), name: wanted.organisation, created_at: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { mode, webhookSecret } = wanted;
  const id = await addEnvironment(trx, master, { organisationId: organisation.id, mode, webhookSecret }, now);
  await trx
    .insertInto("api_keys")
    .values({
      env_id: id,
      public_id: newId("key"),
      name: "First key",
      key_hash: sha256(wanted.credentials.apiKey),
      server_hash_hash: sha256(wanted.credentials.serverHash),
      created_at: now,
    })
    .execute();
  return id;
}

/** One without API keys, of an organisation that is there. */
async function addEnvironment(
  trx: Kysely<Schema>,
  master: SealKey,
  wanted: { organisationId: number; mode: "live" | "sandbox"; webhookSecret: string },
  now: Temporal.Instant,
): Promise<number> {
  const publicId = newId("env");
  const dataKey = randomBytes(32);
  const { id } = await trx
    .insertInto("environments")
    .values({
      public_id: publicId,
      organisation_id: wanted.organisationId,
      mode: wanted.mode,
      data_key: seal(master, dataKey, dataKeyPlace(publicId)),
      webhook_secret: sealText(sealKey(dataKey), wanted.webhookSecret, secretPlace(publicId)),
      created_at: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await trx.insertInto("bankconnect_settings").values({ env_id: id }).execute();
  return id;
}

/** The environment's id; it is made where the organisation has none of this mode yet. Several may ask at once. */
export async function ensureEnvironment(
  db: Kysely<Schema>,
  master: SealKey,
  wanted: { organisationId: number; mode: "live" | "sandbox" },
  now: Temporal.Instant,
): Promise<number> {
  const find = (db: Kysely<Schema>) =>
    db
      .selectFrom("environments")
      .select("id")
      .where("organisation_id", "=", wanted.organisationId)
      .where("mode", "=", wanted.mode)
      .executeTakeFirst();
  const there = await find(db);
  if (there) return there.id;
  return inTransaction(db, async ({ trx }) => {
    await trx
      .selectFrom("organisations")
      .select("id")
      .where("id", "=", wanted.organisationId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const webhookSecret = `whsec_${randomBytes(32).toString("base64")}`;
    return (await find(trx))?.id ?? (await addEnvironment(trx, master, { ...wanted, webhookSecret }, now));
  });
}

/** Null where there is none. */
export async function findEnvironmentId(db: Kysely<Schema>, publicId: string): Promise<number | null> {
  const row = await db
    .selectFrom("environments")
    .select("id")
    .where("public_id", "=", publicId)
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function findOrganisationId(db: Kysely<Schema>, envId: number): Promise<number> {
  const row = await db
    .selectFrom("environments")
    .select("organisation_id")
    .where("id", "=", envId)
    .executeTakeFirstOrThrow();
  return row.organisation_id;
}

export async function countEnvironments(db: Kysely<Schema>): Promise<number> {
  const { count } = await db
    .selectFrom("environments")
    .select((e) => e.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The retention classes in use: the ones that need day partitions. */
export async function retentionClasses(db: Kysely<Schema>): Promise<number[]> {
  const rows = await db
    .selectFrom("environments")
    .select("retention")
    .distinct()
    .orderBy("retention")
    .execute();
  return rows.map((row) => row.retention);
}
