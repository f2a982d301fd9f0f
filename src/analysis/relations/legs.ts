/**
 * One movement seen from two accounts of the session: a debit here, an equal credit there, at most two days apart.
 * Each leg is used once. Equal references come first, then names, then nearness; the order of the accounts plays no part.
 */
import { referenceOf, type Row } from "./rows.ts";

/** NEFT on a Saturday is credited on Monday; a credit may be dated before its debit where banks post differently. */
const MOST_DAYS_APART = 2;

/** Whom a transaction is with: the holder, perhaps the holder, nobody printed, or somebody else. */
export type With = "holder" | "perhaps" | "nobody" | "other";

export interface Leg {
  row: Row;
  with: With;
}

/** Pairs of debit and credit. `legs`: transfers only, of all accounts. */
export function pairLegs(legs: readonly Leg[]): [debit: Row, credit: Row][] {
  const ordered = legs
    .filter(({ row }) => row.transaction.amount > 0n)
    .toSorted(compareLegs)
    .map(({ row, with: relation }) => ({ row, with: relation, reference: referenceOf(row.transaction) }));
  const debits = ordered.filter(({ row }) => row.transaction.direction === "debit");
  const credits = Map.groupBy(
    ordered.filter(({ row }) => row.transaction.direction === "credit"),
    ({ row }) => row.transaction.amount,
  );
  const possible = debits.filter(({ row }) => credits.has(row.transaction.amount));
  const used = new Set<Row>();
  const pairs: [Row, Row][] = [];
  for (const fits of PASSES) {
    for (let apart = 0; apart <= MOST_DAYS_APART; apart += 1) {
      for (const debit of possible) {
        if (used.has(debit.row)) continue;
        const equal = credits.get(debit.row.transaction.amount) ?? [];
        const credit = nearest(equal, debit, apart, (each) => !used.has(each.row) && fits(debit, each));
        if (!credit) continue;
        used.add(debit.row).add(credit.row);
        pairs.push([debit.row, credit.row]);
      }
    }
  }
  return pairs;
}

interface Candidate extends Leg {
  reference: string | null;
}

/** Surest first. Without a reference, a leg that names somebody else is no leg. */
const PASSES: readonly ((debit: Candidate, credit: Candidate) => boolean)[] = [
  (debit, credit) => debit.reference !== null && debit.reference === credit.reference,
  (debit, credit) => {
    if (debit.with === "other" || credit.with === "other") return false;
    return debit.with !== "nobody" || credit.with !== "nobody";
  },
  (debit, credit) => debit.with === "nobody" && credit.with === "nobody",
];

/** The first credit, in another account of the same currency, exactly so many days after or before the debit. */
function nearest(
  credits: readonly Candidate[],
  debit: Candidate,
  apart: number,
  fits: (credit: Candidate) => boolean,
): Candidate | null {
  for (const day of apart === 0 ? [debit.row.day] : [debit.row.day + apart, debit.row.day - apart]) {
    for (let at = firstOn(credits, day); credits[at]?.row.day === day; at += 1) {
      const credit = credits[at];
      if (credit && isElsewhere(debit.row, credit.row) && fits(credit)) return credit;
    }
  }
  return null;
}

function isElsewhere(debit: Row, credit: Row): boolean {
  if (debit.profile.id === credit.profile.id) return false;
  const [from, to] = [debit.profile.currency, credit.profile.currency];
  return from === null || to === null || from === to;
}

/** Where a day begins in legs ordered by day. */
function firstOn(legs: readonly Leg[], day: number): number {
  let [low, high] = [0, legs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((legs[middle]?.row.day ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareLegs({ row: a }: Leg, { row: b }: Leg): number {
  if (a.day !== b.day) return a.day - b.day;
  if (a.profile.id !== b.profile.id) return a.profile.id < b.profile.id ? -1 : 1;
  return a.position - b.position;
}
