/**
 * Webhook endpoints and their signing secrets. Every change counts `version` up in the row: the claim of a delivery
 * answers it, so that a dispatcher that holds an older copy loads the endpoint again before it sends.
 */
import { sql, type Kysely } from "kysely";
import { openText, sealText, type SealKey } from "../platform/crypto.ts";
import { newId } from "../platform/ids.ts";
import { checkReceiverUrl, type UrlFault } from "../platform/receiver-url.ts";
import { forgetHealth } from "./endpoint-health.ts";
import { openHeaders, openSecretKey, type EndpointRow } from "./endpoint-rows.ts";
import { loadDataKeys, type Environment } from "./environments.ts";
import type { Lane } from "./events.ts";
import type { EndpointFormat, Schema } from "./schema.ts";

export { checkReceiverUrl };

export interface ContractEndpoint {
  url: string;
  mode: number;
  now: Temporal.Instant;
}

export type EndpointSet =
  | { ok: true; endpointId: number; publicId: string; created: boolean }
  | { ok: false; reason: UrlFault | "mode" };

export const secretPlace = (endpoint: string) => ({
  table: "webhook_secrets",
  column: "secret",
  row: endpoint,
});

/**
 * What update_webhook does: makes the environment's one endpoint of this contract, signing with the environment's
 * webhook secret, or changes its URL and mode. Setting it also enables it again. A fault changes nothing.
 */
export async function setContractEndpoint(
  trx: Kysely<Schema>,
  env: Pick<Environment, "id" | "dataKey" | "webhookSecret">,
  slot: "session" | "entity",
  { url, mode, now }: ContractEndpoint,
): Promise<EndpointSet> {
  const checked = checkReceiverUrl(url);
  if (!checked.ok) return checked;
  if (!Number.isInteger(mode) || mode < 0 || mode > 3) return { ok: false, reason: "mode" };
  const row = await trx
    .insertInto("webhook_endpoints")
    .values({
      env_id: env.id,
      public_id: newId("wh"),
      format: slot,
      slot,
      url,
      mode,
      status_since: now,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(["env_id", "slot"]).doUpdateSet((eb) => ({
        url,
        mode,
        status: "enabled",
        status_reason: null,
        status_since: eb
          .case()
          .when("webhook_endpoints.status", "=", "enabled")
          .then(eb.ref("webhook_endpoints.status_since"))
          .else(now)
          .end(),
        version: eb("webhook_endpoints.version", "+", 1),
        updated_at: now,
      })),
    )
    .returning(["id", "public_id", "version"])
    .executeTakeFirstOrThrow();
  const created = row.version === 1;
  // What was counted spoke of the receiver before.
  if (!created) await forgetHealth(trx, { env_id: env.id, id: row.id });
  if (created) await addSecret(trx, env, { id: row.id, publicId: row.public_id }, env.webhookSecret, now);
  return { ok: true, endpointId: row.id, publicId: row.public_id, created };
}

/** Adds a live `whsec_…` beside those that there are. */
export async function addSecret(
  trx: Kysely<Schema>,
  env: Pick<Environment, "id" | "dataKey">,
  endpoint: { id: number; publicId: string },
  secret: string,
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .insertInto("webhook_secrets")
    .values({
      env_id: env.id,
      endpoint_id: endpoint.id,
      secret: sealText(env.dataKey, secret, secretPlace(endpoint.publicId)),
      created_at: now,
    })
    .execute();
}

/** The endpoint that update_webhook has set, null where it was never called. */
export async function contractEndpoint(
  db: Kysely<Schema>,
  envId: number,
  slot: "session" | "entity",
): Promise<{ endpointId: number; publicId: string; url: string; mode: number; status: string } | null> {
  const row = await db
    .selectFrom("webhook_endpoints")
    .select(["id", "public_id", "url", "mode", "status"])
    .where("env_id", "=", envId)
    .where("slot", "=", slot)
    .executeTakeFirst();
  if (!row) return null;
  return { endpointId: row.id, publicId: row.public_id, url: row.url, mode: row.mode, status: row.status };
}

/** What a dispatcher must know of an endpoint to deliver to it. */
export interface Endpoint extends Lane {
  publicId: string;
  version: number;
  format: EndpointFormat;
  url: string;
  status: EndpointRow["status"];
  statusSince: Temporal.Instant;
  preset: EndpointRow["preset"];
  /** Seconds before each retry; null is the preset's. */
  schedule: number[] | null;
  timeoutMs: number;
  maxInFlight: number;
  /** Requests per second; null is no limit. */
  rateLimit: number | null;
  /** Failures in a row that pause it; null never does. */
  pauseAfter: number | null;
  pauseSpanSeconds: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** What x-secret-key says. */
  secretKey: string | null;
  /** Of its environment, in days. */
  retention: 7 | 30 | 90 | 365;
  /** `whsec_…`, oldest first. */
  secrets: { secret: string; expiresAt: Temporal.Instant | null }[];
}

/** An endpoint that cannot be used as it is: a secret or a header is sealed with another key, or is none. */
export interface Unreadable extends Pick<
  Endpoint,
  "envId" | "endpointId" | "publicId" | "version" | "retention"
> {
  error: unknown;
}

/** Loads endpoints with their secrets opened, each for itself. `dataKeys` remembers environments' keys between calls. */
export async function loadEndpoints(
  db: Kysely<Schema>,
  master: SealKey,
  endpointIds: readonly number[],
  dataKeys: Map<number, SealKey>,
): Promise<{ endpoints: Endpoint[]; unreadable: Unreadable[] }> {
  if (endpointIds.length === 0) return { endpoints: [], unreadable: [] };
  const rows = await db
    .selectFrom("webhook_endpoints as e")
    .innerJoin("environments as v", "v.id", "e.env_id")
    .selectAll("e")
    .select("v.retention")
    .where("e.id", "=", sql<number>`any(${[...endpointIds]}::int[])`)
    .execute();
  const secrets = await db
    .selectFrom("webhook_secrets")
    .select(["endpoint_id", "secret", "expires_at"])
    .where("endpoint_id", "=", sql<number>`any(${[...endpointIds]}::int[])`)
    .where("env_id", "=", sql<number>`any(${[...new Set(rows.map((row) => row.env_id))]}::int[])`)
    .orderBy("id")
    .execute();
  const closed = new Set(rows.map((row) => row.env_id).filter((envId) => !dataKeys.has(envId)));
  if (closed.size > 0) {
    for (const [envId, key] of await loadDataKeys(db, master, [...closed])) dataKeys.set(envId, key);
  }
  const endpoints: Endpoint[] = [];
  const unreadable: Unreadable[] = [];
  for (const row of rows) {
    const own = secrets.filter((secret) => secret.endpoint_id === row.id);
    try {
      endpoints.push(opened(row, own, dataKeys.get(row.env_id)));
    } catch (error) {
      const { env_id: envId, id: endpointId, public_id: publicId, version, retention } = row;
      unreadable.push({ envId, endpointId, publicId, version, retention, error });
    }
  }
  return { endpoints, unreadable };
}

type LoadedRow = EndpointRow & { retention: Endpoint["retention"] };
interface SealedSecret {
  secret: Buffer;
  expires_at: Temporal.Instant | null;
}

/** Throws where anything of it cannot be opened. */
function opened(row: LoadedRow, secrets: readonly SealedSecret[], dataKey: SealKey | undefined): Endpoint {
  if (!dataKey) throw new Error(`The data key of environment ${row.env_id} cannot be opened.`);
  return {
    envId: row.env_id,
    endpointId: row.id,
    publicId: row.public_id,
    version: row.version,
    format: row.format,
    url: row.url,
    status: row.status,
    statusSince: row.status_since,
    preset: row.preset,
    schedule: row.schedule,
    timeoutMs: row.timeout_ms,
    maxInFlight: row.max_in_flight,
    rateLimit: row.rate_limit,
    pauseAfter: row.pause_after,
    pauseSpanSeconds: row.pause_span_s,
    headers: openHeaders(dataKey, row.public_id, row.headers),
    secretKey: openSecretKey(dataKey, row.public_id, row.secret_key),
    retention: row.retention,
    secrets: secrets.map((secret) => ({
      secret: openText(dataKey, secret.secret, secretPlace(row.public_id)),
      expiresAt: secret.expires_at,
    })),
  };
}
