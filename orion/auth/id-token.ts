/** Who authorised what: PS256, with the consent as `openbanking_intent_id` and the hashes that bind it to code and state. */
import { createHash } from "node:crypto";
import { SignJWT } from "jose";
import { hashOf, type Bank } from "../bank.ts";
import type { AuthRequest } from "../types.ts";

const LIFE_S = 600;

export interface Subject {
  request: AuthRequest;
  username: string;
  /** Real time. */
  authenticated: number;
}

export interface Bound {
  code?: string;
  accessToken?: string;
  /** Bank's time. */
  refreshExpires?: number;
}

export async function signIdToken(
  bank: Bank,
  { request, username, authenticated }: Subject,
  bound: Bound,
): Promise<string> {
  const now = Math.floor(bank.realNow() / 1000);
  const { code, accessToken, refreshExpires } = bound;
  return (
    new SignJWT({
      ...(request.nonce === null ? {} : { nonce: request.nonce }),
      openbanking_intent_id: request.consentId,
      acr: "urn:openbanking:psd2:sca",
      auth_time: Math.floor(authenticated / 1000),
      ...(code === undefined ? {} : { c_hash: half(code) }),
      ...(code === undefined || request.state === null ? {} : { s_hash: half(request.state) }),
      ...(accessToken === undefined ? {} : { at_hash: half(accessToken) }),
      ...(refreshExpires === undefined || !Number.isFinite(refreshExpires)
        ? {}
        : { "http://openbanking.org.uk/refresh_token_expires_at": Math.floor(refreshExpires / 1000) }),
    })
      .setProtectedHeader({ alg: "PS256", kid: bank.key.kid, typ: "JWT" })
      .setIssuer(bank.url)
      .setAudience(request.clientId)
      // Another client sees another subject.
      .setSubject(hashOf(`${request.clientId} ${username}`))
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_S)
      .sign(bank.key.privateKey)
  );
}

/** OIDC Core §3.3.2.11: the left half of the hash. */
const half = (text: string): string =>
  createHash("sha256").update(text, "ascii").digest().subarray(0, 16).toString("base64url");
