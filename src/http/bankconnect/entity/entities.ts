/** Entities: create, read, list (reference §5.1). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import {
  createEntity,
  ENTITIES_PER_PAGE,
  readEntities,
  readEntity,
  type EntityView,
} from "../../../intake/entities.ts";
import { callerOf } from "../../keyring.ts";
import { useParsers } from "../../parsers.ts";
import { uuid } from "../bodies.ts";
import { onlyMethod, type BankconnectDeps } from "../context.ts";
import { BOTH_KEYS, CLIENT_KEY, describeRoute } from "../documentation.ts";
import { Refusal } from "../errors.ts";
import { optionalText, queryText } from "../fields.ts";
import { checkEntityId, DENIED, ENTITY_SHAPE, entityParams } from "./context.ts";

const URL = "/entity/";
const ENTITY_URL = "/entity/:entity_id/";
const BODY_LIMIT = 64 * 1024;

const entity = z.object({
  entity_id: uuid,
  link_id: z.string().nullable(),
  meta_data: z.record(z.string(), z.unknown()).nullable(),
});

const EXAMPLE = {
  entity_id: "7a9f1c44-3b55-4c0a-9a53-0e8c2b1d9f10",
  link_id: "customer-0042",
  meta_data: null,
};

const newEntity = z.preprocess(
  (body) => body ?? {},
  z.object({
    link_id: optionalText(500, {
      description: "Your reference of the customer; the same one answers the same entity.",
      example: "customer-0042",
    }),
    meta_data: z.unknown().optional().meta({
      description: "A JSON object, kept and given back; in a form as text.",
      type: "string",
    }),
  }),
);

const createDescription = describeRoute({
  id: "createEntity",
  summary: "Create an entity",
  description:
    "A `link_id` that is known answers its entity, also with 201; without one each call makes another.",
  flow: "entities",
  security: CLIENT_KEY,
  status: 201,
  answer: entity,
  answerDescription: "The entity.",
  example: EXAMPLE,
  consumes: ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"],
  shape: "detail",
  errors: ["INVALID_REQUEST", DENIED, "UNSUPPORTED_MEDIA_TYPE"],
  sample: { field: "link_id", reason: "Ensure this field has no more than 500 characters." },
});

const readDescription = describeRoute({
  id: "getEntity",
  summary: "One entity",
  description: "As it was made.",
  flow: "entities",
  security: BOTH_KEYS,
  status: 200,
  answer: entity,
  answerDescription: "The entity.",
  example: EXAMPLE,
  shape: "detail",
  errors: [DENIED, "ENTITY_NOT_FOUND"],
});

const listQuery = z.object({
  page: queryText({ description: "From 1.", example: "1" }),
  link_id: queryText({ description: "Only the entity of this `link_id`.", example: "customer-0042" }),
});

const listDescription = describeRoute({
  id: "listEntities",
  summary: "Entities",
  description: `Oldest first, ${ENTITIES_PER_PAGE} to a page.`,
  flow: "entities",
  security: BOTH_KEYS,
  status: 200,
  answer: z.object({
    count: z.int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(entity),
  }),
  answerDescription: "One page; `next` and `previous` are URLs.",
  example: { count: 1, next: null, previous: null, results: [EXAMPLE] },
  shape: "detail",
  errors: [DENIED, "NOT_FOUND"],
});

const bodyOf = ({ entityId, linkId, metaData }: EntityView) => ({
  entity_id: entityId,
  link_id: linkId,
  meta_data: metaData,
});

export async function createEntityRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  const { intake, access } = deps;
  useParsers(app, ["form", "multipart", "json"], BODY_LIMIT);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: URL,
    config: ENTITY_SHAPE,
    onRequest: access.require("client", DENIED),
    schema: { ...createDescription, body: newEntity },
    handler: async (request, reply) => {
      const { env, actor } = callerOf(request);
      const { link_id: linkId = null, meta_data } = request.body;
      const made = await createEntity(intake, env, actor, { linkId, metaData: metaDataOf(meta_data) });
      return reply.code(201).send(bodyOf(made));
    },
  });
}

export function entityReadRoutes(app: FastifyInstance, deps: BankconnectDeps): void {
  const { intake, access, publicUrl } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();
  onlyMethod(app, URL, ["GET", "POST"], "detail");
  typed.route({
    method: "GET",
    url: URL,
    config: ENTITY_SHAPE,
    onRequest: access.require("both", DENIED),
    schema: { ...listDescription, querystring: listQuery },
    handler: async (request) => {
      const { link_id: linkId = null } = request.query;
      const page = pageOf(request.query.page ?? null);
      const { env } = callerOf(request);
      const read = page === null ? null : await readEntities(intake, env, { page, linkId });
      if (page === null || !read) throw new Refusal("NOT_FOUND");
      const urlOf = (number: number) => pageUrl(publicUrl, number, linkId);
      return {
        count: read.count,
        next: page * ENTITIES_PER_PAGE < read.count ? urlOf(page + 1) : null,
        previous: page > 1 ? urlOf(page - 1) : null,
        results: read.entities.map(bodyOf),
      };
    },
  });
  onlyMethod(app, ENTITY_URL, "GET", "detail");
  typed.route({
    method: "GET",
    url: ENTITY_URL,
    config: ENTITY_SHAPE,
    onRequest: access.require("both", DENIED),
    schema: { ...readDescription, params: entityParams },
    handler: async (request) =>
      bodyOf(await readEntity(intake, callerOf(request).env, checkEntityId(request.params.entity_id))),
  });
}

/** Null where it is no page's number. */
function pageOf(text: string | null): number | null {
  if (text === null) return 1;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function pageUrl(publicUrl: string, page: number, linkId: string | null): string {
  const query = new URLSearchParams({ page: String(page) });
  if (linkId !== null) query.set("link_id", linkId);
  return `${publicUrl}/bank-connect/v1/entity/?${query.toString()}`;
}

/** An object, or JSON text of one; what is neither is refused. */
function metaDataOf(value: unknown): Record<string, unknown> | null {
  if (value === undefined || value === null || value === "") return null;
  const parsed: unknown = typeof value === "string" ? parseJson(value) : value;
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed) || isUnstorable(parsed))
    throw new Refusal("INVALID_REQUEST", { field: "meta_data", reason: "Value must be valid JSON." });
  return { ...parsed };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** PostgreSQL's jsonb holds neither NUL nor half a surrogate pair. */
function isUnstorable(value: object): boolean {
  const text = JSON.stringify(value);
  return text.includes("\\u0000") || /\\ud[89a-f]/i.test(text);
}
