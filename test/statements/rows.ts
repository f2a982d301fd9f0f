/** From the ledger to what each row shows, and to the truth of what it shows. */
import { decimalString, formatAmount, formatBalance, formatDate, formatMoney } from "./format.ts";
import type { Direction } from "../../src/statement/types.ts";
import type { Account, ColumnKey, Entry, Layout, Misprint, TruthRow } from "./types.ts";
import type { Sums } from "./heads.ts";

export type Cells = Partial<Record<ColumnKey, string>>;

export interface PrintedRow {
  cells: Cells;
  /** After this row, for carry rows. */
  balance: bigint;
  /** Its place in the ledger. */
  entry: number;
}

/** The entries as printed: a misprint changes what is shown, and only that. */
export function misprinted(entries: readonly Entry[], misprint: Misprint | undefined): Entry[] {
  return entries.map((entry, i) => {
    if (misprint === undefined || i !== misprint.row) return entry;
    return misprint.cell === "amount"
      ? { ...entry, amount: entry.amount + misprint.by }
      : { ...entry, balance: entry.balance + misprint.by };
  });
}

/** Sums of the ledger by column: a reversal counts against its column, a misprinted row does not move them. */
export function sumsOf(account: Account): Sums {
  const sums: Sums = { debit: 0n, credit: 0n, debits: 0, credits: 0 };
  for (const { direction, amount, isReversal } of account.entries) {
    const column = isReversal ? opposite(direction) : direction;
    sums[column] += isReversal ? -amount : amount;
    sums[column === "debit" ? "debits" : "credits"] += 1;
  }
  return sums;
}

function opposite(direction: Direction): Direction {
  return direction === "debit" ? "credit" : "debit";
}

function inPrintOrder(entries: readonly Entry[], layout: Layout): Entry[] {
  return layout.order === "oldest-first" ? [...entries] : [...entries].reverse();
}

/** Whether the row prints date and balance, given its neighbours in print order. */
function shows(printed: readonly Entry[], i: number, layout: Layout): { date: boolean; balance: boolean } {
  const here = printed[i];
  const sameDay = (other: Entry | undefined): boolean =>
    other !== undefined && here?.date.equals(other.date) === true;
  const hasBalance = layout.columns.some(({ key }) => key === "balance");
  return {
    date: !(layout.dateOncePerDay && sameDay(printed[i - 1])),
    balance: hasBalance && !(layout.balanceOncePerDay && sameDay(printed[i + 1])) && !isBlank(i, layout),
  };
}

function isBlank(i: number, { blankBalanceEvery: every }: Layout): boolean {
  return every !== null && i % every === every - 1;
}

function amountCells(entry: Entry, layout: Layout): Cells {
  const { money, emptyCell } = layout;
  const has = (wanted: ColumnKey): boolean => layout.columns.some(({ key }) => key === wanted);
  if (has("amount") && !has("mark")) {
    return { amount: formatAmount(entry.amount, entry.direction, money, layout.amountStyle) };
  }
  if (has("mark")) {
    return {
      amount: formatMoney(entry.amount, money),
      mark: entry.direction === "debit" ? "DEBIT" : "CREDIT",
    };
  }
  const shown = formatMoney(entry.amount, money);
  if (entry.isReversal) {
    return entry.direction === "debit"
      ? { debit: emptyCell, credit: `-${shown}` }
      : { debit: `-${shown}`, credit: emptyCell };
  }
  return entry.direction === "debit"
    ? { debit: shown, credit: emptyCell }
    : { debit: emptyCell, credit: shown };
}

/** What may be overdrawn: available are balance and allowance. */
const ALLOWANCE = 25_000_00n;

/** Four digits, the same for the same amount. */
function branchOf({ amount }: Entry): string {
  return String(1000 + Number(amount % 8999n));
}

/** Every third payment was made in dollars: what it cost there stands beside what it costs here. */
function foreignOf({ amount, direction }: Entry): string {
  const dollars = amount / 83n;
  return direction === "debit" && amount % 3n === 0n ? `USD ${decimalString(dollars)}` : "";
}

function timeOf(i: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two((i * 7) % 24)}:${two((i * 13) % 60)}:${two((i * 29) % 60)}`;
}

function timeBehind({ timed }: Layout, i: number): string {
  return timed ? ` ${timeOf(i)}` : "";
}

/** Rows in print order. */
export function printedRows(entries: readonly Entry[], layout: Layout): PrintedRow[] {
  const printed = inPrintOrder(entries, layout);
  return printed.map((entry, i) => {
    const { date, balance } = shows(printed, i, layout);
    return {
      balance: entry.balance,
      entry: layout.order === "oldest-first" ? i : printed.length - 1 - i,
      cells: {
        ...amountCells(entry, layout),
        serial: String(i + 1),
        date: date ? formatDate(entry.date, layout.date) + timeBehind(layout, i) : "",
        valueDate: formatDate(entry.date, layout.date),
        narration: entry.narration,
        kind: entry.kind,
        reference: entry.reference,
        branch: branchOf(entry),
        time: timeOf(i),
        foreign: foreignOf(entry),
        available: formatMoney(entry.balance + ALLOWANCE, layout.money),
        balance: balance ? formatBalance(entry.balance, layout.money, layout.balanceStyle) : "",
      },
    };
  });
}

/** Rows in the order in which they happened. */
export function truthRows(entries: readonly Entry[], layout: Layout): TruthRow[] {
  const printed = inPrintOrder(entries, layout);
  const rows = printed.map((entry, i): TruthRow => ({
    date: entry.date.toString(),
    // A type column stands beside the narration and is not a part of it.
    description: entry.narration,
    amount: decimalString(entry.amount, layout.money.digits),
    type: entry.direction,
    balance: shows(printed, i, layout).balance ? decimalString(entry.balance, layout.money.digits) : null,
  }));
  return layout.order === "oldest-first" ? rows : rows.reverse();
}
