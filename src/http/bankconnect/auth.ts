/**
 * Who is calling. The client key (`x-api-key`) is looked up by its SHA-256, the server hash compared in constant
 * time. What goes out when that fails differs by path (reference §1, shapes A to D).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { header, isServerHash, RATE_LIMITS, type Caller, type Keyring, type RateLimits } from "../keyring.ts";
import { Refusal, type ErrorCode } from "./errors.ts";

export interface Access {
  /** For `onRequest`: refuses with `denied` unless the headers carry what `needs` says. */
  require(needs: "client" | "both", denied: ErrorCode): (request: FastifyRequest) => Promise<void>;
  /** For session creation, whose key may stand in the body (§9-1). Refuses with shape C. */
  requireKey(request: FastifyRequest, apiKey: string | null): Promise<void>;
}

export function createAccess(
  app: FastifyInstance,
  keyring: Keyring,
  limits: RateLimits = RATE_LIMITS,
): Access {
  const timeWindow = 60_000;
  const usage = app.createRateLimit({
    max: limits.perKey,
    timeWindow,
    keyGenerator: (request) => `${request.caller?.keyId ?? ""} ${subjectOf(request)}`,
  });
  const guesses = app.createRateLimit({ max: limits.wrongKeys, timeWindow, keyGenerator: ({ ip }) => ip });

  async function identify(request: FastifyRequest, apiKey: string, denied: ErrorCode): Promise<Caller> {
    const known = keyring.remembered(apiKey);
    if (known) return known;
    // A guesser costs no query; a familiar key does not suffer for its neighbour's guesses.
    if (!keyring.isFamiliar(apiKey)) await refuseExceeded(guesses(request, { increment: false }));
    const caller = await keyring.find(apiKey);
    if (caller) return caller;
    await refuseExceeded(guesses(request));
    throw new Refusal(denied);
  }

  async function enter(request: FastifyRequest, caller: Caller): Promise<void> {
    request.caller = caller;
    await refuseExceeded(usage(request));
  }

  return {
    require: (needs, denied) => async (request) => {
      const apiKey = header(request, "x-api-key");
      const serverHash = header(request, "server-hash");
      if (apiKey === null) throw new Refusal(denied);
      const caller = await identify(request, apiKey, denied);
      if (needs === "both") {
        if (serverHash === null && caller.requiresServerHash) throw new Refusal(denied);
        // A wrong one always fails (§9-2).
        if (serverHash !== null && !isServerHash(caller, serverHash)) {
          await refuseExceeded(guesses(request));
          throw new Refusal(denied);
        }
      }
      await enter(request, caller);
    },
    async requireKey(request, apiKey) {
      const denied = "AUTHENTICATION_CREDENTIALS_NOT_PROVIDED";
      if (apiKey === null) throw new Refusal(denied);
      await enter(request, await identify(request, apiKey, denied));
    },
  };
}

/** Of what a request asks: the id of a session or an entity in its path. */
function subjectOf({ params }: FastifyRequest): string {
  if (typeof params !== "object" || params === null) return "";
  if ("session_id" in params) return String(params.session_id);
  return "entity_id" in params ? String(params.entity_id) : "";
}

async function refuseExceeded(
  question: ReturnType<ReturnType<FastifyInstance["createRateLimit"]>>,
): Promise<void> {
  const answer = await question;
  if (!answer.isAllowed && answer.isExceeded) {
    throw new Refusal("TOO_MANY_REQUESTS", { retryAfter: answer.ttlInSeconds });
  }
}
