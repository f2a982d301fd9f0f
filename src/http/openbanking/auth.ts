/** Who is calling: HTTP Basic, the API key as the user name (reference §1). A password is not looked at. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { header, type Keyring, type RateLimits } from "../keyring.ts";
import { OpenBankingError } from "./errors.ts";

/** For `onRequest`: sets `request.caller`, or refuses. */
export type Authenticate = (request: FastifyRequest) => Promise<void>;

export function basicKey(app: FastifyInstance, keyring: Keyring, limits: RateLimits): Authenticate {
  const timeWindow = 60_000;
  const usage = app.createRateLimit({
    max: limits.perKey,
    timeWindow,
    keyGenerator: ({ caller }) => `openbanking ${caller?.keyId ?? ""}`,
  });
  const guesses = app.createRateLimit({ max: limits.wrongKeys, timeWindow, keyGenerator: ({ ip }) => ip });
  return async (request) => {
    const apiKey = userNameOf(header(request, "authorization"));
    if (apiKey === null) throw new OpenBankingError("unauthorized");
    // A guesser costs no query; a familiar key does not suffer for its neighbour's guesses.
    if (!keyring.isFamiliar(apiKey)) await refuseExceeded(guesses(request, { increment: false }));
    const caller = await keyring.find(apiKey);
    if (!caller) {
      await refuseExceeded(guesses(request));
      throw new OpenBankingError("unauthorized");
    }
    request.caller = caller;
    await refuseExceeded(usage(request));
  };
}

/** Of `Basic base64(user:password)`; null where there is none. */
export function userNameOf(authorization: string | null): string | null {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return null;
  const credentials = Buffer.from(encoded, "base64").toString();
  const colon = credentials.indexOf(":");
  return colon > 0 ? credentials.slice(0, colon) : null;
}

async function refuseExceeded(
  question: ReturnType<ReturnType<FastifyInstance["createRateLimit"]>>,
): Promise<void> {
  const answer = await question;
  if (!answer.isAllowed && answer.isExceeded) {
    throw new OpenBankingError("rate_limited", { retryAfter: answer.ttlInSeconds });
  }
}
