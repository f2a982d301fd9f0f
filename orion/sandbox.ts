/** What a tester may do that no bank's client may: register clients, advance time, revoke, add entries. This machine only. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Bank } from "./bank.ts";
import { readBody, refuse } from "./api/errors.ts";
import type { Client } from "./types.ts";

const clientRequest = z.strictObject({
  client_id: z.string().regex(/^[\w.-]{3,64}$/),
  jwks: z.strictObject({
    keys: z
      .array(
        z.object({
          kty: z.literal("RSA"),
          n: z.string().min(300),
          e: z.string(),
          kid: z.string().min(1).max(100),
          // A private key has no business here.
          d: z.undefined().optional(),
        }),
      )
      .min(1)
      .max(10),
  }),
  redirect_uris: z.array(z.url()).min(1).max(20),
  event_notification_url: z.url().nullable().optional(),
  jws: z.strictObject({ iss: z.string().min(1), tan: z.string().min(1) }).optional(),
});

export type ClientRegistration = z.infer<typeof clientRequest>;

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

export function sandboxRoutes(app: FastifyInstance, bank: Bank): void {
  app.register(async (room) => {
    room.addHook("onRequest", async (request) => checkNear(bank, request));
    room.post("/_sandbox/clients", async (request, reply) => {
      const client = registerClient(bank, readBody(clientRequest, request.body));
      return reply.code(201).send({ ...client, issuer: bank.url });
    });
  });
}

/** Only this machine, and no page of another site in its browser. */
function checkNear(bank: Bank, request: FastifyRequest): void {
  const { origin } = request.headers;
  const near = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(request.ip);
  const foreign = origin !== undefined && origin !== "null" && origin !== bank.url;
  const site = request.headers["sec-fetch-site"];
  if (!near || foreign || site === "cross-site")
    throw refuse(403, "Header.Invalid", "Only from this machine.");
}
