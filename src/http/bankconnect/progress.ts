import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { FastifyInstance } from "fastify";
import { readProgress } from "../../intake/reads.ts";
import { callerOf } from "../keyring.ts";
import { progress } from "./bodies.ts";
import { checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";
import { progressBody } from "./views.ts";

const URL = "/session_data/:session_id/progress/";

const EXAMPLE = {
  session_id: "bfb98ac5-7224-401b-a643-175235856187",
  session_progress: "completed",
  progress: [
    {
      identity_status: "completed",
      transaction_status: "completed",
      processing_status: "completed",
      fraud_status: "completed",
      statement_id: "4164bc05-7b3f-4a5c-8e31-ca3c2648ec6b",
      message: null,
      source: "pdf",
    },
  ],
};

const description = describeRoute({
  id: "getProgress",
  summary: "Progress of processing",
  description: "Poll every 2 seconds until `session_progress` is `completed`.",
  security: BOTH_KEYS,
  status: 200,
  answer: progress,
  answerDescription: "Where each statement stands.",
  example: EXAMPLE,
  errors: [...COMMON_ERRORS, "PROCESSING_NOT_REQUESTED"],
});

export function progressRoute(app: FastifyInstance, { intake, access }: BankconnectDeps): void {
  onlyMethod(app, URL, "GET");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: URL,
    onRequest: access.require("both", "ACCESS_DENIED"),
    schema: { ...description, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      return progressBody(await readProgress(intake, callerOf(request).env, sessionId));
    },
  });
}
