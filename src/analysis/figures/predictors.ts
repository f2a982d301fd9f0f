/**
 * Predictors (reference §2.8): flat figures by name. `_N` counts months back from the newest, 0 to 11. Formulas that
 * the reference leaves open are stated beside them and in docs/analysis.md.
 */
import type { AccountProfile, FraudFinding } from "../types.ts";
import { mean, ratio, sumOf } from "./arithmetic.ts";
import type { Book } from "./book.ts";
import { balanceNetOffOn, balanceOn, daysBelow, type Figure, type MonthView } from "./month-view.ts";
import { PERIOD_PREDICTORS, periodOf, sixDateBalances } from "./predictors-period.ts";
import { windowPredictors } from "./predictors-window.ts";

const NEWEST_MONTHS = 12;
/** `balance_on_<day>_N` */
const DAYS: readonly [name: string, day: number][] = [
  ["1st", 1],
  ["5th", 5],
  ["10th", 10],
  ["15th", 15],
  ["20th", 20],
  ["25th", 25],
  ["30th", 30],
];
/** `cnt_eod_bal_lt_500`, in units of the currency. */
const LOW_BALANCE = 500n;

/** Boolean predictors of §8.4: whether a rule of that name found something. */
export const FLAGS = [
  "author_fraud",
  "date_fraud",
  "transaction_fraud",
  "transaction_fraud_v2",
  "inconsistent_transaction",
  "more_cash_deposits_than_salary",
  "salary_remains_unchanged",
  "salary_1000_multiple",
  "mostly_cash_transactions",
  "equal_credit_debit",
  "negative_balance",
  "tax_100_multiple",
  "min_rtgs_amount",
  "more_than_15_days_credit",
  "cash_deposit_bank_holiday_transaction",
  "chq_bank_holiday_transaction",
  "outward_cheque_bounce_bank_holiday_transaction",
  "inward_cheque_bounce_bank_holiday_transaction",
] as const;

interface MonthPredictor {
  name: string;
  of: (month: MonthView, unit: bigint) => Figure;
}

const amount = (name: string, kind: string): MonthPredictor => ({
  name,
  of: ({ tally }) => tally(kind)?.sum ?? null,
});
const count = (name: string, kind: string): MonthPredictor => ({
  name,
  of: ({ tally }) => tally(kind)?.count ?? null,
});
const both = (name: string, kind: string): MonthPredictor[] => [
  amount(`amt_${name}`, kind),
  count(`cnt_${name}`, kind),
];

/** Of the six dates, as far as they are known. */
function averageOfSixDates(month: MonthView): bigint | null {
  const balances = sixDateBalances(month);
  return mean(sumOf(balances), balances.length);
}

const expenseToIncome = ({ tally }: MonthView): Figure =>
  ratio(tally("expense")?.sum ?? 0n, tally("own_income")?.sum ?? 0n, 2);

const MONTH_PREDICTORS: readonly MonthPredictor[] = [
  { name: "month", of: ({ month }) => month },
  amount("credits", "credit"),
  amount("debits", "debit"),
  count("number_of_transactions", "any"),
  amount("income", "own_income"),
  amount("expense", "expense"),
  { name: "expense_to_income_ratio", of: expenseToIncome },
  amount("total_salary", "salary"),
  count("cnt_salary", "salary"),
  { name: "salary_date", of: ({ salaries }) => salaries[0]?.transaction.date ?? null },
  ...DAYS.flatMap(([name, day]): MonthPredictor[] => [
    { name: `balance_on_${name}`, of: (month) => balanceOn(month, day) },
    { name: `balance_net_off_on_${name}`, of: (month) => balanceNetOffOn(month, day) },
  ]),
  { name: "bal_last", of: ({ balances }) => balances?.closing ?? null },
  { name: "max_balance", of: ({ balances }) => balances?.high ?? null },
  { name: "min_balance", of: ({ balances }) => balances?.low ?? null },
  { name: "avg_balance", of: ({ balances }) => balances?.average ?? null },
  { name: "bal_avgof_6dates", of: averageOfSixDates },
  amount("total_inward_chq_bounces_insuff_fund", "inward_cheque_bounce_insuff_funds_credit"),
  amount("total_outward_chq_bounces_insuff_fund", "outward_cheque_bounce_insuff_funds_debit"),
  amount("total_emi_bounce", "emi_bounce_credit"),
  amount("total_inward_payment_bounce", "inward_payment_bounce"),
  ...both("loan_credits", "loan_credits"),
  ...both("emi_debit", "emi_debit"),
  // What must be paid each month whatever comes in: the instalments.
  amount("obligation", "emi_debit"),
  ...both("upi_credits", "upi_credit"),
  ...both("upi_debits", "upi_debit"),
  ...both("cash_deposit", "cash_deposit_credit"),
  ...both("business_credit", "business_credit"),
  ...both("self_transfer_credit", "self_transfer_credit"),
  ...both("self_transfer_debit", "self_transfer_debit"),
  amount("debitless_charges", "bank_charge_debit"),
  amount("total_creditcard_payment", "credit_card_bill_debit"),
  { name: "cnt_eod_bal_lt_500", of: (month, unit) => daysBelow(month, LOW_BALANCE * unit) },
  { name: "cnt_days_account_overdrawn", of: (month) => daysBelow(month, 0n) },
];

/** @param months as monthViews gives them, oldest first. */
export function predictorsOf(
  profile: AccountProfile,
  book: Book,
  months: readonly MonthView[],
  findings: readonly FraudFinding[],
  context: { today: Temporal.PlainDate; unit: bigint },
): Map<string, Figure> {
  const found = new Set(findings.map(({ type }) => type));
  const period = periodOf(months, context.today);
  return new Map<string, Figure>([
    ["accountnumber", profile.accountNumber],
    ["bank_name", profile.bank],
    ["ifsc_code", profile.ifsc ?? null],
    ["customer_name", profile.holder],
    ["account_type", profile.category],
    ["ccod_limit", profile.limit],
    ["bank_connect_status", "Verified"],
    ...MONTH_PREDICTORS.flatMap(({ name, of }) =>
      Array.from({ length: NEWEST_MONTHS }, (_, back): [string, Figure] => {
        const month = months.at(-1 - back);
        return [`${name}_${back}`, month ? of(month, context.unit) : null];
      }),
    ),
    ...FLAGS.map((flag): [string, Figure] => [flag, found.has(flag)]),
    ...PERIOD_PREDICTORS.map(({ name, of }): [string, Figure] => [name, of(period)]),
    ...windowPredictors(book, period),
  ]);
}
