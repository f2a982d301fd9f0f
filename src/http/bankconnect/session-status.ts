import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { readSessionStatus } from "../../intake/reads.ts";
import { callerOf } from "../keyring.ts";
import { sessionStatus } from "./bodies.ts";
import { checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";
import { sessionStatusBody } from "./views.ts";

const URL = "/session_data/:session_id/session_status/";

const EXAMPLE = {
  session_id: "409ed817-b824-4818-a7f7-dc532ce0d8fc",
  insights_available: true,
  accounts: [
    {
      account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
      account_number: "XXXXXX9704",
      bank_name: "kotak",
      full_bank_name: "Kotak Mahindra Bank",
      name: "A. Sample",
      account_category: "individual",
      account_type: "SAVINGS",
      account_status: "completed",
      error_code: null,
      error_message: null,
      created_at: "2024-04-26 12:25:57",
      last_updated_at: "2024-04-26 12:26:27",
      attempt_types: ["PDF"],
      statements: [
        {
          statement_id: "fe49d6a6-1c0e-4e6d-911a-c38b6a4f0d04",
          statement_status: "completed",
          error_code: null,
          error_message: null,
          source: "pdf",
          statement_date_range: { from_date: "25/10/2023", to_date: "25/04/2024" },
          created_at: "2024-04-26T12:25:56.172124Z",
          upload_file_name: "statement.pdf",
        },
      ],
    },
  ],
};

const description = describeRoute({
  id: "getSessionStatus",
  summary: "Outcome of processing",
  description: "Per account whether it completed, and with which error it failed.",
  security: BOTH_KEYS,
  status: 200,
  answer: sessionStatus,
  answerDescription: "The session's accounts with their statements.",
  example: EXAMPLE,
  errors: [...COMMON_ERRORS, "PROCESSING_NOT_REQUESTED", "PROCESSING_NOT_COMPLETED"],
});

export function sessionStatusRoute(app: FastifyInstance, { intake, access }: BankconnectDeps): void {
  onlyMethod(app, URL, "GET");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: URL,
    onRequest: access.require("both", "ACCESS_DENIED"),
    schema: { ...description, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      return sessionStatusBody(await readSessionStatus(intake, callerOf(request).env, sessionId));
    },
  });
}
