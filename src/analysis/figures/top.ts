/** The five greatest credits and debits of each month. */
import type { Direction, LabelledTransaction } from "../types.ts";
import type { Book } from "./book.ts";
import type { TopOfMonth } from "./types.ts";

const HOW_MANY = 5;

/** Months without any are left out. */
export function topOf({ calendar, entries }: Book, direction: Direction): TopOfMonth[] {
  const byMonth: LabelledTransaction[][] = calendar.months.map(() => []);
  for (const { month, transaction } of entries) {
    if (transaction.direction === direction) byMonth[month]?.push(transaction);
  }
  return calendar.months.flatMap((month, at) => {
    const greatest = (byMonth[at] ?? []).toSorted(greatestFirst);
    if (greatest.length === 0) return [];
    return [{ month, transactions: greatest.slice(0, HOW_MANY), distinctNotes: distinct(greatest) }];
  });
}

/** Sorting is stable and transactions come in order of time: of equal amounts the earlier stays first. */
const greatestFirst = (a: LabelledTransaction, b: LabelledTransaction): number =>
  a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1;

function distinct(sorted: readonly LabelledTransaction[]): LabelledTransaction[] {
  const byNote = new Map<string, LabelledTransaction>();
  for (const transaction of sorted) {
    if (byNote.size === HOW_MANY) break;
    if (!byNote.has(transaction.narration)) byNote.set(transaction.narration, transaction);
  }
  return [...byNote.values()];
}
