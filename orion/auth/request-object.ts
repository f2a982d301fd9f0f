/** The authorisation request: a signed request object (RFC 9101, PS256) that names the consent as `openbanking_intent_id`. */
import { z } from "zod";
import type { Bank } from "../bank.ts";
import type { AuthRequest, Client, Consent } from "../types.ts";
import { verifyOfClient } from "./keys.ts";

/** There is nobody to send the browser back to: a page for people. */
export class NowhereToReturn extends Error {
  override name = "NowhereToReturn";
}

/** Answered to the client through the browser. */
export class RefusedRequest extends Error {
  override name = "RefusedRequest";
  readonly code: string;
  readonly way: ReturnWay;
  constructor(code: string, message: string, way: ReturnWay) {
    super(message);
    this.code = code;
    this.way = way;
  }
}

/** How and where the browser goes back. */
export type ReturnWay = Pick<AuthRequest, "redirectUri" | "responseType" | "state">;

const LONGEST_MS = 60 * 60_000;

const intent = z.object({ openbanking_intent_id: z.object({ value: z.string().min(1) }) });

const claimsSchema = z.object({
  response_type: z.enum(["code", "code id_token"]),
  redirect_uri: z.string(),
  scope: z.string(),
  state: z.string().min(1).max(1000).optional(),
  nonce: z.string().min(1).max(1000).optional(),
  code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  code_challenge_method: z.literal("S256"),
  exp: z.number(),
  claims: z.object({ id_token: intent.optional(), userinfo: intent.optional() }),
});

type Query = Readonly<Record<string, unknown>>;

/** Throws NowhereToReturn, or RefusedRequest where the client is known to own the redirect URI. */
export async function readAuthRequest(bank: Bank, query: Query): Promise<AuthRequest> {
  const { client, claims } = await verified(bank, query);
  const way = returnWay(client, claims);
  const refuse = (code: string, message: string) => new RefusedRequest(code, message, way);
  const read = claimsSchema.safeParse(claims);
  if (!read.success) {
    const names = [...new Set(read.error.issues.map(({ path }) => String(path[0])))];
    throw refuse("invalid_request_object", `Missing or wrong in the request object: ${names.join(", ")}.`);
  }
  const { response_type, scope, state, nonce, code_challenge, exp } = read.data;
  if (exp * 1000 > bank.realNow() + LONGEST_MS)
    throw refuse("invalid_request_object", "exp is over an hour away.");
  for (const name of ["response_type", "scope", "redirect_uri", "state", "nonce"] as const) {
    // OIDC Core §6.1: what stands in both places is the same.
    if (query[name] !== undefined && query[name] !== read.data[name])
      throw refuse("invalid_request", `${name} differs from the request object's.`);
  }
  if (response_type.includes("id_token") && nonce === undefined)
    throw refuse("invalid_request", "nonce is missing.");
  const { id_token, userinfo } = read.data.claims;
  const consentId = (id_token ?? userinfo)?.openbanking_intent_id.value;
  const consent = consentId === undefined ? undefined : bank.consents.get(consentId);
  checkConsent(consent, client, scope, refuse);
  return {
    ...way,
    clientId: client.client_id,
    scope,
    nonce: nonce ?? null,
    state: state ?? null,
    codeChallenge: code_challenge,
    consentId: consent.id,
  };
}

async function verified(bank: Bank, query: Query): Promise<{ client: Client; claims: Query }> {
  const { client_id, request } = query;
  const client = typeof client_id === "string" ? bank.clients.get(client_id) : undefined;
  if (!client) throw new NowhereToReturn("The app that sent you is not known to the bank.");
  if (typeof request !== "string") throw new NowhereToReturn("The app sent no signed request.");
  try {
    const claims = await verifyOfClient(bank, client, request, {
      issuer: client.client_id,
      audience: bank.url,
      requiredClaims: ["exp"],
    });
    return { client, claims };
  } catch (cause) {
    throw new NowhereToReturn("The app's request is not signed as it must be, or is too old.", { cause });
  }
}

function returnWay(client: Client, claims: Query): ReturnWay {
  const { redirect_uri, state, response_type } = claims;
  if (typeof redirect_uri !== "string" || !client.redirect_uris.includes(redirect_uri))
    throw new NowhereToReturn("The app named a way back that it has not registered.");
  return {
    redirectUri: redirect_uri,
    state: typeof state === "string" ? state : null,
    responseType: response_type === "code id_token" ? "code id_token" : "code",
  };
}

type Refuse = (code: string, message: string) => RefusedRequest;

/** A payment is authorised once; access to accounts may be authorised again at any time. */
function checkConsent(
  consent: Consent | undefined,
  client: Client,
  scope: string,
  refuse: Refuse,
): asserts consent is Consent {
  if (!consent || consent.clientId !== client.client_id)
    throw refuse("invalid_request", "openbanking_intent_id names no consent of this client.");
  const words = scope.split(" ");
  if (!words.includes("openid") || !words.includes(consent.kind))
    throw refuse("invalid_scope", `The scope must be "openid ${consent.kind}".`);
  const open = ["AwaitingAuthorisation", ...(consent.kind === "accounts" ? ["Authorised"] : [])];
  if (!open.includes(consent.status))
    throw refuse("invalid_request", "The consent cannot be authorised any more.");
}
