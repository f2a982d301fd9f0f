/**
 * The entity flow's reads (reference §5.3). `progress` comes from the same moment as the rest of an answer, so that a client
 * that reads `completed` has everything.
 */
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { readEntitySnapshot } from "../../../intake/entities.ts";
import { readEntityFindings, readEntityInsights } from "../../../intake/entity-reads.ts";
import type { AccountFindings, SessionFindings, SessionInsights } from "../../../intake/insights.ts";
import { callerOf, type Caller } from "../../keyring.ts";
import { auditRead, onlyMethod, type BankconnectDeps } from "../context.ts";
import { BOTH_KEYS, describeRoute } from "../documentation.ts";
import { queryText } from "../fields.ts";
import { urlsOf } from "../insights.ts";
import { checkEntityId, DENIED, ENTITY_SHAPE, entityParams } from "./context.ts";
import * as bodies from "./reads-bodies.ts";
import { ACCOUNT, EXAMPLES } from "./reads-examples.ts";
import * as views from "./reads-views.ts";

/** `accountId`: the filter of reads that take one; null is all. */
interface Asked {
  entityId: string;
  accountId: string | null;
}

type Name = keyof typeof EXAMPLES;

interface Read {
  name: Name;
  id: string;
  summary: string;
  answer: z.ZodType;
  /** Takes `account_id`. */
  isFiltered?: true;
  read: (deps: BankconnectDeps, caller: Caller, asked: Asked) => Promise<object>;
}

const targetOf = (entityId: string): string => `entity:${entityId}`;

const countOf = (accounts: readonly AccountFindings[]): number =>
  accounts.reduce((sum, { account }) => sum + account.transactions.length, 0);

/** Below the common keys: transactions, of the account asked for or of all. */
const transactionsRead =
  (view: (accounts: readonly AccountFindings[], findings: SessionFindings) => object): Read["read"] =>
  async (deps, caller, { entityId, accountId }) => {
    const findings = await readEntityFindings(deps.intake, caller.env, entityId);
    const accounts = views.selected(findings.accounts, accountId);
    const noted = { target: targetOf(entityId), count: countOf(accounts) };
    await auditRead(deps, caller, "transactions.read", noted);
    return {
      ...views.commonBody(findings, caller.env.settings),
      transactions: view(accounts, findings),
    };
  };

/** Whose accounts they are, and nothing of their transactions but what was found against them. */
const accountsRead =
  (view: typeof views.commonBody): Read["read"] =>
  async (deps, caller, { entityId }) => {
    const findings = await readEntityFindings(deps.intake, caller.env, entityId);
    const noted = { target: targetOf(entityId), count: findings.accounts.length };
    await auditRead(deps, caller, "identity.read", noted);
    return view(findings, caller.env.settings);
  };

/** Figures. Without `accounts` where the contract leaves them out. */
const figuresRead =
  (
    view: (insights: SessionInsights, asked: Asked, caller: Caller) => object,
    { withAccounts = false } = {},
  ): Read["read"] =>
  async (deps, caller, asked) => {
    const insights = await readEntityInsights(deps.intake, caller.env, asked.entityId);
    const noted = { target: targetOf(asked.entityId), count: countOf(insights.accounts) };
    await auditRead(deps, caller, "insights.read", noted);
    const { snapshot } = insights;
    return {
      ...views.headBody(snapshot),
      ...(withAccounts ? { accounts: views.accountsBody(snapshot, caller.env.settings) } : {}),
      ...view(insights, asked, caller),
    };
  };

/** `[]` while a statement is being processed. */
const whenDone = <Item>({ snapshot }: SessionInsights, items: () => Item[]): Item[] =>
  views.isPending(snapshot) ? [] : items();

async function readReportLinks(deps: BankconnectDeps, caller: Caller, { entityId }: Asked): Promise<object> {
  const snapshot = await readEntitySnapshot(deps.intake, caller.env, entityId);
  const accounts = views.isPending(snapshot) ? [] : snapshot.accounts;
  const noted = { target: targetOf(entityId), count: accounts.length };
  await auditRead(deps, caller, "report_links.read", noted);
  const { ofAccount } = urlsOf(deps, caller, entityId);
  return {
    ...views.headBody(snapshot),
    reports: accounts.map(({ row }) => ({ link: ofAccount(row.public_id), account_id: row.public_id })),
  };
}

const READS: readonly Read[] = [
  {
    name: "accounts",
    id: "getEntityAccounts",
    summary: "Accounts",
    answer: bodies.accounts,
    read: accountsRead(views.commonBody),
  },
  {
    name: "identity",
    id: "getEntityIdentity",
    summary: "Whose accounts they are",
    answer: bodies.identity,
    read: accountsRead(views.identityBody),
  },
  {
    name: "transactions",
    id: "getEntityTransactions",
    summary: "Transactions",
    answer: bodies.transactions,
    isFiltered: true,
    read: transactionsRead((accounts) => views.transactionsBody(accounts)),
  },
  {
    name: "lender_transactions",
    id: "getEntityLenderTransactions",
    summary: "Transactions with lenders",
    answer: bodies.transactions,
    isFiltered: true,
    read: transactionsRead((accounts, { relations }) =>
      views.transactionsBody(accounts, ({ hash }) => relations.lender.has(hash)),
    ),
  },
  {
    name: "salary",
    id: "getEntitySalary",
    summary: "Salary",
    answer: bodies.salary,
    isFiltered: true,
    read: transactionsRead((accounts, { relations }) => views.salaryBody(accounts, relations.salary)),
  },
  {
    name: "recurring_transactions",
    id: "getEntityRecurringTransactions",
    summary: "Recurring transactions",
    answer: bodies.recurring,
    isFiltered: true,
    read: transactionsRead((accounts, { relations: { recurring } }) => ({
      credit_transactions: views.recurringBody(accounts, recurring.credits),
      debit_transactions: views.recurringBody(accounts, recurring.debits),
    })),
  },
  {
    name: "get_expense_categories",
    id: "getEntityExpenseCategories",
    summary: "Expenses by category",
    answer: bodies.expenseCategories,
    isFiltered: true,
    read: figuresRead((insights, { accountId }) => ({
      categories: views.categoriesBody(insights, accountId),
    })),
  },
  {
    name: "top_credits_debits",
    id: "getEntityTopCreditsDebits",
    summary: "The five greatest credits and debits of each month",
    answer: bodies.topCreditsDebits,
    read: figuresRead(({ aggregate: { topCredits, topDebits, currency } }) => ({
      top_5_credit_debit: {
        top_5_credit: views.topBody(topCredits, currency ?? ""),
        top_5_debit: views.topBody(topDebits, currency ?? ""),
      },
    })),
  },
  {
    name: "monthly_analysis_updated",
    id: "getEntityMonthlyAnalysisByAccount",
    summary: "Monthly analysis, account by account",
    answer: bodies.monthlyAnalysisUpdated,
    read: figuresRead((insights) => ({ monthly_analysis: views.monthlyByAccount(insights) }), {
      withAccounts: true,
    }),
  },
  {
    name: "monthly_analysis",
    id: "getEntityMonthlyAnalysis",
    summary: "Monthly analysis of all accounts together",
    answer: bodies.monthlyAnalysis,
    read: figuresRead(
      ({ aggregate }) => ({
        monthly_analysis: views.monthlyAnalysisBody(aggregate, aggregate.currency ?? ""),
      }),
      { withAccounts: true },
    ),
  },
  {
    name: "xlsx_report",
    id: "getEntityXlsxReports",
    summary: "Links to the workbooks, valid for one hour",
    answer: bodies.reports,
    read: readReportLinks,
  },
  {
    name: "predictors",
    id: "getEntityPredictors",
    summary: "Predictors of the six newest months",
    answer: bodies.predictors,
    read: figuresRead((insights, _, { env }) => ({
      predictors: whenDone(insights, () => views.predictorsByAccount(insights, env.settings)),
    })),
  },
  {
    name: "score",
    id: "getEntityScore",
    summary: "Score, 300 to 900",
    answer: bodies.score,
    read: figuresRead((insights, _, { env }) => ({
      score: env.settings.show_score ? whenDone(insights, () => views.scoresByAccount(insights)) : [],
    })),
  },
];

const byAccount = z.object({
  account_id: queryText({
    description: "Only what is of this account; of an unknown one there is nothing.",
    example: ACCOUNT,
  }),
});

const ofAll = z.object({}).transform(() => ({ account_id: null }));

export function entityDataRoutes(app: FastifyInstance, deps: BankconnectDeps): void {
  for (const { name, isFiltered, read, ...described } of READS) {
    const url = `/entity/:entity_id/${name}/`;
    const description = describeRoute({
      ...described,
      description:
        "Of all statements uploaded to the entity. `progress` tells statement by statement whether they were read.",
      flow: "entities",
      security: BOTH_KEYS,
      status: 200,
      answerDescription: "What is known now.",
      example: EXAMPLES[name],
      shape: "detail",
      errors: [DENIED, "ENTITY_NOT_FOUND"],
    });
    onlyMethod(app, url, "GET", "detail");
    app.withTypeProvider<ZodTypeProvider>().route({
      method: "GET",
      url,
      config: ENTITY_SHAPE,
      onRequest: deps.access.require("both", DENIED),
      schema: { ...description, params: entityParams, querystring: isFiltered ? byAccount : ofAll },
      handler: (request) =>
        read(deps, callerOf(request), {
          entityId: checkEntityId(request.params.entity_id),
          accountId: request.query.account_id?.toLowerCase() ?? null,
        }),
    });
  }
}
