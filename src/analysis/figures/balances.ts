/**
 * End-of-day balances. A day's balance is the one after its last transaction; a day without transactions has that of
 * the day before. Rows that print no balance are counted on from the row before, and the balance before the first
 * transaction is the printed opening, else what the first printed balance leaves when the rows up to it are taken
 * back: so no day between the first and the last one is unknown. Outside of these days nothing is known.
 */
import type { Account } from "../types.ts";
import { greatest, least, mean, median, mode, sumOf } from "./arithmetic.ts";
import { dayCount, startOf, type Calendar } from "./calendar.ts";
import type { Entry } from "./kinds.ts";

/** First and last day known of an account, as numbers of its calendar. */
export interface DayRange {
  from: number;
  to: number;
}

export interface Balances {
  /** Before the first day. */
  starting: bigint;
  /** By day of the calendar; null before the first and after the last known day. */
  eod: readonly (bigint | null)[];
  /** By month: before its first and after its last known day. */
  opening: readonly (bigint | null)[];
  closing: readonly (bigint | null)[];
  /** By month, within its days too, not only at their ends. */
  high: readonly (bigint | null)[];
  low: readonly (bigint | null)[];
}

export interface BalanceStatistics {
  average: bigint | null;
  median: bigint | null;
  mode: bigint | null;
  /** Of end-of-day balances. */
  min: bigint | null;
  max: bigint | null;
  /** Days that end below zero; null without balances. */
  negativeDays: number | null;
}

const signed = ({ isCredit, transaction: { amount } }: Entry): bigint => (isCredit ? amount : -amount);

/** Null where no balance is printed: what is not known is not counted up from 0. `entries`: in order. */
export function dailyBalances(
  account: Account,
  entries: readonly Entry[],
  calendar: Calendar,
  days: DayRange,
): Balances | null {
  const starting = startingBalance(account, entries);
  if (starting === null) return null;
  const eod: (bigint | null)[] = Array.from({ length: dayCount(calendar) }, () => null);
  const months = calendar.months.length;
  const high: (bigint | null)[] = Array.from({ length: months }, () => null);
  const low: (bigint | null)[] = Array.from({ length: months }, () => null);

  let balance = starting;
  for (const entry of entries) {
    balance = entry.transaction.balance ?? balance + signed(entry);
    eod[entry.day] = balance;
    widen(high, low, entry.month, balance);
  }
  let previous = starting;
  for (let day = days.from; day <= days.to; day += 1) previous = eod[day] ??= previous;
  for (let month = 0; month < months; month += 1) {
    for (const end of known(monthOf(eod, calendar, month))) widen(high, low, month, end);
  }
  return { starting, eod, ...openingsAndClosings(eod, starting, calendar), high, low };
}

function startingBalance({ profile }: Account, entries: readonly Entry[]): bigint | null {
  const printed = entries.findIndex(({ transaction }) => transaction.balance !== null);
  const balance = entries[printed]?.transaction.balance ?? null;
  // An account of which not one row prints a balance (a card) has none, whatever its document says at the top.
  if (balance === null) return entries.length === 0 ? profile.openingBalance : null;
  return profile.openingBalance ?? balance - sumOf(entries.slice(0, printed + 1).map(signed));
}

function widen(high: (bigint | null)[], low: (bigint | null)[], month: number, balance: bigint): void {
  const [top, bottom] = [high[month] ?? null, low[month] ?? null];
  if (top === null || balance > top) high[month] = balance;
  if (bottom === null || balance < bottom) low[month] = balance;
}

function openingsAndClosings(
  eod: readonly (bigint | null)[],
  starting: bigint,
  calendar: Calendar,
): Pick<Balances, "opening" | "closing"> {
  let previous = starting;
  const opening: (bigint | null)[] = [];
  const closing: (bigint | null)[] = [];
  for (let month = 0; month < calendar.months.length; month += 1) {
    const last = known(monthOf(eod, calendar, month)).at(-1) ?? null;
    opening.push(last === null ? null : previous);
    closing.push(last);
    previous = last ?? previous;
  }
  return { opening, closing };
}

/** The end-of-day balances of one month, one for each of its days. */
export const monthOf = (
  eod: readonly (bigint | null)[],
  calendar: Calendar,
  month: number,
): (bigint | null)[] => eod.slice(startOf(calendar, month), startOf(calendar, month + 1));

export const known = (eod: readonly (bigint | null)[]): bigint[] => eod.filter((balance) => balance !== null);

export function balanceStatistics(eod: readonly (bigint | null)[]): BalanceStatistics {
  const balances = known(eod);
  return {
    average: mean(sumOf(balances), balances.length),
    median: median(balances),
    mode: mode(balances),
    min: least(balances),
    max: greatest(balances),
    negativeDays: balances.length === 0 ? null : balances.filter((balance) => balance < 0n).length,
  };
}

/** An account's balances, with how far its calendar starts after the common one. */
export interface Shifted {
  balances: Balances;
  /** Months and days. */
  months: number;
  days: number;
}

/**
 * Balances of several accounts together, on the calendar of all: a day's is the sum of the accounts known on it. How
 * the bookings of a day follow each other across accounts nobody knows, so highs and lows are those of the days' ends.
 */
export function sumBalances(accounts: readonly Shifted[], calendar: Calendar): Balances | null {
  if (accounts.length === 0) return null;
  const months = calendar.months.length;
  const total = (length: number, of: (account: Shifted, at: number) => bigint | null | undefined) =>
    Array.from({ length }, (_, at) => {
      const parts = accounts.map((account) => of(account, at) ?? null).filter((part) => part !== null);
      return parts.length === 0 ? null : sumOf(parts);
    });
  const eod = total(dayCount(calendar), ({ balances, days }, at) => balances.eod[at - days]);
  const ends = calendar.months.map((_, month) => known(monthOf(eod, calendar, month)));
  return {
    starting: sumOf(startingFirst(accounts)),
    eod,
    opening: total(months, ({ balances, months }, at) => balances.opening[at - months]),
    closing: total(months, ({ balances, months }, at) => balances.closing[at - months]),
    high: ends.map(greatest),
    low: ends.map(least),
  };
}

/** Of the accounts that are known from the first day on: the others join later, with what they open with. */
function startingFirst(accounts: readonly Shifted[]): bigint[] {
  const starts = accounts.map(({ balances, days }) => ({
    day: days + balances.eod.findIndex((balance) => balance !== null),
    balance: balances.starting,
  }));
  const first = Math.min(...starts.map(({ day }) => day));
  return starts.filter(({ day }) => day === first).map(({ balance }) => balance);
}
