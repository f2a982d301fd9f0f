/**
 * Who is calling: a program with an API key as `Authorization: Bearer <key>`, looked up as BankConnect's `x-api-key`
 * is; or a person with the cookie of their session.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { callerOf, header, isServerHash, RATE_LIMITS, type Keyring, type RateLimits } from "../keyring.ts";
import { ConsoleError } from "./errors.ts";

/** For `onRequest`: sets `request.caller`, or refuses. */
export type Authenticate = (request: FastifyRequest) => Promise<void>;

export function bearerKey(app: FastifyInstance, keyring: Keyring, limits: RateLimits): Authenticate {
  const timeWindow = 60_000;
  const usage = app.createRateLimit({
    max: limits.perKey,
    timeWindow,
    keyGenerator: ({ caller }) => `console ${caller?.keyId ?? ""}`,
  });
  const guesses = app.createRateLimit({ max: limits.wrongKeys, timeWindow, keyGenerator: ({ ip }) => ip });
  return async (request) => {
    const [, apiKey] = /^Bearer +(\S+) *$/i.exec(header(request, "authorization") ?? "") ?? [];
    if (apiKey === undefined) throw new ConsoleError("UNAUTHENTICATED");
    // A guesser costs no query; a familiar key does not suffer for its neighbour's guesses.
    if (!keyring.isFamiliar(apiKey)) await refuseExceeded(guesses(request, { increment: false }));
    const caller = await keyring.find(apiKey);
    if (!caller) {
      await refuseExceeded(guesses(request));
      throw new ConsoleError("UNAUTHENTICATED");
    }
    request.caller = caller;
    await refuseExceeded(usage(request));
  };
}

/** The key where one is sent; else the cookie, which no key's holder has. */
export const keyOrCookie =
  (bearer: Authenticate, cookie: Authenticate): Authenticate =>
  (request) =>
    header(request, "authorization") === null && header(request, "cookie") !== null
      ? cookie(request)
      : bearer(request);

/**
 * As `authenticate`, with the server hash too, whatever the key's own setting: clients carry the key alone, and whoever
 * has no more than that must not make keys that have one.
 */
export function ownerKey(app: FastifyInstance, authenticate: Authenticate): Authenticate {
  const guesses = app.createRateLimit({
    max: RATE_LIMITS.wrongKeys,
    timeWindow: 60_000,
    keyGenerator: ({ caller }) => `server hash ${caller?.keyId ?? ""}`,
  });
  return async (request) => {
    await authenticate(request);
    // A person's role has been looked at.
    if (callerOf(request).person) return;
    const serverHash = header(request, "server-hash");
    if (serverHash !== null && isServerHash(callerOf(request), serverHash)) return;
    await refuseExceeded(guesses(request));
    throw new ConsoleError("SERVER_HASH_REQUIRED");
  };
}

async function refuseExceeded(
  question: ReturnType<ReturnType<FastifyInstance["createRateLimit"]>>,
): Promise<void> {
  const answer = await question;
  if (!answer.isAllowed && answer.isExceeded) {
    throw new ConsoleError("TOO_MANY_REQUESTS", null, answer.ttlInSeconds);
  }
}
