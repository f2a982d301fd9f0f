/** What programs asked of the API: status, latency, error code; no bodies. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { listRequests, type NamedRequest } from "../../store/request-log.ts";
import { callerOf } from "../keyring.ts";
import type { ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { keyOf, pageOf, pageQuery, readCursor, writeCursor } from "./paging.ts";

const LIST = "requests";

const query = z.object({
  ...pageQuery,
  status: z.enum(["2xx", "3xx", "4xx", "5xx"]).optional(),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  key: z.string().max(100).optional().meta({ description: "An API key's id." }),
  search: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "A part of the route, or the id that a path names." }),
});

export const requestRow = z.object({
  id: z.string().meta({ description: "The request's, as `x-request-id` said it." }),
  at: z.string(),
  method: z.string(),
  route: z.string(),
  target: z.string().nullable(),
  status: z.int(),
  total_us: z.int(),
  error_code: z.string().nullable(),
  key: z.string(),
  key_name: z.string().nullable().meta({ description: "Null where the key is not kept any more." }),
});

const EXAMPLE = {
  id: "0d1c8d2e-7a52-4a3b-9a52-0c9f3d6c1b11",
  at: "2026-01-31T12:26:27.806223Z",
  method: "POST",
  route: "/bank-connect/v1/session/",
  target: null,
  status: 200,
  total_us: 8210,
  error_code: null,
  key: "key_2aUyqjCzEIiEcYMKj7TZtw",
  key_name: "Loan desk",
};

const description = describeRoute({
  id: "listRequests",
  tag: "Settings",
  summary: "Requests",
  description:
    "What programs asked, newest first, kept for seven days. Of successful reads at most 20 a second are kept.",
  answer: pageOf(requestRow),
  answerDescription: "One page.",
  example: { data: [EXAMPLE], next: null },
  errors: ["INVALID_CURSOR"],
});

export function requestRoutes(app: FastifyInstance, { db, authenticate }: ConsoleDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/requests",
    onRequest: authenticate,
    schema: { ...description, querystring: query },
    handler: async (request) => {
      const { limit, cursor, status, method, key, search } = request.query;
      const before = readCursor(cursor, LIST, ([id]) => keyOf(id));
      const filter = { statusClass: status && Number(status[0]), method, keyId: key, search };
      const rows = await listRequests(db, callerOf(request).env.id, filter, { before, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        data: shown.map(view),
        next: rows.length > limit && last ? writeCursor(LIST, [last.id]) : null,
      };
    },
  });
}

const view = (one: NamedRequest): z.output<typeof requestRow> => ({
  id: one.req_id,
  at: one.at.toString(),
  method: one.method,
  route: one.route,
  target: one.target,
  status: one.status,
  total_us: one.total_us,
  error_code: one.outcome,
  key: one.key_id,
  key_name: one.key_name,
});
