/** The printed balances against the amounts, and against what the account allows. */
import type { Channel } from "../types.ts";
import { minor, signed, type Facts, type Found } from "./facts.ts";
import type { Row } from "../relations/rows.ts";

/** A bank's own rounding: a minor unit where it keeps fractions, a whole unit where it prints balances without any. */
const ROUNDING = 1n;
const WHOLE_UNIT = 100n;

const abs = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/**
 * A balance that is not the one before plus or minus the amounts since. Not accused: days between covered spans, a
 * day whose rows are printed in another order than they were booked, and rounding. A single wrong balance, after which
 * the chain goes on, is one finding.
 */
export function findInconsistent({ profile, days, isCovered }: Facts): Found[] {
  const tolerance = roundingOf(days);
  const found: Found[] = [];
  let known: Known = { balance: profile.openingBalance, ifMisprinted: null };
  let before: Row | null = null;
  for (const rows of days) {
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) continue;
    if (before && !isCovered(before, first)) known = { balance: null, ifMisprinted: null };
    const day = checkDay(rows, known, tolerance);
    const closing =
      day.breaks.length > 0 && known.balance !== null ? closingOfReordered(rows, known.balance) : null;
    if (closing === null) found.push(...day.breaks);
    known = closing === null ? day.known : { balance: closing, ifMisprinted: null };
    before = last;
  }
  return found;
}

interface Known {
  /** As last printed. */
  balance: bigint | null;
  /** What it must be instead if the last printed one was wrong and the chain goes on; null: it was right. */
  ifMisprinted: bigint | null;
}

function checkDay(
  rows: readonly Row[],
  opening: Known,
  tolerance: bigint,
): { breaks: Found[]; known: Known } {
  const breaks: Found[] = [];
  let { balance: expected, ifMisprinted } = opening;
  for (const row of rows) {
    const { balance, hash } = row.transaction;
    if (expected !== null) expected += signed(row);
    if (ifMisprinted !== null) ifMisprinted += signed(row);
    if (balance === null) continue;
    const isNear = (other: bigint | null): boolean => other !== null && abs(balance - other) <= tolerance;
    const fits: boolean = expected === null || isNear(expected) || isNear(ifMisprinted);
    if (expected !== null && !fits) {
      breaks.push({
        transactionHash: hash,
        evidence: {
          expectedMinor: minor(expected),
          printedMinor: minor(balance),
          differenceMinor: minor(balance - expected),
        },
      });
    }
    ifMisprinted = fits ? null : expected;
    expected = balance;
  }
  return { breaks, known: { balance: expected, ifMisprinted } };
}

/**
 * Rows of a day in any order: each row leads from the balance before it to the one after it. If the rows form one
 * chain from the opening, every other balance is reached as often as it is left, and what remains is the closing.
 */
function closingOfReordered(rows: readonly Row[], opening: bigint): bigint | null {
  const open = new Map<bigint, number>([[opening, 1]]);
  const add = (balance: bigint, by: number): void => {
    const count = (open.get(balance) ?? 0) + by;
    if (count === 0) open.delete(balance);
    else open.set(balance, count);
  };
  for (const row of rows) {
    const { balance } = row.transaction;
    if (balance === null) return null;
    add(balance - signed(row), -1);
    add(balance, 1);
  }
  const [left] = open;
  return open.size === 1 && left?.[1] === 1 ? left[0] : null;
}

function roundingOf(days: readonly (readonly Row[])[]): bigint {
  const isWhole = ({ transaction: { balance } }: Row): boolean =>
    balance === null || balance % WHOLE_UNIT === 0n;
  return days.every((rows) => rows.every(isWhole)) ? WHOLE_UNIT : ROUNDING;
}

/** From this share of days on a negative balance is how the account is used: an overdraft whose limit is not printed. */
const OVERDRAFT_PERCENT = 50;

/** What the bank takes for itself may overdraw an account that nobody else can. */
const BANKS_OWN: ReadonlySet<Channel> = new Set(["bank_charge", "bank_interest"]);

/**
 * A day that ends below nought, or below the printed limit, through a debit that was not the bank's own: the first day
 * of each stretch. The day's end, because banks print debits before the credits that cover them. Without a printed
 * limit only Indian accounts are looked at: elsewhere a current account comes with an overdraft.
 */
export function findNegative({ profile, days, country }: Facts): Found[] {
  const limit = abs(profile.limit ?? 0n);
  if (limit === 0n && country !== "IN") return [];
  const ends = days.map((rows) => ({ rows, balance: rows.at(-1)?.transaction.balance ?? null }));
  const negative = ends.filter(({ balance }) => balance !== null && balance < 0n);
  if (limit === 0n && negative.length * 100 >= days.length * OVERDRAFT_PERCENT) return [];
  const found: Found[] = [];
  let isAccused = false;
  for (const { rows, balance } of ends) {
    if (balance === null) continue;
    if (balance >= -limit) {
      isAccused = false;
      continue;
    }
    const debit = rows.findLast(
      ({ transaction: { direction, channel } }) => direction === "debit" && !BANKS_OWN.has(channel),
    );
    if (isAccused || !debit) continue;
    isAccused = true;
    found.push({
      transactionHash: debit.transaction.hash,
      evidence: {
        date: debit.transaction.date.toString(),
        dayEndMinor: minor(balance),
        limitMinor: minor(limit),
      },
    });
  }
  return found;
}
