/** `net_banking_link/`: where an entity's customer connects a bank. Ours: the sources show only what follows from it. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { prepareEntityVisit } from "../../../intake/net-banking/entity-visit.ts";
import { callerOf } from "../../keyring.ts";
import { useParsers } from "../../parsers.ts";
import { uuid } from "../bodies.ts";
import { onlyMethod, type BankconnectDeps } from "../context.ts";
import { BOTH_KEYS, describeRoute } from "../documentation.ts";
import { requiredText, requiredUrl } from "../fields.ts";
import { checkEntityId, DENIED, ENTITY_SHAPE, entityParams } from "./context.ts";

const URL = "/entity/:entity_id/net_banking_link/";
const BODY_LIMIT = 64 * 1024;

const wanted = z.preprocess(
  (body) => body ?? {},
  z.object({
    bank_name: requiredText(50, { description: "Bank identifier.", example: "orion" }),
    redirect_url: requiredUrl(2048, {
      description: "Where the customer comes back to, with `success` and `entity_id` in its query.",
      example: "https://example.com/done",
    }),
  }),
);

const link = z.object({
  entity_id: uuid,
  redirect_url: z.string().meta({ description: "Send the customer here, in their own browser." }),
  expires_at: z.string(),
});

const description = describeRoute({
  id: "createNetBankingLink",
  summary: "A page on which a customer connects a bank",
  description:
    "An extension. The customer gives their bank leave for one look at twelve months; what comes is told by the entity's " +
    "webhook, in mode 0 too: a statement of source `online`, or `failed` with an empty `statement_id`.",
  flow: "entities",
  security: BOTH_KEYS,
  status: 200,
  answer: link,
  answerDescription: "The page's address, good for a day.",
  example: {
    entity_id: "7a9f1c44-3b55-4c0a-9a53-0e8c2b1d9f10",
    redirect_url:
      "https://bankbell.example/n/env_2aUyqjCzEIiEcYMKj7TZtw/7a9f1c44-3b55-4c0a-9a53-0e8c2b1d9f10/orion/1714134388.mFkqJ…",
    expires_at: "2024-04-27T12:26:28Z",
  },
  consumes: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
  shape: "detail",
  errors: [
    "INVALID_REQUEST",
    DENIED,
    "ENTITY_NOT_FOUND",
    "INVALID_BANK_NAME",
    "MODE_NOT_ENABLED",
    "UNSUPPORTED_MEDIA_TYPE",
  ],
  sample: { field: "bank_name", reason: "This field is required." },
});

export async function netBankingLinkRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  const { intake, access, clock, netBankingLinks } = deps;
  useParsers(app, ["json", "form", "multipart"], BODY_LIMIT);
  onlyMethod(app, URL, "POST", "detail");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: URL,
    config: ENTITY_SHAPE,
    onRequest: access.require("both", DENIED),
    schema: { ...description, params: entityParams, body: wanted },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const entityId = checkEntityId(request.params.entity_id);
      const { bank_name: bankName, redirect_url: redirectUrl } = request.body;
      const { bank } = await prepareEntityVisit(intake, env, actor, { entityId, bankName, redirectUrl });
      const { url, expiresAt } = netBankingLinks.linkTo({ env: env.publicId, entityId, bank }, clock());
      return {
        entity_id: entityId,
        redirect_url: url,
        expires_at: expiresAt.toString({ fractionalSecondDigits: 0 }),
      };
    },
  });
}
