/**
 * Who may act in a journey: whoever holds what `redirect_url` carried. A session made by v2 asks for its signed token on
 * every call, one of v1 is bound by its id alone: 122 random bits, and a short life. Both come in headers, which no
 * form and no page of another origin can send.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { SealKey } from "../../platform/crypto.ts";
import { isUuidV4 } from "../../platform/ids.ts";
import { loadEnvironment, type Environment } from "../../store/environments.ts";
import { environmentOfSession } from "../../store/journey.ts";
import type { Schema } from "../../store/schema.ts";
import { findSession, type Session } from "../../store/sessions.ts";
import { Refusal } from "../bankconnect/errors.ts";
import type { JourneyTokens } from "../journey-token.ts";
import { header } from "../keyring.ts";
import { connectionOf, isSecure, type IsTrusted } from "../transport.ts";

export interface Guest {
  env: Environment;
  session: Session;
}

export interface GuestDeps {
  db: Kysely<Schema>;
  master: SealKey;
  journeyTokens: JourneyTokens;
  isTrusted: IsTrusted;
}

declare module "fastify" {
  interface FastifyRequest {
    guest: Guest | null;
  }
}

export const SESSION_HEADER = "x-session-id";
export const TOKEN_HEADER = "x-journey-token";

/** The token says who asks; that the session's life has ended is the session's to say, in words. */
const BEFORE_ANY_END = Temporal.Instant.fromEpochMilliseconds(0);

/** Reads a link's two parts; null whatever is wrong with them. A deleted session is found: it is told so. */
export async function findGuest(
  { db, master, journeyTokens }: GuestDeps,
  sessionId: string,
  token: string,
): Promise<Guest | null> {
  if (!isUuidV4(sessionId)) return null;
  const envId = await environmentOfSession(db, sessionId);
  const env = envId === null ? null : await loadEnvironment(db, master, envId);
  const session = env && (await findSession(db, env.id, sessionId));
  if (!env || !session) return null;
  // A deleted session has forgotten which version made it, and tells nothing but that it is deleted.
  if (session.request["version"] !== 2) return { env, session };
  return journeyTokens.verify(env.publicId, session.public_id, token, BEFORE_ANY_END)
    ? { env, session }
    : null;
}

/** Sessions that somebody asks for in vain, by address. */
const VAIN_PER_MINUTE = 120;
const CALLS_PER_MINUTE = 600;

/** For `onRequest`: sets `request.guest`, or refuses. What is forbidden looks like what is absent. */
export function requireGuest(app: FastifyInstance, deps: GuestDeps) {
  const timeWindow = 60_000;
  const vain = app.createRateLimit({
    max: VAIN_PER_MINUTE,
    timeWindow,
    keyGenerator: ({ ip }) => `journey ${ip}`,
  });
  const calls = app.createRateLimit({
    max: CALLS_PER_MINUTE,
    timeWindow,
    keyGenerator: ({ guest }) => `journey ${guest?.session.public_id ?? ""}`,
  });
  return async (request: FastifyRequest): Promise<void> => {
    if (!isSecure(connectionOf(request), deps.isTrusted)) throw new Refusal("HTTPS_REQUIRED");
    if (!isOwnOrigin(request)) throw new Refusal("ACCESS_DENIED");
    await refuseExceeded(vain(request, { increment: false }));
    const id = header(request, SESSION_HEADER) ?? "";
    request.guest = await findGuest(deps, id.toLowerCase(), header(request, TOKEN_HEADER) ?? "");
    if (!request.guest) {
      await refuseExceeded(vain(request));
      throw new Refusal("SESSION_NOT_FOUND");
    }
    await refuseExceeded(calls(request));
  };
}

export function guestOf(request: FastifyRequest): Guest {
  if (!request.guest) throw new Error(`${request.routeOptions.url} is served without a session`);
  return request.guest;
}

/** Browsers say where a request comes from; older ones name the origin of those that change something. */
function isOwnOrigin(request: FastifyRequest): boolean {
  const site = header(request, "sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const origin = header(request, "origin");
  return origin === null || (URL.canParse(origin) && new URL(origin).host === request.host);
}

async function refuseExceeded(
  question: ReturnType<ReturnType<FastifyInstance["createRateLimit"]>>,
): Promise<void> {
  const answer = await question;
  if (!answer.isAllowed && answer.isExceeded)
    throw new Refusal("TOO_MANY_REQUESTS", { retryAfter: answer.ttlInSeconds });
}
