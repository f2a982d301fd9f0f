/** A consent's way to the bank, and what becomes of it when the browser is back. */
import { findConsent, lockConsent, type Consent } from "../../store/consents.ts";
import type { Environment } from "../../store/environments.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { ConnectError } from "../errors.ts";
import { pageUrl } from "../hosted-codes.ts";
import type { Outcome } from "../providers/provider.ts";
import { redirectSecret, signedReturnUrl } from "../return-url.ts";
import { beginTrip, type Begun, type Trip, type TripTarget } from "../trips.ts";
import { authorizeConsent, cancelConsent, lockKnown, planRevocation, refuseConsent } from "./change.ts";
import { accountProvider } from "./create.ts";
import { endOfDay, isExpired } from "./dates.ts";
import { mayStep, takeStep } from "./states.ts";
import { checkedScopes } from "./terms.ts";

/**
 * Sends the customer to the bank that they chose, or that the consent names (which preselects one, no more). Faults are
 * the bank's, and the consent waits on. Throws ConnectError `invalid_state` where it does not wait, `missing_parameter`
 * and `invalid_parameter` where there is no such bank.
 */
export async function beginConsent(
  connect: Connect,
  env: Environment,
  consentId: bigint,
  { provider: chosen, browser }: { provider: string | null; browser: string | null },
): Promise<Outcome<Begun>> {
  const consent = await inTransaction(connect.db, async ({ trx }) => {
    const locked = await lockKnown(trx, env.id, consentId);
    const id = chosen ?? locked.provider;
    if (id === null) throw new ConnectError("missing_parameter", "Choose a bank.", { param: "provider" });
    accountProvider(connect, id);
    const at = connect.clock();
    if (isExpired(locked, env.timeZone, at)) throw new ConnectError("invalid_state", "Its end has passed.");
    // Touched: the seven days begin anew.
    return { ...locked, ...(await takeStep(trx, locked, "choose", at, { provider: id })) };
  });
  const provider = accountProvider(connect, consent.provider ?? "");
  const start = { target: { kind: "consent", id: consentId }, role: "ais", provider, browser } as const;
  return beginTrip(connect, env, start, () =>
    (provider.ais ?? neverWithoutAis()).createConsent({
      scopes: checkedScopes(consent.scopes),
      expiresAt: endOfDay(consent.expiry_date, env.timeZone),
      transactionsFrom: consent.retro_date?.toZonedDateTime(env.timeZone).toInstant() ?? null,
    }),
  );
}

function neverWithoutAis(): never {
  throw new Error("accountProvider answers providers of accounts only.");
}

/** The customer said no on our own page, before any bank was asked. */
export async function declineConsent(
  connect: Connect,
  env: Environment,
  consentId: bigint,
): Promise<Consent> {
  const { consent, lanes } = await inTransaction(connect.db, async ({ trx }) => {
    const locked = await lockKnown(trx, env.id, consentId);
    if (!mayStep(locked.status, "refuse")) return { consent: locked, lanes: [] };
    const fault = { fault: "access_denied", message: "The customer did not give permission." } as const;
    return refuseConsent(trx, env, locked, fault, { actor: "customer", at: connect.clock() });
  });
  connect.wake(lanes);
  return consent;
}

/** What `return_url` gets as `error`; null where the consent holds. */
const errorOf = ({ status, failure_code }: Consent): string | null => {
  if (status === "authorized") return null;
  return status === "failed" && failure_code !== "access_denied" ? "server_error" : "access_denied";
};

/** Back to the client, or where it named no address, to our own page, which says how it ended. */
export async function consentLanding(connect: Connect, env: Environment, consent: Consent): Promise<string> {
  const { return_url: returnUrl, public_id: id } = consent;
  if (returnUrl === null) return pageUrl(connect, env.dataKey, "consents", consent);
  const secret = await redirectSecret(connect.db, env);
  return signedReturnUrl(
    { returnUrl, name: "fx_consent", id, error: errorOf(consent) },
    secret,
    connect.clock(),
  );
}

async function known(connect: Connect, { envId, targetId }: Trip): Promise<Consent> {
  const consent = await findConsent(connect.db, envId, targetId);
  if (!consent) throw new Error("A trip's consent is gone.");
  return consent;
}

export const consentTrip: TripTarget = {
  role: "ais",
  async isWaiting(connect, trip) {
    return mayStep((await known(connect, trip)).status, "authorize");
  },
  async granted({ env, trx, at }, trip, grant) {
    const locked = await lockKnown(trx, env.id, trip.targetId);
    // Revoked, or authorized by another tab, while this one was at the bank.
    if (!mayStep(locked.status, "authorize")) return [];
    const { provider, bankConsentId } = trip;
    if (isExpired(locked, env.timeZone, at))
      return (await cancelConsent(trx, env, locked, { actor: "job:expire_consents", at })).lanes;
    return (await authorizeConsent(trx, env, locked, { provider, bankConsentId, grant }, at)).lanes;
  },
  async refused({ env, trx, at }, trip, fault) {
    const locked = await lockKnown(trx, env.id, trip.targetId);
    if (!mayStep(locked.status, "refuse")) return [];
    return (await refuseConsent(trx, env, locked, fault, { actor: "customer", at })).lanes;
  },
  async landing(connect, env, trip) {
    return consentLanding(connect, env, await known(connect, trip));
  },
  async startPage(connect, env, trip) {
    return pageUrl(connect, env.dataKey, "consents", await known(connect, trip));
  },
  async release(connect, env, trip) {
    await inTransaction(connect.db, async ({ trx }) => {
      const consent = await lockConsent(trx, env.id, trip.targetId);
      if (consent?.bank_consent_id === trip.bankConsentId) return;
      await planRevocation(trx, env.id, trip.provider, trip.bankConsentId);
    });
  },
};
