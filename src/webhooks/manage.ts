/**
 * Managing endpoints: what the console's API and the open-banking contract's `/webhooks` call. Each function is one step of
 * the caller's transaction and writes its own audit row. Lanes in an answer are for `dispatcher.wake` or `bell.ring` after
 * the commit.
 */
import type { Insertable, Kysely } from "kysely";
import { recordAudit } from "../store/audit.ts";
import { addSecret, contractEndpoint, setContractEndpoint, type EndpointSet } from "../store/endpoints.ts";
import { forgetHealth } from "../store/endpoint-health.ts";
import {
  changeEndpoint,
  deleteEndpointRow,
  endpointRows,
  findEndpoint,
  insertEndpoint,
  newEndpointId,
  openHeaders,
  sealHeaders,
  sealSecretKey,
  type EndpointRow,
} from "../store/endpoint-rows.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import type { Schema, WebhookEndpoints } from "../store/schema.ts";
import { SCHEDULES } from "./backoff.ts";
import {
  PRESET_DEFAULTS,
  settingFaults,
  type EndpointSettings,
  type SettingFault,
} from "./endpoint-settings.ts";
import { changeStatus } from "./pausing.ts";
import { newSecret, signingKey } from "./signing.ts";

export type { EndpointSettings, SettingFault } from "./endpoint-settings.ts";
export { revealSecrets, rotateSecret, type RevealedSecret } from "./secrets.ts";
export { sendTest, type TestOutcome, type TestTools } from "./send-test.ts";

export interface Managing {
  trx: Kysely<Schema>;
  env: Pick<Environment, "id" | "dataKey" | "retention">;
  /** As the audit writes it, such as `api_key:<public id>`. */
  actor: string;
  now: Temporal.Instant;
}

export type NewEndpoint = Pick<EndpointSettings, "url" | "format"> &
  Partial<EndpointSettings> & {
    /** False: it is made disabled, and queues nothing until it is enabled. */
    enabled?: boolean;
    /** `whsec_…`, `whsk_…`, or another system's text for fx-signature; without it one is drawn. */
    secret?: string;
  };

/** A key that is missing stays as it is. `headers` replaces all of them. */
export type EndpointChanges = Partial<Omit<EndpointSettings, "format">>;

export type Managed<T> =
  | ({ ok: true } & T)
  /** There is no such endpoint in this environment. */
  | { ok: false; reason: "unknown" }
  | { ok: false; reason: "invalid"; faults: SettingFault[] };

/** Secrets are not in it: headers by name only. */
export interface EndpointView extends Omit<EndpointSettings, "headers" | "secretKey" | "schedule"> {
  publicId: string;
  /** Set by update_webhook of the BankConnect contract; null for all others. */
  slot: "entity" | "session" | null;
  status: "enabled" | "paused" | "disabled";
  statusReason: string | null;
  statusSince: Temporal.Instant;
  /** Seconds before each retry: its own or its preset's. */
  schedule: readonly number[];
  ownSchedule: boolean;
  headerNames: string[];
  hasSecretKey: boolean;
  createdAt: Temporal.Instant;
  updatedAt: Temporal.Instant;
}

export async function createEndpoint(
  managing: Managing,
  wanted: NewEndpoint,
): Promise<Managed<{ endpoint: EndpointView; secret: string }>> {
  const { trx, env, now } = managing;
  const secret = wanted.secret ?? newSecret("v1");
  const faults = [...settingFaults(wanted, wanted.format), ...secretFaults(secret, wanted.format)];
  if (faults.length > 0) return { ok: false, reason: "invalid", faults };
  const preset = wanted.preset ?? "standard";
  const publicId = newEndpointId();
  const enabled = wanted.enabled ?? true;
  const row = await insertEndpoint(trx, {
    ...columnsOf({ ...PRESET_DEFAULTS[preset], ...wanted }, publicId, env),
    env_id: env.id,
    public_id: publicId,
    format: wanted.format,
    url: wanted.url,
    status: enabled ? "enabled" : "disabled",
    status_reason: enabled ? null : "Created disabled.",
    status_since: now,
    created_at: now,
    updated_at: now,
  });
  await addSecret(trx, env, { id: row.id, publicId }, secret, now);
  await auditOf(managing, row, "create", { format: row.format, enabled });
  return { ok: true, endpoint: viewOf(row, env), secret };
}

export async function updateEndpoint(
  managing: Managing,
  publicId: string,
  changes: EndpointChanges,
): Promise<Managed<{ endpoint: EndpointView }>> {
  const { trx, env, now } = managing;
  const row = await findEndpoint(trx, env.id, publicId, { lock: true });
  if (!row) return { ok: false, reason: "unknown" };
  const faults = settingFaults(changes, row.format);
  if (faults.length > 0) return { ok: false, reason: "invalid", faults };
  const changed = await changeEndpoint(trx, row, columnsOf(changes, publicId, env), now);
  // The run of failures spoke of the receiver before; a paused endpoint keeps its turn to be probed.
  if (changes.url !== undefined && row.status === "enabled") await forgetHealth(trx, row);
  await auditOf(managing, row, "update", { fields: Object.keys(changes).join(" ") });
  return { ok: true, endpoint: viewOf(changed, env) };
}

/** With what is queued for it; what was attempted stays in the history. */
export async function deleteEndpoint(managing: Managing, publicId: string): Promise<Managed<object>> {
  const row = await findEndpoint(managing.trx, managing.env.id, publicId, { lock: true });
  if (!row) return { ok: false, reason: "unknown" };
  await deleteEndpointRow(managing.trx, row);
  await auditOf(managing, row, "delete", {});
  return { ok: true };
}

/**
 * What update_webhook does: the environment's one endpoint of this contract gets this URL and mode. One that was paused or
 * disabled is resumed first, and tells of it. The fault is of the URL or of the mode; it changes nothing.
 */
export async function setContractWebhook(
  { trx, env, actor, now }: Managing & { env: Pick<Environment, "webhookSecret"> },
  slot: "session" | "entity",
  wanted: { url: string; mode: number },
): Promise<EndpointSet & { lanes: Lane[] }> {
  const known = await contractEndpoint(trx, env.id, slot);
  const row = known && (await findEndpoint(trx, env.id, known.publicId, { lock: true }));
  const set = await setContractEndpoint(trx, env, slot, { ...wanted, now });
  if (!set.ok || !row) return { ...set, lanes: [] };
  const change = {
    status: "enabled",
    reason: null,
    actor,
    now,
    retention: env.retention,
    probe: null,
  } as const;
  // With the URL that it has from now on.
  const changed = await changeStatus(trx, { ...row, url: wanted.url }, change);
  return { ...set, lanes: changed?.lanes ?? [] };
}

export type StatusChanged = Managed<{ endpoint: EndpointView; changed: boolean; lanes: Lane[] }>;

/** By hand: it goes on queueing, and is not tried until somebody resumes it. */
export const pauseEndpoint = (managing: Managing, publicId: string, reason = "Paused by hand.") =>
  setStatus(managing, publicId, "paused", reason);

/** Whatever stopped it. Its cap grows from 1. */
export const resumeEndpoint = (managing: Managing, publicId: string) =>
  setStatus(managing, publicId, "enabled", null);

/** It queues nothing new; what it has queued is kept. */
export const disableEndpoint = (managing: Managing, publicId: string, reason = "Disabled by hand.") =>
  setStatus(managing, publicId, "disabled", reason);

async function setStatus(
  { trx, env, actor, now }: Managing,
  publicId: string,
  status: EndpointRow["status"],
  reason: string | null,
): Promise<StatusChanged> {
  const row = await findEndpoint(trx, env.id, publicId, { lock: true });
  if (!row) return { ok: false, reason: "unknown" };
  const change = { status, reason, actor, now, retention: env.retention, probe: null };
  const changed = await changeStatus(trx, row, change);
  return {
    ok: true,
    endpoint: viewOf(changed?.row ?? row, env),
    changed: changed !== null,
    lanes: changed?.lanes ?? [],
  };
}

export async function getEndpoint(
  db: Kysely<Schema>,
  env: Pick<Environment, "id" | "dataKey">,
  publicId: string,
): Promise<EndpointView | null> {
  const row = await findEndpoint(db, env.id, publicId);
  return row && viewOf(row, env);
}

/** Oldest first. */
export async function listEndpoints(
  db: Kysely<Schema>,
  env: Pick<Environment, "id" | "dataKey">,
): Promise<EndpointView[]> {
  return (await endpointRows(db, env.id)).map((row) => viewOf(row, env));
}

function secretFaults(secret: string, format: EndpointSettings["format"]): SettingFault[] {
  try {
    if (signingKey(secret).kind !== "fx" || format === "event") return [];
    return [{ field: "secret", reason: "whsec_… or whsk_…" }];
  } catch (error) {
    return [{ field: "secret", reason: error instanceof Error ? error.message : "Not a secret." }];
  }
}

type Columns = Partial<Insertable<WebhookEndpoints>>;

/** Which column a setting fills; `url`, `format` and what is sealed stand apart. */
const COLUMNS = {
  url: "url",
  description: "description",
  ordered: "ordered",
  orderHoldSeconds: "order_hold_s",
  preset: "preset",
  timeoutMs: "timeout_ms",
  maxInFlight: "max_in_flight",
  rateLimit: "rate_limit",
  pauseAfter: "pause_after",
  pauseSpanSeconds: "pause_span_s",
} as const satisfies Partial<Record<keyof EndpointSettings, keyof WebhookEndpoints>>;

function columnsOf(
  settings: Partial<EndpointSettings>,
  publicId: string,
  { dataKey }: Pick<Environment, "dataKey">,
): Columns {
  const columns: Record<string, unknown> = {};
  for (const [setting, column] of Object.entries(COLUMNS)) {
    const value: unknown = Reflect.get(settings, setting);
    if (value !== undefined) columns[column] = value;
  }
  const { eventTypes, schedule, headers, secretKey } = settings;
  return {
    ...columns,
    ...(eventTypes !== undefined && { event_types: [...eventTypes] }),
    ...(schedule !== undefined && { schedule: schedule && [...schedule] }),
    ...(headers !== undefined && { headers: sealHeaders(dataKey, publicId, lowered(headers)) }),
    ...(secretKey !== undefined && { secret_key: sealSecretKey(dataKey, publicId, secretKey) }),
  };
}

const lowered = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function viewOf(row: EndpointRow, { dataKey }: Pick<Environment, "dataKey">): EndpointView {
  return {
    publicId: row.public_id,
    slot: row.slot,
    url: row.url,
    format: row.format,
    description: row.description,
    eventTypes: row.event_types,
    ordered: row.ordered,
    orderHoldSeconds: row.order_hold_s,
    preset: row.preset,
    schedule: row.schedule ?? SCHEDULES[row.preset],
    ownSchedule: row.schedule !== null,
    timeoutMs: row.timeout_ms,
    maxInFlight: row.max_in_flight,
    rateLimit: row.rate_limit,
    pauseAfter: row.pause_after,
    pauseSpanSeconds: row.pause_span_s,
    headerNames: Object.keys(openHeaders(dataKey, row.public_id, row.headers)),
    hasSecretKey: row.secret_key !== null,
    status: row.status,
    statusReason: row.status_reason,
    statusSince: row.status_since,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

async function auditOf(
  { trx, env, actor, now }: Managing,
  row: EndpointRow,
  verb: string,
  detail: Record<string, string | boolean>,
): Promise<void> {
  await recordAudit(trx, {
    envId: env.id,
    at: now,
    actor,
    action: `webhook_endpoint.${verb}`,
    target: `webhook_endpoint:${row.public_id}`,
    detail,
  });
}
