/** What the transactions of a case say, for charts and tables. Money: minor units; months `YYYY-MM`, days `YYYY-MM-DD`. */
import { z } from "zod";
import {
  plainEvidence,
  type AccountInsights,
  type Figure,
  type LabelledTransaction,
  type RecurringSet,
  type SalaryPayment,
  type SessionInsights,
} from "../../../intake/insights.ts";
import { ym } from "../../../intake/wire.ts";

const minor = z.int().meta({ description: "Minor units." });

const monthFlow = z.object({
  month: z.string(),
  credits: minor.nullable(),
  debits: minor.nullable(),
  credit_count: z.int().nullable(),
  debit_count: z.int().nullable(),
});

const recurring = z.object({
  note: z.string(),
  channel: z.string(),
  median: minor,
  from: z.string(),
  to: z.string(),
  count: z.int(),
});

const finding = z.object({
  type: z.string(),
  category: z.string(),
  statement_id: z.string().nullable(),
  transaction_hash: z.string().nullable(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});

const accountAnalysis = z.object({
  account_id: z.string(),
  currency: z.string(),
  minor_digits: z.int(),
  balances: z
    .array(z.object({ day: z.string(), balance: minor }))
    .meta({ description: "At the end of each known day, oldest first." }),
  months: z.array(monthFlow),
  categories: z.array(z.object({ category: z.string(), amount: minor, count: z.int(), percentage: z.int() })),
  salary: z.array(
    z.object({
      month: z.string(),
      day: z.string(),
      amount: minor,
      employer: z.string().nullable(),
      confidence: z.int(),
      reasons: z.array(z.string()),
    }),
  ),
  recurring: z.object({ credits: z.array(recurring), debits: z.array(recurring) }),
  fraud: z.array(finding),
  score: z
    .object({
      score: z.int(),
      factors: z.array(
        z.object({
          name: z.string(),
          value: z.string(),
          points: z.number(),
          weight: z.number(),
          reason: z.string(),
        }),
      ),
    })
    .nullable(),
});

export const caseAnalysis = z.object({ accounts: z.array(accountAnalysis) });

/** `showScore`: the organisation asks for it. */
export const viewAnalysis = (
  { accounts, relations }: SessionInsights,
  showScore: boolean,
): z.output<typeof caseAnalysis> => ({
  accounts: accounts.map((one) => viewAccount(one, relations, showScore)),
});

function viewAccount(
  { input, account, found, figures }: AccountInsights,
  relations: SessionInsights["relations"],
  showScore: boolean,
): z.output<typeof accountAnalysis> {
  const { id } = account.profile;
  const own = ({ accountId }: { accountId: string }) => accountId === id;
  return {
    account_id: id,
    currency: input.snapshot.row.currency,
    minor_digits: input.minorDigits,
    balances: balanceSeries(figures.eodBalances),
    months: monthFlows(figures),
    categories: figures.expenseCategories.map(({ category, amount, count, percentage }) => ({
      category,
      amount: Number(amount),
      count,
      percentage,
    })),
    salary: relations.salary.filter(({ transaction }) => own(transaction)).map(viewSalary),
    recurring: {
      credits: relations.recurring.credits.filter(own).map(viewRecurring),
      debits: relations.recurring.debits.filter(own).map(viewRecurring),
    },
    fraud: found.map(({ statementId, finding: { type, category, transactionHash, evidence } }) => ({
      type,
      category,
      statement_id: statementId,
      transaction_hash: transactionHash,
      evidence: plainEvidence(evidence, input.minorDigits),
    })),
    score: showScore && figures.score ? viewScore(figures.score) : null,
  };
}

type Score = NonNullable<AccountInsights["figures"]["score"]>;
const viewScore = ({ score, factors }: Score) => ({
  score,
  factors: factors.map((factor) => ({ ...factor })),
});

function balanceSeries({ months, balances }: AccountInsights["figures"]["eodBalances"]) {
  return months.flatMap((month, at) =>
    (balances[at] ?? []).flatMap((balance, index) =>
      balance === null
        ? []
        : [{ day: month.toPlainDate({ day: index + 1 }).toString(), balance: Number(balance) }],
    ),
  );
}

function monthFlows({ months, monthly }: AccountInsights["figures"]): z.output<typeof monthFlow>[] {
  const number = (key: string, at: number): number | null => numberOf(monthly.get(key)?.[at] ?? null);
  return months.map((month, at) => ({
    month: ym(month),
    credits: number("amt_credit", at),
    debits: number("amt_debit", at),
    credit_count: number("cnt_credit", at),
    debit_count: number("cnt_debit", at),
  }));
}

const numberOf = (figure: Figure): number | null =>
  typeof figure === "bigint" || typeof figure === "number" ? Number(figure) : null;

const viewSalary = ({ transaction, employer, month, confidence, reasons }: SalaryPayment) => ({
  month: ym(month),
  day: transaction.date.toString(),
  amount: Number(transaction.amount),
  employer,
  confidence,
  reasons,
});

const viewRecurring = ({ cleanNote, channel, median, start, end, transactions }: RecurringSet) => ({
  note: cleanNote,
  channel,
  median: Number(median),
  from: start.toString(),
  to: end.toString(),
  count: transactions.length,
});

export const caseTransaction = z.object({
  hash: z.string(),
  account_id: z.string(),
  day: z.string(),
  narration: z.string(),
  reference: z.string().nullable(),
  direction: z.enum(["debit", "credit"]),
  amount: minor,
  balance: minor.nullable(),
  category: z.string(),
  channel: z.string(),
  proof: z.enum(["chain", "totals", "none"]),
});

/** Newest first, of all accounts or one. */
export const viewTransactions = (
  { accounts }: SessionInsights,
  accountId: string | undefined,
): z.output<typeof caseTransaction>[] =>
  accounts
    .filter(({ account }) => accountId === undefined || account.profile.id === accountId)
    .flatMap(({ input, account }) =>
      account.transactions.map((one) => viewTransaction(one, input.origins.get(one.hash)?.proof ?? "none")),
    )
    .sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));

const viewTransaction = (
  one: LabelledTransaction,
  proof: "chain" | "totals" | "none",
): z.output<typeof caseTransaction> => ({
  hash: one.hash,
  account_id: one.accountId,
  day: one.date.toString(),
  narration: one.narration,
  reference: one.reference,
  direction: one.direction,
  amount: Number(one.amount),
  balance: one.balance === null ? null : Number(one.balance),
  category: one.category,
  channel: one.channel,
  proof,
});

export const ANALYSIS_EXAMPLE: z.output<typeof caseAnalysis> = {
  accounts: [
    {
      account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
      currency: "INR",
      minor_digits: 2,
      balances: [{ day: "2024-01-02", balance: 1_250_000 }],
      months: [{ month: "2024-01", credits: 8_500_000, debits: 6_120_050, credit_count: 3, debit_count: 29 }],
      categories: [{ category: "food", amount: 612_050, count: 12, percentage: 100 }],
      salary: [
        {
          month: "2024-01",
          day: "2024-01-31",
          amount: 8_500_000,
          employer: "ACME LTD",
          confidence: 95,
          reasons: ["narration says SALARY"],
        },
      ],
      recurring: { credits: [], debits: [] },
      fraud: [],
      score: null,
    },
  ],
};

export const TRANSACTION_EXAMPLE: z.output<typeof caseTransaction> = {
  hash: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
  account_id: "814d062e-1c36-409f-9f9c-acb32e7984b0",
  day: "2024-01-31",
  narration: "NEFT SALARY ACME LTD",
  reference: null,
  direction: "credit",
  amount: 8_500_000,
  balance: 9_750_000,
  category: "Salary",
  channel: "salary",
  proof: "chain",
};
