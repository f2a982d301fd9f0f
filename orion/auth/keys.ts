/** Signatures of clients, checked against the public keys that they registered. */
import { createLocalJWKSet, jwtVerify, type JWTPayload, type JWTVerifyOptions } from "jose";
import type { Bank } from "../bank.ts";
import type { Client } from "../types.ts";

const LEEWAY_S = 30;

/** PS256 alone. Throws jose's errors. */
export async function verifyOfClient(
  bank: Bank,
  client: Client,
  jwt: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(jwt, createLocalJWKSet(client.jwks), {
    algorithms: ["PS256"],
    clockTolerance: LEEWAY_S,
    currentDate: realDate(bank),
    ...options,
  });
  return payload;
}

/** For jose, which knows no Temporal. */
export const realDate = (bank: Bank): Date => new Date(bank.realNow());
