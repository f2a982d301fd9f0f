/** Grants as they are stored: one JSON, encrypted with the environment's data key, at home in one row. */
import { z } from "zod";
import { openText, sealText, type Place, type SealKey } from "../platform/crypto.ts";
import type { Grant } from "./providers/provider.ts";

export const consentTokensPlace = (consentId: string): Place => ({
  table: "consents",
  column: "tokens",
  row: consentId,
});

export const sealGrant = (key: SealKey, grant: Grant, place: Place): Buffer =>
  sealText(key, writeGrant(grant), place);

/** Throws SealError where it was sealed elsewhere or otherwise. */
export const openGrant = (key: SealKey, sealed: Uint8Array, place: Place): Grant =>
  readGrant(openText(key, sealed, place));

/** In the clear: for whoever seals it at once. */
export function writeGrant({ accessToken, refreshToken, ...grant }: Grant): string {
  return JSON.stringify({
    accessToken,
    expiresAt: grant.expiresAt.toString(),
    refreshToken,
    refreshExpiresAt: grant.refreshExpiresAt?.toString() ?? null,
  });
}

const instant = z.string().transform((text) => Temporal.Instant.from(text));
const stored = z.object({
  accessToken: z.string(),
  expiresAt: instant,
  refreshToken: z.string().nullable(),
  refreshExpiresAt: instant.nullable(),
});

/** Throws where it is no grant that was written. */
export const readGrant = (text: string): Grant => stored.parse(JSON.parse(text));
