/** Security event tokens that a bank posts (RFC 8417, event notification profile): verified, and said in our words. */
import { jwtVerify } from "jose";
import { z } from "zod";
import type { Clock } from "../../../platform/clock.ts";
import type { Notification, Outcome } from "../provider.ts";
import type { UkObieBank } from "./bank.ts";
import { fault } from "./http.ts";
import type { Oidc } from "./oidc.ts";

const PREFIX = "urn:uk:org:openbanking:events:";
const SAYS: Readonly<Record<string, Notification["says"]>> = {
  [`${PREFIX}consent-authorization-revoked`]: "consent_revoked",
  [`${PREFIX}account-access-consent-linked-account-update`]: "accounts_changed",
  [`${PREFIX}resource-update`]: "resource_updated",
};
/** A bank repeats for hours; older than this is a replay. */
const MOST_AGE_S = 86_400;
const SKEW_S = 300;

const subject = z.object({
  "http://openbanking.org.uk/rid": z.string().max(200),
  "http://openbanking.org.uk/rty": z.string().max(100),
});
const claims = z.object({
  jti: z.string().min(1).max(200),
  iat: z.number(),
  events: z.record(z.string(), z.object({ subject: subject.optional() }).loose()),
});

/** `aud` is our client id. A token whose events are all unknown to us is a fault `refused`. */
export async function readNotification(
  bank: UkObieBank,
  oidc: Oidc,
  clock: Clock,
  token: string,
): Promise<Outcome<Notification>> {
  const signer = await oidc.signer();
  if (!signer.ok) return signer;
  const { issuer, keys } = signer.value;
  const now = clock();
  const verified = await jwtVerify(token, keys, {
    issuer,
    audience: bank.clientId,
    algorithms: ["PS256"],
    requiredClaims: ["jti", "iat"],
    clockTolerance: SKEW_S,
    // oxlint-disable-next-line no-restricted-globals -- the library's own type for the time
    currentDate: new Date(now.epochMilliseconds),
  }).catch(() => null);
  const read = verified && claims.safeParse(verified.payload);
  if (!read?.success) return fault("invalid_answer", "The notification is not one of the bank's.");
  const { jti, iat, events } = read.data;
  const age = now.epochMilliseconds / 1000 - iat;
  if (age > MOST_AGE_S || age < -SKEW_S) return fault("invalid_answer", "The notification is not of today.");
  for (const [name, event] of Object.entries(events)) {
    const says = SAYS[name];
    if (says) return { ok: true, value: { jti, says, ...idsOf(event.subject) } };
  }
  return fault("refused", "The notification says nothing that concerns us.");
}

type Ids = Pick<Notification, "bankConsentId" | "bankPaymentId" | "bankAccountRef">;

function idsOf(of: z.output<typeof subject> | undefined): Ids {
  const id = of?.["http://openbanking.org.uk/rid"] ?? null;
  const type = of?.["http://openbanking.org.uk/rty"] ?? "";
  const ids: Ids = { bankConsentId: null, bankPaymentId: null, bankAccountRef: null };
  if (type.includes("consent")) return { ...ids, bankConsentId: id };
  if (type.includes("payment")) return { ...ids, bankPaymentId: id };
  return type.includes("account") ? { ...ids, bankAccountRef: id } : ids;
}
