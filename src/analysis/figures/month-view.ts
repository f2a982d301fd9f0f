/** One month of a book, as the tables of figures look at it. */
import type { SalaryPayment } from "../types.ts";
import { balanceStatistics, known, monthOf, type BalanceStatistics } from "./balances.ts";
import { tallyOf, type Book, type Tally } from "./book.ts";
import { dateOf, startOf } from "./calendar.ts";
import type { Entry } from "./kinds.ts";

/** A figure; amounts are bigint, everything else is not. Null: the data do not say. */
export type Figure = bigint | number | string | boolean | Temporal.PlainDate | Temporal.PlainYearMonth | null;

export interface MonthBalances extends BalanceStatistics {
  /** One for each day of the month. */
  eod: readonly (bigint | null)[];
  opening: bigint | null;
  closing: bigint | null;
  high: bigint | null;
  low: bigint | null;
}

export interface MonthView {
  month: Temporal.PlainYearMonth;
  isComplete: boolean;
  isCurrent: boolean;
  /** Null in a month of which nothing is known. */
  tally: (kind: string) => Tally | null;
  /** Null for an account without balances. */
  balances: MonthBalances | null;
  /** Loan credits up to and with this day of the month. */
  loansUntil: (day: number) => bigint;
  /** Greatest first. */
  salaries: readonly SalaryPayment[];
  /** First and last known day. */
  from: Temporal.PlainDate | null;
  to: Temporal.PlainDate | null;
  firstTransaction: Temporal.PlainDate | null;
  lastTransaction: Temporal.PlainDate | null;
}

export function monthViews(book: Book, today: Temporal.PlainDate): MonthView[] {
  const byMonth = entriesByMonth(book);
  const current = today.toPlainYearMonth();
  return book.calendar.months.map((month, at) => {
    const start = startOf(book.calendar, at);
    const entries = byMonth[at] ?? [];
    const loans = entries.filter(({ isCredit, isLoanCredit }) => isCredit && isLoanCredit);
    const dates = entries.map(({ day }) => day);
    return {
      month,
      isComplete: book.complete[at] === true,
      isCurrent: month.equals(current),
      tally: (kind) => (book.known[at] === true ? tallyOf(book, kind, at) : null),
      balances: monthBalances(book, at),
      loansUntil: (day) =>
        loans.reduce((sum, loan) => (loan.day < start + day ? sum + loan.transaction.amount : sum), 0n),
      salaries: book.salaries[at] ?? [],
      ...knownDays(book, at),
      firstTransaction: dates.length === 0 ? null : dateOf(book.calendar, Math.min(...dates)),
      lastTransaction: dates.length === 0 ? null : dateOf(book.calendar, Math.max(...dates)),
    };
  });
}

function entriesByMonth({ calendar, entries }: Book): Entry[][] {
  const months: Entry[][] = calendar.months.map(() => []);
  for (const entry of entries) months[entry.month]?.push(entry);
  return months;
}

function knownDays({ calendar, days, known }: Book, at: number): Pick<MonthView, "from" | "to"> {
  if (!days || known[at] !== true) return { from: null, to: null };
  const start = startOf(calendar, at);
  const end = startOf(calendar, at + 1) - 1;
  return {
    from: dateOf(calendar, Math.max(start, days.from)),
    to: dateOf(calendar, Math.min(end, days.to)),
  };
}

function monthBalances({ balances, calendar }: Book, at: number): MonthBalances | null {
  if (!balances) return null;
  const eod = monthOf(balances.eod, calendar, at);
  return {
    eod,
    ...balanceStatistics(eod),
    opening: balances.opening[at] ?? null,
    closing: balances.closing[at] ?? null,
    high: balances.high[at] ?? null,
    low: balances.low[at] ?? null,
  };
}

/** End-of-day balance on a day of the month; a month that is too short gives that of its last day. */
export function balanceOn({ balances, month }: MonthView, day: number): bigint | null {
  return balances?.eod[Math.min(day, month.daysInMonth) - 1] ?? null;
}

/** The same without the month's loan credits up to that day. */
export function balanceNetOffOn(view: MonthView, day: number): bigint | null {
  const balance = balanceOn(view, day);
  return balance === null ? null : balance - view.loansUntil(day);
}

export const daysBelow = ({ balances }: MonthView, limit: bigint): number | null => {
  const days = known(balances?.eod ?? []);
  return days.length === 0 ? null : days.filter((balance) => balance < limit).length;
};
