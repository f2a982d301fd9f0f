/** What was booked on a bank account, and its syncs (reference §3.6, §3.7). */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { syncObject, transactionObject } from "../../connect/objects/bank-account.ts";
import { syncByHand } from "../../connect/sync/by-hand.ts";
import { findBankAccount } from "../../store/bank-accounts.ts";
import {
  countBankTransactions,
  listBankTransactions,
  TRANSACTION_ORDER,
  type BankTransactionRow,
} from "../../store/bank-transactions.ts";
import { callerOf } from "../keyring.ts";
import { syncExample, syncView, transactionExample, transactionView } from "./bank-account-views.ts";
import { params } from "./bank-accounts.ts";
import { found, type OpenbankingDeps } from "./context.ts";
import { describeRoute, TAGS } from "./documentation.ts";
import { oneOf, spanOf, timestampQuery } from "./fields.ts";
import { listAnswer, listBody, listExample, listQuery, readPage } from "./lists.ts";

const query = z.object({
  ...listQuery,
  ...timestampQuery,
  status: oneOf(["booked", "pending"], { description: "`booked` where it is absent." }).optional(),
});

export function bankTransactionRoutes(app: FastifyInstance, deps: OpenbankingDeps): void {
  listRoute(app, deps);
  readSyncRoute(app, deps);
  syncRoute(app, deps);
}

function listRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  const list = { name: "transactions", order: TRANSACTION_ORDER };
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/bank_accounts/:id/transactions",
    schema: {
      ...describeRoute({
        id: "listTransactions",
        tag: TAGS.accounts,
        summary: "Transactions",
        description:
          "Newest first. Pending ones have to be asked for by `status`; a pending row goes when its booked form, which has " +
          "another id, comes.",
        answer: listAnswer(transactionView),
        answerDescription: "One page.",
        example: listExample(transactionExample, "/bank_accounts/ba_2pXc7LmQ0sWz5RkTv9YnHd/transactions"),
        errors: ["resource_missing"],
      }),
      params,
      querystring: query,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      const page = readPage(request.query, list);
      const { status = "booked" } = request.query;
      const account = found(await findBankAccount(db, env.id, request.params.id));
      const key = { envId: env.id, accountId: account.id };
      const filter = { status, ...spanOf(request.query, env.timeZone) };
      const rows = await listBankTransactions(db, key, filter, page);
      // Counted only under a filter of time: an account may have a million.
      const isAll = filter.from === null && filter.before === null;
      const known = status === "booked" ? account.booked_count : account.pending_count;
      const total = isAll ? known : await countBankTransactions(db, key, filter);
      const owner = { bankAccount: account.public_id, consent: account.consent_public_id };
      const view = (row: BankTransactionRow) => transactionObject(row, owner);
      return listBody(request, page, rows, { list, total, keyOf: ({ at, id }) => [at, id], view });
    },
  });
}

function readSyncRoute(app: FastifyInstance, { db }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: "/bank_accounts/:id/sync",
    schema: {
      ...describeRoute({
        id: "getSync",
        tag: TAGS.accounts,
        summary: "How far an account is synced",
        description: "May be asked as often as you like.",
        answer: syncView,
        answerDescription: "The sync.",
        example: syncExample,
        errors: ["resource_missing"],
      }),
      params,
    },
    handler: async (request) => {
      const { env } = callerOf(request);
      return syncObject(found(await findBankAccount(db, env.id, request.params.id)));
    },
  });
}

function syncRoute(app: FastifyInstance, { connect }: OpenbankingDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: "/bank_accounts/:id/sync",
    schema: {
      ...describeRoute({
        id: "syncBankAccount",
        tag: TAGS.accounts,
        summary: "Sync an account now",
        description:
          "At most once an hour per account; automatic syncs do not count. Poll `GET …/sync` until it is `idle`, or wait for " +
          "`bank_account.synced`.",
        answer: syncView,
        answerDescription: "It runs.",
        example: { ...syncExample, status: "running" },
        errors: ["resource_missing", "invalid_state", "sync_rate_limited", "idempotency_conflict"],
      }),
      params,
    },
    handler: async (request) => {
      const { env, actor } = callerOf(request);
      return syncObject(await syncByHand(connect, env, request.params.id, actor));
    },
  });
}
