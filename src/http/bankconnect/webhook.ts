/** The session flow's webhook: where it goes, and what was due to it. */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { assertAllows } from "../../intake/states.ts";
import { ts } from "../../intake/wire.ts";
import { isClosedLiteral, parseNetworks } from "../../platform/addresses.ts";
import { maskUrl } from "../../platform/receiver-url.ts";
import { recordAudit } from "../../store/audit.ts";
import { eventsOfResource, type RecordedBody } from "../../store/events.ts";
import { findSession } from "../../store/sessions.ts";
import { inTransaction } from "../../store/transaction.ts";
import { setContractWebhook } from "../../webhooks/manage.ts";
import { useParsers } from "../parsers.ts";
import { callerOf, type Caller } from "../keyring.ts";
import { success } from "./bodies.ts";
import { auditRead, checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";
import { Refusal } from "./errors.ts";
import { optionalInteger, requiredText } from "./fields.ts";

const UPDATE_URL = "/session_data/update_webhook/";
const PAYLOADS_URL = "/session_data/:session_id/webhook_payloads/";
const BODY_LIMIT = 64 * 1024;

const update = z.preprocess(
  (body) => body ?? {},
  z.object({
    webhook_url: requiredText(2048, {
      description: "Receives every session event. http is accepted, https is recommended.",
      example: "https://postman-echo.com/post",
    }),
    webhook_mode: optionalInteger({
      description: "0 to 3, stored; session events are sent in every mode.",
      example: 1,
    }),
  }),
);

const updateDescription = describeRoute({
  id: "updateSessionWebhook",
  summary: "Set the session webhook",
  description: "One URL receives all session events (`webhooks` lists them). A fault changes nothing.",
  security: BOTH_KEYS,
  status: 200,
  answer: success,
  answerDescription: "The URL is set.",
  example: { message: "success" },
  consumes: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
  errors: ["INVALID_REQUEST", "ACCESS_DENIED", "UNSUPPORTED_MEDIA_TYPE"],
  sample: { field: "webhook_url", reason: "Enter a valid URL." },
});

export async function updateWebhookRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  useParsers(app, ["json", "form", "multipart"], BODY_LIMIT);
  onlyMethod(app, UPDATE_URL, "POST");
  const allowed = parseNetworks(deps.allowNetworks);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: UPDATE_URL,
    onRequest: deps.access.require("both", "ACCESS_DENIED"),
    schema: { ...updateDescription, body: update },
    handler: async (request) => {
      const { webhook_url: url, webhook_mode: mode = 0 } = request.body;
      if (isClosedLiteral(url, allowed)) throw urlFault(CLOSED);
      await setWebhook(deps, callerOf(request), "session", { url, mode });
      return { message: "success" };
    },
  });
}

/** Throws Refusal INVALID_REQUEST; then nothing has changed. */
export async function setWebhook(
  deps: BankconnectDeps,
  caller: Caller,
  slot: "session" | "entity",
  { url, mode }: { url: string; mode: number },
): Promise<void> {
  const { db, clock } = deps;
  const { env, actor } = caller;
  const now = clock();
  await inTransaction(db, async ({ trx, afterCommit }) => {
    const managing = { trx, env, actor, now };
    const set = await setContractWebhook(managing, slot, { url, mode });
    if (!set.ok) throw faultOf(set.reason === "mode", mode);
    await recordAudit(trx, {
      envId: env.id,
      at: now,
      actor,
      action: "webhook.update",
      target: `webhook_endpoint:${set.publicId}`,
      detail: { url: maskUrl(new URL(url)), mode, created: set.created },
    });
    // What waited while it was paused may be retries: everywhere.
    if (set.lanes.length > 0) afterCommit(() => deps.intake.wake());
  });
}

function faultOf(isMode: boolean, mode: number): Refusal {
  return isMode
    ? new Refusal("INVALID_REQUEST", { field: "webhook_mode", reason: `"${mode}" is not a valid choice.` })
    : urlFault("Enter a valid URL.");
}

const urlFault = (reason: string): Refusal =>
  new Refusal("INVALID_REQUEST", { field: "webhook_url", reason });

const CLOSED = "Private and special addresses are not allowed.";

const payloads = z.object({ payloads: z.array(z.looseObject({ date_time: z.string() })) });

const payloadsDescription = describeRoute({
  id: "listSessionWebhookPayloads",
  summary: "Webhooks of a session",
  description:
    "What was due, newest first, whether or not it was delivered, and also while no URL was set. `date_time` is when.",
  security: BOTH_KEYS,
  status: 200,
  answer: payloads,
  answerDescription: "Each body as it is sent, with `date_time`.",
  example: {
    payloads: [
      {
        session_id: "409ed817-b824-4818-a7f7-dc532ce0d8fc",
        event_name: "ENRICHMENT_NOTIFICATION",
        accounts: [
          {
            bank_name: "sbi",
            account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
            account_status: "completed",
            error_code: null,
            error_message: null,
          },
        ],
        date_time: "2024-04-26 12:26:28",
      },
    ],
  },
  errors: COMMON_ERRORS,
});

export function webhookPayloadsRoute(app: FastifyInstance, deps: BankconnectDeps): void {
  const { db, access } = deps;
  onlyMethod(app, PAYLOADS_URL, "GET");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: PAYLOADS_URL,
    onRequest: access.require("both", "ACCESS_DENIED"),
    schema: { ...payloadsDescription, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      const caller = callerOf(request);
      const { env } = caller;
      const session = await findSession(db, env.id, sessionId);
      if (!session) throw new Refusal("SESSION_NOT_FOUND");
      assertAllows(session.state, "read_uploads", sessionId);
      const events = await eventsOfResource(db, env.id, `session:${sessionId}`, "session");
      await auditRead(deps, caller, "webhook_payloads.read", {
        target: `session:${sessionId}`,
        count: events.length,
      });
      return { payloads: events.map(payloadOf) };
    },
  });
}

/** A body as it was sent, with when it was due. */
export function payloadOf({ body, at }: RecordedBody) {
  return { ...(typeof body === "object" ? body : {}), date_time: ts(at) };
}
