/** Every route of the console's API that is served: the table of contents. */
import type { FastifyInstance } from "fastify";
import type { Log } from "../../platform/telemetry.ts";
import { useParsers } from "../parsers.ts";
import { connectionOf, isSecure, type IsTrusted } from "../transport.ts";
import { attemptRoutes } from "./attempts.ts";
import { ownerKey } from "./auth.ts";
import type { ConsoleDeps } from "./context.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { endpointActionRoutes } from "./endpoint-actions.ts";
import { endpointRoutes } from "./endpoints.ts";
import { answerErrors, ConsoleError } from "./errors.ts";
import { eventTypeRoutes } from "./event-types.ts";
import { eventRoutes } from "./events.ts";
import { keyRoutes } from "./keys.ts";
import { replayRoutes } from "./replays.ts";
import { settingsRoutes } from "./settings.ts";

export interface ConsoleOptions extends ConsoleDeps {
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
  endpointRoutes(app, options);
  endpointActionRoutes(app, options);
  eventTypeRoutes(app, options);
  eventRoutes(app, options);
  deliveryRoutes(app, options);
  attemptRoutes(app, options);
  replayRoutes(app, options);
  const owned = { ...options, authenticate: ownerKey(app, options.authenticate) };
  keyRoutes(app, owned);
  settingsRoutes(app, owned);
}
