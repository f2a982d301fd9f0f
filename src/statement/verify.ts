import { otherBalances, otherTotals, withoutEmpty } from "./agreement.ts";
import { type Chain, walkChain } from "./chain.ts";
import type { Item, Movement } from "./interpret.ts";
import { abs } from "./money.ts";
import type { Break, Direction, Disagreement, Facts, Proof, TotalCheck, Verification } from "./types.ts";

/** What arithmetic says of one statement. Rows are numbered among the movements. */
export interface Verdict {
  verification: Verification;
  /** Signed change and proof of each movement. */
  deltas: bigint[];
  proofs: Proof[];
  opening: bigint | null;
  closing: bigint | null;
  /** The higher, the better the reading: rows that hold against those that do not. */
  score: number;
}

export type Printed = Pick<Facts, "openingBalances" | "closingBalances" | "printedTotals">;

/** A bank's own rounding: 0.01. */
const ROUNDING = 1n;

/**
 * Judges a reading. `proven` is never vacuous: it takes a row, proof of all of them, and both ends: a printed opening and
 * a printed closing balance, or totals of every direction. Without them a chain holds just as well when its last page
 * is gone.
 * @param owed the document prints what the customer owes, so that its balances count negative
 */
export function verify(items: readonly Item[], printed: Printed, owed: boolean): Verdict {
  const sign = (balance: bigint): bigint => (owed ? -balance : balance);
  const openings = printed.openingBalances.map(sign);
  const closings = printed.closingBalances.map(sign);
  const movements = items.filter((item) => item.kind === "movement");
  const chain = walkChain(items, openings);
  const ends = chain.last === null ? closeByTotals(chain, openings, closings) : closeChain(chain, closings);
  const totals = checkTotals(items, movements, chain.deltas, chain.opening ?? ends.opening, printed);
  if (chain.breaks.length === 0) supportByTotals(chain, totals.held);
  const unreadable = items.some((item) => item.row.unreadable);
  movements.forEach(({ row }, index) => {
    if (row.unreadable) chain.proofs[index] = "none";
  });
  const disagreements = [
    ...otherBalances(items, { openings, closings }, [chain.opening, ends.opening, ends.closing]),
    ...withoutEmpty(totals.others),
  ];
  const isSure = !unreadable && disagreements.length === 0;
  const isHeld = holdAll(totals.held, chain.deltas);
  if (isHeld && chain.carriedOn && chain.last !== null) ends.closing ??= chain.last + chain.tail.sum;
  const openEnds = isHeld ? [] : (["opening", "closing"] as const).filter((end) => ends[end] === null);
  const anything = ends.closing !== null || totals.held.size > 0;
  const status = statusOf(chain, totals.failed, isSure && openEnds.length === 0, anything);
  const proven = chain.proofs.filter((proof) => proof !== "none").length;
  const contradictions = chain.breaks.length + (totals.failed ? 1 : 0);
  // An open end is the document's, not the reading's.
  const isWhole = isSure && contradictions === 0 && proven > 0 && proven === chain.proofs.length;
  return {
    verification: {
      status,
      breaks: chain.breaks,
      totals: totals.checks,
      ...(status === "partly" && openEnds.length > 0 ? { openEnds } : {}),
      ...(disagreements.length === 0 ? {} : { disagreements }),
    },
    deltas: chain.deltas,
    proofs: chain.proofs,
    opening: ends.opening,
    closing: ends.closing,
    score: 2 * proven - 3 * contradictions + (isWhole ? 1 : 0),
  };
}

/** Balances that the document prints before the first and behind the last row. */
interface Ends {
  opening: bigint | null;
  closing: bigint | null;
}

/** The last running balance must be the printed closing one; rows behind it are closed by that. */
function closeChain(chain: Chain, closings: readonly bigint[]): Ends {
  const { last, tail } = chain;
  const opening = chain.openingPrinted ? chain.opening : null;
  const end = (last ?? 0n) + tail.sum;
  const [named] = closings;
  if (named === undefined) return { opening, closing: chain.closingPrinted ? end : null };
  if (closings.includes(end)) {
    for (const row of tail.rows) chain.proofs[row] = "totals";
    return { opening, closing: end };
  }
  addBreak(chain, { row: Math.max(0, chain.proofs.length - 1), expected: end, printed: named });
  return { opening, closing: named };
}

/** Without a running balance: opening + Σ = closing proves all rows at once. Nothing against nothing proves nothing. */
function closeByTotals(chain: Chain, openings: readonly bigint[], closings: readonly bigint[]): Ends {
  const sum = chain.deltas.reduce((total, delta) => total + delta, 0n);
  const opening = openings.find((candidate) => closings.includes(candidate + sum));
  if (opening !== undefined) {
    if (sum !== 0n) chain.proofs.fill("totals");
    return { opening, closing: opening + sum };
  }
  const [first, last] = [openings[0] ?? null, closings[0] ?? null];
  if (first !== null && last !== null && chain.deltas.length > 0) {
    addBreak(chain, { row: chain.deltas.length - 1, expected: first + sum, printed: last });
  }
  return { opening: first, closing: last };
}

function addBreak(chain: Chain, found: Break): void {
  if (!chain.breaks.some((known) => known.row === found.row && known.printed === found.printed))
    chain.breaks.push(found);
  chain.proofs[found.row] = "none";
}

interface Totals {
  checks: TotalCheck[];
  /** Directions whose printed total equals the rows' sum. */
  held: Set<Direction>;
  failed: boolean;
  others: Disagreement[];
}

function checkTotals(
  items: readonly Item[],
  movements: readonly Movement[],
  deltas: readonly bigint[],
  opening: bigint | null,
  printed: Printed,
): Totals {
  const totals: Totals = { checks: [], held: new Set(), failed: false, others: [] };
  const kinds = new Set(printed.printedTotals.map((total) => total.kind));
  for (const kind of kinds) {
    const values = printed.printedTotals.filter((total) => total.kind === kind).map((total) => total.printed);
    note(totals, kind, values, sumsOf(kind, movements, deltas, opening));
  }
  const at = new Map<Item, number>(movements.map((movement, index) => [movement, index]));
  let seen = 0;
  let since = 0;
  for (const item of items) {
    if (item.kind === "movement") seen = (at.get(item) ?? 0) + 1;
    if (item.kind !== "total") continue;
    // A page's total counts from the total before it, a statement's from the start.
    const ranges = [0, since].map((from) => [movements.slice(from, seen), deltas.slice(from, seen)] as const);
    for (const kind of ["debit", "credit"] as const) {
      const value = item[kind];
      if (value === null) continue;
      const sums = ranges.flatMap(([rows, changes]) => sumsOf(kind, rows, changes, opening));
      const whole = seen === movements.length && sums.findIndex((sum) => sum.value === value) < 3;
      note(totals, kind, [value], sums, whole);
    }
    since = seen;
  }
  return totals;
}

function note(
  totals: Totals,
  kind: TotalCheck["kind"],
  printed: readonly bigint[],
  sums: readonly Sum[],
  whole = true,
): void {
  const fits = (value: bigint) => sums.find((sum) => sum.value === abs(value) || sum.value === value);
  const fitting = printed.find((value) => fits(value) !== undefined);
  totals.others.push(...otherTotals(kind, printed, (value) => fits(value) !== undefined));
  const value = fitting ?? printed[0];
  if (value === undefined) return;
  const sum = fits(value) ?? sums[0];
  const check: TotalCheck = {
    kind,
    printed: value,
    computed: sum?.rows ?? 0n,
    includesOpening: sum?.value !== sum?.rows,
  };
  if (!totals.checks.some((known) => known.kind === kind && known.printed === value))
    totals.checks.push(check);
  if (fitting === undefined) totals.failed = true;
  else if (whole && (kind === "debit" || kind === "credit")) totals.held.add(kind);
}

/** What a total may say, and what of it the rows come to: less where it counts the opening balance, too. */
interface Sum {
  value: bigint;
  rows: bigint;
}

const ofRows = (value: bigint): Sum => ({ value, rows: value });

/**
 * What a printed total may count: the movements by direction; by column, where a reversal counts negative; and with
 * the opening balance among the credits (`19,847.98` on a Zenith statement of 6,505.39 credits after 13,342.59).
 */
function sumsOf(
  kind: TotalCheck["kind"],
  movements: readonly Movement[],
  deltas: readonly bigint[],
  opening: bigint | null,
): Sum[] {
  if (kind === "count") return [ofRows(BigInt(deltas.length))];
  if (kind === "net") return [ofRows(deltas.reduce((sum, delta) => sum + delta, 0n))];
  const debit = kind === "debit" || kind === "debit_count";
  const isMine = (delta: bigint): boolean => (debit ? delta < 0n : delta > 0n);
  if (kind.endsWith("_count")) return [ofRows(BigInt(deltas.filter(isMine).length))];
  const byDirection = deltas.reduce((sum, delta) => (isMine(delta) ? sum + abs(delta) : sum), 0n);
  const byColumn = movements.reduce((sum, { column }, index) => {
    if ((column === "debit") !== debit) return sum;
    return sum + (debit ? -(deltas[index] ?? 0n) : (deltas[index] ?? 0n));
  }, 0n);
  const sums = [byDirection, byColumn].map(ofRows);
  if (opening !== null && isMine(opening)) {
    sums.push({ value: byDirection + abs(opening), rows: byDirection });
  }
  return sums;
}

/** A direction's printed total closes over its rows that the chain leaves open: the first one without an opening. */
function supportByTotals(chain: Chain, held: ReadonlySet<Direction>): void {
  chain.deltas.forEach((delta, row) => {
    if (chain.proofs[row] === "none" && held.has(directionOf(delta))) chain.proofs[row] = "totals";
  });
}

/** Whether totals of every direction among the rows close over them: a row that is cut off would be missing there. */
function holdAll(held: ReadonlySet<Direction>, deltas: readonly bigint[]): boolean {
  return deltas.length > 0 && deltas.every((delta) => held.has(directionOf(delta)));
}

const directionOf = (delta: bigint): Direction => (delta < 0n ? "debit" : "credit");

function statusOf(
  chain: Chain,
  totalsFailed: boolean,
  isSure: boolean,
  anything: boolean,
): Verification["status"] {
  const drifts = chain.breaks.every((found) => abs(found.expected - found.printed) <= ROUNDING);
  if (totalsFailed || !drifts) return "broken";
  if (chain.breaks.length > 0) return "rounding";
  const proven = chain.proofs.filter((proof) => proof !== "none").length;
  if (proven > 0 && proven === chain.proofs.length && isSure) return "proven";
  return proven > 0 || (anything && chain.last !== null) ? "partly" : "unverifiable";
}
