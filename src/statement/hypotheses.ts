import { type Hypothesis, interpret, type Item } from "./interpret.ts";
import type { Row } from "./rows.ts";
import { type Printed, type Verdict, verify } from "./verify.ts";

export interface Reading {
  hypothesis: Hypothesis;
  items: Item[];
  verdict: Verdict;
}

/** More columns of numbers than a table of transactions has; further ones are foreign amounts and rates. */
const MOST_COLUMNS = 5;
/** Readings tried before we settle for the best so far. */
const MOST_TRIALS = 160;

/** Reads the rows in the plainest way that arithmetic does not contradict; the plain case is one pass. */
export function bestReading(rows: readonly Row[], printed: Printed, card: boolean): Reading | null {
  let best: Reading | null = null;
  let trials = 0;
  for (const hypothesis of hypotheses(rows, card)) {
    if (best !== null && isNearlyProven(best) && !hasSameColumns(best.hypothesis, hypothesis)) break;
    const items = interpret(rows, hypothesis);
    const verdict = verify(items, printed, hypothesis.owed);
    if (verdict.deltas.length > 0 && (best === null || verdict.score > best.verdict.score))
      best = { hypothesis, items, verdict };
    trials += 1;
    if (best !== null && isSettled(best)) return best;
    if (trials >= MOST_TRIALS) break;
  }
  return best;
}

/** Nothing is contradicted and all rows are proven, or next to all: no other reading can be better. */
function isSettled({ verdict }: Reading): boolean {
  const { status } = verdict.verification;
  if (status === "proven") return true;
  const open = verdict.proofs.filter((proof) => proof === "none").length;
  return status === "partly" && (open === 0 || (open <= 1 && verdict.proofs.length > 2));
}

/** Under a header that we can read nine rows of ten hold: what contradicts is the document's, not the reading's. */
function isNearlyProven({ hypothesis, verdict: { proofs } }: Reading): boolean {
  return (
    hypothesis.balance === "balance" &&
    proofs.filter((proof) => proof !== "none").length >= 0.9 * proofs.length
  );
}

function hasSameColumns(a: Hypothesis, b: Hypothesis): boolean {
  return a.debit === b.debit && a.credit === b.credit && a.amount === b.amount && a.balance === b.balance;
}

type Columns = Pick<Hypothesis, "debit" | "credit" | "amount" | "balance">;

/** From the plainest reading to the least likely: what the header says, then order, then sign, then other columns. */
function* hypotheses(rows: readonly Row[], card: boolean): Generator<Hypothesis> {
  const ids = columnIds(rows);
  const named = namedColumns(ids);
  const orders = ordersOf(rows);
  const dateless = datelessFirst(rows);
  const all = candidates(ids, named, full(rows, ids));
  // In a short table that breaks, some other reading of known columns always holds better.
  const exact = named !== null && rows[0]?.exact === true;
  const likely = exact ? all.filter((columns) => hasSameRoles(columns, named)) : all;
  const seen = new Set<string>();
  for (const [columns, owed] of pairs(likely, named, card)) {
    const key = `${columns.debit} ${columns.credit} ${columns.amount} ${columns.balance} ${owed}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const sign of signsOf(rows, columns, card)) {
      for (const reversed of orders) {
        for (const without of dateless) yield { ...columns, sign, owed, reversed, dateless: without };
      }
    }
  }
}

/**
 * Columns with what the balance means. A balance that rises with what is headed Debit is owed (a loan); without
 * headings the customer's money is the plainer reading.
 */
function pairs(all: readonly Columns[], named: Columns | null, card: boolean): [Columns, boolean][] {
  const owing = card ? [true, false] : [false, true];
  const first = named === null ? [] : owing.map((owed): [Columns, boolean] => [named, owed]);
  return [...first, ...owing.flatMap((owed) => all.map((columns): [Columns, boolean] => [columns, owed]))];
}

/** Columns in which numbers stand, the fullest first kept, in their order from left to right. */
function columnIds(rows: readonly Row[]): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const id of row.cells.keys()) counts.set(id, (counts.get(id) ?? 0) + 1);
  const fullest = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_COLUMNS).map(([id]) => id); // prettier-ignore
  return fullest.sort((a, b) => (a < b ? -1 : 1));
}

function namedColumns(ids: readonly string[]): Columns | null {
  const has = (id: string): string | null => (ids.includes(id) ? id : null);
  const [debit, credit, amount, balance] = [has("debit"), has("credit"), has("amount"), has("balance")];
  if (debit !== null || credit !== null)
    return { debit, credit, amount: debit !== null && credit !== null ? null : amount, balance };
  return amount === null ? null : { debit: null, credit: null, amount, balance };
}

/** `amount+` is a second column of amounts; which of the two is the account's is for arithmetic to say. */
function hasSameRoles(columns: Columns, named: Columns): boolean {
  const isRole = (id: string | null, key: string, name: string | null): boolean =>
    id === null ? name === null : id.startsWith(key);
  return (
    isRole(columns.debit, "debit", named.debit) &&
    isRole(columns.credit, "credit", named.credit) &&
    isRole(columns.amount, "amount", named.amount) &&
    isRole(columns.balance, "balance", named.balance)
  );
}

/** A column with a number on half of the rows means something: a reading that skips it only hides what contradicts. */
function full(rows: readonly Row[], ids: readonly string[]): string[] {
  const dated = rows.filter((row) => row.ownDate);
  return ids.filter(
    (id) => !id.endsWith("+") && 2 * dated.filter((row) => row.cells.has(id)).length >= dated.length,
  );
}

/** A running balance must be in every reading; without one, all that the header names. */
function neededOf({ debit, credit, amount, balance }: Columns): string[] {
  return balance === null ? [debit, credit, amount].filter((id) => id !== null) : [balance];
}

function candidates(ids: readonly string[], named: Columns | null, needed: readonly string[]): Columns[] {
  const wanted = named === null ? (needed.length > 3 ? [] : needed) : neededOf(named);
  const others = permutations(ids).filter((columns) => {
    const used = Object.values(columns);
    // Read as amounts, running balances that break would stand unopposed.
    if (named?.balance && columns.balance === null) return false;
    return wanted.every((id) => used.includes(id));
  });
  return named === null ? others : [named, ...others];
}

function permutations(ids: readonly string[]): Columns[] {
  const found: Columns[] = [];
  for (const amount of ids) {
    for (const balance of ids) {
      if (amount !== balance) found.push({ debit: null, credit: null, amount, balance });
    }
  }
  for (const debit of ids) {
    for (const credit of ids) {
      if (debit === credit) continue;
      for (const balance of ids) {
        if (balance !== debit && balance !== credit) found.push({ debit, credit, amount: null, balance });
      }
    }
  }
  for (const amount of ids) found.push({ debit: null, credit: null, amount, balance: null });
  for (const debit of ids)
    for (const credit of ids)
      if (debit !== credit) found.push({ debit, credit, amount: null, balance: null });
  return found;
}

/** A table that runs down in its dates is newest first; one day's rows do not tell. */
function ordersOf(rows: readonly Row[]): boolean[] {
  let up = 0;
  let down = 0;
  let last: number | null = null;
  for (const { date, ownDate } of rows) {
    if (date === null || !ownDate) continue;
    const at = (date.year ?? 0) * 372 + date.month * 31 + date.day;
    if (last !== null && at > last) up += 1;
    if (last !== null && at < last) down += 1;
    last = at;
  }
  return down > up ? [true, false] : [false, true];
}

/**
 * Where next to every row has its date, one without is a summary at the table's end; where many have none, or one
 * stands among dated rows, dates stand once a day.
 */
function datelessFirst(rows: readonly Row[]): boolean[] {
  const isDateless = (row: Row): boolean => !row.ownDate && row.word === null;
  const without = rows.filter(isDateless).length;
  if (without === 0) return [false];
  let dated = -1;
  let among = false;
  for (const row of rows.toReversed()) {
    if (row.ownDate) dated = row.region;
    else if (isDateless(row) && row.region === dated) among = true;
  }
  return without > 0.15 * rows.length || among ? [true, false] : [false, true];
}

function signsOf(rows: readonly Row[], { amount, balance }: Columns, card: boolean): Hypothesis["sign"][] {
  if (amount === null) return ["signed"];
  let minus = 0;
  let debits = 0;
  let credits = 0;
  for (const row of rows) {
    const cell = row.cells.get(amount);
    if (cell === undefined) continue;
    if (cell.minor < 0n) minus += 1;
    const mark = cell.mark ?? row.mark;
    if (mark === "dr") debits += 1;
    if (mark === "cr") credits += 1;
  }
  const sides = new Set(rows.map((row) => row.side));
  if (balance === null && sides.has("dr") && sides.has("cr")) return ["sided", "signed", "inverted"];
  // `5,200.00 CR` beside bare `2,200.00`: what is not marked is the other kind.
  if (credits > 0 && debits === 0) return ["inverted", "signed"];
  // A card holds more purchases than payments, whichever of them has the minus.
  if (card && minus > 0 && 2 * minus < rows.length) return ["inverted", "signed"];
  if (minus > 0 || debits > 0) return ["signed", "inverted"];
  return balance === null ? ["inverted", "signed"] : ["free", "inverted", "signed"];
}
