/** One wide event per request: everything that is known at its end, no body, no key, no name, no query. */
import type { FastifyInstance } from "fastify";
import type { Log, Metrics } from "../platform/telemetry.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The contract's error code; null where there was none. */
    outcome: string | null;
  }
}

export function logRequests(app: FastifyInstance, log: Log, metrics: Metrics): void {
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { method, caller, outcome } = request;
    const route = request.routeOptions.url ?? "unknown";
    const ms = reply.elapsedTime;
    const status = reply.statusCode;
    metrics.httpSeconds.observe({ method, route, status }, ms / 1000);
    log.info(
      {
        req_id: request.id,
        method,
        route,
        status,
        ms: Math.round(ms * 1000) / 1000,
        ...(caller ? { env: caller.env.publicId, key: caller.keyId } : {}),
        ...sessionOf(request.params),
        ...(outcome === null ? {} : { outcome }),
        in: Number(request.headers["content-length"] ?? 0),
        out: Number(reply.getHeader("content-length") ?? 0),
      },
      "request",
    );
    done();
  });
}

/** Only what looks like an id: anything else may be a name. */
function sessionOf(params: unknown): { session?: string } {
  if (typeof params !== "object" || params === null || !("session_id" in params)) return {};
  const id = String(params.session_id);
  return /^[0-9a-f-]{36}$/i.test(id) ? { session: id } : {};
}
