/** Customers and vendors: create, read, list, update (reference §3.1). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { createCustomer, type CustomerFields } from "../../connect/customers.ts";
import { customerObject } from "../../connect/objects/customer.ts";
import {
  countCustomers,
  CUSTOMER_ORDER,
  findCustomer,
  listCustomers,
  updateCustomer,
  type CustomerKind,
} from "../../store/customers.ts";
import { recordAudit } from "../../store/audit.ts";
import { inTransaction } from "../../store/transaction.ts";
import { callerOf } from "../keyring.ts";
import { found, idParams, instant, metadataView, nullableText, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import {
  changedMetadata,
  clearableText,
  currency,
  EMAIL,
  metadata,
  newMetadata,
  optionalText,
  PHONE,
  text,
} from "./fields.ts";
import { keepInTransaction } from "./idempotency.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";

const NOT_AN_EMAIL = "is not an e-mail address";
const NOT_A_PHONE = "is not a phone number";

const contact = {
  email: { description: "One address.", examples: ["asha@example.com"] },
  phone: { description: "Digits, spaces and signs.", examples: ["+44 20 7946 0000"] },
};

const isEmail = (value: string | null | undefined) => !value || EMAIL.test(value);
const isPhone = (value: string | null | undefined) => !value || PHONE.test(value);

const newBody = z.object({
  name: text(200, { examples: ["Asha Sample"] }),
  email: optionalText(254, contact.email).refine(isEmail, NOT_AN_EMAIL),
  phone: optionalText(40, contact.phone).refine(isPhone, NOT_A_PHONE),
  currency: currency().optional(),
  metadata: metadata(),
});

const changeBody = z.object({
  name: text(200).optional(),
  email: clearableText(254, contact.email).refine(isEmail, NOT_AN_EMAIL),
  phone: clearableText(40, contact.phone).refine(isPhone, NOT_A_PHONE),
  currency: currency().optional(),
  metadata: metadata(),
});

const query = z.object({
  ...listQuery,
  email: optionalText(254, { description: "Only those with this address." }),
});

export const customerView = (kind: CustomerKind) =>
  z.object({
    id: z.string(),
    object: z.literal(kind),
    name: z.string(),
    email: nullableText,
    phone: nullableText,
    currency: nullableText,
    metadata: metadataView,
    created_at: instant,
    updated_at: instant,
  });

const IDS = { customer: "cus_0Zk3Qp7vXn2LhT9sRw4YbC", vendor: "vnd_4Gt8Jw1mUc6PzD0qNe5SxA" };

export const customerExample = (kind: CustomerKind) => ({
  id: IDS[kind],
  object: kind,
  name: "Asha Sample",
  email: "asha@example.com",
  phone: null,
  currency: "gbp",
  metadata: { crm: "17" },
  created_at: "2026-01-30T12:44:55Z",
  updated_at: "2026-01-30T12:44:55Z",
});

/** Two kinds of owner with the same routes. */
const KINDS = [
  { kind: "customer", path: "/customers", Name: "Customer" },
  { kind: "vendor", path: "/vendors", Name: "Vendor" },
] as const;

export function customerRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  for (const which of KINDS) {
    createRoute(app, deps, which);
    readRoute(app, deps, which);
    updateRoute(app, deps, which);
    listRoute(app, deps, which);
  }
}

type Which = (typeof KINDS)[number];

function createRoute(app: FastifyInstance, { connect }: OpenbankingDeps, { kind, path, Name }: Which): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: path,
    schema: {
      ...describeRoute({
        id: `create${Name}`,
        tag: TAGS.customers,
        summary: `Create a ${kind}`,
        description: "Nothing need be unique: keep the id.",
        answer: customerView(kind),
        answerDescription: `The ${kind}.`,
        example: customerExample(kind),
        errors: ["missing_parameter", "idempotency_conflict"],
      }),
      body: newBody,
    },
    handler: async (request) => {
      const { name, email = null, phone = null, currency = null, metadata } = request.body;
      const fields: CustomerFields = { name, email, phone, currency, metadata: newMetadata(metadata) };
      return createCustomer(connect, callerOf(request), { kind, ...fields }, (trx, customer) =>
        keepInTransaction(trx, request, customer),
      );
    },
  });
}

function readRoute(app: FastifyInstance, { db }: OpenbankingDeps, { kind, path, Name }: Which): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: `${path}/:id`,
    schema: {
      ...describeRoute({
        id: `get${Name}`,
        tag: TAGS.customers,
        summary: `One ${kind}`,
        description: "As it is now.",
        answer: customerView(kind),
        answerDescription: `The ${kind}.`,
        example: customerExample(kind),
        errors: ["resource_missing"],
      }),
      params: idParams(`The ${kind}'s id.`, IDS[kind]),
    },
    handler: async (request) =>
      customerObject(found(await findCustomer(db, callerOf(request).env.id, request.params.id, { kind }))),
  });
}

function updateRoute(
  app: FastifyInstance,
  { db, clock }: OpenbankingDeps,
  { kind, path, Name }: Which,
): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: `${path}/:id`,
    schema: {
      ...describeRoute({
        id: `update${Name}`,
        tag: TAGS.customers,
        summary: `Change a ${kind}`,
        description:
          "What is not sent stays; an empty value clears. `metadata[name]=` removes one name, `metadata=` all of them.",
        answer: customerView(kind),
        answerDescription: "Changed.",
        example: customerExample(kind),
        errors: ["resource_missing", "idempotency_conflict"],
      }),
      params: idParams(`The ${kind}'s id.`, IDS[kind]),
      body: changeBody,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { metadata, ...changes } = request.body;
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      return inTransaction(db, async ({ trx }) => {
        const row = found(await findCustomer(trx, env.id, request.params.id, { kind, lock: true }));
        const now = clock();
        const wanted = { ...given, metadata: changedMetadata(row.metadata, metadata) };
        const customer = customerObject(await updateCustomer(trx, row, wanted, now));
        await recordAudit(trx, {
          envId: env.id,
          at: now,
          actor,
          action: `${kind}.update`,
          target: `${kind}:${row.public_id}`,
          detail: { fields: Object.keys(request.body).join(" ") },
        });
        await keepInTransaction(trx, request, customer);
        return customer;
      });
    },
  });
}

function listRoute(app: FastifyInstance, { db }: OpenbankingDeps, { kind, path, Name }: Which): void {
  const list = { name: path, order: CUSTOMER_ORDER };
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: path,
    schema: {
      ...describeRoute({
        id: `list${Name}s`,
        tag: TAGS.customers,
        summary: `${Name}s`,
        description: "Newest first.",
        answer: listAnswer(customerView(kind)),
        answerDescription: "One page.",
        example: listExample(customerExample(kind), path),
      }),
      querystring: query,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const page = readPage(request.query, list);
      const filter = { kind, email: request.query.email ?? null };
      const rows = await listCustomers(db, env.id, filter, page);
      const total = await countCustomers(db, env.id, filter);
      return listBody(request, page, rows, { list, total, keyOf: ({ id }) => [id], view: customerObject });
    },
  });
}
