/** Webhook endpoints by API, on the engine of the deliveries: `fx-signature`, a retry every 3 s, a pause after 10. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import { z } from "zod";
import { isClosedLiteral, parseNetworks } from "../../platform/addresses.ts";
import type { Schema } from "../../store/schema.ts";
import { inTransaction } from "../../store/transaction.ts";
import {
  countWebhooks,
  findWebhook,
  listWebhooks,
  setWebhookMetadata,
  WEBHOOK_ORDER,
} from "../../store/webhooks.ts";
import {
  createEndpoint,
  deleteEndpoint,
  resumeEndpoint,
  rotateSecret,
  updateEndpoint,
  type Managed,
  type Managing,
} from "../../webhooks/manage.ts";
import { callerOf } from "../keyring.ts";
import { found, idParams, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { OpenBankingError } from "./errors.ts";
import { changedMetadata, newMetadata, whole } from "./fields.ts";
import { keepInTransaction } from "./idempotency.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";
import {
  changeBody,
  newBody,
  settingError,
  viewWebhook,
  WEBHOOK_EXAMPLE,
  WEBHOOK_ID,
  webhookView,
  withSecret,
} from "./webhook-views.ts";

const LIST = { name: "/webhooks", order: WEBHOOK_ORDER };
const params = idParams("The endpoint's id.", WEBHOOK_ID);

export function webhookRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  listRoute(app, deps);
  createRoute(app, deps);
  readRoute(app, deps);
  changeRoute(app, deps);
  deleteRoute(app, deps);
  rotateRoute(app, deps);
  resumeRoute(app, deps);
}

function listRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/webhooks",
    schema: {
      ...describeRoute({
        id: "listWebhooks",
        tag: TAGS.events,
        summary: "Webhook endpoints",
        description: "Those that get this contract's events. Newest first.",
        answer: listAnswer(webhookView),
        answerDescription: "One page.",
        example: listExample(WEBHOOK_EXAMPLE, "/webhooks"),
      }),
      querystring: z.object(listQuery),
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const page = readPage(request.query, LIST);
      const rows = await listWebhooks(db, env.id, page);
      const total = await countWebhooks(db, env.id);
      const keyOf = ({ id }: { id: number }) => [BigInt(id)];
      return listBody(request, page, rows, { list: LIST, total, keyOf, view: viewWebhook });
    },
  });
}

function createRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  const allowed = parseNetworks(deps.allowNetworks);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/webhooks",
    schema: {
      ...describeRoute({
        id: "createWebhook",
        tag: TAGS.events,
        summary: "Create a webhook endpoint",
        description:
          "It gets what is recorded from now on: a POST of the event, signed in `fx-signature`, again every 3 s until a 2xx " +
          "comes; 10 failures in a row pause it and drop nothing. Without `events[]` it gets all that need not be named.",
        answer: withSecret,
        answerDescription: "With the secret, which no other answer has.",
        example: { ...WEBHOOK_EXAMPLE, secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" },
        errors: ["missing_parameter", "idempotency_conflict"],
      }),
      body: newBody,
    },
    handler: (request) => {
      const { url, events = ["*"], metadata } = request.body;
      refuseClosed(url, allowed);
      return inTransaction(deps.db, async ({ trx }) => {
        const managing = managingOf(deps, request, trx);
        const wanted = { url, format: "event", preset: "openbanking", eventTypes: events } as const;
        const { endpoint, secret } = accepted(await createEndpoint(managing, wanted));
        const row = found(await findWebhook(trx, managing.env.id, endpoint.publicId));
        await setWebhookMetadata(trx, row, newMetadata(metadata));
        const webhook = { ...viewWebhook({ ...row, metadata: newMetadata(metadata) }), secret };
        await keepInTransaction(trx, request, webhook);
        return webhook;
      });
    },
  });
}

function readRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/webhooks/:id",
    schema: {
      ...describeRoute({
        id: "getWebhook",
        tag: TAGS.events,
        summary: "One webhook endpoint",
        description: "As it is now, without its secret.",
        answer: webhookView,
        answerDescription: "The endpoint.",
        example: WEBHOOK_EXAMPLE,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) =>
      viewWebhook(found(await findWebhook(db, callerOf(request).env.id, request.params.id))),
  });
}

function changeRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  const allowed = parseNetworks(deps.allowNetworks);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/webhooks/:id",
    schema: {
      ...describeRoute({
        id: "updateWebhook",
        tag: TAGS.events,
        summary: "Change a webhook endpoint",
        description: "What is not sent stays. `events[]=*` subscribes to all that need not be named.",
        answer: webhookView,
        answerDescription: "Changed.",
        example: { ...WEBHOOK_EXAMPLE, events: ["*"] },
        errors: ["resource_missing", "idempotency_conflict"],
      }),
      params,
      body: changeBody,
    },
    handler: (request) => {
      const { url, events, metadata } = request.body;
      if (url !== undefined) refuseClosed(url, allowed);
      return inTransaction(deps.db, async ({ trx }) => {
        const managing = managingOf(deps, request, trx);
        const row = await ownRow(trx, managing, request.params.id);
        const changes = {
          ...(url === undefined ? {} : { url }),
          ...(events === undefined ? {} : { eventTypes: events }),
        };
        accepted(await updateEndpoint(managing, row.public_id, changes));
        await setWebhookMetadata(trx, row, changedMetadata(row.metadata, metadata));
        const webhook = viewWebhook(await ownRow(trx, managing, row.public_id));
        await keepInTransaction(trx, request, webhook);
        return webhook;
      });
    },
  });
}

const gone = z.object({ id: z.string(), object: z.literal("webhook"), deleted: z.literal(true) });

function deleteRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "DELETE",
    url: "/webhooks/:id",
    schema: {
      ...describeRoute({
        id: "deleteWebhook",
        tag: TAGS.events,
        summary: "Delete a webhook endpoint",
        description: "With what is queued for it. The events stay in the feed.",
        answer: gone,
        answerDescription: "It is gone.",
        example: { id: WEBHOOK_ID, object: "webhook", deleted: true },
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: (request) =>
      inTransaction(deps.db, async ({ trx }) => {
        const managing = managingOf(deps, request, trx);
        const { public_id: id } = await ownRow(trx, managing, request.params.id);
        accepted(await deleteEndpoint(managing, id));
        return { id, object: "webhook" as const, deleted: true as const };
      }),
  });
}

const rotation = z.object({
  overlap_seconds: whole(0, 2_592_000, {
    description: "How long the old secret signs beside the new one; 86,400 where it is absent.",
  }).optional(),
});

function rotateRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/webhooks/:id/rotate",
    schema: {
      ...describeRoute({
        id: "rotateWebhook",
        tag: TAGS.events,
        summary: "Rotate a webhook's secret",
        description:
          "`fx-signature` has room for one signature: the old secret's until the overlap ends. `webhook-signature` carries both " +
          "from now on; `overlap_seconds=0` ends the old one at once.",
        answer: withSecret,
        answerDescription: "With the new secret, which no other answer has.",
        example: { ...WEBHOOK_EXAMPLE, secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" },
        errors: ["resource_missing", "idempotency_conflict"],
      }),
      params,
      body: rotation,
    },
    handler: (request) =>
      inTransaction(deps.db, async ({ trx }) => {
        const managing = managingOf(deps, request, trx);
        const { public_id: id } = await ownRow(trx, managing, request.params.id);
        const { overlap_seconds: overlapSeconds } = request.body;
        const { secret } = accepted(
          await rotateSecret(managing, id, overlapSeconds === undefined ? {} : { overlapSeconds }),
        );
        const webhook = { ...viewWebhook(await ownRow(trx, managing, id)), secret };
        await keepInTransaction(trx, request, webhook);
        return webhook;
      }),
  });
}

function resumeRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/webhooks/:id/resume",
    schema: {
      ...describeRoute({
        id: "resumeWebhook",
        tag: TAGS.events,
        summary: "Resume a paused webhook endpoint",
        description: "What waited for it is sent, paced.",
        answer: webhookView,
        answerDescription: "As it is now, also where nothing had to change.",
        example: WEBHOOK_EXAMPLE,
        errors: ["resource_missing", "idempotency_conflict"],
      }),
      params,
    },
    handler: (request) =>
      inTransaction(deps.db, async ({ trx, afterCommit }) => {
        const managing = managingOf(deps, request, trx);
        const { public_id: id } = await ownRow(trx, managing, request.params.id);
        const { lanes } = accepted(await resumeEndpoint(managing, id));
        if (lanes.length > 0) afterCommit(() => deps.connect.wake(lanes));
        const webhook = viewWebhook(await ownRow(trx, managing, id));
        await keepInTransaction(trx, request, webhook);
        return webhook;
      }),
  });
}

function managingOf({ clock }: OpenbankingDeps, request: FastifyRequest, trx: Kysely<Schema>): Managing {
  const { env, actor } = callerOf(request);
  return { trx, env, actor, now: clock() };
}

/** Only this contract's: an endpoint of BankConnect's formats is not there. */
const ownRow = async (trx: Kysely<Schema>, { env }: Managing, publicId: string) =>
  found(await findWebhook(trx, env.id, publicId));

/** Throws what was refused, so that the transaction rolls back. */
function accepted<T extends object>(managed: Managed<T>): { ok: true } & T {
  if (managed.ok) return managed;
  throw managed.reason === "unknown"
    ? new OpenBankingError("resource_missing")
    : settingError(managed.faults);
}

/** Names are judged at each delivery: they may move. */
function refuseClosed(url: string, allowed: ReturnType<typeof parseNetworks>): void {
  if (!isClosedLiteral(url, allowed)) return;
  throw new OpenBankingError("invalid_parameter", {
    param: "url",
    message: "Private and special addresses are not allowed.",
  });
}
