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
    ...dayWindows(book),
    ...WINDOWED.map(([name, kind]): [string, Figure] => [
      `${name}_last_6_months`,
      (newest && totalOf(newest, kind)?.sum) ?? null,
    ]),
    ["avg_daily_closing_balance_last_6_months", newest && averageDaily(newest)],
  ];
}

function dayWindows(book: Book): [string, Figure][] {
  const { days, balances } = book;
  const sums = sumsByWindow(book);
  return WINDOWS.flatMap((length, window) => {
    const isKnown = days !== null && days.to - days.from + 1 >= length;
    const ends = isKnown ? known(balances?.eod.slice(days.to - length + 1) ?? []) : [];
    return [
      ...KINDS.map(({ name }, kind): [string, Figure] => [
        `${name}_c${length}`,
        isKnown ? (sums[kind]?.[window] ?? 0n) : null,
      ]),
      [`avg_daily_closing_balance_c${length}`, mean(sumOf(ends), ends.length)],
    ];
  });
}

/** By kind, then by window. Each amount goes to the shortest window that holds it; then each holds the shorter ones. */
function sumsByWindow({ days, entries }: Book): bigint[][] {
  const sums = KINDS.map(() => WINDOWS.map(() => 0n));
  const last = days?.to ?? -1;
  for (const entry of entries) {
    const window = WINDOWS.findIndex((length) => entry.day > last - length);
    if (window === -1) continue;
    for (const [kind, { selects }] of KINDS.entries()) {
      const own = sums[kind];
      if (own && selects(entry)) own[window] = (own[window] ?? 0n) + entry.transaction.amount;
    }
  }
  return sums.map((own) => {
    let total = 0n;
    return own.map((sum) => (total += sum));
  });
}
