/**
 * An endpoint's status and what is told of it. A paused endpoint goes on queueing and drops nothing; its change of status,
 * the event that tells of it and the audit row commit together.
 */
import type { Kysely } from "kysely";
import { envelope, seconds } from "../events/envelope.ts";
import { recordEvent } from "../events/outbox.ts";
import type { AnyEventType } from "../events/catalogue.ts";
import { maskUrl } from "../platform/receiver-url.ts";
import { recordAudit } from "../store/audit.ts";
import { changeEndpoint, findEndpoint, type EndpointRow } from "../store/endpoint-rows.ts";
import { forgetHealth, probeAt } from "../store/endpoint-health.ts";
import type { Lane } from "../store/events.ts";
import { hastenRetries } from "../store/queue-order.ts";
import type { Retention, Schema } from "../store/schema.ts";
import { inTransaction } from "../store/transaction.ts";

/** Who changes an endpoint where nobody asked for it, as the audit writes it. */
export const DELIVERIES = "job:deliveries";

export interface StatusChange {
  status: EndpointRow["status"];
  reason: string | null;
  /** Who, as the audit writes it. */
  actor: string;
  now: Temporal.Instant;
  /** Of the environment's history. */
  retention: Retention;
  /** When a paused endpoint is first tried by itself; null never. */
  probe: Temporal.Instant | null;
}

/**
 * `row` is locked or was read in this transaction. Null where it has that status already. Answers the lanes to wake after
 * the commit: the endpoint's own once it is enabled, and those that the event was queued for.
 */
export async function changeStatus(
  trx: Kysely<Schema>,
  row: EndpointRow,
  change: StatusChange,
): Promise<{ row: EndpointRow; lanes: Lane[] } | null> {
  const { status, reason, actor, now } = change;
  if (row.status === status) return null;
  const changed = await changeEndpoint(trx, row, { status, status_reason: reason, status_since: now }, now);
  if (status === "enabled") {
    await forgetHealth(trx, row);
    await hastenRetries(trx, { envId: row.env_id, endpointId: row.id });
  } else await probeAt(trx, row, status === "paused" ? change.probe : null, now);
  await recordAudit(trx, {
    envId: row.env_id,
    at: now,
    actor,
    action: `webhook_endpoint.${VERBS[status]}`,
    target: `webhook_endpoint:${row.public_id}`,
    detail: { from: row.status, reason },
  });
  const lanes = status === "enabled" ? [{ envId: row.env_id, endpointId: row.id }] : [];
  const type = eventOf(row.status, status);
  if (type) lanes.push(...(await tellOf(trx, changed, type, change)));
  return { row: changed, lanes };
}

/**
 * The same by what was known of the endpoint: nothing happens where it has been changed since that version, for the reason
 * spoke of what it was. Answers the lanes to wake.
 */
export async function stopEndpoint(
  db: Kysely<Schema>,
  { envId, publicId, version, retention }: Known,
  change: Pick<StatusChange, "status" | "reason" | "actor" | "now">,
): Promise<Lane[]> {
  return inTransaction(db, async ({ trx }) => {
    const row = await findEndpoint(trx, envId, publicId, { lock: true });
    if (!row || row.version !== version) return [];
    return (await changeStatus(trx, row, { ...change, retention, probe: null }))?.lanes ?? [];
  });
}

export interface Known {
  envId: number;
  publicId: string;
  version: number;
  /** Of its environment. */
  retention: Retention;
}

const VERBS = { enabled: "enable", paused: "pause", disabled: "disable" } as const;

function eventOf(from: EndpointRow["status"], to: EndpointRow["status"]): AnyEventType | null {
  if (to === "paused") return "webhook.paused";
  return from === "paused" && to === "enabled" ? "webhook.resumed" : null;
}

async function tellOf(
  trx: Kysely<Schema>,
  row: EndpointRow,
  type: AnyEventType,
  { now, retention, reason }: StatusChange,
): Promise<Lane[]> {
  const { lanes } = await recordEvent(trx, {
    envId: row.env_id,
    // A change of the row has a version of its own.
    key: `${type}:${row.public_id}:${row.version}`,
    type,
    resource: `webhook_endpoint:${row.public_id}`,
    subject: null,
    retention,
    at: now,
    except: row.id,
    bodies: (id) => ({ event: envelope(id, type, now, { ...endpointObject(row), reason }) }),
  });
  return lanes;
}

export type ToldEndpoint = Pick<
  EndpointRow,
  "public_id" | "created_at" | "updated_at" | "url" | "event_types" | "status" | "status_since" | "metadata"
>;

/**
 * What an event says of an endpoint: the object of `GET /webhooks/{id}` (ruling 16) without its count of failures, and
 * with the URL's query masked, which may hold keys.
 */
export function endpointObject(row: ToldEndpoint): object {
  const url = URL.parse(row.url);
  return {
    id: row.public_id,
    object: "webhook",
    created_at: seconds(row.created_at),
    updated_at: seconds(row.updated_at),
    url: url ? maskUrl(url) : "",
    events: row.event_types,
    status: row.status,
    status_since: seconds(row.status_since),
    metadata: row.metadata,
  };
}
