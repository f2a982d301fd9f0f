/** The customer's yes and no: the only places where a consent becomes Authorised or Rejected. */
import { hashOf, newId, newSecret, type Bank } from "../bank.ts";
import type { AuthRequest, Consent } from "../types.ts";
import { endTokens } from "./grants.ts";
import { signIdToken } from "./id-token.ts";

/** A code is exchanged at once or never. */
const CODE_MS = 120_000;

export interface Choice {
  request: AuthRequest;
  username: string;
  /** At least one; of a payment the one to pay from. */
  accountIds: string[];
}

/** Answers what goes back to the client. Earlier tokens of the consent end: access was authorised anew. */
export async function authorise(bank: Bank, choice: Choice): Promise<Record<string, string>> {
  const { request, username, accountIds } = choice;
  const consent = bank.consents.get(request.consentId);
  if (!consent || !isOpen(consent)) {
    return { error: "access_denied", error_description: "The consent cannot be authorised any more." };
  }
  const updated = bank.now();
  if (consent.kind === "accounts") {
    bank.consents.set(consent.id, { ...consent, status: "Authorised", updated, username, accountIds });
  } else {
    const [accountId = null] = accountIds;
    bank.consents.set(consent.id, { ...consent, status: "Authorised", updated, username, accountId });
  }
  endTokens(bank, consent.id);
  const code = newSecret();
  const authenticated = bank.realNow();
  const grantId = newId("grant");
  const hash = hashOf(code);
  bank.codes.set(hash, {
    hash,
    request,
    username,
    grantId,
    authenticated,
    expires: updated + CODE_MS,
    used: false,
  });
  if (request.responseType === "code") return { code };
  return { code, id_token: await signIdToken(bank, { request, username, authenticated }, { code }) };
}

/** An authorised consent that is merely not renewed stays authorised. */
export function reject(bank: Bank, consentId: string): void {
  const consent = bank.consents.get(consentId);
  if (consent?.status !== "AwaitingAuthorisation") return;
  bank.consents.set(consentId, { ...consent, status: "Rejected", updated: bank.now() });
}

const isOpen = (consent: Consent): boolean =>
  consent.status === "AwaitingAuthorisation" ||
  (consent.kind === "accounts" && consent.status === "Authorised");
