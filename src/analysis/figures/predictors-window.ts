/**
 * Predictors over trailing windows. `_c30` … `_c180`: that many days up to and with the last known day; null where
 * fewer are known. `_last_6_months`: the six newest calendar months; null where there are fewer. The reference states
 * the suffixes and not what they follow: here the period's totals of money in, money out, borrowing and trouble.
 */
import { mean, sumOf } from "./arithmetic.ts";
import { known } from "./balances.ts";
import type { Book } from "./book.ts";
import { ALL_KINDS, type Kind } from "./kinds.ts";
import type { Figure } from "./month-view.ts";
import { averageDaily, totalOf, type Period } from "./predictors-period.ts";

const WINDOWS = [30, 60, 90, 120, 150, 180];
const MONTHS = 6;

/** Name before the suffix, and the kind that is added up. */
const WINDOWED: readonly [name: string, kind: string][] = [
  ["credits", "credit"],
  ["debits", "debit"],
  ["total_income", "own_income"],
  ["total_expense", "expense"],
  ["total_salary_credits", "salary"],
  ["total_cash_withdrawal", "cash_withdrawl_debit"],
  ["total_emi_ecs_loan", "emi_debit"],
  ["total_bounce_or_penal_charge", "penal_charge"],
];

const kindNamed = (name: string): Kind => {
  const kind = ALL_KINDS.find((each) => each.name === name);
  if (!kind) throw new RangeError(`No kind ${name}.`);
  return kind;
};
const KINDS = WINDOWED.map(([name, kind]) => ({ name, kind, selects: kindNamed(kind).selects }));

export function windowPredictors(book: Book, { months }: Period): [string, Figure][] {
  const newest = months.length < MONTHS ? null : months.slice(-MONTHS);
  return [
    ...WINDOWS.flatMap((days) => dayWindow(book, days)),
    ...WINDOWED.map(([name, kind]): [string, Figure] => [
      `${name}_last_6_months`,
      (newest && totalOf(newest, kind)?.sum) ?? null,
    ]),
    ["avg_daily_closing_balance_last_6_months", newest && averageDaily(newest)],
  ];
}

function dayWindow({ days, entries, balances }: Book, length: number): [string, Figure][] {
  const isKnown = days !== null && days.to - days.from + 1 >= length;
  const from = isKnown ? days.to - length + 1 : Infinity;
  const inside = entries.filter(({ day }) => day >= from);
  const sums = KINDS.map(({ name, selects }): [string, Figure] => {
    const amounts = inside.flatMap((entry) => (selects(entry) ? [entry.transaction.amount] : []));
    return [`${name}_c${length}`, isKnown ? sumOf(amounts) : null];
  });
  const ends = isKnown ? known(balances?.eod.slice(from) ?? []) : [];
  return [...sums, [`avg_daily_closing_balance_c${length}`, mean(sumOf(ends), ends.length)]];
}
