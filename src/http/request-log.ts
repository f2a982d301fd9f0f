/** One wide event per request: everything that is known at its end, no body, no key, no name, no query. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RequestJournal } from "./request-journal.ts";
import type { Log, Metrics } from "../platform/telemetry.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The contract's error code, and after a colon what it does not tell; null where there was none. */
    outcome: string | null;
  }
}

/** @param endOf how a request ended that never became whole */
export function logRequests(
  app: FastifyInstance,
  log: Log,
  metrics: Metrics,
  endOf: (request: FastifyRequest) => string,
  journal: RequestJournal,
): void {
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    const { statusCode: status, elapsedTime } = reply;
    metrics.httpSeconds.observe({ method: request.method, route, status }, elapsedTime / 1000);
    const ms = Math.round(elapsedTime * 1000) / 1000;
    log.info(
      { ...factsOf(request), status, ms, out: Number(reply.getHeader("content-length") ?? 0) },
      "request",
    );
    journal.note(request, { status, ms });
    done();
  });
  // The client went away in the middle of its request, or was too slow: no answer of a route to log.
  app.addHook("onRequestAbort", (request, done) => {
    log.info({ ...factsOf(request), outcome: endOf(request) }, "request");
    done();
  });
}

function factsOf(request: FastifyRequest) {
  const { id, method, caller, outcome } = request;
  return {
    req_id: id,
    method,
    route: request.routeOptions.url ?? "unknown",
    ...(caller ? { env: caller.env.publicId, key: caller.keyId } : {}),
    ...sessionOf(request.params),
    ...(outcome === null ? {} : { outcome }),
    in: Number(request.headers["content-length"] ?? 0),
  };
}

/** Only what looks like an id: anything else may be a name. */
function sessionOf(params: unknown): { session?: string } {
  if (typeof params !== "object" || params === null || !("session_id" in params)) return {};
  const id = String(params.session_id);
  return /^[0-9a-f-]{36}$/i.test(id) ? { session: id } : {};
}
