/** An endpoint's signing secrets, encrypted with its environment's data key. */
import { sql, type Kysely } from "kysely";
import { openText, type SealKey } from "../platform/crypto.ts";
import { secretPlace } from "./endpoints.ts";
import type { EndpointRow } from "./endpoint-rows.ts";
import type { Schema } from "./schema.ts";

export interface StoredSecret {
  id: bigint;
  secret: string;
  createdAt: Temporal.Instant;
  expiresAt: Temporal.Instant | null;
}

/** Those that sign at `now`, oldest first. Throws SealError where the data key is another. */
export async function liveSecrets(
  db: Kysely<Schema>,
  dataKey: SealKey,
  endpoint: Pick<EndpointRow, "env_id" | "id" | "public_id">,
  now: Temporal.Instant,
): Promise<StoredSecret[]> {
  const rows = await db
    .selectFrom("webhook_secrets")
    .select(["id", "secret", "created_at", "expires_at"])
    .where("env_id", "=", endpoint.env_id)
    .where("endpoint_id", "=", endpoint.id)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    secret: openText(dataKey, row.secret, secretPlace(endpoint.public_id)),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }));
}

/** They sign until `at` at most, and those that are over by `now` are deleted. */
export async function endSecrets(
  trx: Kysely<Schema>,
  { env_id, id }: Pick<EndpointRow, "env_id" | "id">,
  secretIds: readonly bigint[],
  at: Temporal.Instant,
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable("webhook_secrets")
    .set({ expires_at: sql`least(coalesce(expires_at, 'infinity'), ${at}::timestamptz)` })
    .where("env_id", "=", env_id)
    .where("endpoint_id", "=", id)
    .where("id", "=", sql<bigint>`any(${[...secretIds].map(String)}::bigint[])`)
    .execute();
  await trx
    .deleteFrom("webhook_secrets")
    .where("env_id", "=", env_id)
    .where("endpoint_id", "=", id)
    .where("expires_at", "<=", now)
    .execute();
}
