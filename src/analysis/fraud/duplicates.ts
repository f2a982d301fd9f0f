/** One transaction printed twice. */
import { referenceOf, type Row } from "../relations/rows.ts";
import type { Scheme } from "../types.ts";
import { minor, signed, type Facts, type Found } from "./facts.ts";

/** Whose references name one payment; a mandate's is the same every month, and a payer writes that of an FPS himself. */
const UNIQUE_REFERENCES: ReadonlySet<Scheme | null> = new Set(["UPI", "IMPS", "NEFT", "RTGS"]);
/** RRN of UPI and IMPS: 12; UTR of NEFT 16, of RTGS 22. Shorter ones are cut, and cut ones meet. */
const SHORTEST_UNIQUE = 12;

/**
 * The same unique reference, direction and amount a second time. A payment that was undone in between may well be
 * tried again, and is not accused.
 */
export function findRepeatedReference({ rows, relations }: Facts): Found[] {
  const undone = new Set([...relations.reversals.keys(), ...relations.reversals.values()]);
  const payments = rows.filter(
    ({ transaction: { hash, amount, channel } }) =>
      amount > 0n && channel !== "bank_charge" && !undone.has(hash),
  );
  return [...Map.groupBy(payments, uniqueReferenceOf)].flatMap(([reference, group]) =>
    reference === null || group.length === 1 ? [] : repeatsIn(group),
  );
}

function uniqueReferenceOf({ transaction }: Row): string | null {
  if (!UNIQUE_REFERENCES.has(transaction.scheme)) return null;
  const reference = referenceOf({ ...transaction, reference: null });
  return reference !== null && reference.length >= SHORTEST_UNIQUE ? reference : null;
}

function repeatsIn(group: readonly Row[]): Found[] {
  const firsts = new Map<bigint, Row>();
  return group.flatMap((row) => {
    const first = firsts.get(signed(row));
    if (first) return [pair(first, row)];
    firsts.set(signed(row), row);
    return [];
  });
}

/**
 * A row and its copy below it, balance included: an amount that is not nought must move the balance, so one of the two
 * was not booked.
 */
export function findCopiedRow({ rows }: Facts): Found[] {
  return rows.flatMap((row, at) => {
    const before = rows[at - 1];
    return before && isCopy(before, row) ? [pair(before, row)] : [];
  });
}

function isCopy({ day, transaction: a }: Row, { day: sameDay, transaction: b }: Row): boolean {
  if (b.amount === 0n || b.balance === null || day !== sameDay) return false;
  return (
    a.balance === b.balance &&
    a.amount === b.amount &&
    a.direction === b.direction &&
    a.narration === b.narration
  );
}

const pair = (first: Row, second: Row): Found => ({
  transactionHash: second.transaction.hash,
  evidence: {
    repeats: first.transaction.hash,
    amountMinor: minor(second.transaction.amount),
    firstDate: first.transaction.date.toString(),
    date: second.transaction.date.toString(),
  },
});
