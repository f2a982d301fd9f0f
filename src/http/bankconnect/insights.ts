import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { readInsights, type SessionInsights } from "../../intake/insights.ts";
import { callerOf, type Caller } from "../keyring.ts";
import { AGGREGATE } from "../report-links.ts";
import { auditRead, checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, COMMON_ERRORS, describeRoute } from "./documentation.ts";
import { insights } from "./insights-bodies.ts";
import { INSIGHTS_EXAMPLE } from "./insights-example.ts";
import { insightsBody, type ReportUrls } from "./insights-views.ts";

const URL = "/session_data/:session_id/insights/";

export const RESULT_ERRORS = [
  ...COMMON_ERRORS,
  "PROCESSING_NOT_REQUESTED",
  "PROCESSING_NOT_COMPLETED",
] as const;

const description = describeRoute({
  id: "getInsights",
  summary: "Insights",
  description:
    "What the transactions say: salary, recurring payments, lenders, bounces, fraud with its evidence, balances by day, " +
    "monthly analysis, predictors, and links to the reports, valid for one hour.",
  security: BOTH_KEYS,
  status: 200,
  answer: insights,
  answerDescription: "Per account and for all of them together.",
  example: INSIGHTS_EXAMPLE,
  errors: RESULT_ERRORS,
});

export function insightsRoute(app: FastifyInstance, deps: BankconnectDeps): void {
  onlyMethod(app, URL, "GET");
  app.withTypeProvider<ZodTypeProvider>().route({
    method: "GET",
    url: URL,
    onRequest: deps.access.require("both", "ACCESS_DENIED"),
    schema: { ...description, params: sessionParams },
    handler: async (request) => {
      const sessionId = checkSessionId(request.params.session_id);
      const caller = callerOf(request);
      const read = await readAudited(deps, caller, sessionId);
      return insightsBody(read, caller.env.settings, urlsOf(deps, caller, sessionId));
    },
  });
}

export async function readAudited(
  deps: BankconnectDeps,
  caller: Caller,
  sessionId: string,
): Promise<SessionInsights> {
  const read = await readInsights(deps.intake, caller.env, sessionId);
  const count = read.accounts.reduce((sum, { account }) => sum + account.transactions.length, 0);
  await auditRead(deps, caller, "insights.read", { target: `session:${sessionId}`, count });
  return read;
}

export function urlsOf(
  { reportLinks, clock }: BankconnectDeps,
  { env }: Caller,
  sessionId: string,
): ReportUrls {
  const now = clock();
  const urlOf = (report: string) => reportLinks.urlOf(env.publicId, sessionId, report, now);
  return { ofAccount: urlOf, aggregate: urlOf(AGGREGATE) };
}
