/** What is written beside each change of a consent's status: the event and the audit row, in its transaction. */
import type { Kysely } from "kysely";
import { recordEvent } from "../../events/outbox.ts";
import { envelope } from "../../events/envelope.ts";
import { recordAudit } from "../../store/audit.ts";
import type { Consent } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import type { Schema } from "../../store/schema.ts";
import { consentObject } from "../objects/consent.ts";

export interface Act {
  /** `api_key:<id>`, `customer` on a hosted page, `bank`, `job:<name>`, or `consent_link:<id>` that was used up. */
  actor: string;
  at: Temporal.Instant;
}

export type ConsentEvent =
  | "consent.created"
  | "consent.authorized"
  | "consent.failed"
  | "consent.canceled"
  | "consent.expired"
  | "reminder.consent_expiry.sent";

/** Each once in a consent's life, by key; `once` tells apart what comes more often. Answers the lanes to wake. */
export async function recordConsentEvent(
  trx: Kysely<Schema>,
  env: Environment,
  consent: Consent,
  type: ConsentEvent,
  at: Temporal.Instant,
  once = "",
): Promise<readonly Lane[]> {
  const resource = `consent:${consent.public_id}`;
  const { lanes } = await recordEvent(trx, {
    envId: env.id,
    key: `${resource}:${type}${once && `:${once}`}`,
    type,
    resource,
    subject: consent.owner_id,
    retention: env.retention,
    at,
    bodies: (id) => ({ event: envelope(id, type, at, consentObject(consent, null)) }),
  });
  return lanes;
}

export async function auditConsent(
  trx: Kysely<Schema>,
  consent: Pick<Consent, "env_id" | "public_id">,
  action: string,
  { actor, at }: Act,
  detail: Record<string, string | number | boolean | null> = {},
): Promise<void> {
  const target = `consent:${consent.public_id}`;
  await recordAudit(trx, { envId: consent.env_id, at, actor, action: `consent.${action}`, target, detail });
}
