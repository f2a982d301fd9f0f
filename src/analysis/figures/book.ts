/**
 * An account's transactions sorted into months, kinds and days, in one pass. Every figure is read from here, those of
 * one account and, the books added up, those of all.
 */
import type { Span } from "../coverage.ts";
import type { Account, Channel, Relations, SalaryPayment } from "../types.ts";
import { dailyBalances, type Balances, type DayRange } from "./balances.ts";
import { calendarOf, dayNumber, EMPTY_CALENDAR, monthNumber, startOf, type Calendar } from "./calendar.ts";
import { ALL_KINDS, type Entry } from "./kinds.ts";

/** Number, sum, greatest and least amount. `max` and `min` are null where there is none. */
export interface Tally {
  count: number;
  sum: bigint;
  max: bigint | null;
  min: bigint | null;
}

export interface Book {
  calendar: Calendar;
  days: DayRange | null;
  /** By month: whether anything is known of it, and whether each of its days is. */
  known: readonly boolean[];
  complete: readonly boolean[];
  /** By name of the kind (and `salary_spend_<channel>`), then by month. */
  tallies: ReadonlyMap<string, readonly Tally[]>;
  /** In order of time; of several accounts one after the other. */
  entries: readonly Entry[];
  /** By month; the greatest first. */
  salaries: readonly (readonly SalaryPayment[])[];
  balances: Balances | null;
}

/** Channels of `perc_salary_spend_…`, and for how many days after the salary spending is counted. */
export const SALARY_SPEND = [
  "bill_payment",
  "cash_withdrawl",
  "debit_card",
  "net_banking_transfer",
  "upi",
] as const;
const SALARY_SPEND_DAYS = 7;
const IS_SALARY_SPEND: ReadonlySet<Channel> = new Set(SALARY_SPEND);

/** Relations by hash, as one transaction after the other asks for them. */
export interface RelationIndex {
  relations: Relations;
  salaries: ReadonlyMap<string, SalaryPayment>;
  reversals: ReadonlySet<string>;
  emiReversals: ReadonlySet<string>;
}

export function indexRelations(relations: Relations): RelationIndex {
  const pairs = [...relations.reversals];
  return {
    relations,
    salaries: new Map(relations.salary.map((salary) => [salary.transaction.hash, salary])),
    reversals: new Set(pairs.map(([, reversal]) => reversal)),
    emiReversals: new Set(
      pairs.flatMap(([original, reversal]) => (relations.emiDebits.has(original) ? [reversal] : [])),
    ),
  };
}

/**
 * @param covered what the account's statements speak of, as joinSpans gives it.
 * @param unit minor units in one unit of the currency.
 */
export function bookOf(account: Account, index: RelationIndex, covered: readonly Span[], unit: bigint): Book {
  const span = spanOf(account, covered);
  const calendar = span ? calendarOf(span) : EMPTY_CALENDAR;
  const entries = entriesOf(account, index, calendar, unit);
  const days = span && { from: dayNumber(calendar, span.from), to: dayNumber(calendar, span.to) };
  return {
    calendar,
    days,
    ...monthsKnown(calendar, entries, covered),
    tallies: tally(entries, calendar.months.length),
    entries,
    salaries: salariesByMonth(entries, index, calendar.months.length),
    balances: days && dailyBalances(account, entries, calendar, days),
  };
}

function spanOf({ transactions }: Account, covered: readonly Span[]): Span | null {
  const dates = covered.flatMap(({ from, to }) => [from, to]);
  const [first, last] = [transactions[0], transactions.at(-1)];
  if (first && last) dates.push(first.date, last.date);
  const sorted = dates.toSorted((a, b) => Temporal.PlainDate.compare(a, b));
  const [from, to] = [sorted[0], sorted.at(-1)];
  return from && to ? { from, to } : null;
}

function entriesOf(account: Account, index: RelationIndex, calendar: Calendar, unit: bigint): Entry[] {
  const { relations, salaries, reversals, emiReversals } = index;
  return account.transactions.map((transaction) => {
    const { hash, date } = transaction;
    const month = monthNumber(calendar, date);
    return {
      transaction,
      day: startOf(calendar, month) + date.day - 1,
      month,
      isCredit: transaction.direction === "credit",
      unit,
      isSalary: salaries.has(hash),
      isLender: relations.lender.has(hash),
      isLoanCredit: relations.loanCredits.has(hash),
      isEmi: relations.emiDebits.has(hash),
      isSelfTransfer: relations.selfTransfers.has(hash),
      isSisterTransfer: relations.sisterTransfers.has(hash),
      isBouncedOrPenal: relations.bouncedOrPenal.has(hash),
      isReversed: relations.reversals.has(hash),
      isReversal: reversals.has(hash),
      reversesEmi: emiReversals.has(hash),
    };
  });
}

/** A month without a covered day and without a transaction is not known: its sums are no zeros. */
function monthsKnown(
  calendar: Calendar,
  entries: readonly Entry[],
  covered: readonly Span[],
): Pick<Book, "known" | "complete"> {
  const coveredDays = calendar.months.map(() => 0);
  for (const { from, to } of covered) {
    const [first, last] = [dayNumber(calendar, from), dayNumber(calendar, to)];
    for (let month = 0; month < coveredDays.length; month += 1) {
      const start = Math.max(first, startOf(calendar, month));
      const end = Math.min(last, startOf(calendar, month + 1) - 1);
      coveredDays[month] = (coveredDays[month] ?? 0) + Math.max(0, end - start + 1);
    }
  }
  const booked = new Set(entries.map(({ month }) => month));
  return {
    known: coveredDays.map((days, month) => days > 0 || booked.has(month)),
    complete: coveredDays.map((days, month) => days === calendar.months[month]?.daysInMonth),
  };
}

export const emptyTallies = (months: number): Tally[] =>
  Array.from({ length: months }, () => ({ count: 0, sum: 0n, max: null, min: null }));

function add(tallies: readonly Tally[], month: number, amount: bigint): void {
  const tally = tallies[month];
  if (!tally) throw new RangeError(`No month ${month} in the book.`);
  tally.count += 1;
  tally.sum += amount;
  if (tally.max === null || amount > tally.max) tally.max = amount;
  if (tally.min === null || amount < tally.min) tally.min = amount;
}

function tally(entries: readonly Entry[], months: number): Map<string, Tally[]> {
  const kinds = ALL_KINDS.map(({ name, selects }) => ({ name, selects, tallies: emptyTallies(months) }));
  for (const entry of entries) {
    for (const { selects, tallies } of kinds) {
      if (selects(entry)) add(tallies, entry.month, entry.transaction.amount);
    }
  }
  const named = kinds.map(({ name, tallies }): [string, Tally[]] => [name, tallies]);
  return new Map([...named, ...tallySalarySpend(entries, months)]);
}

/**
 * Debits from the salary on to the seventh day after it, by channel. Each counts once, in the month of the latest
 * salary before it, even where it is booked in the next month.
 */
function tallySalarySpend(entries: readonly Entry[], months: number): Map<string, Tally[]> {
  const spend = new Map(SALARY_SPEND.map((channel) => [salarySpend(channel), emptyTallies(months)]));
  let salary: Entry | null = null;
  for (const entry of entries) {
    const { channel, amount } = entry.transaction;
    if (entry.isCredit && entry.isSalary) salary = entry;
    if (!salary || entry.isCredit || !IS_SALARY_SPEND.has(channel)) continue;
    if (entry.day <= salary.day + SALARY_SPEND_DAYS) {
      add(spend.get(salarySpend(channel)) ?? [], salary.month, amount);
    }
  }
  return spend;
}

export const salarySpend = (channel: Channel): string => `salary_spend_${channel}`;

function salariesByMonth(
  entries: readonly Entry[],
  { salaries }: RelationIndex,
  months: number,
): SalaryPayment[][] {
  const byMonth: SalaryPayment[][] = Array.from({ length: months }, () => []);
  for (const { isCredit, isSalary, month, transaction } of entries) {
    const salary = isCredit && isSalary ? salaries.get(transaction.hash) : undefined;
    if (salary) byMonth[month]?.push(salary);
  }
  return byMonth.map(greatestFirst);
}

export const greatestFirst = (salaries: readonly SalaryPayment[]): SalaryPayment[] =>
  salaries.toSorted((a, b) => Number(b.transaction.amount - a.transaction.amount));

/** Kinds that were never tallied (a book without accounts) are empty. */
export const tallyOf = (book: Book, name: string, month: number): Tally =>
  book.tallies.get(name)?.[month] ?? { count: 0, sum: 0n, max: null, min: null };
