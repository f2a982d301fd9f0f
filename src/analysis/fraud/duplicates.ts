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
  const seen = new Map<string, Row[]>();
  const found: Found[] = [];
  for (const row of rows) {
    const { hash, amount, scheme, channel } = row.transaction;
    if (amount === 0n || channel === "bank_charge" || !UNIQUE_REFERENCES.has(scheme) || undone.has(hash))
      continue;
    const reference = referenceOf({ ...row.transaction, reference: null });
    if (reference === null || reference.length < SHORTEST_UNIQUE) continue;
    const others = seen.get(reference);
    const first = others?.find((each) => signed(each) === signed(row));
    if (first) found.push(pair(first, row));
    else if (others) others.push(row);
    else seen.set(reference, [row]);
  }
  return found;
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
