/**
 * A grant that holds, for whoever asks a bank in a consent's name. One refresher at a time: a bank that rotates
 * refresh tokens takes the second of two that used the same one for a thief, and ends the grant. What comes back is
 * committed before it is used.
 */
import { sql } from "kysely";
import { findConsent, type Consent } from "../../store/consents.ts";
import { storeTokens } from "../../store/bank-syncs.ts";
import type { Environment } from "../../store/environments.ts";
import { inTransaction } from "../../store/transaction.ts";
import type { Connect } from "../context.ts";
import { consentTokensPlace, openGrant, sealGrant } from "../grants.ts";
import type { Fault, Grant, Outcome, Provider } from "../providers/provider.ts";

export interface Access {
  /** A grant that should hold; refreshed where it has run out, or is the one that the bank refused. */
  grant(refused?: Grant): Promise<Outcome<Grant>>;
  /** Asks; once more with a new grant where the bank refuses the one that there was. */
  ask<T>(call: (grant: Grant) => Promise<Outcome<T>>): Promise<Outcome<T>>;
}

/** So that what is asked now is answered before it runs out. */
const MARGIN = { seconds: 30 };

const ended: Fault = {
  ok: false,
  fault: "grant_ended",
  message: "The bank's grant does not hold any more.",
  code: null,
  retryAfterS: null,
};

/** @param consentId the consent's key */
export function accessOf(connect: Connect, env: Environment, provider: Provider, consentId: bigint): Access {
  const usable = (held: Grant, refused: Grant | undefined) =>
    held.accessToken !== refused?.accessToken &&
    Temporal.Instant.compare(held.expiresAt, connect.clock().add(MARGIN)) > 0;

  const stored = async (db: Connect["db"]): Promise<{ consent: Consent; held: Grant } | null> => {
    const consent = await findConsent(db, env.id, consentId);
    if (!consent?.tokens) return null;
    return { consent, held: openGrant(env.dataKey, consent.tokens, consentTokensPlace(consent.public_id)) };
  };

  const grant = async (refused?: Grant): Promise<Outcome<Grant>> => {
    const before = await stored(connect.db);
    if (!before) return ended;
    if (usable(before.held, refused)) return { ok: true, value: before.held };
    return inTransaction(connect.db, async ({ trx }) => {
      // No lock of the consent's row: whoever revokes it does not wait for the bank.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`grant:${env.id}:${consentId}`}, 0))`.execute(
        trx,
      );
      const now = await stored(trx);
      if (!now) return ended;
      if (usable(now.held, refused)) return { ok: true, value: now.held };
      if (now.held.refreshToken === null) return ended;
      const fresh = await provider.refresh(now.held);
      if (!fresh.ok) return fresh;
      const tokens = sealGrant(env.dataKey, fresh.value, consentTokensPlace(now.consent.public_id));
      return (await storeTokens(trx, now.consent, tokens)) ? fresh : ended;
    });
  };

  return {
    grant,
    async ask(call) {
      const first = await grant();
      if (!first.ok) return first;
      const answer = await call(first.value);
      if (answer.ok || answer.fault !== "grant_ended") return answer;
      const second = await grant(first.value);
      return second.ok ? call(second.value) : second;
    },
  };
}
