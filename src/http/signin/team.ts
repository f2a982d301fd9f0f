/** The team: members, invitations, everybody's sessions. For owners; the role is checked before these handlers. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import {
  endSession,
  listMembers,
  listSessions,
  lockOrganisation,
  pendingInvitations,
  type Invitation,
} from "../../store/members.ts";
import type { Authenticate } from "../console/auth.ts";
import { found } from "../console/context.ts";
import { ConsoleError } from "../console/errors.ts";
import { callerOf, type CallingPerson } from "../keyring.ts";
import { auditTeam } from "./audit-team.ts";
import { inOurWords } from "./auth-errors.ts";
import { authHeaders, type SigninDeps } from "./context.ts";
import { okBody, role } from "./fields.ts";
import { invitationMail } from "./invitation-mail.ts";
import { viewSession } from "./me.ts";
import { personOf } from "./person.ts";

export interface TeamDeps extends SigninDeps {
  authenticate: Authenticate;
}

const invitation = z.strictObject({ email: z.email().max(254).toLowerCase(), role });

/** Programs have no team. Throws NOT_FOUND where an API key asks. */
function personFor(request: FastifyRequest): CallingPerson {
  return found(callerOf(request).person);
}

const linkOf = ({ publicUrl }: SigninDeps, id: string) => `${publicUrl}/console/invitation/${id}`;

const viewInvitation = (deps: SigninDeps, one: Invitation) => ({
  id: one.id,
  email: one.email,
  role: one.role,
  inviter: one.inviter,
  expires_at: one.expiresAt.toString(),
  link: linkOf(deps, one.id),
});

export function teamRoutes(app: FastifyInstance, deps: TeamDeps): void {
  const { db, clock, authenticate } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/team",
    onRequest: authenticate,
    schema: { hide: true },
    handler: async (request) => {
      const { organisation, userId } = personFor(request);
      const members = await listMembers(db, organisation);
      const invitations = await pendingInvitations(db, organisation, clock());
      return {
        members: members.map((member) => ({
          id: member.id,
          name: member.name,
          email: member.email,
          role: member.role,
          two_factor: member.hasTwoFactor,
          created_at: member.createdAt.toString(),
          you: member.userId === userId,
        })),
        invitations: invitations.map((one) => viewInvitation(deps, one)),
      };
    },
  });
  invitingRoutes(app, deps);
  memberRoutes(app, deps);
  sessionRoutes(app, deps);
}

function invitingRoutes(app: FastifyInstance, deps: TeamDeps): void {
  const { auth, mailer, log, authenticate } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "POST",
    url: "/team/invitations",
    onRequest: authenticate,
    schema: { hide: true, body: invitation },
    handler: async (request, reply) => {
      const person = personFor(request);
      const { id, email, expiresAt } = await changed(deps, request, "invite", async () => {
        const made = await auth.api.createInvitation({
          body: { ...request.body, organizationId: person.organisation },
          headers: authHeaders(request),
        });
        return { answer: made, target: `invitation:${made.id}`, detail: { role: request.body.role } };
      });
      const link = linkOf(deps, id);
      // The link is shown too: mail that does not come leaves nobody waiting.
      let sent = false;
      try {
        const { name } = await personOf(deps, request);
        await mailer?.send(invitationMail({ to: email, inviter: name, link }));
        sent = mailer !== null;
      } catch (err) {
        log.warn({ err }, "an invitation could not be mailed");
      }
      const instant = Temporal.Instant.fromEpochMilliseconds(expiresAt.getTime());
      return reply.code(201).send({ id, email, link, mailed: sent, expires_at: instant.toString() });
    },
  });
  typed.route({
    method: "DELETE",
    url: "/team/invitations/:invitation_id",
    onRequest: authenticate,
    schema: { hide: true, params: z.object({ invitation_id: z.string().max(100) }) },
    handler: async (request) => {
      const { invitation_id: id } = request.params;
      await changed(deps, request, "invitation_cancel", async (trx) => {
        const cancelled = await trx
          .updateTable("signin_invitations")
          .set({ status: "canceled" })
          .where("id", "=", id)
          .where("organization_id", "=", personFor(request).organisation)
          .where("status", "=", "pending")
          .executeTakeFirst();
        if (cancelled.numUpdatedRows === 0n) throw new ConsoleError("NOT_FOUND");
        return { answer: null, target: `invitation:${id}` };
      });
      return okBody;
    },
  });
}

const memberParams = z.object({ member_id: z.string().max(100) });

function memberRoutes(app: FastifyInstance, deps: TeamDeps): void {
  const { auth, authenticate } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "PATCH",
    url: "/team/members/:member_id",
    onRequest: authenticate,
    schema: { hide: true, params: memberParams, body: z.strictObject({ role }) },
    handler: async (request) => {
      const { organisation: organizationId } = personFor(request);
      const { member_id: memberId } = request.params;
      await changed(deps, request, "role_change", async (trx) => {
        const member = found((await listMembers(trx, organizationId)).find(({ id }) => id === memberId));
        const body = { memberId, organizationId, role: request.body.role };
        await auth.api.updateMemberRole({ body, headers: authHeaders(request) });
        const detail = { from: member.role, to: request.body.role };
        return { answer: null, target: `user:${member.userId}`, detail };
      });
      return okBody;
    },
  });
  typed.route({
    method: "DELETE",
    url: "/team/members/:member_id",
    onRequest: authenticate,
    schema: { hide: true, params: memberParams },
    handler: async (request) => {
      const { organisation: organizationId } = personFor(request);
      const { member_id: memberIdOrEmail } = request.params;
      await changed(deps, request, "member_remove", async (trx) => {
        const member = found(
          (await listMembers(trx, organizationId)).find(({ id }) => id === memberIdOrEmail),
        );
        await auth.api.removeMember({
          body: { memberIdOrEmail, organizationId },
          headers: authHeaders(request),
        });
        return { answer: null, target: `user:${member.userId}`, detail: { role: member.role } };
      });
      return okBody;
    },
  });
}

function sessionRoutes(app: FastifyInstance, deps: TeamDeps): void {
  const { db, clock, authenticate } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/team/sessions",
    onRequest: authenticate,
    schema: { hide: true },
    handler: async (request) => {
      const { organisation } = personFor(request);
      const { sessionId } = await personOf(deps, request);
      const sessions = await listSessions(db, { organisation }, clock());
      return { data: sessions.map((session) => viewSession(session, sessionId)) };
    },
  });
  typed.route({
    method: "DELETE",
    url: "/team/sessions/:session_id",
    onRequest: authenticate,
    schema: { hide: true, params: z.object({ session_id: z.string().max(100) }) },
    handler: async (request) => {
      const { organisation } = personFor(request);
      await changed(deps, request, "session_revoke", async (trx) => {
        const userId = found(await endSession(trx, { organisation }, request.params.session_id));
        return { answer: null, target: `user:${userId}` };
      });
      return okBody;
    },
  });
}

type Change<T> = { answer: T; target: string; detail?: Record<string, string> };

/** One change with its audit row in one transaction, one at a time for each organisation: two owners cannot remove each other. */
async function changed<T>(
  { auth, clock }: TeamDeps,
  request: FastifyRequest,
  verb: string,
  change: (trx: Parameters<Parameters<SigninDeps["auth"]["transaction"]>[0]>[0]) => Promise<Change<T>>,
): Promise<T> {
  const { organisation, organisationId, userId } = personFor(request);
  return inOurWords(() =>
    auth.transaction(async (trx) => {
      await lockOrganisation(trx, organisation);
      const { answer, target, detail } = await change(trx);
      await auditTeam(trx, organisationId, clock(), {
        actor: `user:${userId}`,
        action: `team.${verb}`,
        target,
        ...(detail ? { detail } : {}),
      });
      return answer;
    }),
  );
}
