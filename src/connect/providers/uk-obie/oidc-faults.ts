/** What went wrong at sign-in, by the names of `provider.ts`. Never the bank's own words: they may hold personal data. */
import * as oidc from "openid-client";
import type { Callback, Fault } from "../provider.ts";
import { BankUnreachable, fault } from "./http.ts";

/** RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6: the customer may come again. */
const BUSY = new Set(["server_error", "temporarily_unavailable"]);
/** No code of the standards says it; banks write it in words. */
const CREDENTIALS =
  /\b(wrong|incorrect|invalid)\b.*\b(log-?ins?|user ?names?|passwords?|credentials|codes?)\b/i;

/** The browser came back with an error. */
export function callbackFault(callback: Callback): Fault {
  const { error = "", error_description: words = "" } = callback;
  const code = codeOf(error);
  if (BUSY.has(error)) return fault("unavailable", "The bank cannot sign customers in now.", { code });
  if (error !== "access_denied") return fault("refused", "The bank refuses the sign-in.", { code });
  if (CREDENTIALS.test(words)) return fault("wrong_credentials", "The sign-in at the bank failed.", { code });
  return fault("access_denied", "The customer, or the bank, said no.", { code });
}

/** Throws what is no fault of the bank. @param during a refused refresh ends the grant; a refused code only this sign-in */
export function oidcFault(error: unknown, during: "sign_in" | "refresh" | "own"): Fault {
  const unreachable = causeOf(error, BankUnreachable);
  if (unreachable) return unreachable.fault;
  if (error instanceof oidc.ResponseBodyError) {
    const code = codeOf(error.error);
    if (error.error === "invalid_grant" && during === "refresh")
      return fault("grant_ended", "The bank does not renew the grant.", { code });
    // A certificate that ran out, say: what we wanted the token for was not even asked, and is still to be done.
    if (during === "own") return fault("unavailable", "The bank gives us no token of our own.", { code });
    return fault("refused", "The bank refuses the token request.", { code });
  }
  if (error instanceof oidc.AuthorizationResponseError) {
    return fault("refused", "The bank refuses the sign-in.", { code: codeOf(error.error) });
  }
  if (!(error instanceof oidc.ClientError)) throw error;
  const code = error.code ?? null;
  return fault("invalid_answer", "The bank's sign-in answer breaks the standard.", { code });
}

/** Registered error codes are of these letters; anything else is not repeated. */
const codeOf = (text: string): string | null => (/^[a-z_]{1,60}$/.test(text) ? text : null);

function causeOf<T extends Error>(error: unknown, type: new (...args: never[]) => T): T | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof type) return at;
  return null;
}
