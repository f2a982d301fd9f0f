/** The hosted journey: its page at `/connect/`, and the calls of that page under `/connect/api/`. */
import multipart from "@fastify/multipart";
import type { FastifyInstance } from "fastify";
import { bodyLimitOf } from "../bankconnect/upload-form.ts";
import { useParsers } from "../parsers.ts";
import { serveWebApp, serveWebScript, webDist } from "../web-files.ts";
import { banks, connectBank, finish, readSession, takeBack, upload, type JourneyDeps } from "./handlers.ts";
import { requireGuest } from "./guest.ts";
import { journeyPolicy } from "./policy.ts";

const PREFIX = "/connect";

export async function connectRoutes(app: FastifyInstance, deps: JourneyDeps): Promise<void> {
  app.decorateRequest("guest", null);
  serveWebApp(app, {
    dist: webDist("connect"),
    prefix: PREFIX,
    csp: (request) => journeyPolicy(deps, request),
  });
  serveWebScript(app, { dist: webDist("embed"), path: "embed.js", url: `${PREFIX}/embed.js` });
  await app.register((scope) => journeyApi(scope, deps), { prefix: `${PREFIX}/api` });
}

const HANDLERS = [
  { method: "GET", url: "/session", handle: readSession },
  { method: "GET", url: "/banks", handle: banks },
  { method: "POST", url: "/statements", handle: upload },
  { method: "DELETE", url: "/statements/:id", handle: takeBack },
  { method: "POST", url: "/finish", handle: finish },
  { method: "POST", url: "/bank_connections", handle: connectBank },
] as const;

/** No contract, so not in the documentation: page and server are of one build. */
async function journeyApi(app: FastifyInstance, deps: JourneyDeps): Promise<void> {
  useParsers(app, ["json"], bodyLimitOf(deps.maxUploadBytes));
  await app.register(multipart);
  app.addHook("onRequest", requireGuest(app, deps));
  for (const { method, url, handle } of HANDLERS) {
    app.route({
      method,
      url,
      schema: { hide: true },
      handler: (request, reply) => {
        reply.header("cache-control", "no-store");
        return handle(deps, request, reply);
      },
    });
  }
}
