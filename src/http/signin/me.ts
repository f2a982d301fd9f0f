/** Who is signed in, where they may work, and their own sessions. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import { z } from "zod";
import { endSession, listSessions, type Membership, type SigninSession } from "../../store/members.ts";
import type { Schema } from "../../store/schema.ts";
import { found } from "../console/context.ts";
import { auditTeam } from "./audit-team.ts";
import { authHeaders, type SigninDeps } from "./context.ts";
import { okBody, personName } from "./fields.ts";
import { personOf } from "./person.ts";

export const viewSession = (session: SigninSession, currentId: string) => ({
  id: session.id,
  user: { id: session.userId, name: session.user, email: session.email },
  ip_address: session.ipAddress,
  user_agent: session.userAgent,
  created_at: session.createdAt.toString(),
  used_at: session.usedAt.toString(),
  current: session.id === currentId,
});

const viewMembership = ({ organisation: id, name, role }: Membership) => ({ id, name, role });

const sessionParams = z.object({ session_id: z.string().max(100) });

export function meRoutes(app: FastifyInstance, deps: SigninDeps): void {
  ownSessionRoutes(app, deps);
  const { auth } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/me",
    schema: { hide: true },
    handler: async (request, reply) => {
      const person = await personOf(deps, request, reply);
      return {
        user: {
          id: person.userId,
          name: person.name,
          email: person.email,
          two_factor: person.hasTwoFactor,
        },
        organisation: person.membership && viewMembership(person.membership),
        organisations: person.memberships.map(viewMembership),
        sends_mail: deps.mailer !== null,
      };
    },
  });
  typed.route({
    method: "PATCH",
    url: "/me",
    schema: { hide: true, body: z.strictObject({ name: personName }) },
    handler: async (request) => {
      const { userId, membership } = await personOf(deps, request);
      await auth.transaction(async (trx) => {
        await auth.api.updateUser({ body: { name: request.body.name }, headers: authHeaders(request) });
        // Names stay out of the log: it outlives accounts.
        if (membership) await auditOwn(deps, trx, userId, membership.organisationId, "rename");
      });
      return okBody;
    },
  });
  typed.route({
    method: "POST",
    url: "/me/organisation",
    schema: { hide: true, body: z.strictObject({ organisation_id: z.string().max(100) }) },
    handler: async (request) => {
      const { userId, memberships, sessionId } = await personOf(deps, request);
      const { organisation_id: wanted } = request.body;
      const entered = found(memberships.find(({ organisation }) => organisation === wanted));
      await auth.transaction(async (trx) => {
        await trx
          .updateTable("signin_sessions")
          .set({ active_organization_id: entered.organisation })
          .where("id", "=", sessionId)
          .execute();
        // In the log of the one that is entered: the other's owners have no business with where people go.
        await auditOwn(deps, trx, userId, entered.organisationId, "organisation_switch");
      });
      return okBody;
    },
  });
}

function ownSessionRoutes(app: FastifyInstance, deps: SigninDeps): void {
  const { db, auth, clock } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/me/sessions",
    schema: { hide: true },
    handler: async (request) => {
      const { userId, sessionId } = await personOf(deps, request);
      const sessions = await listSessions(db, { user: userId }, clock());
      return { data: sessions.map((session) => viewSession(session, sessionId)) };
    },
  });
  typed.route({
    method: "DELETE",
    url: "/me/sessions/:session_id",
    schema: { hide: true, params: sessionParams },
    handler: async (request) => {
      const { userId, membership } = await personOf(deps, request);
      await auth.transaction(async (trx) => {
        found(await endSession(trx, { user: userId }, request.params.session_id));
        if (membership) await auditOwn(deps, trx, userId, membership.organisationId, "session_revoke");
      });
      return okBody;
    },
  });
}

/** What somebody did with their own account. */
async function auditOwn(
  { clock }: SigninDeps,
  trx: Kysely<Schema>,
  userId: string,
  organisationId: number,
  verb: "rename" | "organisation_switch" | "session_revoke",
): Promise<void> {
  const user = `user:${userId}`;
  await auditTeam(trx, organisationId, clock(), { actor: user, action: `user.${verb}`, target: user });
}
