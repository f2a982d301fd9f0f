/** Sending again everything that matches, to one endpoint: a tracked job with progress and cancel. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import { z } from "zod";
import { findReplay, listReplays, type Replay } from "../../store/replays.ts";
import type { ReplayFilter, Schema } from "../../store/schema.ts";
import { inTransaction } from "../../store/transaction.ts";
import { cancelReplay, startReplay } from "../../webhooks/replay.ts";
import { callerOf } from "../keyring.ts";
import { found, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import { openEndpoint, optionalEndpoint, sendableEndpoint } from "./endpoint-lookup.ts";
import { ConsoleError } from "./errors.ts";
import { instantQuery, keyOf, pageOf, pageQuery, readCursor, writeCursor } from "./paging.ts";
import { instant } from "./views.ts";

const LIST = "replays";

const filter = z.object({
  types: z.array(z.string()).nullable(),
  resource: z.string().nullable(),
  subject: z.string().nullable(),
  from: instant.nullable(),
  to: instant.nullable(),
  only: z.enum(["all", "undelivered"]),
});

const view = z.object({
  id: z.string(),
  endpoint_id: z.string(),
  status: z.enum(["running", "completed", "cancelled"]),
  filter,
  total: z.int().nullable().meta({ description: "Events that match; null until they are counted." }),
  queued: z.int(),
  skipped: z.int().meta({ description: "Waiting already, or without a body in the endpoint's format." }),
  created_at: instant,
  ended_at: instant.nullable(),
});

const EXAMPLE = {
  id: "rpl_5sGqX8mTz1YbVw3nK0dLpR",
  endpoint_id: "wh_2aUyqjCzEIiEcYMKj7TZtw",
  status: "running",
  filter: {
    types: ["ENRICHMENT_NOTIFICATION"],
    resource: null,
    subject: null,
    from: "2026-01-30T00:00:00Z",
    to: "2026-01-31T00:00:00Z",
    only: "undelivered",
  },
  total: 48210,
  queued: 12500,
  skipped: 3,
  created_at: "2026-01-31T12:30:00Z",
  ended_at: null,
};

const body = z.strictObject({
  endpoint_id: z.string().meta({ description: "Where to.", examples: ["wh_2aUyqjCzEIiEcYMKj7TZtw"] }),
  types: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(50)
    .optional()
    .meta({ description: "Event types; without them, those that the endpoint asks for." }),
  resource: z.string().max(300).optional(),
  subject: z.string().max(300).optional(),
  from: instantQuery("Recorded not before this instant."),
  to: instantQuery("Recorded before this instant."),
  only: z.enum(["all", "undelivered"]).default("all").meta({
    description:
      "`undelivered` leaves out what the endpoint has taken, and what is older than the attempts that are kept: nobody knows of it.",
  }),
});

const startDescription = describeRoute({
  id: "startReplay",
  summary: "Replay events",
  description:
    "Everything that matches and has been recorded until now goes to one endpoint again, also what never had a delivery " +
    "there: the same bytes and the same `webhook-id`. It is queued in batches, no faster than the endpoint takes it.",
  status: 202,
  answer: view,
  answerDescription: "The replay has begun.",
  example: { ...EXAMPLE, total: null, queued: 0, skipped: 0 },
  errors: ["ENDPOINT_DISABLED"],
});

const listDescription = describeRoute({
  id: "listReplays",
  summary: "Replays",
  description: "Newest first.",
  answer: pageOf(view),
  answerDescription: "One page.",
  example: { data: [EXAMPLE], next: null },
  errors: ["INVALID_CURSOR"],
});

const readDescription = describeRoute({
  id: "getReplay",
  summary: "Progress of a replay",
  description: "How many events match, and how many of them have been queued.",
  answer: view,
  answerDescription: "As it is now.",
  example: EXAMPLE,
});

const cancelDescription = describeRoute({
  id: "cancelReplay",
  summary: "Cancel a replay",
  description: "What is not queued yet never will be. What is queued is still delivered.",
  answer: view,
  answerDescription: "The replay has ended.",
  example: { ...EXAMPLE, status: "cancelled", ended_at: "2026-01-31T12:31:07Z" },
  errors: ["REPLAY_OVER"],
});

const params = z.object({
  replay_id: z.string().meta({ description: "The replay's id.", examples: [EXAMPLE.id] }),
});
const listQuery = z.object({ ...pageQuery, endpoint_id: optionalEndpoint });

export function replayRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  const { db, clock, authenticate } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.route({
    method: "POST",
    url: "/replays",
    onRequest: authenticate,
    schema: { ...startDescription, body },
    handler: async (request, reply) => {
      const { env, actor } = callerOf(request);
      const { endpoint_id, ...wanted } = request.body;
      const replay = await inTransaction(db, async ({ trx }) => {
        const endpoint = await sendableEndpoint(trx, env.id, endpoint_id);
        return startReplay(trx, {
          envId: env.id,
          endpointId: endpoint.id,
          filter: storedFilter(wanted),
          actor,
          at: clock(),
        });
      });
      return reply.code(202).send(await viewReplay(db, replay));
    },
  });

  typed.route({
    method: "GET",
    url: "/replays",
    onRequest: authenticate,
    schema: { ...listDescription, querystring: listQuery },
    handler: async (request) => {
      const { limit, cursor, endpoint_id } = request.query;
      const { env } = callerOf(request);
      const endpointId = await openEndpoint(db, env.id, endpoint_id);
      const before = readCursor(cursor, LIST, ([id]) => keyOf(id));
      const replays = await listReplays(db, env.id, endpointId, { before, limit: limit + 1 });
      const shown = replays.slice(0, limit);
      const last = shown.at(-1);
      return {
        data: await Promise.all(shown.map((replay) => viewReplay(db, replay))),
        next: replays.length > limit && last ? writeCursor(LIST, [last.id]) : null,
      };
    },
  });

  typed.route({
    method: "GET",
    url: "/replays/:replay_id",
    onRequest: authenticate,
    schema: { ...readDescription, params },
    handler: async (request) =>
      viewReplay(db, found(await findReplay(db, callerOf(request).env.id, request.params.replay_id))),
  });

  typed.route({
    method: "POST",
    url: "/replays/:replay_id/cancel",
    onRequest: authenticate,
    schema: { ...cancelDescription, params },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const cancelled = await inTransaction(db, ({ trx }) =>
        cancelReplay(trx, env.id, request.params.replay_id, { actor, at: clock() }),
      );
      if (cancelled === "over") throw new ConsoleError("REPLAY_OVER");
      return viewReplay(db, found(cancelled));
    },
  });
}

type Wanted = Omit<z.output<typeof body>, "endpoint_id">;

function storedFilter({ types, resource, subject, from, to, only }: Wanted): ReplayFilter {
  return {
    only,
    ...(types ? { types } : {}),
    ...(resource === undefined ? {} : { resource }),
    ...(subject === undefined ? {} : { subject }),
    ...(from ? { from: from.toString() } : {}),
    ...(to ? { to: to.toString() } : {}),
  };
}

async function viewReplay(db: Kysely<Schema>, replay: Replay) {
  const { public_id: endpoint } = await db
    .selectFrom("webhook_endpoints")
    .select("public_id")
    .where("env_id", "=", replay.env_id)
    .where("id", "=", replay.endpoint_id)
    .executeTakeFirstOrThrow();
  const { types = null, resource = null, subject = null, from = null, to = null, only } = replay.filter;
  return {
    id: replay.public_id,
    endpoint_id: endpoint,
    status: replay.status,
    filter: { types, resource, subject, from, to, only },
    total: replay.total === null ? null : Number(replay.total),
    queued: Number(replay.queued),
    skipped: Number(replay.skipped),
    created_at: replay.created_at.toString(),
    ended_at: replay.ended_at?.toString() ?? null,
  };
}
