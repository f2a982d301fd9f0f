import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { initiateProcessing } from "../../intake/processing.ts";
import { ignoreBodies } from "../parsers.ts";
import { callerOf } from "../keyring.ts";
import { processingStarted } from "./bodies.ts";
import { checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";

const URL = "/session_data/:session_id/initiate_processing/";

const description = describeRoute({
  id: "initiateProcessing",
  summary: "Start processing",
  description: "Ends the uploads. The outcome comes by webhook (`ENRICHMENT_NOTIFICATION`) and by polling.",
  security: BOTH_KEYS,
  status: 202,
  answer: processingStarted,
  answerDescription: "Processing has been requested.",
  example: { session_id: "bfb98ac5-7224-401b-a643-175235856187", message: "success" },
  errors: [...COMMON_ERRORS, "DUPLICATE_PROCESSING_REQUEST", "UNPARSABLE_STATEMENTS"],
});

export async function initiateProcessingRoute(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  const { intake, access } = deps;
  ignoreBodies(app);
  onlyMethod(app, URL, "POST");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "POST",
    url: URL,
    onRequest: access.require("both", "ACCESS_DENIED"),
    schema: { ...description, params: sessionParams },
    handler: async (request, reply) => {
      const sessionId = checkSessionId(request.params.session_id);
      const { env, actor } = callerOf(request);
      await initiateProcessing(intake, env, actor, sessionId);
      return reply.code(202).send({ session_id: sessionId, message: "success" });
    },
  });
}
