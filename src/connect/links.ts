/** Consent links: an address that a client sends round; whoever follows it gives a consent of its terms. */
import type { Kysely } from "kysely";
import { newId } from "../platform/ids.ts";
import {
  findConsentLink,
  insertConsentLink,
  lockConsentLink,
  type ConsentLink,
} from "../store/consent-links.ts";
import { findWaitingOfLink, type Consent } from "../store/consents.ts";
import type { Environment } from "../store/environments.ts";
import { loadOpenBankingRules } from "../store/openbanking-settings.ts";
import { recordAudit } from "../store/audit.ts";
import type { Schema } from "../store/schema.ts";
import { inTransaction } from "../store/transaction.ts";
import { dateIn, defaultExpiry } from "./consents/dates.ts";
import { insertNew, type CheckedTerms } from "./consents/create.ts";
import { checkedReturnUrl, checkedScopes } from "./consents/terms.ts";
import type { Connect } from "./context.ts";
import { ConnectError } from "./errors.ts";
import { newCode } from "./hosted-codes.ts";

export interface LinkTerms {
  customerId: bigint;
  /** `single` is used up by its first authorized consent. */
  type: "single" | "multiple";
  scopes: readonly string[] | null;
  /** Of the consents that it makes, from the day on which each is made. */
  expiryDays: number | null;
  retroDays: number | null;
  returnUrl: string | null;
  metadata: Record<string, string>;
}

/** A link can be followed for as long as its consents last, and for 30 days where that is not said. */
const DEFAULT_DAYS = 30;

/**
 * Throws ConnectError `invalid_parameter`; then nothing is made.
 * @param keep in the same transaction: what else has to be kept of the new link
 */
export async function createConsentLink(
  connect: Connect,
  env: Environment,
  terms: LinkTerms,
  actor: string,
  keep: (trx: Kysely<Schema>, link: ConsentLink) => Promise<void> = async () => undefined,
): Promise<ConsentLink> {
  const at = connect.clock();
  const scopes = checkedScopes(terms.scopes);
  if (terms.returnUrl !== null) checkedReturnUrl(terms.returnUrl);
  const publicId = newId("cl");
  return inTransaction(connect.db, async ({ trx }) => {
    const id = await insertConsentLink(trx, {
      env_id: env.id,
      public_id: publicId,
      ...newCode(env.dataKey, "consent_links", publicId),
      customer_id: terms.customerId,
      type: terms.type,
      scopes,
      expiry_days: terms.expiryDays,
      retro_days: terms.retroDays,
      return_url: terms.returnUrl,
      expires_at: at.add({ hours: 24 * (terms.expiryDays ?? DEFAULT_DAYS) }),
      metadata: JSON.stringify(terms.metadata),
      created_at: at,
      updated_at: at,
    });
    await recordAudit(trx, {
      envId: env.id,
      at,
      actor,
      action: "consent_link.create",
      target: `consent_link:${publicId}`,
    });
    const link = await findConsentLink(trx, env.id, id);
    if (!link) throw new Error(`${publicId} was made and is gone.`);
    await keep(trx, link);
    return link;
  });
}

/** As it is now: one whose time has passed is expired, whether or not the job has said so. */
export const linkStatus = (link: ConsentLink, now: Temporal.Instant): ConsentLink["status"] =>
  link.status === "active" && Temporal.Instant.compare(link.expires_at, now) <= 0 ? "expired" : link.status;

/** The terms of a consent made from the link now. */
export function termsOf(
  link: ConsentLink,
  env: Environment,
  now: Temporal.Instant,
  consentDays: number | null,
): Omit<CheckedTerms, "provider"> {
  const today = dateIn(env.timeZone, now);
  return {
    customerId: link.customer_id,
    linkId: link.id,
    scopes: checkedScopes(link.scopes),
    returnUrl: link.return_url,
    retroDate: link.retro_days === null ? null : today.subtract({ days: link.retro_days }),
    expiryDate: defaultExpiry(today, link.expiry_days ?? consentDays),
    metadata: link.metadata,
  };
}

/**
 * A consent of the link's terms, for the bank that the customer chose: the one that waits already, as after a second
 * click or a bank that did not answer, or a new one. Throws ConnectError `invalid_state`.
 */
export async function followLink(
  connect: Connect,
  env: Environment,
  linkId: bigint,
  provider: string,
): Promise<Consent> {
  const { consentDays } = await loadOpenBankingRules(connect.db, env.id);
  const { consent, lanes } = await inTransaction(connect.db, async ({ trx }) => {
    const at = connect.clock();
    const link = await lockConsentLink(trx, env.id, linkId);
    if (!link || linkStatus(link, at) !== "active")
      throw new ConnectError("invalid_state", "The link cannot be followed any more.");
    const terms = { ...termsOf(link, env, at, consentDays), provider };
    const waiting = await findWaitingOfLink(trx, env.id, link.id, terms);
    if (waiting) return { consent: waiting, lanes: [] };
    return insertNew(trx, env, terms, { actor: "customer", at });
  });
  connect.wake(lanes);
  return consent;
}
