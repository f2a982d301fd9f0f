/** Tokens: opaque, kept as hashes, ended together with the authorisation that they came of. */
import { hashOf, newSecret, type Bank } from "../bank.ts";
import type { Consent, Token } from "../types.ts";

export const ACCESS_SECONDS = 900;
/** The standard lets a refresh token live as long as the consent; without an end of its own, 180 days. */
const REFRESH_MS = 180 * 86_400_000;

export interface Granted {
  consent: Consent;
  grantId: string;
  scope: string;
}

/** An access token by client credentials, for consents and payments, bound to no customer. */
export function issueOwnToken(bank: Bank, clientId: string, scope: string): string {
  return issue(bank, { kind: "access", clientId, scope, consentId: null, grantId: null }, inAccessTime(bank));
}

/** An access token of one customer's consent. It never outlives the consent. */
export function issueAccessToken(bank: Bank, { consent, grantId, scope }: Granted): string {
  const expires = Math.min(inAccessTime(bank), endOf(consent));
  return issue(
    bank,
    { kind: "access", clientId: consent.clientId, scope, consentId: consent.id, grantId },
    expires,
  );
}

export function issueRefreshToken(bank: Bank, granted: Granted): { token: string; expires: number } {
  const { consent, grantId, scope } = granted;
  const expires = Math.min(bank.now() + REFRESH_MS, endOf(consent));
  const of = { kind: "refresh" as const, clientId: consent.clientId, scope, consentId: consent.id, grantId };
  return { token: issue(bank, of, expires), expires };
}

/** Null where it is unknown or over. */
export function findToken(bank: Bank, kind: Token["kind"], token: string): Token | null {
  const found = bank.tokens.get(hashOf(token));
  return found?.kind === kind && found.expires > bank.now() ? found : null;
}

/** Ends every token of a consent; of one authorisation only where it is named. */
export function endTokens(bank: Bank, consentId: string, grantId?: string): void {
  for (const token of bank.tokens.values()) {
    if (token.consentId !== consentId || (grantId !== undefined && token.grantId !== grantId)) continue;
    bank.tokens.delete(token.hash);
  }
}

/** Called now and then, so that memory does not grow with what is over. */
export function forgetOldTokens(bank: Bank): void {
  for (const token of bank.tokens.values()) if (token.expires <= bank.now()) bank.tokens.delete(token.hash);
  for (const code of bank.codes.values())
    if (code.expires + REFRESH_MS <= bank.now()) bank.codes.delete(code.hash);
}

const inAccessTime = (bank: Bank): number => bank.now() + ACCESS_SECONDS * 1000;

const endOf = (consent: Consent): number =>
  consent.kind === "accounts" && consent.expires !== null ? consent.expires : Infinity;

function issue(bank: Bank, token: Omit<Token, "hash" | "expires">, expires: number): string {
  const secret = newSecret();
  const hash = hashOf(secret);
  bank.tokens.set(hash, { ...token, hash, expires });
  return secret;
}
