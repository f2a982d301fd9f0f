/**
 * A forgotten password: a link by mail, which works once and for an hour. It signs nobody in: who has a second factor is
 * asked for it afterwards, as ever.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { membershipsOf } from "../../store/members.ts";
import { ConsoleError } from "../console/errors.ts";
import { auditTeam } from "./audit-team.ts";
import { inOurWords } from "./auth-errors.ts";
import { authHeaders, refuseExceeded, type SigninDeps } from "./context.ts";
import { newPassword, okBody } from "./fields.ts";

const QUARTER_MS = 15 * 60_000;
/** Mails that one address of the network, and one mailbox, may cause in a quarter of an hour; and tries of a link. */
const MOST = { perAddress: 20, perMailbox: 3, tries: 20 };

const wanted = z.strictObject({ email: z.email().max(254).toLowerCase() });
const chosen = z.strictObject({ token: z.string().min(1).max(100), password: newPassword });

export function passwordResetRoutes(app: FastifyInstance, deps: SigninDeps): void {
  const limit = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: QUARTER_MS, keyGenerator });
  const byAddress = limit(MOST.perAddress, ({ ip }) => ip);
  const byMailbox = limit(MOST.perMailbox, ({ body }) => wanted.parse(body).email);
  const tries = limit(MOST.tries, ({ ip }) => ip);
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/auth/password-reset",
    schema: { hide: true },
    handler: async () => ({ by_mail: deps.mailer !== null }),
  });
  typed.route({
    method: "POST",
    url: "/auth/password-reset",
    onRequest: (request) => refuseExceeded(byAddress, request, { increment: true }),
    schema: { hide: true, body: wanted },
    handler: async (request) => {
      if (deps.mailer === null)
        throw new ConsoleError("INVALID_REQUEST", "No mail server is set: ask whoever runs Bankbell.");
      await refuseExceeded(byMailbox, request, { increment: true });
      const { body } = request;
      await inOurWords(() => deps.auth.api.requestPasswordReset({ body, headers: authHeaders(request) }));
      // The same whether or not there is such an account.
      return okBody;
    },
  });
  typed.route({
    method: "POST",
    url: "/auth/password-reset/confirm",
    onRequest: (request) => refuseExceeded(tries, request, { increment: true }),
    schema: { hide: true, body: chosen },
    handler: async (request) => {
      await inOurWords(() => reset(deps, request, request.body));
      return okBody;
    },
  });
}

/** Throws LINK_OVER. Every session of the account ends; each of its organisations has a row in its log. */
async function reset(
  { auth, clock }: SigninDeps,
  request: FastifyRequest,
  { token, password }: z.output<typeof chosen>,
): Promise<void> {
  await auth.transaction(async (trx) => {
    const { internalAdapter } = await auth.$context;
    const link = await internalAdapter.findVerificationValue(`reset-password:${token}`);
    if (!link) throw new ConsoleError("LINK_OVER");
    await auth.api.resetPassword({ body: { token, newPassword: password }, headers: authHeaders(request) });
    const user = `user:${link.value}`;
    for (const { organisationId } of await membershipsOf(trx, link.value)) {
      const row = { actor: user, action: "user.password_reset", target: user };
      await auditTeam(trx, organisationId, clock(), row);
    }
  });
}
