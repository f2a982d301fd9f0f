/**
 * The way back from a hosted page to the client (reference §3.2): its own query as it is, and ours added.
 *
 *     fx_consent=cst_…  consent_id=cst_…  [error=access_denied]  fx_timestamp=<seconds>  fx_signature=<hex>
 *
 * The signature is HMAC-SHA256 over `<fx_timestamp>.<fx_consent>` with the app's redirect secret, in lower-case hex; the
 * algorithm is ours, the sources know only the names. `docs/open-banking.md` tells integrators.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { openText, sealText } from "../platform/crypto.ts";
import type { Environment } from "../store/environments.ts";
import { findRedirectSecret, keepRedirectSecret } from "../store/openbanking-settings.ts";
import type { Schema } from "../store/schema.ts";

export interface Back {
  returnUrl: string;
  /** Which parameter names it: `fx_consent`, `fx_payment`, `fx_batch_payment`. */
  name: "fx_consent" | "fx_payment" | "fx_batch_payment";
  id: string;
  /** Why nothing came of it; null where something did. */
  error: string | null;
}

const NAMES = new Set([
  "fx_consent",
  "consent_id",
  "fx_payment",
  "fx_batch_payment",
  "fx_timestamp",
  "fx_signature",
  // One of the client's own would make a yes look like a no, or stand before ours.
  "error",
]);

/** Pure. Whatever the client's own query held under our names is replaced; the rest is kept byte by byte. */
export function signedReturnUrl(back: Back, secret: string, now: Temporal.Instant): string {
  const timestamp = String(Math.floor(now.epochMilliseconds / 1000));
  const added = new URLSearchParams({
    [back.name]: back.id,
    ...(back.name === "fx_consent" ? { consent_id: back.id } : {}),
    ...(back.error === null ? {} : { error: back.error }),
    fx_timestamp: timestamp,
    fx_signature: createHmac("sha256", secret).update(`${timestamp}.${back.id}`).digest("hex"),
  });
  return withQuery(back.returnUrl, added);
}

/** For a consent link that was not followed: there is no consent to name, and nothing to sign. Pure. */
export const refusedReturnUrl = (returnUrl: string): string =>
  withQuery(returnUrl, new URLSearchParams({ error: "access_denied" }));

function withQuery(returnUrl: string, added: URLSearchParams): string {
  const url = new URL(returnUrl);
  const own = url.search.slice(1).split("&");
  const kept = own.filter((pair) => pair !== "" && !NAMES.has(nameOf(pair)));
  url.search = [...kept, added.toString()].join("&");
  return url.href;
}

function nameOf(pair: string): string {
  const [name = ""] = pair.split("=", 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const placeOf = (env: Environment) => ({
  table: "openbanking_settings",
  column: "redirect_secret",
  row: env.publicId,
});

const newSecret = () => `rs_${randomBytes(32).toString("base64url")}`;

/** The environment's; made at its first use. */
export async function redirectSecret(db: Kysely<Schema>, env: Environment): Promise<string> {
  const sealed =
    (await findRedirectSecret(db, env.id)) ??
    (await keepRedirectSecret(
      db,
      env.id,
      sealText(env.dataKey, newSecret(), placeOf(env)),
      "unless there is one",
    ));
  return openText(env.dataKey, sealed, placeOf(env));
}

/** A new one in place of the old, which signs nothing from now on. */
export async function rotateRedirectSecret(trx: Kysely<Schema>, env: Environment): Promise<string> {
  const secret = newSecret();
  await keepRedirectSecret(trx, env.id, sealText(env.dataKey, secret, placeOf(env)), "in any case");
  return secret;
}
