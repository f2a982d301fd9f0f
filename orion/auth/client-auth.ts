/** Who calls the token endpoint: `private_key_jwt` (RFC 7523), each assertion good for one call. */
import { decodeJwt } from "jose";
import type { Bank } from "../bank.ts";
import type { Client } from "../types.ts";
import { verifyOfClient } from "./keys.ts";
import { OAuthError } from "./oauth-error.ts";

const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LONGEST_MS = 30 * 60_000;

/** Assertions that were used, until they expire. Forgotten by a restart: they live minutes. */
export type UsedAssertions = Map<string, number>;

/** Throws OAuthError `invalid_client`. */
export async function authenticateClient(
  bank: Bank,
  used: UsedAssertions,
  form: URLSearchParams,
): Promise<Client> {
  const assertion = form.get("client_assertion");
  if (form.get("client_assertion_type") !== TYPE || assertion === null) {
    throw new OAuthError("invalid_client", "A client assertion (private_key_jwt) is needed.");
  }
  const client = bank.clients.get(issuerOf(assertion));
  if (!client) throw new OAuthError("invalid_client", "The client is not known.");
  if ((form.get("client_id") ?? client.client_id) !== client.client_id) {
    throw new OAuthError("invalid_client", "client_id is not the assertion's.");
  }
  const { jti, exp = 0 } = await verifyOfClient(bank, client, assertion, {
    issuer: client.client_id,
    subject: client.client_id,
    audience: [bank.url, `${bank.url}/token`],
    requiredClaims: ["exp", "jti"],
  }).catch((cause: unknown) => {
    throw new OAuthError("invalid_client", "The client assertion does not verify.", { cause });
  });
  const now = bank.realNow();
  if (exp * 1000 > now + LONGEST_MS) throw new OAuthError("invalid_client", "The assertion lives too long.");
  useOnce(used, `${client.client_id} ${jti}`, exp * 1000, now);
  return client;
}

function issuerOf(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? "";
  } catch (cause) {
    throw new OAuthError("invalid_client", "The client assertion is no JWT.", { cause });
  }
}

function useOnce(used: UsedAssertions, id: string, expires: number, now: number): void {
  for (const [old, end] of used) if (end < now) used.delete(old);
  if (used.has(id)) throw new OAuthError("invalid_client", "The client assertion was used before.");
  used.set(id, expires);
}
