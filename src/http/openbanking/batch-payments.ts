/** Batches of payments: create, read, list, cancel; and the payments of one (reference §6). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { pageUrl } from "../../connect/hosted-codes.ts";
import { batchObject, type BatchObject } from "../../connect/objects/payment.ts";
import { batchState, cancelBatch, createBatch, type BatchState } from "../../connect/payments/create.ts";
import {
  batchNames,
  checkedCurrency,
  checkedInstruction,
  checkedProvider,
  MOST_IN_BATCH,
} from "../../connect/payments/input.ts";
import {
  BATCH_ORDER,
  countBatches,
  findBatch,
  listBatches,
  statusesOfBatches,
  type Batch,
} from "../../store/batch-payments.ts";
import type { Environment } from "../../store/environments.ts";
import { countPayments, listPayments } from "../../store/payments.ts";
import { callerOf } from "../keyring.ts";
import { found, idParams, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import {
  currency,
  httpsUrl,
  listOf,
  metadata,
  newMetadata,
  oneOf,
  optionalText,
  spanOf,
  timestampQuery,
} from "./fields.ts";
import { keepInTransaction } from "./idempotency.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";
import { filterOwner, ownerOf } from "./owners.ts";
import { instructionFields } from "./payment-fields.ts";
import { BATCH_EXAMPLE, BATCH_STATUSES, batchView, PAYMENT_EXAMPLE, paymentView } from "./payment-views.ts";
import { PAYMENT_LIST, viewPayment } from "./payments.ts";

const newBody = z.object({
  customer: optionalText(200, {
    description: "Who pays; or a `vendor`.",
    examples: [BATCH_EXAMPLE.customer],
  }),
  vendor: optionalText(200, { description: "In place of a customer." }),
  currency: currency(),
  provider: optionalText(100, { description: "The bank to pay from; without one the hosted page asks." }),
  return_url: httpsUrl({
    description: "Where the customer goes once all are decided; its own query is kept.",
  }),
  payments: listOf(z.object({ ...instructionFields, metadata: metadata() }), MOST_IN_BATCH, {
    description: `\`payments[0][amount]\`, \`payments[0][recipient][name]\` …: 1 to ${MOST_IN_BATCH}.`,
  }).refine((payments) => payments.length > 0, "is empty"),
  metadata: metadata(),
});

const query = z.object({
  ...listQuery,
  ...timestampQuery,
  customer: optionalText(200, { description: "Only this customer's." }),
  vendor: optionalText(200, { description: "Only this vendor's." }),
  status: oneOf(BATCH_STATUSES).optional(),
});

const params = idParams("The batch payment's id.", BATCH_EXAMPLE.id);
const LIST = { name: "/batch_payments", order: BATCH_ORDER };

function viewBatch(deps: OpenbankingDeps, env: Environment, { batch, payments }: BatchState): BatchObject {
  return batchObject(batch, payments, pageUrl(deps.connect, env.dataKey, "batch_payments", batch));
}

export function batchPaymentRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  createRoute(app, deps);
  readRoute(app, deps);
  paymentsRoute(app, deps);
  cancelRoute(app, deps);
  listRoute(app, deps);
}

function createRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/batch_payments",
    schema: {
      ...describeRoute({
        id: "createBatchPayment",
        tag: TAGS.payments,
        summary: "Initiate several payments",
        description:
          "Send the customer to `redirect.consent_url`: from there they authorize one payment after the other at their " +
          "bank, as UK banks offer it. Each is made as soon as it is authorized.",
        answer: batchView,
        answerDescription: "The batch; nothing has been asked of a bank yet.",
        example: BATCH_EXAMPLE,
        errors: ["missing_identity", "missing_parameter", "resource_missing", "idempotency_conflict"],
      }),
      body: newBody,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { body } = request;
      const currency = checkedCurrency(body.currency);
      const payments = body.payments.map(({ metadata, ...fields }, index) => ({
        ...checkedInstruction(fields, currency, batchNames(index)),
        metadata: newMetadata(metadata),
      }));
      const provider = checkedProvider(deps.connect.providers, body.provider ?? null);
      const customerId = await ownerOf(deps.db, env.id, body);
      const metadata = newMetadata(body.metadata);
      const state = await createBatch(
        deps.connect,
        env,
        { customerId, provider, currency, returnUrl: body.return_url, metadata, payments },
        { actor, keep: (trx, made) => keepInTransaction(trx, request, viewBatch(deps, env, made)) },
      );
      return viewBatch(deps, env, state);
    },
  });
}

function readRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/batch_payments/:id",
    schema: {
      ...describeRoute({
        id: "getBatchPayment",
        tag: TAGS.payments,
        summary: "One batch",
        description: "As it is now.",
        answer: batchView,
        answerDescription: "The batch.",
        example: BATCH_EXAMPLE,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      return viewBatch(deps, env, await batchState(deps.connect, env, request.params.id));
    },
  });
}

function paymentsRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/batch_payments/:id/payments",
    schema: {
      ...describeRoute({
        id: "listPaymentsOfBatch",
        tag: TAGS.payments,
        summary: "The payments of a batch",
        description: "The last of the batch first, as all lists begin with the newest.",
        answer: listAnswer(paymentView),
        answerDescription: "One page.",
        example: listExample(PAYMENT_EXAMPLE, `/batch_payments/${BATCH_EXAMPLE.id}/payments`),
        errors: ["resource_missing"],
      }),
      params,
      querystring: z.object(listQuery),
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const { id: batchId } = found(await findBatch(deps.db, env.id, request.params.id));
      const page = readPage(request.query, PAYMENT_LIST);
      const rows = await listPayments(deps.db, env.id, { batchId }, page);
      const total = await countPayments(deps.db, env.id, { batchId });
      const list = { list: PAYMENT_LIST, total, keyOf: ({ id }: { id: bigint }) => [id] };
      return listBody(request, page, rows, { ...list, view: (payment) => viewPayment(deps, env, payment) });
    },
  });
}

function cancelRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/batch_payments/:id/cancel",
    schema: {
      ...describeRoute({
        id: "cancelBatchPayment",
        tag: TAGS.payments,
        summary: "Cancel a batch",
        description: "Cancels the payments that the customer has not authorized yet; the others go on.",
        answer: batchView,
        answerDescription: "As it is then: `canceled` where nothing of it had been authorized.",
        example: { ...BATCH_EXAMPLE, status: "canceled", counts: { pending: 0, completed: 0, failed: 2 } },
        errors: ["invalid_state", "resource_missing", "idempotency_conflict"],
      }),
      params,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      return viewBatch(deps, env, await cancelBatch(deps.connect, env, request.params.id, actor));
    },
  });
}

function listRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/batch_payments",
    schema: {
      ...describeRoute({
        id: "listBatchPayments",
        tag: TAGS.payments,
        summary: "Batches",
        description: "Newest first.",
        answer: listAnswer(batchView),
        answerDescription: "One page.",
        example: listExample(BATCH_EXAMPLE, "/batch_payments"),
        errors: ["resource_missing"],
      }),
      querystring: query,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const page = readPage(request.query, LIST);
      const filter = {
        ...spanOf(request.query, env.timeZone),
        customerId: await filterOwner(deps.db, env.id, request.query),
        status: request.query.status,
      };
      const rows = await listBatches(deps.db, env.id, filter, page);
      const total = await countBatches(deps.db, env.id, filter);
      const statuses = await statusesOfBatches(
        deps.db,
        env.id,
        rows.rows.map(({ id }) => id),
      );
      const view = (batch: Batch) => viewBatch(deps, env, { batch, payments: statuses.get(batch.id) ?? [] });
      return listBody(request, page, rows, { list: LIST, total, keyOf: ({ id }) => [id], view });
    },
  });
}
