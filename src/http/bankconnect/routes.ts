/** Every route of the BankConnect contract that is served: the table of contents. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isUuidV4 } from "../../platform/ids.ts";
import type { Log } from "../../platform/telemetry.ts";
import { connectionOf, isSecure, type IsTrusted } from "../transport.ts";
import { answerErrors, sendError } from "./answer.ts";
import type { BankconnectDeps } from "./context.ts";
import { Refusal, shapeOf } from "./errors.ts";
import { fetchRecurringRoute, recurringConsentsRoute } from "./account-aggregator.ts";
import { catalogueRoute } from "./catalogue.ts";
import { createEntityRoute, entityReadRoutes } from "./entity/entities.ts";
import { netBankingLinkRoute } from "./entity/net-banking-link.ts";
import { netBankingHealthRoute } from "./entity/net-banking-health.ts";
import { entityDataRoutes } from "./entity/reads.ts";
import { entityUploadRoutes } from "./entity/uploads.ts";
import { entityWebhookPayloadsRoute, updateEntityWebhookRoute } from "./entity/webhook.ts";
import { initiateProcessingRoute } from "./initiate-processing.ts";
import { insightsRoute } from "./insights.ts";
import { olderReadRoutes } from "./older-reads.ts";
import { progressRoute } from "./progress.ts";
import { deleteSessionRoute, sessionFileRoutes } from "./session-files.ts";
import { sessionStatusRoute } from "./session-status.ts";
import { createSessionRoute } from "./sessions.ts";
import { transactionsRoute } from "./transactions.ts";
import { uploadStatusRoute } from "./upload-status.ts";
import { uploadRoute } from "./upload.ts";
import { updateWebhookRoute, webhookPayloadsRoute } from "./webhook.ts";

export interface BankconnectOptions extends BankconnectDeps {
  log: Log;
  isTrusted: IsTrusted;
}

export const PREFIX = "/bank-connect";

export async function bankconnect(app: FastifyInstance, options: BankconnectOptions): Promise<void> {
  answerErrors(app, options.log);
  app.addHook("onRequest", async (request) => {
    if (!isSecure(connectionOf(request), options.isTrusted)) throw new Refusal("HTTPS_REQUIRED");
  });
  app.setNotFoundHandler((request, reply) => {
    return sendAbsent(request, reply);
  });
  await app.register((v1) => version1(v1, options), { prefix: "/v1" });
  await app.register((v2) => createSessionRoute(v2, options, 2), { prefix: "/v2" });
}

async function version1(app: FastifyInstance, deps: BankconnectDeps): Promise<void> {
  // Bodies differ by route: each that takes one is a scope of its own.
  await app.register((scope) => createSessionRoute(scope, deps, 1));
  await app.register((scope) => uploadRoute(scope, deps));
  await app.register((scope) => initiateProcessingRoute(scope, deps));
  await app.register((scope) => updateWebhookRoute(scope, deps));
  await app.register((scope) => deleteSessionRoute(scope, deps));
  await app.register((scope) => recurringConsentsRoute(scope, deps));
  await app.register((scope) => fetchRecurringRoute(scope, deps));
  await app.register((scope) => createEntityRoute(scope, deps));
  await app.register((scope) => entityUploadRoutes(scope, deps));
  await app.register((scope) => updateEntityWebhookRoute(scope, deps));
  await app.register((scope) => netBankingLinkRoute(scope, deps));
  uploadStatusRoute(app, deps);
  progressRoute(app, deps);
  sessionStatusRoute(app, deps);
  transactionsRoute(app, deps);
  insightsRoute(app, deps);
  olderReadRoutes(app, deps);
  webhookPayloadsRoute(app, deps);
  sessionFileRoutes(app, deps);
  catalogueRoute(app, deps);
  entityReadRoutes(app, deps);
  entityDataRoutes(app, deps);
  entityWebhookPayloadsRoute(app, deps);
  netBankingHealthRoute(app, deps);
}

/** No route serves this path; below `session_data` a malformed id is what is wrong first (ruling 6). */
export function sendAbsent(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [, sessionId] = /^\/bank-connect\/v1\/session_data\/([^/?]*)/.exec(request.url) ?? [];
  const code = sessionId === undefined || isUuidV4(sessionId) ? "NOT_FOUND" : "SESSION_NOT_FOUND";
  return sendError(request, reply, { code, detail: {} }, shapeOf(request.url));
}
