/** Bank accounts: list, read, describe, and their balances (reference §3.4, §3.5). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { balanceObject, bankAccountObject } from "../../connect/objects/bank-account.ts";
import { describeAccount } from "../../connect/sync/describe.ts";
import { balancesOf } from "../../store/balances.ts";
import {
  ACCOUNT_ORDER,
  countBankAccounts,
  findBankAccount,
  listBankAccounts,
  type AccountFilter,
} from "../../store/bank-accounts.ts";
import { findConsent } from "../../store/consents.ts";
import { callerOf } from "../keyring.ts";
import {
  ACCOUNT_ID,
  accountExample,
  accountView,
  balancesExample,
  balancesView,
} from "./bank-account-views.ts";
import { found, idParams, named, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { OpenBankingError } from "./errors.ts";
import { changedMetadata, clearableText, metadata, optionalText } from "./fields.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";
import { filterOwner } from "./owners.ts";

const query = z.object({
  ...listQuery,
  customer: optionalText(200, { description: "Whose accounts; this, `vendor` or `consent` is needed." }),
  vendor: optionalText(200, { description: "In place of `customer`." }),
  consent: optionalText(200, { description: "Only those that this consent gives access to now." }),
});

const changeBody = z.object({
  nickname: clearableText(100, { description: "Empty removes it." }),
  auto_sync_interval: clearableText(20, {
    description: "ISO 8601 duration of hours or days, from PT1H to P30D; empty: by hand only.",
    examples: ["PT24H"],
  }),
  metadata: metadata(),
});

export const params = idParams("The bank account's id.", ACCOUNT_ID);

export function bankAccountRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  listRoute(app, deps);
  readRoute(app, deps);
  updateRoute(app, deps);
  balanceRoute(app, deps);
}

function listRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  const list = { name: "bank_accounts", order: ACCOUNT_ORDER };
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/bank_accounts",
    schema: {
      ...describeRoute({
        id: "listBankAccounts",
        tag: TAGS.accounts,
        summary: "Bank accounts",
        description:
          "Of a customer, a vendor or a consent; with an owner and a consent, those of both. Newest first.",
        answer: listAnswer(accountView),
        answerDescription: "One page.",
        example: listExample(accountExample, "/bank_accounts"),
        errors: ["missing_identity", "resource_missing"],
      }),
      querystring: query,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const { customer, vendor, consent } = request.query;
      const page = readPage(request.query, list);
      const owner = await filterOwner(db, env.id, { customer, vendor });
      if (owner === undefined && consent === undefined) throw new OpenBankingError("missing_identity");
      const consentId =
        consent === undefined ? null : named(await findConsent(db, env.id, consent), "consent").id;
      const filter: AccountFilter = { customerId: owner ?? null, consentId };
      const rows = await listBankAccounts(db, env.id, filter, page);
      const total = await countBankAccounts(db, env.id, filter);
      return listBody(request, page, rows, { list, total, keyOf: ({ id }) => [id], view: bankAccountObject });
    },
  });
}

function readRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/bank_accounts/:id",
    schema: {
      ...describeRoute({
        id: "getBankAccount",
        tag: TAGS.accounts,
        summary: "One bank account",
        description: "Its id stays the same when the customer connects it again.",
        answer: accountView,
        answerDescription: "The account.",
        example: accountExample,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      return bankAccountObject(found(await findBankAccount(db, env.id, request.params.id)));
    },
  });
}

function updateRoute(app: FastifyInstance, { connect }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/bank_accounts/:id",
    schema: {
      ...describeRoute({
        id: "updateBankAccount",
        tag: TAGS.accounts,
        summary: "Describe a bank account",
        description:
          "A nickname, metadata (`metadata[name]=` removes one name, `metadata=` all), and how often it is synced.",
        answer: accountView,
        answerDescription: "Changed.",
        example: accountExample,
        errors: ["resource_missing", "idempotency_conflict"],
      }),
      params,
      body: changeBody,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      const { nickname, auto_sync_interval, metadata } = request.body;
      const account = await describeAccount(
        connect,
        env,
        request.params.id,
        {
          ...(nickname === undefined ? {} : { nickname }),
          ...(auto_sync_interval === undefined ? {} : { autoSyncInterval: auto_sync_interval }),
          metadata: (before) => changedMetadata(before, metadata),
        },
        actor,
      );
      return bankAccountObject(account);
    },
  });
}

function balanceRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/bank_accounts/:id/balance",
    schema: {
      ...describeRoute({
        id: "getBalance",
        tag: TAGS.accounts,
        summary: "Balances",
        description: "As of the last sync, `actual` first. Empty where the consent has no scope `balance`.",
        answer: balancesView,
        answerDescription: "The balances.",
        example: balancesExample,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const account = found(await findBankAccount(db, env.id, request.params.id));
      return { data: (await balancesOf(db, env.id, account.id)).map(balanceObject) };
    },
  });
}
