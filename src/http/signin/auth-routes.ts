/** Signing in and out, the password, the second factor. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import { z } from "zod";
import type { Schema } from "../../store/schema.ts";
import { auditTeam } from "./audit-team.ts";
import { consoleErrorOfAuth, inOurWords } from "./auth-errors.ts";
import { authHeaders, refuseExceeded, type SigninDeps } from "./context.ts";
import { code, newPassword, okBody, password } from "./fields.ts";
import { passCookies, personOf } from "./person.ts";

const QUARTER_MS = 15 * 60_000;
/** Wrong passwords for one account from one address; for one account; of one address. */
const WRONG = { perAccountAndAddress: 10, perAccount: 100, perAddress: 60 };

const signIn = z.strictObject({ email: z.string().trim().toLowerCase().max(254), password });
const secondFactor = z.union([
  z.strictObject({ code, trust_device: z.boolean().default(false) }),
  z.strictObject({ backup_code: z.string().trim().min(1).max(40) }),
]);
const passwordOnly = z.strictObject({ password });
const passwordChange = z.strictObject({ current: password, next: newPassword });

export function authRoutes(app: FastifyInstance, deps: SigninDeps): void {
  signInRoutes(app, deps);
  factorRoutes(app, deps);
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "POST",
    url: "/auth/password",
    schema: { hide: true, body: passwordChange },
    handler: async (request, reply) => {
      const { current: currentPassword, next: newPassword } = request.body;
      // Whoever knew the old one is signed out with it.
      const body = { currentPassword, newPassword, revokeOtherSessions: true };
      await changed(deps, request, reply, "password_change", () =>
        deps.auth.api.changePassword({ body, headers: authHeaders(request), returnHeaders: true }),
      );
      return okBody;
    },
  });
}

function signInRoutes(app: FastifyInstance, deps: SigninDeps): void {
  const { auth } = deps;
  const limits = signInLimits(app);
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "POST",
    url: "/auth/sign-in",
    schema: { hide: true, body: signIn },
    handler: async (request, reply) => {
      await limits.look(request);
      try {
        const answer = await auth.api.signInEmail({
          body: request.body,
          headers: authHeaders(request),
          returnHeaders: true,
        });
        passCookies(answer.headers, reply);
        return { two_factor: "twoFactorRedirect" in answer.response };
      } catch (error) {
        await limits.count(request);
        throw consoleErrorOfAuth(error);
      }
    },
  });
  typed.route({
    method: "POST",
    url: "/auth/two-factor",
    schema: { hide: true, body: secondFactor },
    handler: async (request, reply) => {
      await limits.look(request);
      const { body } = request;
      const common = { headers: authHeaders(request), returnHeaders: true } as const;
      try {
        const answer =
          "code" in body
            ? await auth.api.verifyTOTP({
                ...common,
                body: { code: body.code, trustDevice: body.trust_device },
              })
            : await auth.api.verifyBackupCode({ ...common, body: { code: body.backup_code } });
        passCookies(answer.headers, reply);
        return okBody;
      } catch (error) {
        await limits.count(request);
        throw consoleErrorOfAuth(error);
      }
    },
  });
  typed.route({
    method: "POST",
    url: "/auth/sign-out",
    schema: { hide: true },
    handler: async (request, reply) => {
      const { headers } = await auth.api.signOut({ headers: authHeaders(request), returnHeaders: true });
      passCookies(headers, reply);
      return okBody;
    },
  });
}

/** better-auth locks the second factor of an account by itself, in the database, after ten wrong codes. */
function signInLimits(app: FastifyInstance) {
  const limit = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: QUARTER_MS, keyGenerator });
  const all = [
    limit(WRONG.perAccountAndAddress, (request) => `${request.ip} ${accountOf(request)}`),
    limit(WRONG.perAccount, accountOf),
    limit(WRONG.perAddress, ({ ip }) => ip),
  ];
  const each = async (request: FastifyRequest, increment: boolean) => {
    for (const one of all) await refuseExceeded(one, request, { increment });
  };
  return {
    look: (request: FastifyRequest) => each(request, false),
    count: (request: FastifyRequest) => each(request, true),
  };
}

function accountOf({ id, body }: FastifyRequest): string {
  const email = typeof body === "object" && body !== null && "email" in body ? body.email : null;
  // A second factor names no account: the address alone counts.
  return typeof email === "string" ? email : id;
}

function factorRoutes(app: FastifyInstance, deps: SigninDeps): void {
  const { api } = deps.auth;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "POST",
    url: "/auth/two-factor/enable",
    schema: { hide: true, body: passwordOnly },
    handler: async (request, reply) => {
      await personOf(deps, request);
      const { headers, response } = await inOurWords(() =>
        api.enableTwoFactor({ body: request.body, headers: authHeaders(request), returnHeaders: true }),
      );
      passCookies(headers, reply);
      if (!("totpURI" in response)) throw new Error("A second factor that is no TOTP was set up.");
      return { uri: response.totpURI, backup_codes: response.backupCodes };
    },
  });
  typed.route({
    method: "POST",
    url: "/auth/two-factor/confirm",
    schema: { hide: true, body: z.strictObject({ code }) },
    handler: async (request, reply) => {
      await changed(deps, request, reply, "two_factor_enable", () =>
        api.verifyTOTP({ body: request.body, headers: authHeaders(request), returnHeaders: true }),
      );
      return okBody;
    },
  });
  typed.route({
    method: "POST",
    url: "/auth/two-factor/disable",
    schema: { hide: true, body: passwordOnly },
    handler: async (request, reply) => {
      await changed(deps, request, reply, "two_factor_disable", () =>
        api.disableTwoFactor({ body: request.body, headers: authHeaders(request), returnHeaders: true }),
      );
      return okBody;
    },
  });
  typed.route({
    method: "POST",
    url: "/auth/two-factor/backup-codes",
    schema: { hide: true, body: passwordOnly },
    handler: async (request, reply) => {
      const { backupCodes } = await changed(deps, request, reply, "backup_codes_renew", () =>
        api.generateBackupCodes({ body: request.body, headers: authHeaders(request), returnHeaders: true }),
      );
      return { backup_codes: backupCodes };
    },
  });
}

/** A change of one's own account, with its audit row in one transaction. Throws as `personOf` does. */
async function changed<T>(
  deps: SigninDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  verb: string,
  change: () => Promise<{ headers: Headers; response: T }>,
): Promise<T> {
  const person = await personOf(deps, request);
  const { headers, response } = await inOurWords(() =>
    deps.auth.transaction(async (trx: Kysely<Schema>) => {
      const answer = await change();
      if (person.membership) {
        await auditTeam(trx, person.membership.organisationId, deps.clock(), {
          actor: `user:${person.userId}`,
          action: `user.${verb}`,
          target: `user:${person.userId}`,
        });
      }
      return answer;
    }),
  );
  passCookies(headers, reply);
  return response;
}
