/** The OpenAPI 3.1 document, from the routes' own schemas and the catalogue of events. */
import swagger, { type SwaggerTransform } from "@fastify/swagger";
import type { FastifyInstance, FastifySchema } from "fastify";
import { z } from "zod";
import { DELIVERY_KINDS, EVENT_KINDS, OPENBANKING_KINDS, type EventKind } from "../events/catalogue.ts";
import { everywhere } from "./bankconnect/documentation.ts";
import { EVENT_BODIES } from "./bankconnect/event-bodies.ts";
import { DELIVERY_EVENT_BODIES } from "./console/delivery-events.ts";
import { TAGS } from "./openbanking/documentation.ts";
import { openbankingEventBody } from "./openbanking/event-bodies.ts";
import { requestSchema, responseSchema } from "./schemas.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a body that a handler parses by itself looks like. */
    documentedBody?: z.ZodType;
  }
}

export interface OpenapiOptions {
  publicUrl: string;
  version: string;
}

const DESCRIPTION = `Statements in, verified accounts and transactions out, and a signed webhook that is never lost.

Sessions: create one, upload statements to it, start processing, and read the outcome by webhook or by polling.
Keys go in the headers \`x-api-key\` and \`server-hash\`. Every path ends in a slash; without it works too.

Every BankConnect path may also answer, in the shape of its other errors: ${everywhere()}.`;

/** Of `/docs`, in this order. */
const SECTIONS = [
  { name: "BankConnect sessions", description: "The session flow of the BankConnect contract." },
  { name: "BankConnect entities", description: "The older entity flow: one `link_id` is one entity." },
  {
    name: TAGS.customers,
    description:
      "The open-banking contract lies at the root of the host. The API key goes in HTTP Basic as the user name, with an " +
      "empty password. Bodies are forms: `scopes[]=accounts`, `metadata[key]=value`; JSON is taken as well. " +
      "Every POST takes an `Idempotency-Key` of up to 40 characters. Lists are newest first; follow `paging.next` as " +
      "it is.",
  },
  { name: TAGS.consents, description: "Access that a customer gives to their bank." },
  { name: TAGS.accounts, description: "What the bank says, once there is a consent." },
  { name: TAGS.payments, description: "Paid by the customer at their bank." },
  {
    name: TAGS.events,
    description: "By webhook, by pulling the feed, or as a stream; all three read the same rows.",
  },
  {
    name: "Deliveries",
    description:
      "Webhook endpoints, the history of what was sent to them, and sending it again. An API key goes in " +
      "`Authorization: Bearer <key>`. Lists are newest first; `cursor` takes the `next` of the page before.",
  },
  {
    name: "Settings",
    description: "API keys, and what an environment's owner may choose. Bearer key, as above.",
  },
  { name: "Operation", description: "For those who run the server." },
];

export async function registerOpenapi(
  app: FastifyInstance,
  { publicUrl, version }: OpenapiOptions,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Bankbell",
        version,
        description: DESCRIPTION,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: publicUrl }],
      tags: SECTIONS,
      components: {
        securitySchemes: {
          clientKey: {
            type: "apiKey",
            in: "header",
            name: "x-api-key",
            description: "The client's API key.",
          },
          serverHash: {
            type: "apiKey",
            in: "header",
            name: "server-hash",
            description: "The server-side secret.",
          },
          basicKey: {
            type: "http",
            scheme: "basic",
            description: "The API key as the user name, an empty password.",
          },
          bearerKey: { type: "http", scheme: "bearer", description: "The client's API key." },
        },
      },
      webhooks: webhooks(),
    },
    transform: documented,
  });
  // Written once: the routes do not change after the start.
  let text: string | null = null;
  app.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type("application/json; charset=utf-8").send(text);
  });
}

/** Requests are zod here, responses JSON Schema already (`schemas.ts`). */
const documented: SwaggerTransform = ({ schema, url, route }) => {
  if (!schema || schema.hide) return { schema: { ...schema, hide: true }, url };
  const body = route.config?.documentedBody ?? schema.body;
  const known: FastifySchema = { ...schema, body };
  for (const part of ["body", "querystring", "params", "headers"] as const) {
    const value = known[part];
    if (value instanceof z.ZodType) known[part] = requestSchema(value);
    else if (value === undefined) delete known[part];
  }
  return { schema: known, url };
};

/** One per event type: the catalogue is the source, so that nothing is sent that is not written here. */
function webhooks() {
  return Object.fromEntries([
    ...EVENT_KINDS.map((kind) => webhookOf(kind, EVENT_BODIES[kind.type], FLOWS[kind.format])),
    ...OPENBANKING_KINDS.map((kind) => webhookOf(kind, openbankingEventBody(kind.type), TAGS.events)),
    ...DELIVERY_KINDS.map((kind) => webhookOf(kind, DELIVERY_EVENT_BODIES[kind.type], "Deliveries")),
  ]);
}

const FLOWS = { session: "BankConnect sessions", entity: "BankConnect entities" };

function webhookOf(
  { type, description, when }: EventKind,
  { body, example }: { body: z.ZodType; example: unknown },
  tag: string,
) {
  const { examples: _, ...schema } = responseSchema(body, { description, example });
  const post = {
    operationId: type,
    summary: description,
    description: `${when}\n\nSigned as Standard Webhooks: \`webhook-id\`, \`webhook-timestamp\`, \`webhook-signature\`.`,
    tags: [tag],
    requestBody: { required: true, content: { "application/json": { schema, example } } },
    responses: { "2XX": { description: "Any 2xx is success; everything else is tried again." } },
  };
  return [type, { post }];
}
