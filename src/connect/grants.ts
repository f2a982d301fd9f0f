/** Grants as they are stored: one JSON, encrypted with the environment's data key, at home in one row. */
import { openText, sealText, type Place, type SealKey } from "../platform/crypto.ts";
import type { Grant } from "./providers/provider.ts";

export const consentTokensPlace = (consentId: string): Place => ({
  table: "consents",
  column: "tokens",
  row: consentId,
});

export function sealGrant(key: SealKey, grant: Grant, place: Place): Buffer {
  const { accessToken, refreshToken } = grant;
  const stored = {
    accessToken,
    expiresAt: grant.expiresAt.toString(),
    refreshToken,
    refreshExpiresAt: grant.refreshExpiresAt?.toString() ?? null,
  };
  return sealText(key, JSON.stringify(stored), place);
}

/** Throws SealError where it was sealed elsewhere or otherwise. */
export function openGrant(key: SealKey, sealed: Uint8Array, place: Place): Grant {
  const stored = JSON.parse(openText(key, sealed, place)) as Record<string, string | null>;
  const { accessToken, expiresAt, refreshToken = null, refreshExpiresAt = null } = stored;
  if (typeof accessToken !== "string" || typeof expiresAt !== "string")
    throw new Error("Not a stored grant.");
  return {
    accessToken,
    expiresAt: Temporal.Instant.from(expiresAt),
    refreshToken,
    refreshExpiresAt: refreshExpiresAt === null ? null : Temporal.Instant.from(refreshExpiresAt),
  };
}
