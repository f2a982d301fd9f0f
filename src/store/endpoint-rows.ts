/** The rows of webhook_endpoints as they are managed. Every change counts `version` up: dispatchers load them again. */
import type { Insertable, Kysely, Selectable, Updateable } from "kysely";
import { openText, sealText, type SealKey } from "../platform/crypto.ts";
import { newId } from "../platform/ids.ts";
import type { Schema, WebhookEndpoints } from "./schema.ts";

export type EndpointRow = Selectable<WebhookEndpoints>;

/** Where an endpoint's ciphertexts are at home. */
const place = (column: "headers" | "secret_key", row: string) => ({
  table: "webhook_endpoints",
  column,
  row,
});

export const sealHeaders = (key: SealKey, publicId: string, headers: Readonly<Record<string, string>>) =>
  Object.keys(headers).length === 0
    ? null
    : sealText(key, JSON.stringify(headers), place("headers", publicId));

/** Throws SealError where the key or the row is another. */
export function openHeaders(key: SealKey, publicId: string, sealed: Buffer | null): Record<string, string> {
  if (!sealed) return {};
  const headers: unknown = JSON.parse(openText(key, sealed, place("headers", publicId)));
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}

export const sealSecretKey = (key: SealKey, publicId: string, text: string | null) =>
  text === null ? null : sealText(key, text, place("secret_key", publicId));
export const openSecretKey = (key: SealKey, publicId: string, sealed: Buffer | null) =>
  sealed && openText(key, sealed, place("secret_key", publicId));

export const newEndpointId = () => newId("wh");

export async function insertEndpoint(
  trx: Kysely<Schema>,
  row: Insertable<WebhookEndpoints>,
): Promise<EndpointRow> {
  return trx.insertInto("webhook_endpoints").values(row).returningAll().executeTakeFirstOrThrow();
}

/** Locked until the transaction ends where `lock` says so; null where there is none. */
export async function findEndpoint(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
  { lock = false } = {},
): Promise<EndpointRow | null> {
  const row = await db
    .selectFrom("webhook_endpoints")
    .selectAll()
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  return row ?? null;
}

/** Oldest first. */
export async function endpointRows(db: Kysely<Schema>, envId: number): Promise<EndpointRow[]> {
  return db.selectFrom("webhook_endpoints").selectAll().where("env_id", "=", envId).orderBy("id").execute();
}

export async function changeEndpoint(
  trx: Kysely<Schema>,
  { env_id, id }: Pick<EndpointRow, "env_id" | "id">,
  changes: Updateable<WebhookEndpoints>,
  now: Temporal.Instant,
): Promise<EndpointRow> {
  return trx
    .updateTable("webhook_endpoints")
    .set((eb) => ({ ...changes, version: eb("version", "+", 1), updated_at: now }))
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** With what is queued for it; its attempts stay in the history. */
export async function deleteEndpointRow(
  trx: Kysely<Schema>,
  { env_id, id }: Pick<EndpointRow, "env_id" | "id">,
): Promise<void> {
  await trx.deleteFrom("webhook_endpoints").where("env_id", "=", env_id).where("id", "=", id).execute();
  await trx.deleteFrom("queue").where("env_id", "=", env_id).where("endpoint_id", "=", id).execute();
  await trx.deleteFrom("queue_next").where("env_id", "=", env_id).where("endpoint_id", "=", id).execute();
}
