/**
 * Monthly analysis: every key with its formula, in one table. §8.8 of the reference names 95 (`MONTHLY`); of the
 * families of §8.9 those are here whose meaning is stated or plain (`MONTHLY_EXTRAS`).
 */
import { mean, percentOf } from "./arithmetic.ts";
import { salarySpend, SALARY_SPEND, type Tally } from "./book.ts";
import { EXTRA_STEMS, STEMS } from "./kinds.ts";
import { balanceNetOffOn, balanceOn, type Figure, type MonthBalances, type MonthView } from "./month-view.ts";

export interface MonthlyKey {
  key: string;
  of: (month: MonthView) => Figure;
}

/** By key, one figure for each of the months. */
export type MonthlyFigures = ReadonlyMap<string, readonly Figure[]>;

type Part = keyof typeof PARTS;
const PARTS = {
  amt: ({ sum }: Tally): Figure => sum,
  cnt: ({ count }: Tally): Figure => count,
  max_amt: ({ max }: Tally): Figure => max,
  min_amt: ({ min }: Tally): Figure => min,
  avg_amt: ({ sum, count }: Tally): Figure => mean(sum, count),
};

/** `<part>_<stem>`; `key` where the contract calls it otherwise. */
const tallied = (part: Part, kind: string, key = `${part}_${kind}`): MonthlyKey => ({
  key,
  of: ({ tally }) => {
    const found = tally(kind);
    return found && PARTS[part](found);
  },
});

const balance = (key: string, of: (balances: MonthBalances) => bigint | null): MonthlyKey => ({
  key,
  of: ({ balances }) => balances && of(balances),
});

const netInflow = ({ tally }: MonthView): Figure => {
  const [credit, debit] = [tally("credit"), tally("debit")];
  return credit && debit ? credit.sum - debit.sum : null;
};

const countAll = ({ tally }: MonthView): Figure => {
  const [credit, debit] = [tally("credit"), tally("debit")];
  return credit && debit ? credit.count + debit.count : null;
};

/** Null in a month without salary. */
const salaryShare = (channel: (typeof SALARY_SPEND)[number]): MonthlyKey => ({
  key: `perc_salary_spend_${channel}`,
  of: ({ tally }) => percentOf(tally(salarySpend(channel))?.sum ?? 0n, tally("salary")?.sum ?? 0n),
});

export const MONTHLY: readonly MonthlyKey[] = [
  ...STEMS.map(({ name }) => tallied("amt", name)),
  ...STEMS.map(({ name }) => tallied("cnt", name)),
  balance("avg_bal", ({ average }) => average),
  tallied("avg_amt", "credit", "avg_credit_transaction_size"),
  tallied("avg_amt", "debit", "avg_debit_transaction_size"),
  tallied("avg_amt", "emi_debit", "avg_emi"),
  balance("closing_balance", ({ closing }) => closing),
  balance("median_balance", ({ median }) => median),
  balance("mode_balance", ({ mode }) => mode),
  balance("opening_balance", ({ opening }) => opening),
  balance("max_bal", ({ high }) => high),
  balance("max_eod_balance", ({ max }) => max),
  balance("min_bal", ({ low }) => low),
  balance("min_eod_balance", ({ min }) => min),
  { key: "cnt_transactions", of: countAll },
  { key: "net_cash_inflow", of: netInflow },
  tallied("cnt", "salary", "number_of_salary_transactions"),
  tallied("amt", "salary", "total_amount_of_salary"),
  ...SALARY_SPEND.map(salaryShare),
];

/** Days of `eod_bal_on_…`, as §8.9 lists them. */
const EOD_DAYS = [
  "01",
  "02",
  "04",
  "05",
  "06",
  "10",
  "11",
  "15",
  "16",
  "17",
  "20",
  "21",
  "25",
  "30",
] as const;
const AMOUNTS = ["max_amt", "min_amt", "avg_amt"] as const;
/** §8.9 lists no greatest one for fuel. */
const NOT_LISTED: ReadonlySet<string> = new Set(["max_amt_fuel_related_debits"]);

const flag = (value: boolean): number => (value ? 1 : 0);

export const MONTHLY_EXTRAS: readonly MonthlyKey[] = [
  ...STEMS.flatMap(({ name }) => AMOUNTS.map((part) => tallied(part, name))),
  ...EXTRA_STEMS.flatMap(({ name }) =>
    (["amt", "cnt", ...AMOUNTS] as const).map((part) => tallied(part, name)),
  ).filter(({ key }) => !NOT_LISTED.has(key)),
  ...[
    "credit_excluding_reversal",
    "debit_excluding_reversal",
    "group_transfer_credit",
    "group_transfer_debit",
  ].flatMap((name) => [tallied("amt", name), tallied("cnt", name)]),
  ...EOD_DAYS.flatMap((day): MonthlyKey[] => [
    { key: `eod_bal_on_${day}`, of: (month) => balanceOn(month, Number(day)) },
    { key: `balance_net_off_on_${day}`, of: (month) => balanceNetOffOn(month, Number(day)) },
  ]),
  tallied("max_amt", "salary", "max_amount_of_salary"),
  tallied("min_amt", "salary", "min_amount_of_salary"),
  tallied("avg_amt", "salary", "avg_amount_of_salary"),
  { key: "employer_name", of: ({ salaries }) => salaries[0]?.employer ?? null },
  { key: "highest_salary_date", of: ({ salaries }) => salaries[0]?.transaction.date ?? null },
  { key: "start_date", of: ({ from }) => from },
  { key: "end_date", of: ({ to }) => to },
  { key: "transaction_start_date", of: ({ firstTransaction }) => firstTransaction },
  { key: "transaction_end_date", of: ({ lastTransaction }) => lastTransaction },
  { key: "is_current_month", of: ({ isCurrent }) => flag(isCurrent) },
  { key: "is_complete_month", of: ({ isComplete }) => flag(isComplete) },
  {
    key: "is_salary_imps",
    of: ({ salaries }) => flag(salaries.some(({ transaction: { scheme } }) => scheme === "IMPS")),
  },
];

export const figuresOf = (keys: readonly MonthlyKey[], months: readonly MonthView[]): MonthlyFigures =>
  new Map(keys.map(({ key, of }) => [key, months.map(of)]));
