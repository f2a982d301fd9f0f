/**
 * One movement seen from two accounts of the session: a debit here, an equal credit there, at most two days apart.
 * Each leg is used once. Equal references come first, then names, then nearness; the order of the accounts plays no part.
 */
import { referenceOf, type Row } from "./rows.ts";

/** NEFT on a Saturday is credited on Monday; a credit may be dated before its debit where banks post differently. */
const DISTANCES: readonly (readonly number[])[] = [[0], [1, -1], [2, -2]];

/** Whom a transaction is with: the holder, perhaps the holder, nobody printed, or somebody else. */
export type With = "holder" | "perhaps" | "nobody" | "other";

export interface Leg {
  row: Row;
  with: With;
}

/** Pairs of debit and credit. `legs`: transfers only, of all accounts. */
export function pairLegs(legs: readonly Leg[]): [debit: Row, credit: Row][] {
  const ordered = legs.filter(({ row }) => row.transaction.amount > 0n).toSorted(compareLegs);
  const isDebit = ({ row }: Leg): boolean => row.transaction.direction === "debit";
  const debits = ordered.filter(isDebit);
  const credits = ordered.filter((leg) => !isDebit(leg));
  const used = new Set<Row>();
  return PASSES.flatMap(({ keyOf, fits }) => pairBy(debits, credits, used, keyOf, fits));
}

interface Pass {
  /** Legs with different keys are no pair; null: in none. */
  keyOf: (leg: Leg) => string | bigint | null;
  fits: (debit: With, credit: With) => boolean;
}

/** Surest first. Without a reference, a leg that names somebody else is no leg. */
const PASSES: readonly Pass[] = [
  { keyOf: ({ row }) => referenceAndAmount(row), fits: () => true },
  {
    keyOf: ({ row, with: relation }) => (relation === "other" ? null : row.transaction.amount),
    fits: (debit, credit) => debit !== "nobody" || credit !== "nobody",
  },
  {
    keyOf: ({ row, with: relation }) => (relation === "nobody" ? row.transaction.amount : null),
    fits: () => true,
  },
];

function referenceAndAmount({ transaction }: Row): string | null {
  const reference = referenceOf(transaction);
  return reference === null ? null : `${reference} ${transaction.amount}`;
}

/**
 * Credits that are alike for every debit: same key, day, account and counterpart. The first that waits is taken, so a
 * thousand equal ones cost no more than one.
 */
interface Lane {
  account: Row["profile"];
  with: With;
  waiting: Leg[];
}

type Lanes = Map<number, Lane[]>;

function pairBy(
  debits: readonly Leg[],
  credits: readonly Leg[],
  used: Set<Row>,
  keyOf: Pass["keyOf"],
  fits: Pass["fits"],
): [Row, Row][] {
  const asked = new Set(debits.map(keyOf));
  const lanes = layLanes(credits, (leg) => (used.has(leg.row) || !asked.has(keyOf(leg)) ? null : keyOf(leg)));
  const possible = debits.flatMap((leg) => {
    const key = used.has(leg.row) ? null : keyOf(leg);
    const found = key === null ? undefined : lanes.get(key);
    return found ? [{ leg, lanes: found }] : [];
  });
  const pairs: [Row, Row][] = [];
  for (const distances of DISTANCES) {
    for (const { leg: debit, lanes } of possible) {
      if (used.has(debit.row)) continue;
      const credit = takeNearest(lanes, debit, distances, fits);
      if (!credit) continue;
      used.add(debit.row).add(credit.row);
      pairs.push([debit.row, credit.row]);
    }
  }
  return pairs;
}

function layLanes(credits: readonly Leg[], keyOf: Pass["keyOf"]): Map<string | bigint, Lanes> {
  const keys = new Map<string | bigint, Lanes>();
  // From the end, so that pop() gives the first.
  for (const leg of credits.toReversed()) {
    const key = keyOf(leg);
    if (key === null) continue;
    const days = keys.get(key) ?? new Map<number, Lane[]>();
    keys.set(key, days);
    const lanes = days.get(leg.row.day) ?? [];
    days.set(leg.row.day, lanes);
    const lane = lanes.find((each) => each.account === leg.row.profile && each.with === leg.with);
    if (lane) lane.waiting.push(leg);
    else lanes.push({ account: leg.row.profile, with: leg.with, waiting: [leg] });
  }
  return keys;
}

/** Takes the first credit, in another account of the same currency, so many days after or before the debit. */
function takeNearest(lanes: Lanes, debit: Leg, distances: readonly number[], fits: Pass["fits"]): Leg | null {
  for (const distance of distances) {
    const possible = (lanes.get(debit.row.day + distance) ?? []).filter(
      ({ account, with: relation, waiting }) =>
        waiting.length > 0 && isElsewhere(debit.row.profile, account) && fits(debit.with, relation),
    );
    const [first] = possible.toSorted((a, b) => compareHeads(a.waiting.at(-1), b.waiting.at(-1)));
    const credit = first?.waiting.pop();
    if (credit) return credit;
  }
  return null;
}

const compareHeads = (a: Leg | undefined, b: Leg | undefined): number => (a && b ? compareLegs(a, b) : 0);

function isElsewhere(from: Row["profile"], to: Row["profile"]): boolean {
  if (from.id === to.id) return false;
  return from.currency === null || to.currency === null || from.currency === to.currency;
}

function compareLegs({ row: a }: Leg, { row: b }: Leg): number {
  if (a.day !== b.day) return a.day - b.day;
  if (a.profile.id !== b.profile.id) return a.profile.id < b.profile.id ? -1 : 1;
  return a.position - b.position;
}
