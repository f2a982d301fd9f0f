/** Every route of the open-banking contract that is served: the table of contents. It lies at the root of the host. */
import type { FastifyInstance } from "fastify";
import { connectionOf, isSecure } from "../transport.ts";
import { bankAccountRoutes } from "./bank-accounts.ts";
import { bankTransactionRoutes } from "./bank-transactions.ts";
import type { OpenbankingDeps } from "./context.ts";
import { appRoutes } from "./apps.ts";
import { consentLinkRoutes } from "./consent-links.ts";
import { consentRoutes } from "./consents.ts";
import { customerRoutes } from "./customers.ts";
import { answerErrors, OpenBankingError } from "./errors.ts";
import { fileRoutes } from "./files.ts";
import { eventStreamRoute } from "./event-stream.ts";
import { eventRoutes } from "./events.ts";
import { readForms, useFormParsers } from "./forms.ts";
import { replayAnswers } from "./idempotency.ts";
import { batchPaymentRoutes } from "./batch-payments.ts";
import { paymentRoutes } from "./payments.ts";
import { providerRoutes } from "./providers.ts";
import { webhookRoutes } from "./webhooks.ts";
import { templateRoutes } from "./templates.ts";

export async function openbanking(app: FastifyInstance, deps: OpenbankingDeps): Promise<void> {
  answerErrors(app, deps.log);
  useFormParsers(app);
  app.addHook("onRequest", async (request) => {
    if (!isSecure(connectionOf(request), deps.isTrusted)) throw new OpenBankingError("https_required");
  });
  app.addHook("onRequest", deps.authenticate);
  readForms(app);
  replayAnswers(app, deps);
  // Whose data and what banks answer is nobody's to keep on the way.
  app.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  customerRoutes(app, deps);
  consentRoutes(app, deps);
  consentLinkRoutes(app, deps);
  appRoutes(app, deps);
  templateRoutes(app, deps);
  await fileRoutes(app, deps);
  bankAccountRoutes(app, deps);
  bankTransactionRoutes(app, deps);
  paymentRoutes(app, deps);
  batchPaymentRoutes(app, deps);
  providerRoutes(app, deps);
  webhookRoutes(app, deps);
  eventRoutes(app, deps);
  eventStreamRoute(app, deps, deps.streamLimits);
}
