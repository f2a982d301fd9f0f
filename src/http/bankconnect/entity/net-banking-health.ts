/** Which banks can be reached by net banking (reference §5.5). */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { netBankingBanks } from "../../../intake/banks.ts";
import { ts } from "../../../intake/wire.ts";
import { onlyMethod, type BankconnectDeps } from "../context.ts";
import { CLIENT_KEY, describeRoute } from "../documentation.ts";
import { DENIED, ENTITY_SHAPE } from "./context.ts";

const URL = "/net_banking_health/";

const health = z.array(
  z.object({
    bank: z.string(),
    updated_at: z.string(),
    health_up: z.boolean(),
    issue_details: z.string(),
  }),
);

/** No provider of net banking is built: a customer who chose it would get nowhere, so no bank is up. */
const ISSUE = "Net banking is not available on this server";

const healthAt = (now: Temporal.Instant): z.output<typeof health> =>
  netBankingBanks.map((bank) => ({
    bank: bank.toUpperCase(),
    updated_at: ts(now),
    health_up: false,
    issue_details: ISSUE,
  }));

const description = describeRoute({
  id: "getNetBankingHealth",
  summary: "Net banking, bank by bank",
  description: "`health_up` is false where a customer could not connect. `updated_at` is in UTC.",
  flow: "entities",
  security: CLIENT_KEY,
  status: 200,
  answer: health,
  answerDescription: "The banks that the contract names for net banking.",
  example: healthAt(Temporal.Instant.from("2024-04-26T12:26:28Z")).slice(0, 2),
  shape: "detail",
  errors: [DENIED],
});

export function netBankingHealthRoute(app: FastifyInstance, { access, clock }: BankconnectDeps): void {
  onlyMethod(app, URL, "GET", "detail");
  app.route({
    method: "GET",
    url: URL,
    config: ENTITY_SHAPE,
    onRequest: access.require("client", DENIED),
    schema: description,
    handler: async () => healthAt(clock()),
  });
}
