/** A consent as the wire shows it (reference §3.2), and a consent link (§3.3): in answers and in events. */
import { seconds } from "../../events/envelope.ts";
import type { ConsentLink } from "../../store/consent-links.ts";
import type { Consent } from "../../store/consents.ts";

const timeOrNull = (instant: Temporal.Instant | null) => (instant === null ? null : seconds(instant));

/**
 * @param pageUrl the hosted page's address. Null in events: whoever holds it can connect a bank in the customer's
 *   name, so it is not stored in the clear with an event's body; `redirect` may be null by the contract.
 */
export function consentObject(consent: Consent, pageUrl: string | null) {
  const isVendor = consent.owner_kind === "vendor";
  return {
    id: consent.public_id,
    object: "consent" as const,
    created_at: seconds(consent.created_at),
    updated_at: seconds(consent.updated_at),
    authed_at: timeOrNull(consent.authed_at),
    renewed_at: timeOrNull(consent.renewed_at),
    /** Ours: by when the customer has to confirm again. */
    reconfirm_by: consent.reconfirm_by?.toString() ?? null,
    provider: consent.provider,
    customer: isVendor ? null : consent.owner_id,
    vendor: isVendor ? consent.owner_id : null,
    consent_link: consent.link_id,
    failure_code: consent.failure_code,
    failure_message: consent.failure_message,
    expiry_date: consent.expiry_date.toString(),
    retro_date: consent.retro_date?.toString() ?? null,
    scopes: consent.scopes,
    status: consent.status,
    redirect: pageUrl === null ? null : { return_url: consent.return_url, consent_url: pageUrl },
    metadata: consent.metadata,
  };
}

export type ConsentObject = ReturnType<typeof consentObject>;

export function consentLinkObject(link: ConsentLink, pageUrl: string) {
  const isVendor = link.owner_kind === "vendor";
  return {
    id: link.public_id,
    object: "consent_link" as const,
    created_at: seconds(link.created_at),
    updated_at: seconds(link.updated_at),
    customer: isVendor ? null : link.owner_id,
    vendor: isVendor ? link.owner_id : null,
    type: link.type,
    scopes: link.scopes,
    expiry_days: link.expiry_days,
    retro_days: link.retro_days,
    expires_at: seconds(link.expires_at),
    redirect: { return_url: link.return_url, consent_url: pageUrl },
    status: link.status,
    metadata: link.metadata,
  };
}
