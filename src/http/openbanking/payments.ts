/** Payments: create, read, list, cancel (reference §6). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { pageUrl } from "../../connect/hosted-codes.ts";
import { paymentObject, type PaymentObject } from "../../connect/objects/payment.ts";
import { cancelPayment, createPayment, type NewPaymentTerms } from "../../connect/payments/create.ts";
import {
  checkedCurrency,
  checkedInstruction,
  checkedProvider,
  plainNames,
} from "../../connect/payments/input.ts";
import { openParties } from "../../connect/payments/sealed.ts";
import { findBatch } from "../../store/batch-payments.ts";
import type { Environment } from "../../store/environments.ts";
import { findPayerAccount } from "../../store/payer-accounts.ts";
import {
  countPayments,
  findPayment,
  listPayments,
  PAYMENT_ORDER,
  type Payment,
  type PaymentFilter,
} from "../../store/payments.ts";
import { callerOf } from "../keyring.ts";
import { found, idParams, named, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { OpenBankingError } from "./errors.ts";
import {
  currency,
  httpsUrl,
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
import { PAYMENT_EXAMPLE, PAYMENT_STATUSES, paymentView } from "./payment-views.ts";

const newBody = z.object({
  customer: optionalText(200, {
    description: "Who pays; or a `vendor`.",
    examples: [PAYMENT_EXAMPLE.customer],
  }),
  vendor: optionalText(200, { description: "In place of a customer." }),
  ...instructionFields,
  currency: currency(),
  provider: optionalText(100, { description: "The bank to pay from; without one the hosted page asks." }),
  bank_account: optionalText(200, { description: "The payer's account, of this customer." }),
  return_url: httpsUrl({ description: "Where the customer goes afterwards; its own query is kept." }),
  metadata: metadata(),
});

const query = z.object({
  ...listQuery,
  ...timestampQuery,
  customer: optionalText(200, { description: "Only this customer's." }),
  vendor: optionalText(200, { description: "Only this vendor's." }),
  status: oneOf(PAYMENT_STATUSES).optional(),
  batch_payment: optionalText(200, { description: "Only those of this batch." }),
});

const params = idParams("The payment's id.", PAYMENT_EXAMPLE.id);
export const PAYMENT_LIST = { name: "/payments", order: PAYMENT_ORDER };

/** As answers show it. */
export function viewPayment(
  deps: Pick<OpenbankingDeps, "connect">,
  env: Environment,
  payment: Payment,
): PaymentObject {
  const page = payment.code === null ? null : pageUrl(deps.connect, env.dataKey, "payments", payment);
  return paymentObject(payment, openParties(env.dataKey, payment).recipient, page);
}

export function paymentRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  createRoute(app, deps);
  readRoute(app, deps);
  cancelRoute(app, deps);
  listRoute(app, deps);
}

function createRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/payments",
    schema: {
      ...describeRoute({
        id: "createPayment",
        tag: TAGS.payments,
        summary: "Initiate a payment",
        description:
          "Send the customer to `redirect.consent_url`: there they choose their bank, where it is not named, and authorize " +
          "the payment. An `Idempotency-Key` makes repeating the request safe.",
        answer: paymentView,
        answerDescription: "The payment; nothing has been asked of a bank yet.",
        example: PAYMENT_EXAMPLE,
        errors: ["missing_identity", "missing_parameter", "resource_missing", "idempotency_conflict"],
      }),
      body: newBody,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { body } = request;
      const currency = checkedCurrency(body.currency);
      const instruction = checkedInstruction(body, currency, plainNames);
      const customerId = await ownerOf(deps.db, env.id, body);
      const from = await payerOf(deps, env.id, customerId, body);
      const metadata = newMetadata(body.metadata);
      const terms = { ...instruction, ...from, customerId, currency, metadata };
      const payment = await createPayment(
        deps.connect,
        env,
        { ...terms, returnUrl: body.return_url },
        { actor, keep: (trx, made) => keepInTransaction(trx, request, viewPayment(deps, env, made)) },
      );
      return viewPayment(deps, env, payment);
    },
  });
}

/** The account that is named, and the bank: the account's where it is. */
async function payerOf(
  { db, connect }: OpenbankingDeps,
  envId: number,
  customerId: bigint,
  {
    bank_account: account,
    provider: bank,
  }: { bank_account?: string | undefined; provider?: string | undefined },
): Promise<Pick<NewPaymentTerms, "bankAccountId" | "payer" | "provider">> {
  const provider = checkedProvider(connect.providers, bank ?? null);
  if (account === undefined) return { bankAccountId: null, payer: null, provider };
  const known = named(await findPayerAccount(db, envId, customerId, account), "bank_account");
  if (provider !== null && provider !== known.provider) {
    const message = "`provider` is not the bank of `bank_account`.";
    throw new OpenBankingError("invalid_parameter", { param: "provider", message });
  }
  const { id: bankAccountId, payer } = known;
  return { bankAccountId, payer, provider: checkedProvider(connect.providers, known.provider) };
}

function readRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/payments/:id",
    schema: {
      ...describeRoute({
        id: "getPayment",
        tag: TAGS.payments,
        summary: "One payment",
        description: "As it is now.",
        answer: paymentView,
        answerDescription: "The payment.",
        example: PAYMENT_EXAMPLE,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      return viewPayment(deps, env, found(await findPayment(deps.db, env.id, request.params.id)));
    },
  });
}

function cancelRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/payments/:id/cancel",
    schema: {
      ...describeRoute({
        id: "cancelPayment",
        tag: TAGS.payments,
        summary: "Cancel a payment",
        description: "Only while it is `new` or `pending`: before the customer has authorized it.",
        answer: paymentView,
        answerDescription: "Canceled.",
        example: { ...PAYMENT_EXAMPLE, status: "canceled" },
        errors: ["invalid_state", "resource_missing", "idempotency_conflict"],
      }),
      params,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      return viewPayment(deps, env, await cancelPayment(deps.connect, env, request.params.id, actor));
    },
  });
}

function listRoute(app: FastifyInstance, deps: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/payments",
    schema: {
      ...describeRoute({
        id: "listPayments",
        tag: TAGS.payments,
        summary: "Payments",
        description: "Newest first, those of batches among them.",
        answer: listAnswer(paymentView),
        answerDescription: "One page.",
        example: listExample(PAYMENT_EXAMPLE, "/payments"),
        errors: ["resource_missing"],
      }),
      querystring: query,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const { status, batch_payment: batch } = request.query;
      const page = readPage(request.query, PAYMENT_LIST);
      const filter: PaymentFilter = {
        ...spanOf(request.query, env.timeZone),
        customerId: await filterOwner(deps.db, env.id, request.query),
        status,
        batchId:
          batch === undefined
            ? undefined
            : named(await findBatch(deps.db, env.id, batch), "batch_payment").id,
      };
      const rows = await listPayments(deps.db, env.id, filter, page);
      const total = await countPayments(deps.db, env.id, filter);
      return listBody(request, page, rows, {
        list: PAYMENT_LIST,
        total,
        keyOf: ({ id }) => [id],
        view: (payment) => viewPayment(deps, env, payment),
      });
    },
  });
}
