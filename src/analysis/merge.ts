/**
 * Several statements of one account: which rows of a new one are already there.
 * Rows are compared as multisets, so that two equal withdrawals on one day stay two, and an overlap is counted once.
 */

export interface MergeRow {
  date: Temporal.PlainDate;
  amount: bigint;
  direction: "debit" | "credit";
  balance: bigint | null;
  description: string;
}

/** Letters and digits only: the same narration breaks and spaces differently from one export to the next. */
const foldDescription = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Two rows with one key are the same transaction, printed twice. */
export function rowKey(row: MergeRow): string {
  const { date, amount, direction, balance, description } = row;
  return `${date.toString()} ${direction} ${amount} ${balance ?? ""} ${foldDescription(description)}`;
}

/**
 * For each incoming row the id of the known row that it repeats, or null where it is new. Each known row is
 * repeated at most once. `known`: the account's rows that repeat no other.
 */
export function findDuplicates<Id>(
  known: readonly (MergeRow & { id: Id })[],
  incoming: readonly MergeRow[],
): (Id | null)[] {
  const waiting = new Map<string, Id[]>();
  // From the end, so that pop() gives the first.
  for (const row of known.toReversed()) {
    const key = rowKey(row);
    const ids = waiting.get(key);
    if (ids) ids.push(row.id);
    else waiting.set(key, [row.id]);
  }
  return incoming.map((row) => waiting.get(rowKey(row))?.pop() ?? null);
}

/** Whether both hold the same transactions, in whatever order. */
export function sameRows(a: readonly MergeRow[], b: readonly MergeRow[]): boolean {
  if (a.length !== b.length) return false;
  const numbered = a.map((row, id) => ({ ...row, id }));
  return findDuplicates(numbered, b).every((id) => id !== null);
}
