import { abs, type Amount } from "./money.ts";
import type { Row } from "./rows.ts";
import type { Direction } from "./types.ts";
import type { BalanceWord } from "./vocabulary.ts";

/** One way to read a table: what its columns mean, which sign is which, which end is old. Arithmetic judges it. */
export interface Hypothesis {
  /** Ids of columns. */
  debit: string | null;
  credit: string | null;
  amount: string | null;
  balance: string | null;
  /**
   * In the amount column: a minus is a debit, a minus is a credit, the balance tells, or the table's title does. A Dr
   * or Cr always decides.
   */
  sign: "signed" | "inverted" | "free" | "sided";
  /** The balance is what the customer owes (cards, loans). */
  owed: boolean;
  /** Printed newest first. */
  reversed: boolean;
  /** Rows without a date of their own are transactions of the day above. */
  dateless: boolean;
}

/** What a row means under a hypothesis. Money that arrives is positive, also in a balance. */
export type Item =
  | {
      kind: "movement";
      row: Row;
      /** Signed; for `free` its size, and the balance decides the sign. */
      delta: bigint;
      free: boolean;
      /** The column that printed it: totals of a column count reversals with their sign. */
      column: Direction;
      balance: bigint | null;
    }
  | {
      kind: "balance";
      row: Row;
      balance: bigint;
      word: BalanceWord | null;
      /** Neither date nor words say what it is: it counts only where it fits. */
      weak: boolean;
    }
  | { kind: "total"; row: Row; debit: bigint | null; credit: bigint | null };

export type Movement = Extract<Item, { kind: "movement" }>;

/** The rows in the order in which they happened, as movements, balances and totals. */
export function interpret(rows: readonly Row[], hypothesis: Hypothesis): Item[] {
  const items: Item[] = [];
  const negative = hypothesis.debit !== null && allNegative(rows, hypothesis.debit);
  rows.forEach((row, index) => {
    const before = rows[hypothesis.reversed ? index + 1 : index - 1];
    items.push(...(booked(row, before, hypothesis, negative) ?? itemsOf(row, hypothesis, negative)));
  });
  if (hypothesis.reversed) return items.reverse();
  // Tables by direction: what happened first may stand in the second table.
  return hypothesis.sign === "sided" ? items.sort((a, b) => dayOf(a) - dayOf(b)) : items;
}

/** Grows with the day; months of 31 days are good enough to compare. */
function dayOf({ row: { date } }: Item): number {
  return date === null ? 0 : (date.year ?? 0) * 372 + date.month * 31 + date.day;
}

/** `Money out -12.00` on every row is a way to print debits; on one row among others it is a reversal. */
function allNegative(rows: readonly Row[], column: string): boolean {
  let seen = 0;
  for (const row of rows) {
    const minor = row.cells.get(column)?.minor ?? 0n;
    if (minor > 0n && row.ownDate) return false;
    if (minor < 0n) seen += 1;
  }
  return seen > 0;
}

/**
 * `30/01 CLOSING BALANCE TRANSFER 130.00 0.00` after 130.00: the words are a balance row's, but its amount is what lies
 * between the two balances. `Opening Balance 100.00 100.00` says one balance twice. Null where it is not so.
 */
function booked(row: Row, before: Row | undefined, h: Hypothesis, negative: boolean): Item[] | null {
  if (row.word === null || row.word === "total" || !row.ownDate || before === undefined) return null;
  const [last, { debit, credit, amount, balance }] = [cellsOf(before, h).balance, cellsOf(row, h)];
  const [moved, other] = [debit, credit, amount].filter(isMoney);
  if (last === null || balance === null || moved === undefined || other !== undefined) return null;
  const change = movement(debit, credit, amount, row, h, negative);
  const isBetween =
    balance - last === change.delta || (change.free && abs(balance - last) === abs(change.delta));
  return isBetween && last !== 0n ? [{ kind: "movement", row, balance, ...change }] : null;
}

interface Cells {
  debit: Amount | undefined;
  credit: Amount | undefined;
  amount: Amount | undefined;
  balance: bigint | null;
}

function cellsOf(row: Row, h: Hypothesis): Cells {
  const cell = (id: string | null): Amount | undefined => (id === null ? undefined : row.cells.get(id));
  const printed = cell(h.balance);
  const balance = printed === undefined ? null : balanceOf(printed, h.owed);
  return { debit: cell(h.debit), credit: cell(h.credit), amount: cell(h.amount), balance };
}

function itemsOf(row: Row, h: Hypothesis, negative: boolean): Item[] {
  const { debit, credit, amount, balance } = cellsOf(row, h);
  const both = isMoney(debit) && isMoney(credit);
  if ((both && !row.ownDate) || (row.word !== null && both) || (row.word === "total" && !row.ownDate)) {
    const total: Item = { kind: "total", row, debit: size(debit), credit: size(credit) };
    const balances: Item[] =
      balance === null ? [] : [{ kind: "balance", row, balance, word: row.word ?? "total", weak: false }];
    return h.amount === null && (debit ?? credit) !== undefined ? [total, ...balances] : balances;
  }
  if (row.word !== null && row.word !== "total") {
    const value = balance ?? onlyBalance([debit, credit, amount], h.owed);
    return value === null ? [] : [{ kind: "balance", row, balance: value, word: row.word, weak: false }];
  }
  const zero = !isMoney(debit) && !isMoney(credit) && !isMoney(amount);
  const printedZero = [debit, credit, amount].filter((one) => one !== undefined).length === 1;
  if (zero && !(printedZero && row.ownDate && row.description !== "" && balance !== null)) {
    return balance === null
      ? []
      : [{ kind: "balance", row, balance, word: row.word, weak: row.word === null && !row.ownDate }];
  }
  if (row.date === null || (!row.ownDate && !h.dateless)) return [];
  return [{ kind: "movement", row, balance, ...movement(debit, credit, amount, row, h, negative) }];
}

function isMoney(amount: Amount | undefined): boolean {
  return amount !== undefined && amount.minor !== 0n;
}

function size(amount: Amount | undefined): bigint | null {
  return amount === undefined ? null : abs(amount.minor);
}

/** `Opening Balance 5,000.00` with its only number in another column. */
function onlyBalance(cells: readonly (Amount | undefined)[], owed: boolean): bigint | null {
  const [first, second] = cells.filter((cell) => cell !== undefined);
  return first === undefined || second !== undefined ? null : balanceOf(first, owed);
}

/** `500.00 Dr` is overdrawn; on a card bare digits are owed and `CR` is the customer's. */
function balanceOf(amount: Amount, owed: boolean): bigint {
  if (amount.mark === "dr") return -abs(amount.minor);
  if (amount.mark === "cr") return abs(amount.minor);
  return owed ? -amount.minor : amount.minor;
}

/** What moved: a movement without its row and balance. */
type Change = Pick<Movement, "delta" | "free" | "column">;

function movement(
  debit: Amount | undefined,
  credit: Amount | undefined,
  amount: Amount | undefined,
  row: Row,
  h: Hypothesis,
  negative: boolean,
): Change {
  if (h.amount === null || amount === undefined) {
    const out = negative ? abs(debit?.minor ?? 0n) : (debit?.minor ?? 0n);
    const column = isMoney(debit) || credit === undefined ? "debit" : "credit";
    return { delta: (credit?.minor ?? 0n) - out, free: false, column };
  }
  const mark = amount.mark ?? row.mark ?? (h.sign === "sided" ? row.side : null);
  if (mark !== null) return signed(mark === "cr" ? abs(amount.minor) : -abs(amount.minor), false);
  if (h.sign === "free") return signed(amount.minor, true);
  return signed(h.sign === "signed" ? amount.minor : -amount.minor, false);
}

function signed(delta: bigint, free: boolean): Change {
  return { delta, free, column: delta < 0n ? "debit" : "credit" };
}
