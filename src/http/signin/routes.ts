/** Every route of sign-in and of the team, below `/console/api`: the table of contents. */
import type { FastifyInstance } from "fastify";
import { refuseForeign } from "./csrf.ts";
import { authRoutes } from "./auth-routes.ts";
import { firstOwnerRoutes } from "./first-owner.ts";
import { invitationRoutes } from "./invitations.ts";
import { meRoutes } from "./me.ts";
import { passwordResetRoutes } from "./password-reset.ts";
import { teamRoutes, type TeamDeps } from "./team.ts";

export async function signinRoutes(app: FastifyInstance, deps: TeamDeps): Promise<void> {
  await app.register(async (scope) => {
    // Before the body is looked at: what is wrong with it is not told to other sites.
    scope.addHook("onRequest", async (request) => refuseForeign(request, deps.publicUrl));
    authRoutes(scope, deps);
    passwordResetRoutes(scope, deps);
    firstOwnerRoutes(scope, deps);
    invitationRoutes(scope, deps);
    meRoutes(scope, deps);
  });
  teamRoutes(app, deps);
}
