/** A test event, sent at once and not queued: it reaches an endpoint that is paused or disabled, and no other. */
import type { Kysely } from "kysely";
import { envelope, seconds } from "../events/envelope.ts";
import { recordEvent } from "../events/outbox.ts";
import type { SealKey } from "../platform/crypto.ts";
import type { Clock } from "../platform/clock.ts";
import type { Outgoing } from "../platform/outgoing.ts";
import { recordAttempt } from "../store/attempts.ts";
import { recordAudit } from "../store/audit.ts";
import { findEndpoint } from "../store/endpoint-rows.ts";
import type { Environment } from "../store/environments.ts";
import type { Lane } from "../store/events.ts";
import type { AttemptDetail } from "../store/settle.ts";
import type { EndpointFormat, Schema } from "../store/schema.ts";
import { inTransaction } from "../store/transaction.ts";
import { meaningOf } from "./backoff.ts";
import { createEndpointBook } from "./endpoint-book.ts";
import { changeStatus, endpointObject } from "./pausing.ts";
import { send } from "./sender.ts";

export interface TestTools {
  db: Kysely<Schema>;
  master: SealKey;
  outgoing: Outgoing;
  clock: Clock;
}

export type TestOutcome =
  | { ok: false; reason: "unknown" }
  | {
      ok: true;
      /** A 2xx came. */
      delivered: boolean;
      /** `evt_…`: its `webhook-id`, in the history like any other. */
      eventId: string;
      attempt: AttemptDetail;
      /** It was paused, and the test has resumed it. */
      resumed: boolean;
      lanes: Lane[];
    };

/**
 * Not inside a transaction: it waits for the receiver. A success resumes a paused endpoint; a failure counts for nothing.
 * Throws where the database does not answer.
 */
export async function sendTest(
  tools: TestTools,
  env: Pick<Environment, "id" | "retention">,
  actor: string,
  publicId: string,
): Promise<TestOutcome> {
  const { db, clock } = tools;
  const at = clock();
  const row = await findEndpoint(db, env.id, publicId);
  if (!row) return { ok: false, reason: "unknown" };
  const book = createEndpointBook(db, tools.master, async ({ error }) => {
    throw error;
  });
  const receivers = await book.receivers(new Map([[row.id, row.version]]));
  const receiver = receivers.get(row.id);
  if (!receiver) return { ok: false, reason: "unknown" };
  const bodyOf = (id: string) => testBody(id, row.format, at, endpointObject(row));
  const recorded = await inTransaction(db, async ({ trx }) => {
    const event = await recordEvent(trx, {
      envId: env.id,
      key: `webhook.test:${publicId}:${crypto.randomUUID()}`,
      type: "webhook.test",
      resource: `webhook_endpoint:${publicId}`,
      subject: null,
      retention: env.retention,
      at,
      to: "nobody",
      bodies: (id) => ({ [row.format]: bodyOf(id) }),
    });
    await recordAudit(trx, {
      envId: env.id,
      at,
      actor,
      action: "webhook_endpoint.test",
      target: `webhook_endpoint:${publicId}`,
    });
    return event;
  });
  const eventId = recorded.publicId;
  if (eventId === null || recorded.eventId === null) throw new Error("A test's key was there already.");
  const body = Buffer.from(JSON.stringify(bodyOf(eventId)));
  const { history } = await send(tools.outgoing, receiver, { publicId: eventId, body }, clock());
  const delivered = meaningOf(history.status) === "delivered";
  return inTransaction(db, async ({ trx }) => {
    await recordAttempt(trx, {
      envId: env.id,
      endpointId: row.id,
      eventId: recorded.eventId ?? 0n,
      eventAt: at,
      resource: `webhook_endpoint:${publicId}`,
      attempt: 1,
      outcome: delivered ? "delivered" : "failed",
      history,
    });
    const now = clock();
    const locked = await findEndpoint(trx, env.id, publicId, { lock: true });
    const resume = delivered && locked?.status === "paused" ? locked : null;
    const change = {
      status: "enabled",
      reason: null,
      actor,
      now,
      retention: env.retention,
      probe: null,
    } as const;
    const changed = resume && (await changeStatus(trx, resume, change));
    const lanes = changed?.lanes ?? [];
    return { ok: true, delivered, eventId, attempt: history, resumed: changed !== null, lanes };
  });
}

/** The bytes of the sent body and of the recorded one are rendered from the same value. */
function testBody(id: string, format: EndpointFormat, at: Temporal.Instant, endpoint: object): object {
  if (format === "event") return envelope(id, "webhook.test", at, endpoint);
  return { event_name: "WEBHOOK_TEST", event_id: id, created_at: seconds(at), endpoint };
}
