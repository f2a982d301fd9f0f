/** Rows that come twice running, as on a page that was printed twice. */
import { abs } from "./money.ts";
import type { Direction, Transaction, Verification } from "./types.ts";

const signed = ({ direction, amount }: Transaction): bigint => (direction === "debit" ? -amount : amount);

const keyOf = (row: Transaction): string =>
  `${row.date.toString()} ${signed(row)} ${row.balance} ${row.reference ?? ""} ${row.description}`;

/**
 * Indexes of rows that repeat, one by one, two or more rows right before them, and with them come to nothing: the chain
 * closes with or without them.
 */
export function repeatedRows(rows: readonly Transaction[]): number[] {
  // Next to no statement comes back to a balance.
  const balances = new Set(rows.map(({ balance }) => balance));
  if (!balances.has(null) && balances.size === rows.length) return [];
  const last = new Map<string, number>();
  const found = new Set<number>();
  let away = 0;
  let alike = 0;
  for (const [index, row] of rows.entries()) {
    const key = keyOf(row);
    const before = last.get(key);
    last.set(key, index);
    const distance = before === undefined ? 0 : index - before;
    alike = distance > 0 && distance === away ? alike + 1 : 1;
    away = distance;
    if (distance < 2 || alike < distance) continue;
    const block = rows.slice(index - distance + 1, index + 1);
    if (block.reduce((sum, one) => sum + signed(one), 0n) !== 0n) continue;
    for (let at = index - distance + 1; at <= index; at += 1) found.add(at);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** Whether a sum of each direction, or a number of all rows, is printed and counts them all. */
export function areCounted(rows: readonly Transaction[], { totals }: Verification): boolean {
  const isWhole = (direction: Direction): boolean => {
    const mine = rows.filter((row) => row.direction === direction);
    const sum = mine.reduce((all, { amount }) => all + abs(amount), 0n);
    return totals.some(
      ({ kind, computed }) =>
        (kind === direction && computed === sum) ||
        (kind === `${direction}_count` && computed === BigInt(mine.length)),
    );
  };
  if (totals.some(({ kind, computed }) => kind === "count" && computed === BigInt(rows.length))) return true;
  return isWhole("debit") && isWhole("credit");
}

/** Takes the proof off rows that may have been printed twice, where nothing that is printed counts them. */
export function doubtRepeats(rows: readonly Transaction[], verification: Verification): void {
  if (verification.status !== "proven") return;
  const repeated = repeatedRows(rows);
  if (repeated.length === 0 || areCounted(rows, verification)) return;
  verification.status = "partly";
  verification.repeatedRows = repeated;
  for (const at of repeated) {
    const row = rows[at];
    if (row !== undefined) row.proof = "none";
  }
}
