/** The entity flow's webhook: where it goes and for what, and what was due to it (reference §5.5, rulings 11 and 12). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { isClosedLiteral, parseNetworks } from "../../../platform/addresses.ts";
import { eventsOfSubject } from "../../../store/events.ts";
import { callerOf } from "../../keyring.ts";
import { useParsers } from "../../parsers.ts";
import { success } from "../bodies.ts";
import { auditRead, onlyMethod, type BankconnectDeps } from "../context.ts";
import { BOTH_KEYS, describeRoute } from "../documentation.ts";
import { Refusal } from "../errors.ts";
import { ENTITY_EXAMPLE } from "../event-bodies.ts";
import { optionalInteger, queryText, requiredText } from "../fields.ts";
import { payloadOf, setWebhook } from "../webhook.ts";
import { DENIED, ENTITY_SHAPE } from "./context.ts";

const UPDATE_URL = "/entity/update_webhook/";
const PAYLOADS_URL = "/entity/webhook_payloads/";
const BODY_LIMIT = 64 * 1024;
/** 0: net banking only; 1: uploads too. */
const MODES: ReadonlySet<number> = new Set([0, 1]);

const update = z.preprocess(
  (body) => body ?? {},
  z.object({
    webhook_url: requiredText(2048, {
      description: "Receives what becomes of each statement. http is accepted, https is recommended.",
      example: "https://postman-echo.com/post",
    }),
    webhook_mode: optionalInteger({
      description: "0, also where it is absent: net banking only. 1: uploads too.",
      example: 1,
    }),
  }),
);

const updateDescription = describeRoute({
  id: "updateEntityWebhook",
  summary: "Set the entity webhook",
  description: "Without `webhook_mode` it is 0 again. A fault changes nothing.",
  flow: "entities",
  security: BOTH_KEYS,
  status: 200,
  answer: success,
  answerDescription: "The URL is set.",
  example: { message: "success" },
  consumes: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
  shape: "detail",
  errors: ["INVALID_REQUEST", DENIED, "UNSUPPORTED_MEDIA_TYPE"],
  sample: { field: "webhook_url", reason: "Enter a valid URL." },
});

export async function updateEntityWebhookRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  useParsers(app, ["json", "form", "multipart"], BODY_LIMIT);
  onlyMethod(app, UPDATE_URL, "POST", "detail");
  const allowed = parseNetworks(deps.allowNetworks);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: UPDATE_URL,
    config: ENTITY_SHAPE,
    onRequest: deps.access.require("both", DENIED),
    schema: { ...updateDescription, body: update },
    handler: async (request) => {
      const { webhook_url: url, webhook_mode: mode = 0 } = request.body;
      if (isClosedLiteral(url, allowed))
        throw fault("webhook_url", "Private and special addresses are not allowed.");
      if (!MODES.has(mode)) throw fault("webhook_mode", `"${mode}" is not a valid choice.`);
      await setWebhook(deps, callerOf(request), "entity", { url, mode });
      return { message: "success" };
    },
  });
}

const fault = (field: string, reason: string) => new Refusal("INVALID_REQUEST", { field, reason });

const payloadsQuery = z.object({
  link_id: queryText({ description: "Whose webhooks.", example: "customer-0042" }),
});

const payloadsDescription = describeRoute({
  id: "listEntityWebhookPayloads",
  summary: "Webhooks of a link_id",
  description:
    "What was due, newest first, whether or not it was delivered. `date_time` is when. Of an unknown `link_id`: nothing.",
  flow: "entities",
  security: BOTH_KEYS,
  status: 200,
  answer: z.object({ payloads: z.array(z.looseObject({ date_time: z.string() })) }),
  answerDescription: "Each body as it is sent, with `date_time`.",
  example: {
    payloads: [{ ...ENTITY_EXAMPLE, date_time: "2024-04-26 12:26:28" }],
  },
  shape: "detail",
  errors: ["INVALID_REQUEST", DENIED],
  sample: { field: "link_id", reason: "This field is required." },
});

export function entityWebhookPayloadsRoute(app: FastifyInstance, deps: BankconnectDeps): void {
  onlyMethod(app, PAYLOADS_URL, "GET", "detail");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: PAYLOADS_URL,
    config: ENTITY_SHAPE,
    onRequest: deps.access.require("both", DENIED),
    schema: { ...payloadsDescription, querystring: payloadsQuery },
    handler: async (request) => {
      const { link_id: linkId } = request.query;
      if (!linkId) throw fault("link_id", "This field is required.");
      const caller = callerOf(request);
      const events = linkId.includes("\0")
        ? []
        : await eventsOfSubject(deps.db, caller.env.id, linkId, "entity");
      await auditRead(deps, caller, "webhook_payloads.read", {
        target: "entity_webhook",
        count: events.length,
      });
      return { payloads: events.map(payloadOf) };
    },
  });
}
