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

/** Which rows may be each other's, by equal keys; null: this row takes no part. */
interface Likeness {
  known: (row: MergeRow) => string | null;
  incoming: (row: MergeRow) => string | null;
}

const EXACT: Likeness = { known: rowKey, incoming: rowKey };

const movement = ({ date, amount, direction }: MergeRow): string =>
  `${date.toString()} ${direction} ${amount}`;
const withBalance = (row: MergeRow): string | null =>
  row.balance === null ? null : `${movement(row)} ${row.balance}`;
const withNarration = (row: MergeRow): string => `${movement(row)} ${foldDescription(row.description)}`;

/**
 * In this order, each among what the one before left over. The same movement that leaves the same balance is the same
 * transaction, however another kind of document words it; and where one of the two prints no balance, as many
 * documents do but for the last row of a day, the narration decides.
 */
const LIKENESSES: readonly Likeness[] = [
  EXACT,
  { known: withBalance, incoming: withBalance },
  { known: (row) => (row.balance === null ? withNarration(row) : null), incoming: withNarration },
  { known: withNarration, incoming: (row) => (row.balance === null ? withNarration(row) : null) },
];

/**
 * For each incoming row the id of the known row that it repeats, or null where it is new. Each known row is
 * repeated at most once. `known`: the account's rows that repeat no other.
 */
export function findDuplicates<Id>(
  known: readonly (MergeRow & { id: Id })[],
  incoming: readonly MergeRow[],
): (Id | null)[] {
  return findLike(known, incoming, LIKENESSES);
}

function findLike<Id>(
  known: readonly (MergeRow & { id: Id })[],
  incoming: readonly MergeRow[],
  likenesses: readonly Likeness[],
): (Id | null)[] {
  const repeats = incoming.map((): Id | null => null);
  let open = known;
  for (const likeness of likenesses) {
    const waiting = rowsByKey(open, likeness.known);
    const used = new Set<MergeRow>();
    for (const [at, row] of incoming.entries()) {
      if (waiting.size === 0) break;
      if (repeats[at] !== null) continue;
      const key = likeness.incoming(row);
      const original = key === null ? undefined : waiting.get(key)?.pop();
      if (!original) continue;
      repeats[at] = original.id;
      used.add(original);
    }
    open = open.filter((row) => !used.has(row));
  }
  return repeats;
}

/** Each list from the end, so that pop() gives the first. */
function rowsByKey<Row extends MergeRow>(
  rows: readonly Row[],
  keyOf: (row: MergeRow) => string | null,
): Map<string, Row[]> {
  const byKey = new Map<string, Row[]>();
  for (const row of rows.toReversed()) {
    const key = keyOf(row);
    if (key === null) continue;
    const same = byKey.get(key);
    if (same) same.push(row);
    else byKey.set(key, [row]);
  }
  return byKey;
}

/** Whether both hold the same transactions, printed alike, in whatever order. */
export function sameRows(a: readonly MergeRow[], b: readonly MergeRow[]): boolean {
  if (a.length !== b.length) return false;
  const numbered = a.map((row, id) => ({ ...row, id }));
  return findLike(numbered, b, [EXACT]).every((id) => id !== null);
}
