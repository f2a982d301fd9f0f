/** What an invited person sees behind their link, and accepting it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { membershipsOf, openInvitation, type OpenInvitation } from "../../store/members.ts";
import { ConsoleError } from "../console/errors.ts";
import { auditTeam } from "./audit-team.ts";
import { inOurWords } from "./auth-errors.ts";
import { authHeaders, refuseExceeded, type SigninDeps } from "./context.ts";
import { newPassword, okBody, personName } from "./fields.ts";
import { passCookies, personOf } from "./person.ts";

const params = z.object({ invitation_id: z.string().max(100) });
/** Without a new account, whoever is signed in accepts. */
const body = z.strictObject({
  account: z.strictObject({ name: personName, password: newPassword }).optional(),
});

export function invitationRoutes(app: FastifyInstance, deps: SigninDeps): void {
  const guesses = app.createRateLimit({ max: 60, timeWindow: 60_000, keyGenerator: ({ ip }) => ip });
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const onRequest = (request: FastifyRequest) => refuseExceeded(guesses, request, { increment: true });
  typed.route({
    method: "GET",
    url: "/invitations/:invitation_id",
    onRequest,
    schema: { hide: true, params },
    handler: async (request) => {
      const invitation = await open(deps, request.params.invitation_id);
      return {
        organisation: invitation.organisationName,
        email: invitation.email,
        role: invitation.role,
        inviter: invitation.inviter,
        has_account: invitation.hasAccount,
        expires_at: invitation.expiresAt.toString(),
      };
    },
  });
  typed.route({
    method: "POST",
    url: "/invitations/:invitation_id/accept",
    onRequest,
    schema: { hide: true, params, body },
    handler: async (request, reply) => {
      const invitation = await open(deps, request.params.invitation_id);
      const { account } = request.body;
      if (!account) await acceptAs(deps, request, invitation);
      else if (invitation.hasAccount) throw new ConsoleError("SIGN_IN_FIRST");
      else await acceptAnew(deps, request, reply, { ...invitation, ...account });
      return okBody;
    },
  });
}

/** Throws LINK_OVER. */
async function open({ db, clock }: SigninDeps, id: string): Promise<OpenInvitation> {
  const invitation = await openInvitation(db, id, clock());
  if (!invitation) throw new ConsoleError("LINK_OVER");
  return invitation;
}

/** With the account that is signed in: better-auth checks that it is the invited one. */
async function acceptAs(deps: SigninDeps, request: FastifyRequest, { id }: OpenInvitation): Promise<void> {
  const { userId } = await personOf(deps, request);
  await inOurWords(() => accept(deps, authHeaders(request), { id, userId }));
}

/** With a new account. Who may: whoever holds the link, for it went to that address alone. */
async function acceptAnew(
  deps: SigninDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: OpenInvitation & { name: string; password: string },
): Promise<void> {
  const { id, email, name, password } = wanted;
  const headers = authHeaders(request);
  const made = await inOurWords(() =>
    deps.auth.transaction(() =>
      deps.auth.api.signUpEmail({ body: { name, email, password }, headers, returnHeaders: true }),
    ),
  );
  const cookie = made.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const asThem = new Headers(headers);
  asThem.set("cookie", cookie);
  await inOurWords(() => accept(deps, asThem, { id, userId: made.response.user.id }));
  passCookies(made.headers, reply);
}

async function accept(
  { auth, clock }: SigninDeps,
  headers: Headers,
  { id, userId }: { id: string; userId: string },
): Promise<void> {
  await auth.transaction(async (trx) => {
    const { member } = await auth.api.acceptInvitation({ body: { invitationId: id }, headers });
    const joined = (await membershipsOf(trx, userId)).find(
      ({ organisation }) => organisation === member.organizationId,
    );
    if (!joined) throw new Error("The invitation was accepted, and there is no member.");
    await auditTeam(trx, joined.organisationId, clock(), {
      actor: `user:${userId}`,
      action: "team.invitation_accept",
      target: `user:${userId}`,
      detail: { role: joined.role },
    });
  });
}
