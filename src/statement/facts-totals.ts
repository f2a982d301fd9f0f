/** Sums and counts that a document prints around its table. */
import { amountOf, amountUnder } from "./facts-amount.ts";
import { type Label, placesOf, type Row } from "./identity-cells.ts";
import type { LabelKind } from "./identity-labels.ts";
import { abs } from "./money.ts";
import type { TableStyle } from "./tableline.ts";
import type { Facts } from "./types.ts";

type PrintedTotal = Facts["printedTotals"][number];

const MONEY_TOTALS: Readonly<Partial<Record<LabelKind, PrintedTotal["kind"]>>> = {
  debit: "debit",
  credit: "credit",
};
const COUNTS: Readonly<Partial<Record<LabelKind, PrintedTotal["kind"]>>> = {
  debitCount: "debit_count",
  creditCount: "credit_count",
  count: "count",
};

function countUnder(rows: readonly Row[], label: Label): bigint | null {
  for (const place of placesOf(rows, label)) {
    const digits = /^(\d{1,6})$/.exec(place.tokens[0]?.text ?? "")?.[1];
    if (digits !== undefined) return BigInt(digits);
  }
  return null;
}

/** `Debits` over a table is a column's title: alone it counts only beside the other words of a summary. */
const SUMMARY: ReadonlySet<LabelKind> = new Set([
  "opening",
  "closing",
  "debitCount",
  "creditCount",
  "count",
  "balanceOn",
]);
/** A summary's labels stand at most this many rows from one another. */
const NEAR = 5;

/** Whether the label's amount is a sum over the whole statement. */
function isInSummary(label: Label, labels: readonly Label[], rows: readonly Row[]): boolean {
  const long = label.end - label.start > 1 && /total|tota|summe|合计|总/i.test(label.cell.text);
  if (long) return true;
  const page = rows[label.row]?.page;
  return labels.some(
    (other) =>
      SUMMARY.has(other.kind) && Math.abs(other.row - label.row) <= NEAR && rows[other.row]?.page === page,
  );
}

/** Labels that a summary of whole sums may hold beside the balances. */
const SUMS: ReadonlySet<LabelKind> = new Set([
  ...SUMMARY,
  "debit",
  "credit",
  "cardDebit",
  "cardCredit",
  "currency",
  "from",
  "to",
]);

/**
 * Between opening and closing stand `Deposits`, `Withdrawals`, `Checks Paid` and `Fees`: then `Withdrawals` is one
 * part of the debits and their total is nowhere printed. A label that says `total` is believed.
 */
function isOnePart(label: Label, labels: readonly Label[], rows: readonly Row[], style: TableStyle): boolean {
  if (/total|tota|summe/i.test(label.cell.text)) return false;
  const above = labels.findLast(({ kind, row }) => kind === "opening" && row <= label.row);
  const below = labels.find(({ kind, row }) => kind === "closing" && row >= label.row);
  if (above === undefined || below === undefined) return false;
  return rows.slice(above.row + 1, below.row).some((row, i) =>
    row.cells.some((cell, at) => {
      if (Math.abs(cell.x0 - label.cell.x0) > 6) return false;
      const known = labels.some(
        (other) => other.cell === cell && SUMS.has(other.kind) && other.end === cell.tokens.length,
      );
      const value = row.cells[at + 1];
      return (
        !known &&
        above.row + 1 + i !== label.row &&
        value !== undefined &&
        amountOf(value, style)?.form === "decimal"
      );
    }),
  );
}

/** Printed sums and counts, amounts without sign; the parts of a card's summary come as one debit and one credit. */
export function readTotals(
  rows: readonly Row[],
  labels: readonly Label[],
  style: TableStyle,
): PrintedTotal[] {
  const totals: PrintedTotal[] = [];
  const add = (kind: PrintedTotal["kind"], printed: bigint): void => {
    if (!totals.some((total) => total.kind === kind && total.printed === printed))
      totals.push({ kind, printed });
  };
  for (const label of labels) {
    const money = MONEY_TOTALS[label.kind];
    const count = COUNTS[label.kind];
    if (money !== undefined && isInSummary(label, labels, rows) && !isOnePart(label, labels, rows, style)) {
      const amount = amountUnder(rows, label, style);
      if (amount !== null) add(money, abs(amount.minor));
    }
    if (count !== undefined) {
      const number = countUnder(rows, label);
      if (number !== null) add(count, number);
    }
  }
  const card = cardTotals(rows, labels, style);
  // Only a card's summary has both: `Interest Charged` alone is a line of an account's.
  if (card.debit !== null && card.credit !== null) {
    add("debit", card.debit);
    add("credit", card.credit);
  }
  return totals;
}

/** `Purchases +1,404.30`, `Fees Charged +2,471.62`: a card's debits are the sum of its parts, each named once. */
function cardTotals(
  rows: readonly Row[],
  labels: readonly Label[],
  style: TableStyle,
): { debit: bigint | null; credit: bigint | null } {
  const sum = (kind: LabelKind): bigint | null => {
    const parts = new Map<string, bigint>();
    for (const label of labels) {
      if (label.kind !== kind || !isInSummary(label, labels, rows)) continue;
      const name = label.cell.tokens
        .slice(label.start, label.end)
        .map(({ key }) => key)
        .join(" ");
      const amount = amountUnder(rows, label, style);
      if (amount !== null && !parts.has(name)) parts.set(name, abs(amount.minor));
    }
    return parts.size === 0 ? null : [...parts.values()].reduce((a, b) => a + b);
  };
  return { debit: sum("cardDebit"), credit: sum("cardCredit") };
}
