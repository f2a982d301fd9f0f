/** Every request that was sent: the list, and one in full. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { maskUrl } from "../../platform/receiver-url.ts";
import { findAttempt, listAttempts, type AttemptDetailRow } from "../../store/attempt-history.ts";
import { findEvent } from "../../store/history.ts";
import { callerOf } from "../keyring.ts";
import { audit, found, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { openEndpoint, optionalEndpoint } from "./endpoint-lookup.ts";
import { maskRequestHeaders, maskResponseHeaders } from "./masks.ts";
import { keyOf, pageOf, pageQuery, readCursor, severalQuery, timeQuery, writeCursor } from "./paging.ts";
import { ATTEMPT_EXAMPLE, attemptView, OUTCOMES, readAttemptId, viewAttempt } from "./views.ts";

const LIST = "attempts";

const listQuery = z.object({
  ...pageQuery,
  ...timeQuery,
  endpoint_id: optionalEndpoint,
  event_id: z.string().optional().meta({ description: "The event's id." }),
  type: severalQuery("Event types; may be repeated."),
  resource: z.string().max(300).optional().meta({ description: "Such as `session:<uuid>`." }),
  outcome: z
    .enum(OUTCOMES)
    .optional()
    .meta({ description: "`stale`: its lease had gone to another worker, so that it counts for nothing." }),
  status: z.coerce
    .number()
    .int()
    .min(100)
    .max(999)
    .optional()
    .meta({ description: "HTTP status of the answer." }),
});

const listDescription = describeRoute({
  id: "listAttempts",
  summary: "Attempts",
  description: "Requests that were sent, newest first. Attempts at deleted endpoints are not listed.",
  answer: pageOf(attemptView),
  answerDescription: "One page.",
  example: { data: [ATTEMPT_EXAMPLE], next: null },
  errors: ["INVALID_CURSOR"],
});

const detail = attemptView.extend({
  request: z.object({
    method: z.literal("POST"),
    url: z.string().nullable().meta({ description: "As it is now; a query's values are masked." }),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable().meta({ description: "The exact bytes; null where they were erased." }),
  }),
  response: z
    .object({
      status: z.int(),
      headers: z.record(z.string(), z.string()),
      body: z.string().nullable().meta({ description: "Its first 64 KiB." }),
      body_encoding: z.enum(["utf8", "base64"]),
    })
    .nullable(),
});

const readDescription = describeRoute({
  id: "getAttempt",
  summary: "One attempt in full",
  description:
    "Request, answer, timings in microseconds and the address that was connected to. Values of configured headers are " +
    "masked. Reading it leaves an audit row.",
  answer: detail,
  answerDescription: "`response` is null where none came.",
  example: {
    ...ATTEMPT_EXAMPLE,
    request: {
      method: "POST",
      url: "https://hooks.example/bank?key=***",
      headers: { "content-type": "application/json", "x-secret-key": "***" },
      body: '{"session_id":"409ed817-b824-4818-a7f7-dc532ce0d8fc"}',
    },
    response: {
      status: 502,
      headers: { "content-type": "text/plain" },
      body: "try later",
      body_encoding: "utf8",
    },
  },
});

const params = z.object({
  attempt_id: z.string().meta({ description: "The attempt's id.", examples: [ATTEMPT_EXAMPLE.id] }),
});

export function attemptRoutes(app: FastifyInstance, { db, clock, authenticate }: ConsoleDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.route({
    method: "GET",
    url: "/attempts",
    onRequest: authenticate,
    schema: { ...listDescription, querystring: listQuery },
    handler: async (request) => {
      const { limit, cursor, endpoint_id, event_id, type, ...filter } = request.query;
      const { env } = callerOf(request);
      const endpointId = await openEndpoint(db, env.id, endpoint_id);
      const eventId = event_id === undefined ? undefined : found(await findEvent(db, env.id, event_id)).id;
      const before = readCursor(cursor, LIST, ([at = "", id]) => ({
        at: Temporal.Instant.from(at),
        id: keyOf(id),
      }));
      const attempts = await listAttempts(
        db,
        env.id,
        { ...filter, endpointId, eventId, types: type },
        { before, limit: limit + 1 },
      );
      const shown = attempts.slice(0, limit);
      const last = shown.at(-1);
      return {
        data: shown.map(viewAttempt),
        next: attempts.length > limit && last ? writeCursor(LIST, [last.at, last.id]) : null,
      };
    },
  });

  typed.route({
    method: "GET",
    url: "/attempts/:attempt_id",
    onRequest: authenticate,
    schema: { ...readDescription, params },
    handler: async (request) => {
      const caller = callerOf(request);
      const position = found(readAttemptId(request.params.attempt_id));
      const attempt = found(await findAttempt(db, caller.env.id, position));
      await audit(db, caller, clock(), {
        action: "attempt.read",
        target: `attempt:${request.params.attempt_id}`,
      });
      return viewDetail(attempt);
    },
  });
}

function viewDetail(row: AttemptDetailRow) {
  return {
    ...viewAttempt(row),
    request: {
      method: "POST" as const,
      url: row.url === null ? null : maskUrl(new URL(row.url)),
      headers: maskRequestHeaders(row.request_headers),
      body: row.body?.toString() ?? null,
    },
    response: row.status === null ? null : viewResponse(row.status, row),
  };
}

function viewResponse(status: number, { response_headers, response_body }: AttemptDetailRow) {
  const text = response_body && utf8(response_body);
  return {
    status,
    headers: maskResponseHeaders(response_headers ?? {}),
    body: response_body && (text ?? response_body.toString("base64")),
    body_encoding: response_body === null || text !== null ? ("utf8" as const) : ("base64" as const),
  };
}

/** Null where it is other bytes, such as an image, or text that was cut in the middle of a character. */
function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
