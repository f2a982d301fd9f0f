import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { Clock } from "../../platform/clock.ts";
import type { SealKey } from "../../platform/crypto.ts";
import type { Mailer } from "../../platform/mail.ts";
import type { Log } from "../../platform/telemetry.ts";
import type { Schema } from "../../store/schema.ts";
import { ConsoleError } from "../console/errors.ts";
import type { Auth } from "./auth.ts";
import { ADDRESS_HEADER } from "./auth.ts";

/** What the routes of sign-in and of the team borrow. */
export interface SigninDeps {
  db: Kysely<Schema>;
  master: SealKey;
  clock: Clock;
  log: Log;
  auth: Auth;
  mailer: Mailer | null;
  publicUrl: string;
}

/** What better-auth needs of a request: the cookie, and the address as our server sees it. */
export function authHeaders(request: FastifyRequest): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: request.ip });
  for (const name of ["cookie", "user-agent"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  return headers;
}

type Count = ReturnType<FastifyInstance["createRateLimit"]>;

/** Throws TOO_MANY_REQUESTS. Without `increment` it only looks. */
export async function refuseExceeded(
  count: Count,
  request: FastifyRequest,
  { increment }: { increment: boolean },
): Promise<void> {
  const answer = await count(request, { increment });
  if (!answer.isAllowed && answer.isExceeded) {
    throw new ConsoleError("TOO_MANY_REQUESTS", null, answer.ttlInSeconds);
  }
}
