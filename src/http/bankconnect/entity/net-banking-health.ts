/** Which banks can be reached by net banking (reference §5.5). */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { netBankingBanks } from "../../../intake/banks.ts";
import type { BankHealth, ReachableBank } from "../../../intake/net-banking/reach.ts";
import { ts } from "../../../intake/wire.ts";
import { callerOf } from "../../keyring.ts";
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

/** No provider reaches it: a customer who chose it would get nowhere. */
const UNREACHED = "Net banking is not available on this server";

/** The banks that the contract names for net banking, and those that a provider reaches. */
function healthOf(
  reachable: readonly ReachableBank[],
  known: readonly BankHealth[],
  now: Temporal.Instant,
): z.output<typeof health> {
  const providers = new Map(reachable.map(({ bank, provider }) => [bank, provider]));
  const banks = new Set([...netBankingBanks, ...providers.keys()]);
  return [...banks].map((bank) => {
    const provider = providers.get(bank);
    const last = known.find((one) => one.provider === provider);
    return {
      bank: bank.toUpperCase(),
      updated_at: ts(last?.checkedAt ?? now),
      // A bank that nobody has asked yet is thought to answer.
      health_up: provider !== undefined && (last?.up ?? true),
      issue_details: provider === undefined ? UNREACHED : (last?.issue ?? ""),
    };
  });
}

const description = describeRoute({
  id: "getNetBankingHealth",
  summary: "Net banking, bank by bank",
  description: "`health_up` is false where a customer could not connect. `updated_at` is in UTC.",
  flow: "entities",
  security: CLIENT_KEY,
  status: 200,
  answer: health,
  answerDescription: "The banks that the contract names for net banking.",
  example: healthOf([], [], Temporal.Instant.from("2024-04-26T12:26:28Z")).slice(0, 2),
  shape: "detail",
  errors: [DENIED],
});

export function netBankingHealthRoute(
  app: FastifyInstance,
  { access, clock, intake }: BankconnectDeps,
): void {
  onlyMethod(app, URL, "GET", "detail");
  app.route({
    method: "GET",
    url: URL,
    config: ENTITY_SHAPE,
    onRequest: access.require("client", DENIED),
    schema: description,
    handler: async (request) => {
      const { reach } = intake;
      return healthOf(reach.banks(callerOf(request).env.mode), await reach.health(), clock());
    },
  });
}
