/** From the cookie to the person, and from the person to a caller of the console's API. */
import { randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ensureEnvironment, loadEnvironment } from "../../store/environments.ts";
import { membershipsOf, type Membership } from "../../store/members.ts";
import type { Authenticate } from "../console/auth.ts";
import { ConsoleError } from "../console/errors.ts";
import { isAtLeast, leastRole } from "../console/roles.ts";
import { header } from "../keyring.ts";
import { authHeaders, type SigninDeps } from "./context.ts";
import { refuseForeign } from "./csrf.ts";

export interface Person {
  userId: string;
  name: string;
  email: string;
  hasTwoFactor: boolean;
  sessionId: string;
  /** The organisation that they work in now; null while they belong to none. */
  membership: Membership | null;
  memberships: Membership[];
}

/** The header by which the page says where it is: the live or the sandbox environment. */
export const ENVIRONMENT_HEADER = "x-bankbell-environment";

/**
 * Throws FOREIGN_ORIGIN, UNAUTHENTICATED. With `reply` the session lives on: its cookie is given anew when it is a day
 * old.
 */
export async function personOf(
  deps: Pick<SigninDeps, "auth" | "db" | "publicUrl">,
  request: FastifyRequest,
  reply?: FastifyReply,
): Promise<Person> {
  refuseForeign(request, deps.publicUrl);
  const { headers, response } = await deps.auth.api.getSession({
    headers: authHeaders(request),
    query: { disableRefresh: reply === undefined },
    returnHeaders: true,
  });
  if (reply) passCookies(headers, reply);
  if (!response) throw new ConsoleError("UNAUTHENTICATED");
  const { user, session } = response;
  const memberships = await membershipsOf(deps.db, user.id);
  const active = memberships.find(({ organisation }) => organisation === session.activeOrganizationId);
  return {
    userId: user.id,
    name: user.name,
    email: user.email,
    hasTwoFactor: user.twoFactorEnabled === true,
    sessionId: session.id,
    membership: active ?? memberships[0] ?? null,
    memberships,
  };
}

export function passCookies(headers: Headers, reply: FastifyReply): void {
  for (const cookie of headers.getSetCookie()) reply.header("set-cookie", cookie);
}

/**
 * Sets `request.caller` from the cookie: the environment that the header names, of the organisation that the person
 * works in. Throws NOT_A_MEMBER, ROLE_TOO_LOW.
 */
export function cookieSession(deps: SigninDeps, prefix: string): Authenticate {
  return async (request) => {
    const person = await personOf(deps, request);
    const { membership } = person;
    if (!membership) throw new ConsoleError("NOT_A_MEMBER");
    const path = (request.routeOptions.url ?? "").slice(prefix.length);
    const least = leastRole(request.method, path);
    if (least === null || !isAtLeast(membership.role, least)) throw new ConsoleError("ROLE_TOO_LOW");
    request.caller = await callerFor(deps, person, membership, modeOf(request));
  };
}

function modeOf(request: FastifyRequest): "live" | "sandbox" {
  const mode = header(request, ENVIRONMENT_HEADER);
  if (mode === "live" || mode === "sandbox") return mode;
  throw new ConsoleError("INVALID_REQUEST", `Send \`${ENVIRONMENT_HEADER}: live\` or \`sandbox\`.`);
}

async function callerFor(
  { db, master, clock }: SigninDeps,
  { userId }: Person,
  { organisationId, role, organisation }: Membership,
  mode: "live" | "sandbox",
) {
  const envId = await ensureEnvironment(db, master, { organisationId, mode }, clock());
  const env = await loadEnvironment(db, master, envId);
  if (!env) throw new Error(`The environment ${envId} has gone.`);
  return {
    env,
    keyId: userId,
    actor: `user:${userId}`,
    // No text has this digest: a person needs a role, never a server hash.
    serverHashHash: randomBytes(32),
    requiresServerHash: true,
    person: { userId, role, organisation, organisationId },
  };
}
