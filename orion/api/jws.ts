/** Detached signatures of payments: over the bytes that came, with the standard's three header members. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { CompactSign, createLocalJWKSet, decodeProtectedHeader, flattenedVerify } from "jose";
import type { Bank } from "../bank.ts";
import type { Client } from "../types.ts";
import { refuse } from "./errors.ts";

const IAT = "http://openbanking.org.uk/iat";
const ISS = "http://openbanking.org.uk/iss";
const TAN = "http://openbanking.org.uk/tan";
const MEMBERS = [IAT, ISS, TAN];
const CRIT = Object.fromEntries(MEMBERS.map((name) => [name, true]));
const LEEWAY_S = 60;

/** Throws ObError 400. */
export async function checkSignature(bank: Bank, client: Client, request: FastifyRequest): Promise<void> {
  const header = request.headers["x-jws-signature"];
  if (typeof header !== "string")
    throw refuse(400, "Signature.Missing", "x-jws-signature is missing.", "x-jws-signature");
  const [protectedHeader, payload, signature] = header.split(".");
  if (!protectedHeader || payload !== "" || !signature) throw malformed("It is no detached JWS.");
  checkHeader(bank, client, headerOf(header));
  const jws = { protected: protectedHeader, payload: request.raw_body.toString("base64url"), signature };
  await flattenedVerify(jws, createLocalJWKSet(client.jwks), { algorithms: ["PS256"], crit: CRIT }).catch(
    () => {
      throw refuse(
        400,
        "Signature.Invalid",
        "The signature does not verify over this body.",
        "x-jws-signature",
      );
    },
  );
}

function headerOf(jws: string): Readonly<Record<string, unknown>> {
  try {
    return { ...decodeProtectedHeader(jws) };
  } catch {
    throw malformed("Its header cannot be read.");
  }
}

function checkHeader(bank: Bank, client: Client, header: Readonly<Record<string, unknown>>): void {
  const { alg, kid, typ, cty, crit } = header;
  const claim = (name: string, message: string) => refuse(400, "Signature.InvalidClaim", message, name);
  if (alg !== "PS256") throw claim("alg", "alg must be PS256.");
  if (!client.jwks.keys.some((key) => key.kid === kid)) throw claim("kid", "kid names no key of the client.");
  if (typ !== undefined && typ !== "JOSE") throw claim("typ", "typ must be JOSE.");
  if (cty !== undefined && cty !== "json" && cty !== "application/json")
    throw claim("cty", "cty must be json.");
  const named = Array.isArray(crit) ? crit.map(String).toSorted() : [];
  if (named.join() !== MEMBERS.toSorted().join()) throw claim("crit", "crit must name iat, iss and tan.");
  const iat = header[IAT];
  if (typeof iat !== "number" || iat * 1000 > bank.realNow() + LEEWAY_S * 1000)
    throw claim(IAT, "iat must be a time that has been.");
  if (header[ISS] !== client.jws.iss) throw claim(ISS, "iss is not what the client registered.");
  if (header[TAN] !== client.jws.tan) throw claim(TAN, "tan is not what the client registered.");
}

const malformed = (message: string) => refuse(400, "Signature.Malformed", message, "x-jws-signature");

/** Answers about payments are signed too. */
export function signAnswers(app: FastifyInstance, bank: Bank, base: string): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (!request.url.startsWith(base) || typeof payload !== "string" || payload === "") return;
    reply.header("x-jws-signature", await detached(bank, payload));
  });
}

async function detached(bank: Bank, payload: string): Promise<string> {
  const jws = await new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({
      alg: "PS256",
      kid: bank.key.kid,
      typ: "JOSE",
      cty: "application/json",
      [IAT]: Math.floor(bank.realNow() / 1000),
      [ISS]: "orion",
      [TAN]: "openbanking.org.uk",
      crit: MEMBERS,
    })
    .sign(bank.key.privateKey, { crit: CRIT });
  const [header, , signature] = jws.split(".");
  return `${header}..${signature}`;
}
