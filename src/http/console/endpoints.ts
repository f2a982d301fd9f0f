/** Webhook endpoints: list, create, read, change, delete. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import { z } from "zod";
import { isClosedLiteral, parseNetworks, type Network } from "../../platform/addresses.ts";
import { endpointLoads } from "../../store/endpoint-load.ts";
import type { Environment } from "../../store/environments.ts";
import type { Schema } from "../../store/schema.ts";
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  updateEndpoint,
  type SettingFault,
} from "../../webhooks/manage.ts";
import { callerOf } from "../keyring.ts";
import { endpointParams, found, manage, type ConsoleDeps } from "./context.ts";
import { describeRoute } from "./documentation.ts";
import {
  changesBody,
  changesOf,
  ENDPOINT_EXAMPLE,
  endpointView,
  faultOf,
  newEndpointBody,
  newEndpointOf,
  viewEndpoint,
} from "./endpoint-fields.ts";
import { keyOf, pageOf, pageQuery, readCursor, writeCursor } from "./paging.ts";

const LIST = "endpoints";

const listQuery = z.object({ ...pageQuery, status: z.enum(["enabled", "paused", "disabled"]).optional() });

const listDescription = describeRoute({
  id: "listEndpoints",
  summary: "Webhook endpoints",
  description: "With their status, why and since when, what waits for them and how late it is. Newest first.",
  answer: pageOf(endpointView),
  answerDescription: "One page.",
  example: { data: [ENDPOINT_EXAMPLE], next: null },
  errors: ["INVALID_CURSOR"],
});

const createDescription = describeRoute({
  id: "createEndpoint",
  summary: "Create an endpoint",
  description: "It gets what is recorded from now on; a replay brings what was before.",
  status: 201,
  answer: endpointView.extend({ secret: z.string() }),
  answerDescription: "With the secret that its deliveries are signed with.",
  example: { ...ENDPOINT_EXAMPLE, secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" },
});

const readDescription = describeRoute({
  id: "getEndpoint",
  summary: "One endpoint",
  description: "Values of its URL's query and of its headers are masked.",
  answer: endpointView,
  answerDescription: "As it is now.",
  example: ENDPOINT_EXAMPLE,
});

const updateDescription = describeRoute({
  id: "updateEndpoint",
  summary: "Change an endpoint",
  description:
    "What is not named stays as it is. What is queued goes out as the endpoint is when it is sent.",
  answer: endpointView,
  answerDescription: "Changed.",
  example: ENDPOINT_EXAMPLE,
});

const deleteDescription = describeRoute({
  id: "deleteEndpoint",
  summary: "Delete an endpoint",
  description:
    "With what is queued for it and its replays; its attempts stay in the history of their events.",
  answer: z.object({ id: z.string(), deleted: z.literal(true) }),
  answerDescription: "It is gone.",
  example: { id: ENDPOINT_EXAMPLE.id, deleted: true },
});

export function endpointRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  const { db, authenticate } = deps;
  const allowed = parseNetworks(deps.allowNetworks);
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: "GET",
    url: "/endpoints",
    onRequest: authenticate,
    schema: { ...listDescription, querystring: listQuery },
    handler: (request) => listPage(db, callerOf(request).env, request.query),
  });
  typed.route({
    method: "POST",
    url: "/endpoints",
    onRequest: authenticate,
    schema: { ...createDescription, body: newEndpointBody },
    handler: async (request, reply) => {
      const { env } = callerOf(request);
      const wanted = newEndpointOf(request.body);
      refuseClosed(wanted.url, allowed);
      const created = await manage(deps, request, (managing) => createEndpoint(managing, wanted), faultOf);
      const view = await showEndpoint(db, env, created.endpoint.publicId);
      return reply.code(201).send({ ...view, secret: created.secret });
    },
  });
  typed.route({
    method: "GET",
    url: "/endpoints/:endpoint_id",
    onRequest: authenticate,
    schema: { ...readDescription, params: endpointParams },
    handler: (request) => showEndpoint(db, callerOf(request).env, request.params.endpoint_id),
  });
  typed.route({
    method: "PATCH",
    url: "/endpoints/:endpoint_id",
    onRequest: authenticate,
    schema: { ...updateDescription, params: endpointParams, body: changesBody },
    handler: async (request) => {
      const { endpoint_id: id } = request.params;
      const changes = changesOf(request.body);
      refuseClosed(changes.url, allowed);
      await manage(deps, request, (managing) => updateEndpoint(managing, id, changes), faultOf);
      return showEndpoint(db, callerOf(request).env, id);
    },
  });
  typed.route({
    method: "DELETE",
    url: "/endpoints/:endpoint_id",
    onRequest: authenticate,
    schema: { ...deleteDescription, params: endpointParams },
    handler: async (request) => {
      const { endpoint_id: id } = request.params;
      await manage(deps, request, (managing) => deleteEndpoint(managing, id), faultOf);
      return { id, deleted: true as const };
    },
  });
}

async function listPage(
  db: Kysely<Schema>,
  env: Environment,
  { limit, cursor, status }: z.output<typeof listQuery>,
) {
  const before = readCursor(cursor, LIST, ([id]) => Number(keyOf(id)));
  const loads = await endpointLoads(db, env.id, { status, before, limit: limit + 1 });
  const known = new Map((await listEndpoints(db, env)).map((endpoint) => [endpoint.publicId, endpoint]));
  const shown = loads.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.flatMap((load) => {
      const endpoint = known.get(load.publicId);
      return endpoint ? [viewEndpoint(endpoint, load)] : [];
    }),
    next: loads.length > limit && last ? writeCursor(LIST, [last.id]) : null,
  };
}

/** Names are judged at each delivery: they may move. */
function refuseClosed(url: string | undefined, allowed: readonly Network[]): void {
  if (url !== undefined && isClosedLiteral(url, allowed)) throw faultOf([CLOSED]);
}

const CLOSED: SettingFault = { field: "url", reason: "Private and special addresses are not allowed." };

/** Throws NOT_FOUND. */
export async function showEndpoint(db: Kysely<Schema>, env: Environment, publicId: string) {
  const endpoint = found(await getEndpoint(db, env, publicId));
  const [load] = await endpointLoads(db, env.id, { publicId, before: null, limit: 1 });
  return viewEndpoint(endpoint, found(load));
}
