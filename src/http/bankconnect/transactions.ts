import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { readTransactions } from "../../intake/read-transactions.ts";
import { callerOf } from "../keyring.ts";
import { transactions } from "./bodies.ts";
import { auditRead, checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";
import { transactionsBody } from "./views.ts";

const URL = "/session_data/:session_id/transactions/";

const EXAMPLE = {
  session_id: "409ed817-b824-4818-a7f7-dc532ce0d8fc",
  transactions: [
    {
      account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
      transaction_type: "debit",
      transaction_note: "UPI-SAMPLE STORES-000000000000-PAYMENT",
      chq_num: "",
      amount: 1234.5,
      balance: 65432.1,
      date: "2024-01-03 00:00:00",
      hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
      category: "Shopping",
      metadata: { unclean_merchant: "SAMPLE STORES", transaction_channel: "upi", description: "" },
      proof: "chain",
    },
  ],
};

const description = describeRoute({
  id: "getTransactions",
  summary: "Transactions",
  description:
    "Every transaction of the session, account by account, oldest first. What overlapping statements share is there once. " +
    "`proof` says how arithmetic vouches for the row.",
  security: BOTH_KEYS,
  status: 200,
  answer: transactions,
  answerDescription: "The session's transactions.",
  example: EXAMPLE,
  errors: [...COMMON_ERRORS, "PROCESSING_NOT_REQUESTED", "PROCESSING_NOT_COMPLETED"],
});

export function transactionsRoute(app: FastifyInstance, deps: BankconnectDeps): void {
  onlyMethod(app, URL, "GET");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: URL,
    onRequest: deps.access.require("both", "ACCESS_DENIED"),
    schema: { ...description, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      const caller = callerOf(request);
      const read = await readTransactions(deps.intake, caller.env, sessionId);
      await auditRead(deps, caller, "transactions.read", {
        target: `session:${sessionId}`,
        count: read.transactions.length,
      });
      return transactionsBody(read);
    },
  });
}
