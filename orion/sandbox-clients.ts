/** Clients of the bank: registered by whoever is on this machine, with public keys alone. */
import { z } from "zod";
import type { Bank } from "./bank.ts";
import type { Client } from "./types.ts";

/** 2048 bits in base64url. */
const LEAST_MODULUS = 342;

const publicKey = z.object({
  kty: z.literal("RSA"),
  n: z.string().min(LEAST_MODULUS),
  e: z.string().min(1),
  kid: z.string().min(1).max(100),
  // A private key has no business here.
  d: z.undefined().optional(),
});

export const clientRequest = z.strictObject({
  client_id: z.string().regex(/^[\w.-]{3,64}$/),
  jwks: z.strictObject({ keys: z.array(publicKey).min(1).max(10) }),
  redirect_uris: z.array(z.url()).min(1).max(20),
  event_notification_url: z.url().nullable().optional(),
  jws: z.strictObject({ iss: z.string().min(1), tan: z.string().min(1) }).optional(),
});

export type ClientRegistration = z.infer<typeof clientRequest>;

/** A known client gets the new keys and addresses; its consents stay. */
export function registerClient(bank: Bank, registration: ClientRegistration): Client {
  const { client_id, jwks, redirect_uris, event_notification_url, jws } = registration;
  const client: Client = {
    client_id,
    jwks: { keys: jwks.keys.map(({ kty, n, e, kid }) => ({ kty, n, e, kid, alg: "PS256", use: "sig" })) },
    redirect_uris,
    event_notification_url: event_notification_url ?? null,
    jws: jws ?? { iss: client_id, tan: "openbanking.org.uk" },
  };
  bank.clients.set(client_id, client);
  return client;
}
