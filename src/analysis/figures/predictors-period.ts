/** Predictors over the whole period: all months known of the account. */
import { divideRounded, mean, percentOf, sumOf } from "./arithmetic.ts";
import { known } from "./balances.ts";
import type { Tally } from "./book.ts";
import { balanceOn, type Figure, type MonthView } from "./month-view.ts";

export interface Period {
  months: readonly MonthView[];
  today: Temporal.PlainDate;
  /** Number and sum over the months; null where nothing is known of any. */
  total: (kind: string) => Pick<Tally, "count" | "sum"> | null;
  firstTransaction: Temporal.PlainDate | null;
  lastTransaction: Temporal.PlainDate | null;
}

export interface PeriodPredictor {
  name: string;
  of: (period: Period) => Figure;
}

export function periodOf(months: readonly MonthView[], today: Temporal.PlainDate): Period {
  return {
    months,
    today,
    total: (kind) => totalOf(months, kind),
    firstTransaction: months.find(({ firstTransaction }) => firstTransaction)?.firstTransaction ?? null,
    lastTransaction: months.findLast(({ lastTransaction }) => lastTransaction)?.lastTransaction ?? null,
  };
}

export function totalOf(months: readonly MonthView[], kind: string): Pick<Tally, "count" | "sum"> | null {
  const tallies = months.flatMap(({ tally }) => tally(kind) ?? []);
  if (tallies.length === 0) return null;
  return {
    count: tallies.reduce((sum, { count }) => sum + count, 0),
    sum: sumOf(tallies.map(({ sum }) => sum)),
  };
}

const amount = (name: string, kind: string): PeriodPredictor => ({
  name,
  of: ({ total }) => total(kind)?.sum ?? null,
});
const count = (name: string, kind: string): PeriodPredictor => ({
  name,
  of: ({ total }) => total(kind)?.count ?? null,
});
const perMonth = (name: string, kind: string): PeriodPredictor => ({
  name,
  of: ({ total, months }) => mean(total(kind)?.sum ?? 0n, months.length),
});

/** Mean of all end-of-day balances of these months. */
export function averageDaily(months: readonly MonthView[]): bigint | null {
  const days = months.flatMap(({ balances }) => known(balances?.eod ?? []));
  return mean(sumOf(days), days.length);
}

/** Null where there are fewer months than that. */
const averageDailyOver = (length: number): PeriodPredictor => ({
  name: `avg_daily_closing_balance_${length}months`,
  of: ({ months }) => (months.length < length ? null : averageDaily(months.slice(-length))),
});

function averageMonthlyClosing({ months }: Period): bigint | null {
  const ends = months.flatMap(({ balances }) => balances?.closing ?? []);
  return mean(sumOf(ends), ends.length);
}

/** Those on which lenders look at a balance. */
const SIX_DATES = [5, 10, 15, 20, 25, 30];

/** The known ones. */
export const sixDateBalances = (month: MonthView): bigint[] =>
  SIX_DATES.map((day) => balanceOn(month, day)).filter((balance) => balance !== null);

/** Mean of all months' balances on these dates: what lenders call the average bank balance. */
function averageBankBalance({ months }: Period): bigint | null {
  const balances = months.flatMap(sixDateBalances);
  return mean(sumOf(balances), balances.length);
}

const daysBetween = (from: Temporal.PlainDate | null, to: Temporal.PlainDate | null): number | null =>
  from && to ? from.until(to).days : null;

/** Credits of a year at the pace of the period: credits ÷ days from the first to the last transaction × 365. */
function annualisedCredit({ total, firstTransaction, lastTransaction }: Period): bigint | null {
  const days = daysBetween(firstTransaction, lastTransaction);
  const credits = total("credit");
  return days && credits ? divideRounded(credits.sum * 365n, BigInt(days)) : null;
}

const newestSalary = ({ months }: Period): Temporal.PlainYearMonth | null =>
  months.findLast(({ salaries }) => salaries.length > 0)?.salaries[0]?.month ?? null;

export const PERIOD_PREDICTORS: readonly PeriodPredictor[] = [
  { name: "start_date", of: ({ firstTransaction }) => firstTransaction },
  { name: "end_date", of: ({ lastTransaction }) => lastTransaction },
  { name: "month_duration", of: ({ months }) => months.length },
  {
    name: "banking_vintage_in_days",
    of: ({ firstTransaction, today }) => daysBetween(firstTransaction, today),
  },
  {
    name: "banking_recency_in_days",
    of: ({ lastTransaction, today }) => daysBetween(lastTransaction, today),
  },
  amount("credits", "credit"),
  amount("debits", "debit"),
  amount("total_income", "own_income"),
  amount("total_expense", "expense"),
  perMonth("avg_monthly_income", "own_income"),
  perMonth("avg_monthly_expense", "expense"),
  {
    name: "avg_expense_to_income_perc",
    of: ({ total }) => percentOf(total("expense")?.sum ?? 0n, total("own_income")?.sum ?? 0n),
  },
  { name: "annualised_credit", of: annualisedCredit },
  amount("reversals", "refund_credit"),
  { name: "avg_daily_closing_balance", of: ({ months }) => averageDaily(months) },
  ...[3, 6, 9, 12].map(averageDailyOver),
  { name: "avg_monthly_closing_balance", of: averageMonthlyClosing },
  { name: "avg_bank_balance", of: averageBankBalance },
  { name: "is_salary_present", of: ({ total }) => (total("salary")?.count ?? 0) > 0 },
  amount("total_salary_credits", "salary"),
  { name: "latest_salary_month", of: newestSalary },
  amount("total_cash_withdrawal", "cash_withdrawl_debit"),
  count("cash_withdrawals", "cash_withdrawl_debit"),
  amount("total_chq_deposit", "chq_credit"),
  count("chq_deposits", "chq_credit"),
  amount("total_chq_issue", "chq_debit"),
  count("chq_issues", "chq_debit"),
  amount("inward_chq_bounces", "inward_cheque_bounce_credit"),
  amount("outward_chq_bounces", "outward_cheque_bounce_debit"),
  amount("net_banking_credits", "net_banking_transfer_credit"),
  amount("net_banking_debits", "net_banking_transfer_debit"),
  amount("debitless_charges", "bank_charge_debit"),
  amount("pos_expenses", "debit_card_debit"),
  amount("total_creditcard_payment", "credit_card_bill_debit"),
  amount("total_emi_ecs_loan", "emi_debit"),
  amount("total_bounce_or_penal_charge", "penal_charge"),
];
