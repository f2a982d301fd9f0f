import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { readUploadStatus } from "../../intake/reads.ts";
import { callerOf } from "../keyring.ts";
import { uploadStatus } from "./bodies.ts";
import { checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";
import { uploadStatusBody } from "./views.ts";

const URL = "/session_data/:session_id/session_upload_status/";

const EXAMPLE = {
  session_id: "409ed817-b824-4818-a7f7-dc532ce0d8fc",
  session_date_range: { from_date: "25/10/2023", to_date: "25/04/2024" },
  upload_status: "IN_PROGRESS",
  session_expiry_timestamp: "2024-04-16 08:47:30",
  accounts: [
    {
      account_id: "8702145a-aaa3-4ee0-acb7-9a328b54905a",
      account_number: "XXXXXX9704",
      bank_name: "icici",
      full_bank_name: "ICICI Bank",
      name: "A. Sample",
      account_type: "SAVINGS",
      account_status: "PARTIAL",
      months: ["2023-10", "2023-11"],
      missing_data: [{ from_date: "2023-12-01", to_date: "2024-04-25" }],
      created_at: "2024-04-16 07:47:42",
      last_updated_at: "2024-04-16 07:48:21",
      statements: [
        {
          statement_id: "567700a6-570d-4f75-ae60-d79357dabdb4",
          statement_status: "completed",
          error_code: "",
          error_message: "",
          source: "pdf",
          statement_date_range: { from_date: "25/10/2023", to_date: "30/11/2023" },
          created_at: "2024-04-16T07:47:40.806223Z",
          upload_file_name: "statement.pdf",
        },
      ],
    },
  ],
  error: {},
};

const description = describeRoute({
  id: "getSessionUploadStatus",
  summary: "Status of the uploads",
  description:
    "`COMPLETED` once the completion webhook was sent or processing was requested, then `EXPIRED`, `NO_UPLOAD`, " +
    "`IN_PROGRESS`: the first that holds.",
  security: BOTH_KEYS,
  status: 200,
  answer: uploadStatus,
  answerDescription: "The session's accounts and statements, and what is missing.",
  example: EXAMPLE,
  errors: COMMON_ERRORS,
});

export function uploadStatusRoute(app: FastifyInstance, { intake, access }: BankconnectDeps): void {
  onlyMethod(app, URL, "GET");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: URL,
    onRequest: access.require("both", "ACCESS_DENIED"),
    schema: { ...description, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      return uploadStatusBody(await readUploadStatus(intake, callerOf(request).env, sessionId));
    },
  });
}
