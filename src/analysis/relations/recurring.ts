/**
 * Payments that come back: one party, one direction, amounts that lie close together, on at least three days; for
 * salary, two in two months are enough.
 */
import type { Channel, RecurringSet } from "../types.ts";
import { isBounce } from "./bounces.ts";
import { isCredit, type AccountRows, type Row } from "./rows.ts";
import { lowerMedian } from "./salary.ts";

const FEWEST_DAYS = 3;
const FEWEST_SALARY_MONTHS = 2;

/** Amounts in order: the next belongs to the band while it is at most 20 % more, */
const WIDEST_STEP_PERCENT = 120n;
/** and at most twice the smallest: many small steps do not join a coffee and a television. */
const WIDEST_BAND_PERCENT = 200n;

/** The bank's own bookings and cash come back without being anybody's regular payment. */
const NEVER: ReadonlySet<Channel> = new Set([
  "bank_charge",
  "bank_interest",
  "cash_withdrawl",
  "cash_deposit",
  "refund",
]);

/** `salary`: hashes; `undone`: hashes of reversals and what they reverse. Sets in the order of their start. */
export function findRecurring(
  { rows }: AccountRows,
  salary: ReadonlySet<string>,
  undone: ReadonlySet<string>,
): { credits: RecurringSet[]; debits: RecurringSet[] } {
  const named = rows.filter(
    (row) =>
      row.party !== null &&
      !NEVER.has(row.transaction.channel) &&
      !isBounce(row) &&
      !undone.has(row.transaction.hash),
  );
  const setsOf = (side: readonly Row[]): RecurringSet[] =>
    [...Map.groupBy(side, ({ party }) => party).values()]
      .filter(({ length }) => length >= FEWEST_SALARY_MONTHS)
      .flatMap(splitBands)
      .filter((band) => comesBack(band, salary))
      .toSorted((a, b) => (a[0]?.position ?? 0) - (b[0]?.position ?? 0))
      .flatMap(describe);
  return { credits: setsOf(named.filter(isCredit)), debits: setsOf(named.filter((row) => !isCredit(row))) };
}

/** By amount; each band oldest first. */
function splitBands(rows: readonly Row[]): Row[][] {
  const bands: Row[][] = [];
  let [smallest, largest] = [0n, 0n];
  for (const row of rows.toSorted(byAmount)) {
    const { amount } = row.transaction;
    const band = bands.at(-1);
    if (
      band &&
      amount * 100n <= largest * WIDEST_STEP_PERCENT &&
      amount * 100n <= smallest * WIDEST_BAND_PERCENT
    ) {
      band.push(row);
    } else {
      bands.push([row]);
      smallest = amount;
    }
    largest = amount;
  }
  return bands.map((band) => band.toSorted((a, b) => a.position - b.position));
}

function comesBack(band: readonly Row[], salary: ReadonlySet<string>): boolean {
  if (new Set(band.map(({ day }) => day)).size >= FEWEST_DAYS) return true;
  const isSalary = band.every(({ transaction }) => salary.has(transaction.hash));
  return isSalary && new Set(band.map(({ month }) => month)).size >= FEWEST_SALARY_MONTHS;
}

/** What it is called is what its latest payment is called. */
function describe(band: readonly Row[]): RecurringSet[] {
  const [first, last] = [band[0]?.transaction, band.at(-1)?.transaction];
  if (!first || !last) return [];
  const transactions = band.map(({ transaction }) => transaction);
  return [
    {
      accountId: last.accountId,
      direction: last.direction,
      channel: mostFrequent(transactions.map(({ channel }) => channel)) ?? last.channel,
      cleanNote: last.cleanNote,
      counterparty: last.counterparty,
      median: lowerMedian(transactions.map(({ amount }) => amount)),
      start: first.date,
      end: last.date,
      transactions,
    },
  ];
}

/** The latest of those that are equally frequent. */
function mostFrequent(channels: readonly Channel[]): Channel | null {
  const counts = new Map<Channel, number>();
  for (const channel of channels) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return channels.findLast((channel) => counts.get(channel) === most) ?? null;
}

const byAmount = (a: Row, b: Row): number => {
  const [left, right] = [a.transaction.amount, b.transaction.amount];
  return left === right ? a.position - b.position : left < right ? -1 : 1;
};
