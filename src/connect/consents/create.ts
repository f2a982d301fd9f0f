/** New consents: asked for by a client, or made when a customer follows a consent link. */
import type { Kysely } from "kysely";
import { newId } from "../../platform/ids.ts";
import { findConsent, insertConsent, type Consent } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import { loadOpenBankingRules } from "../../store/openbanking-settings.ts";
import type { Schema } from "../../store/schema.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import { newCode } from "../hosted-codes.ts";
import type { Provider, Scope } from "../providers/provider.ts";
import { dateIn, defaultExpiry } from "./dates.ts";
import { auditConsent, recordConsentEvent, type Act } from "./record.ts";
import { checkedExpiry, checkedRetro, checkedReturnUrl, checkedScopes } from "./terms.ts";

export interface ConsentTerms {
  /** Of an owner that exists in this environment. */
  customerId: bigint;
  scopes: readonly string[] | null;
  provider: string | null;
  returnUrl: string | null;
  retroDate: Temporal.PlainDate | null;
  expiryDate: Temporal.PlainDate | null;
  metadata: Record<string, string>;
}

/**
 * Throws ConnectError `invalid_parameter`; then nothing is made.
 * @param keep in the same transaction: what else has to be kept of the new consent
 */
export async function createConsent(
  connect: Connect,
  env: Environment,
  terms: ConsentTerms,
  actor: string,
  keep: (trx: Kysely<Schema>, consent: Consent) => Promise<void> = async () => undefined,
): Promise<Consent> {
  const at = connect.clock();
  const today = dateIn(env.timeZone, at);
  const scopes = checkedScopes(terms.scopes);
  const { returnUrl, retroDate, expiryDate, provider } = terms;
  if (returnUrl !== null) checkedReturnUrl(returnUrl);
  if (retroDate !== null) checkedRetro(retroDate, today);
  if (expiryDate !== null) checkedExpiry(expiryDate, today);
  if (provider !== null) accountProvider(connect, provider);
  const { consentDays } = await loadOpenBankingRules(connect.db, env.id);
  const checked = {
    ...terms,
    scopes,
    expiryDate: expiryDate ?? defaultExpiry(today, consentDays),
    linkId: null,
  };
  const made = await inTransaction(connect.db, async ({ trx }) => {
    const made = await insertNew(trx, env, checked, { actor, at });
    await keep(trx, made.consent);
    return made;
  });
  connect.wake(made.lanes);
  return made.consent;
}

/** A configured bank that gives accounts. Throws ConnectError `invalid_parameter`. */
export function accountProvider(connect: Pick<Connect, "providers">, id: string): Provider {
  const provider = connect.providers.find(id);
  if (provider?.ais) return provider;
  throw new ConnectError("invalid_parameter", "There is no such provider, or it gives no account data.", {
    param: "provider",
  });
}

export interface CheckedTerms extends ConsentTerms {
  scopes: Scope[];
  expiryDate: Temporal.PlainDate;
  linkId: bigint | null;
}

/** A consent without a bank is `new` until its page is opened; one with a bank waits for the customer (seed 004). */
export async function insertNew(
  trx: Kysely<Schema>,
  env: Environment,
  terms: CheckedTerms,
  act: Act,
): Promise<{ consent: Consent; lanes: readonly Lane[] }> {
  const { at } = act;
  const publicId = newId("cst");
  const id = await insertConsent(trx, {
    env_id: env.id,
    public_id: publicId,
    customer_id: terms.customerId,
    consent_link_id: terms.linkId,
    provider: terms.provider,
    scopes: terms.scopes,
    status: terms.provider === null ? "new" : "pending",
    retro_date: terms.retroDate,
    expiry_date: terms.expiryDate,
    return_url: terms.returnUrl,
    metadata: JSON.stringify(terms.metadata),
    ...newCode(env.dataKey, "consents", publicId),
    created_at: at,
    updated_at: at,
  });
  const consent = await findConsent(trx, env.id, id);
  if (!consent) throw new Error(`${publicId} was made and is gone.`);
  const lanes = await recordConsentEvent(trx, env, consent, "consent.created", at);
  await auditConsent(trx, consent, "create", act, { provider: terms.provider });
  return { consent, lanes };
}
