/** One call of the Read/Write API: who calls, for which consent, and what every call has in common. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { randomUUID } from "node:crypto";
import type { Bank } from "../bank.ts";
import { findToken } from "../auth/grants.ts";
import type { Client, Consent } from "../types.ts";
import { refuse } from "./errors.ts";

/** `own`: by client credentials; `customer`: bound to a consent that a customer authorised. */
export type Access = "own" | "customer";
export type Scope = "accounts" | "payments";

export interface Resource {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base, such as `/accounts/:accountId`. */
  path: string;
  handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}

const METHODS: HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Every path answers 405 to the methods that it has not. */
export function registerResources(app: FastifyInstance, base: string, resources: readonly Resource[]): void {
  for (const path of new Set(resources.map(({ path }) => path))) {
    const served = resources.filter((resource) => resource.path === path);
    for (const { method, handle } of served) app.route({ method, url: base + path, handler: handle });
    const rest = METHODS.filter((method) => !served.some((resource) => resource.method === method));
    const allow = served.map(({ method }) => method).join(", ");
    app.route({
      method: rest,
      url: base + path,
      handler: async (_request, reply) => {
        reply.header("allow", allow);
        throw refuse(405, "Header.Invalid", `Only ${allow}.`);
      },
    });
  }
}

export interface Caller {
  client: Client;
}

export interface CustomerCaller<C extends Consent = Consent> extends Caller {
  consent: C;
}

/** Throws ObError 401, 403. */
export function ownCaller(bank: Bank, request: FastifyRequest, scope: Scope): Caller {
  const { client, token } = bearer(bank, request);
  if (token.consentId !== null)
    throw refuse(403, "Header.Invalid", "This needs a token by client credentials.");
  if (!token.scope.split(" ").includes(scope))
    throw refuse(403, "Header.Invalid", `The token has not the scope ${scope}.`);
  return { client };
}

/** Throws ObError 401, 403. */
export function customerCaller<S extends Scope>(
  bank: Bank,
  request: FastifyRequest,
  scope: S,
): CustomerCaller<Extract<Consent, { kind: S }>> {
  const { client, token } = bearer(bank, request);
  const consent = bank.consents.get(token.consentId ?? "");
  if (!consent || !isOf(consent, scope))
    throw refuse(403, "Header.Invalid", "This needs a customer's token.");
  return { client, consent };
}

const isOf = <S extends Scope>(consent: Consent, scope: S): consent is Extract<Consent, { kind: S }> =>
  consent.kind === scope;

/** What no one scope is asked for. Throws ObError 401, 403. */
export function ownCallerOfAny(bank: Bank, request: FastifyRequest): Caller {
  const { client, token } = bearer(bank, request);
  if (token.consentId !== null)
    throw refuse(403, "Header.Invalid", "This needs a token by client credentials.");
  return { client };
}

export function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? "")?.[1] ?? null;
}

export function parameter(request: FastifyRequest, name: string): string {
  const { params } = request;
  const value: unknown =
    typeof params === "object" && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === "string" ? value : "";
}

function bearer(bank: Bank, request: FastifyRequest) {
  const token = findToken(bank, "access", bearerOf(request) ?? "");
  const client = token && bank.clients.get(token.clientId);
  if (!token || !client) throw refuse(401, "Header.Invalid", "The access token is missing, unknown or over.");
  return { token, client };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Played back, or drawn where the client sent none. A wrong one is refused by the caller. */
export function interactionId(request: FastifyRequest): { id: string; valid: boolean } {
  const sent = request.headers["x-fapi-interaction-id"];
  if (sent === undefined) return { id: randomUUID(), valid: true };
  return typeof sent === "string" && UUID.test(sent)
    ? { id: sent, valid: true }
    : { id: randomUUID(), valid: false };
}

interface More {
  Risk?: unknown;
  /** What was just made stands below the path that was called. */
  below?: string;
}

export function envelope(
  bank: Bank,
  request: FastifyRequest,
  Data: unknown,
  { Risk, below = "" }: More = {},
) {
  return {
    Data,
    ...(Risk === undefined ? {} : { Risk }),
    Links: { Self: bank.url + request.url + below },
    Meta: { TotalPages: 1 },
  };
}
