/** Every route of the console's API that is served: the table of contents. */
import type { FastifyInstance } from "fastify";
import type { Log } from "../../platform/telemetry.ts";
import { useParsers } from "../parsers.ts";
import { connectionOf, isSecure, type IsTrusted } from "../transport.ts";
import type { SigninDeps } from "../signin/context.ts";
import { signinRoutes } from "../signin/routes.ts";
import { attemptRoutes } from "./attempts.ts";
import { auditRoutes } from "./audit.ts";
import { ownerKey } from "./auth.ts";
import { caseFileRoutes } from "./cases/files.ts";
import { caseDeletionRoute, caseRoutes, type CaseDeps } from "./cases/routes.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { endpointActionRoutes } from "./endpoint-actions.ts";
import { endpointHealthRoutes } from "./endpoint-health.ts";
import { endpointRoutes } from "./endpoints.ts";
import { answerErrors, ConsoleError } from "./errors.ts";
import { eventTypeRoutes } from "./event-types.ts";
import { eventRoutes } from "./events.ts";
import { hostedSettingsRoutes } from "./hosted-settings.ts";
import { keyRoutes } from "./keys.ts";
import { newsRoute } from "./news.ts";
import { replayRoutes } from "./replays.ts";
import { leastRole } from "./roles.ts";
import { requestRoutes } from "./requests.ts";
import { settingsRoutes } from "./settings.ts";

export interface ConsoleOptions extends CaseDeps, SigninDeps {
  log: Log;
  isTrusted: IsTrusted;
}

export const CONSOLE_PREFIX = "/console/api";
const BODY_LIMIT = 64 * 1024;

export async function consoleApi(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  answerErrors(app, options.log);
  useParsers(app, ["json"], BODY_LIMIT);
  app.addHook("onRequest", async (request) => {
    if (!isSecure(connectionOf(request), options.isTrusted)) throw new ConsoleError("HTTPS_REQUIRED");
  });
  // Bodies, secrets and answers of receivers are nobody's to keep on the way.
  app.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  requireRoles(app);
  endpointRoutes(app, options);
  endpointHealthRoutes(app, options);
  endpointActionRoutes(app, options);
  eventTypeRoutes(app, options);
  eventRoutes(app, options);
  deliveryRoutes(app, options);
  attemptRoutes(app, options);
  replayRoutes(app, options);
  const owned = { ...options, authenticate: ownerKey(app, options.authenticate) };
  keyRoutes(app, owned);
  settingsRoutes(app, owned);
  hostedSettingsRoutes(app, owned);
  requestRoutes(app, options);
  newsRoute(app, options);
  auditRoutes(app, owned);
  caseRoutes(app, options);
  caseDeletionRoute(app, owned);
  caseFileRoutes(app, options);
  await signinRoutes(app, options);
  // The pages answer every other path below /console: what is no route of the API must not be one of them.
  app.get(NO_ROUTE, { schema: { hide: true } }, () => {
    throw new ConsoleError("NOT_FOUND");
  });
}

const NO_ROUTE = "/*";

/** Of sign-in and of the person themself: they answer for who may do what by themselves. */
const WITHOUT_ROLE = /^\/(auth|me|first-owner|invitations)(\/|$)/;

/** Throws at the start where a route has no line in the table of roles. */
function requireRoles(app: FastifyInstance): void {
  app.addHook("onRoute", ({ method, url }) => {
    const path = url.slice(CONSOLE_PREFIX.length);
    if (path === NO_ROUTE || WITHOUT_ROLE.test(path)) return;
    for (const one of [method].flat()) {
      // Fastify adds HEAD beside each GET.
      if (one !== "HEAD" && leastRole(one, path) === null)
        throw new Error(`${one} ${path} has no line in http/console/roles.ts`);
    }
  });
}
