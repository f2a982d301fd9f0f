/** What happens to a consent after it was made. Each change is one transaction under the row's lock. */
import type { Kysely } from "kysely";
import { addJob } from "../../platform/jobs.ts";
import { lockConsentLink, setLinkStatus } from "../../store/consent-links.ts";
import { lockConsent, type Consent, type ConsentChange } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import type { Schema } from "../../store/schema.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import { consentTokensPlace, sealGrant } from "../grants.ts";
import type { Fault, Grant } from "../providers/provider.ts";
import { SYNC_CONSENT_TASK } from "../sync/tasks.ts";
import { reconfirmBy } from "./dates.ts";
import { auditConsent, recordConsentEvent, type Act, type ConsentEvent } from "./record.ts";
import { mayStep, takeStep, type ConsentStep } from "./states.ts";

/** Payload `{ env, provider, bank_consent }`. */
export const REVOKE_AT_BANK_TASK = "revoke_bank_consent";
/** With graphile-worker's back-off (e to the power of the attempt in seconds, from the tenth on 6 hours) about a week. */
const REVOKE_ATTEMPTS = 40;

export interface Changed {
  consent: Consent;
  lanes: readonly Lane[];
}

/** Throws ConnectError `resource_missing`. */
export async function lockKnown(trx: Kysely<Schema>, envId: number, id: string | bigint): Promise<Consent> {
  const consent = await lockConsent(trx, envId, id);
  if (!consent) throw new ConnectError("resource_missing", "There is no such consent.");
  return consent;
}

/** Step, event and audit of a consent that the caller has locked. */
async function changeWithEvent(
  trx: Kysely<Schema>,
  env: Environment,
  locked: Consent,
  step: ConsentStep,
  { type, act, change = {} }: { type: ConsentEvent; act: Act; change?: ConsentChange },
): Promise<Changed> {
  const consent = { ...locked, ...(await takeStep(trx, locked, step, act.at, change)) };
  const lanes = await recordConsentEvent(trx, env, consent, type, act.at);
  await auditConsent(trx, consent, step, act, { from: locked.status, to: consent.status });
  return { consent, lanes };
}

/**
 * The bank gave access: tokens are sealed, the first sync is asked for, a `single` link is used up. Two banks may have been
 * gone to with one link: the first yes counts, and any other consent of it is canceled instead.
 */
export async function authorizeConsent(
  trx: Kysely<Schema>,
  env: Environment,
  locked: Consent,
  { provider, bankConsentId, grant }: { provider: string; bankConsentId: string; grant: Grant },
  at: Temporal.Instant,
): Promise<Changed> {
  const { consent_link_id: linkId } = locked;
  const link = linkId === null ? null : await lockConsentLink(trx, env.id, linkId);
  if (link?.type === "single" && link.status === "used")
    return cancelConsent(trx, env, locked, { actor: `consent_link:${link.public_id}`, at });
  const changed = await changeWithEvent(trx, env, locked, "authorize", {
    type: "consent.authorized",
    act: { actor: "customer", at },
    change: {
      provider,
      bank_consent_id: bankConsentId,
      tokens: sealGrant(env.dataKey, grant, consentTokensPlace(locked.public_id)),
      authed_at: at,
      reconfirm_by: reconfirmBy(env.timeZone, at),
    },
  });
  await addJob(trx, { task: SYNC_CONSENT_TASK, payload: { env: env.id, consent: locked.public_id } });
  if (link?.type === "single") await setLinkStatus(trx, link, "used", at);
  return changed;
}

/** `failure_code` is the fault's own name: `access_denied` where the customer said no. */
export const refuseConsent = (
  trx: Kysely<Schema>,
  env: Environment,
  locked: Consent,
  { fault, message }: Pick<Fault, "fault" | "message">,
  act: Act,
): Promise<Changed> =>
  changeWithEvent(trx, env, locked, "refuse", {
    type: "consent.failed",
    act,
    change: { failure_code: fault, failure_message: message },
  });

export const expireConsent = (
  trx: Kysely<Schema>,
  env: Environment,
  locked: Consent,
  act: Act,
): Promise<Changed> => changeWithEvent(trx, env, locked, "expire", { type: "consent.expired", act });

/**
 * Canceled, its tokens erased; the bank is told by a job that tries for days, unless it was the bank that ended it.
 * One that is canceled is answered as it is. Throws ConnectError `invalid_state` for failed and expired ones.
 */
export async function cancelConsent(
  trx: Kysely<Schema>,
  env: Environment,
  locked: Consent,
  act: Act,
): Promise<Changed> {
  if (locked.status === "canceled") return { consent: locked, lanes: [] };
  const changed = await changeWithEvent(trx, env, locked, "cancel", { type: "consent.canceled", act });
  const { provider, bank_consent_id: bankConsentId } = locked;
  if (act.actor !== "bank" && provider !== null && bankConsentId !== null)
    await planRevocation(trx, env.id, provider, bankConsentId);
  return changed;
}

export async function planRevocation(
  trx: Kysely<Schema>,
  envId: number,
  provider: string,
  bankConsentId: string,
): Promise<void> {
  await addJob(trx, {
    task: REVOKE_AT_BANK_TASK,
    payload: { env: envId, provider, bank_consent: bankConsentId },
    key: `revoke:${provider}:${bankConsentId}`,
    maxAttempts: REVOKE_ATTEMPTS,
  });
}

/** By id, for whoever has no lock yet: the API, the bank's notice, a refused refresh. Wakes the deliveries. */
export async function revokeConsent(
  connect: Connect,
  env: Environment,
  id: string | bigint,
  actor: string,
): Promise<Consent> {
  const { consent, lanes } = await inTransaction(connect.db, async ({ trx }) =>
    cancelConsent(trx, env, await lockKnown(trx, env.id, id), { actor, at: connect.clock() }),
  );
  connect.wake(lanes);
  return consent;
}

/** The bank's grant does not hold any more: canceled, unless it has ended otherwise meanwhile. */
export async function endByBank(connect: Connect, env: Environment, id: bigint): Promise<void> {
  const lanes = await inTransaction(connect.db, async ({ trx }) => {
    const locked = await lockKnown(trx, env.id, id);
    if (!mayStep(locked.status, "cancel")) return [];
    return (await cancelConsent(trx, env, locked, { actor: "bank", at: connect.clock() })).lanes;
  });
  connect.wake(lanes);
}

export interface Update {
  /** From what is there to what shall be. */
  metadata: (before: Record<string, string>) => Record<string, string>;
  /** The customer confirmed again then. */
  renewedAt: Temporal.Instant | null;
}

/** A clock that is a little fast is no reason to refuse. */
const CLOCK_SKEW = { minutes: 5 };

/** Throws ConnectError `resource_missing`, `invalid_state`, `invalid_parameter`. Records no event (ruling 17). */
export async function updateConsent(
  connect: Connect,
  env: Environment,
  id: string,
  { metadata, renewedAt }: Update,
  actor: string,
): Promise<Consent> {
  return inTransaction(connect.db, async ({ trx }) => {
    const at = connect.clock();
    const locked = await lockKnown(trx, env.id, id);
    const change: ConsentChange = { metadata: JSON.stringify(metadata(locked.metadata)) };
    if (renewedAt === null) {
      const consent = { ...locked, ...(await takeStep(trx, locked, "describe", at, change)) };
      await auditConsent(trx, consent, "update", { actor, at });
      return consent;
    }
    const renewal = { ...change, renewed_at: renewedAt, reconfirm_by: reconfirmBy(env.timeZone, renewedAt) };
    const stepped = await takeStep(trx, locked, "renew", at, renewal);
    checkRenewal(locked, renewedAt, at);
    await auditConsent(trx, locked, "renew", { actor, at }, { renewed_at: renewedAt.toString() });
    return { ...locked, ...stepped };
  });
}

/** After the status, which is the greater fault; the transaction rolls back. */
function checkRenewal(
  { authed_at, renewed_at }: Consent,
  renewedAt: Temporal.Instant,
  now: Temporal.Instant,
): void {
  const earliest = renewed_at ?? authed_at;
  // Clients read whole seconds, and may send them back.
  const floor = { smallestUnit: "second", roundingMode: "floor" } as const;
  const isEarly = earliest !== null && Temporal.Instant.compare(renewedAt, earliest.round(floor)) < 0;
  if (!isEarly && Temporal.Instant.compare(renewedAt, now.add(CLOCK_SKEW)) <= 0) return;
  throw new ConnectError("invalid_parameter", "renewed_at lies between the last confirmation and now.", {
    param: "renewed_at",
  });
}
