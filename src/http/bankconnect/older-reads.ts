/**
 * The reads that were there before the insights (reference §2.9): each answers one part of them. Where the sources
 * show no body, it is that part under its own name, account by account.
 */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { z } from "zod";
import type { AccountInsights, SessionInsights } from "../../intake/insights.ts";
import { readAccounts } from "../../intake/read-accounts.ts";
import { callerOf, type Caller } from "../keyring.ts";
import { auditRead, checkSessionId, onlyMethod, sessionParams, type BankconnectDeps } from "./context.ts";
import { BOTH_KEYS, describeRoute } from "./documentation.ts";
import { readAudited, RESULT_ERRORS, urlsOf } from "./insights.ts";
import { INSIGHTS_EXAMPLE } from "./insights-example.ts";
import { eodBody, monthlyBody, predictorsBody } from "./insights-figures.ts";
import { currencyOf, recurringBody, shownNumber } from "./insights-views.ts";
import * as bodies from "./older-bodies.ts";
import { identityBody } from "./older-views.ts";

interface Read {
  /** Below the session's path; the part's name in the insights too. */
  path: string;
  id: string;
  summary: string;
  answer: z.ZodType;
  example: object;
  read: (deps: BankconnectDeps, caller: Caller, sessionId: string) => Promise<object>;
}

const EXAMPLE = INSIGHTS_EXAMPLE.accounts[0];
const session_id = INSIGHTS_EXAMPLE.session_id;
const account_id = EXAMPLE?.account_id ?? "";

/** Part of the insights, worked out from them. */
const part =
  (view: (insights: SessionInsights, caller: Caller) => object): Read["read"] =>
  async (deps, caller, sessionId) => {
    const insights = await readAudited(deps, caller, sessionId);
    return { session_id: sessionId, ...view(insights, caller) };
  };

const perAccount = <Part>(
  { accounts }: SessionInsights,
  name: string,
  view: (account: AccountInsights) => Part,
) => ({ [name]: accounts.map((one) => ({ account_id: one.account.profile.id, [name]: view(one) })) });

async function readIdentity(deps: BankconnectDeps, caller: Caller, sessionId: string): Promise<object> {
  const snapshot = await readAccounts(deps.intake, caller.env, sessionId);
  await auditRead(deps, caller, "identity.read", {
    target: `session:${sessionId}`,
    count: snapshot.accounts.length,
  });
  return identityBody(snapshot, caller.env.settings);
}

async function readReportLinks(deps: BankconnectDeps, caller: Caller, sessionId: string): Promise<object> {
  const { accounts } = await readAccounts(deps.intake, caller.env, sessionId);
  await auditRead(deps, caller, "report_links.read", {
    target: `session:${sessionId}`,
    count: accounts.length,
  });
  const { ofAccount } = urlsOf(deps, caller, sessionId);
  return {
    session_id: sessionId,
    reports: accounts.map(({ row }) => ({ link: ofAccount(row.public_id), account_id: row.public_id })),
  };
}

const READS: readonly Read[] = [
  {
    path: "identity",
    id: "getIdentity",
    summary: "Whose accounts they are",
    answer: bodies.identityRead,
    example: {
      session_id,
      accounts: [
        {
          account_id,
          bank: "kotak",
          account_number: "5413699704",
          ifsc: "KKBK0000000",
          micr: null,
          account_category: "individual",
          credit_limit: 0,
          months: ["2024-01"],
          statements: EXAMPLE?.data.account_details.statements,
          last_updated: "2024-04-26T12:26:27.172124Z",
        },
      ],
      identity: [
        {
          account_id,
          name: "A. Sample",
          address: "1 Sample Street",
          account_number: "5413699704",
          account_category: "individual",
          raw_account_category: "SAVINGS",
          credit_limit: 0,
        },
      ],
    },
    read: readIdentity,
  },
  {
    path: "xlsx_report",
    id: "getXlsxReports",
    summary: "Links to the workbooks",
    answer: bodies.reports,
    example: { session_id, reports: [{ link: EXAMPLE?.data.xlsx_report_url, account_id }] },
    read: readReportLinks,
  },
  {
    path: "predictors",
    id: "getPredictors",
    summary: "Predictors",
    answer: bodies.predictors,
    example: { session_id, predictors: [{ account_id, predictors: EXAMPLE?.data.predictors }] },
    read: part((insights, { env }) =>
      perAccount(insights, "predictors", (one) =>
        predictorsBody(one.figures, currencyOf(one), shownNumber(one, env.settings)),
      ),
    ),
  },
  {
    path: "eod_balances",
    id: "getEodBalances",
    summary: "Balances at the end of each day",
    answer: bodies.eodBalances,
    example: { session_id, eod_balances: [{ account_id, eod_balances: EXAMPLE?.data.eod_balances }] },
    read: part((insights) =>
      perAccount(insights, "eod_balances", (one) => eodBody(one.figures.eodBalances, currencyOf(one))),
    ),
  },
  {
    path: "monthly_analysis_updated",
    id: "getMonthlyAnalysis",
    summary: "Monthly analysis",
    answer: bodies.monthlyAnalysis,
    example: {
      session_id,
      monthly_analysis: [{ account_id, monthly_analysis: EXAMPLE?.data.monthly_analysis }],
    },
    read: part((insights) =>
      perAccount(insights, "monthly_analysis", (one) => monthlyBody(one.figures, currencyOf(one))),
    ),
  },
  {
    path: "recurring_transactions",
    id: "getRecurringTransactions",
    summary: "Recurring transactions",
    answer: bodies.recurringRead,
    example: { session_id, recurring_transactions: EXAMPLE?.data.recurring_transactions },
    read: part(({ accounts, relations }) => {
      const all = accounts.map((one) => recurringBody(one, relations));
      return {
        recurring_transactions: {
          debit_transactions: all.flatMap(({ debit_transactions }) => debit_transactions),
          credit_transactions: all.flatMap(({ credit_transactions }) => credit_transactions),
        },
      };
    }),
  },
];

export function olderReadRoutes(app: FastifyInstance, deps: BankconnectDeps): void {
  for (const { path, id, summary, answer, example, read } of READS) {
    const url = `/session_data/:session_id/${path}/`;
    const description = describeRoute({
      id,
      summary,
      description: "Part of the insights, as older clients read it.",
      security: BOTH_KEYS,
      status: 200,
      answer,
      answerDescription: "Account by account.",
      example,
      errors: RESULT_ERRORS,
    });
    onlyMethod(app, url, "GET");
    app.withTypeProvider<ZodTypeProvider>().route({
      method: "GET",
      url,
      onRequest: deps.access.require("both", "ACCESS_DENIED"),
      schema: { ...description, params: sessionParams },
      handler: (request) => read(deps, callerOf(request), checkSessionId(request.params.session_id)),
    });
  }
}
