/**
 * Labels that only the neighbours tell: a refund, a bounced debit, the fee for it. What a long sync has streamed is read
 * again oldest first, in pages of a fixed size, so that memory does not grow with the account; what a short one brings
 * is labelled beside what is stored.
 */
import type { Kysely } from "kysely";
import { collectGarbage } from "../../platform/memory.ts";
import type { BankAccount } from "../../store/bank-accounts.ts";
import {
  oldestFirst,
  writeLabels,
  type LabelledRow,
  type StoredLabel,
} from "../../store/bank-transactions.ts";
import type { Schema } from "../../store/schema.ts";
import { createNamer, type Labelling, type Named, type NamedRow, type Namer, type Seen } from "./rows.ts";
import { earlier } from "./schedule.ts";

const PAGE_ROWS = 1000;
const PAGES_BETWEEN_COLLECTIONS = 8;
/** A new row may put those of this time before it in another light (`analysis/label/neighbours.ts`). */
const TOUCHED = { hours: 10 * 24 };
/** The longest that a rule looks back is 30 days: what a touched row needs beside it, or it would lose its label. */
const LOOK_BACK = { hours: 41 * 24 };
const MOST_CONTEXT = 1000;

const keyOf = (account: BankAccount) => ({ envId: account.env_id, accountId: account.id });

export const namerOf = (account: BankAccount, timeZone: string): Namer =>
  createNamer(
    {
      id: account.public_id,
      holderName: account.holder_name,
      currency: account.currency,
      type: account.type,
      identification: account.identification,
    },
    timeZone,
  );

/** Booked rows from `from` on; answers how many labels changed. */
export async function relabelFrom(
  db: Kysely<Schema>,
  account: BankAccount,
  namer: Namer,
  from: Temporal.Instant,
): Promise<number> {
  let context: LabelledRow[] = [];
  let start: Parameters<typeof oldestFirst>[2] = { from: from.subtract(LOOK_BACK) };
  let changes = 0;
  for (let pages = 1; ; pages++) {
    const page = await oldestFirst(db, keyOf(account), start, PAGE_ROWS);
    const last = page.at(-1);
    if (!last) return changes;
    const rows = [...context, ...page];
    const labels = namer.together(rows.map(labellingOf));
    const begins = page[0] && earlier(from, page[0].at) ? page[0].at : from;
    const changed = changesOf(rows, labels, begins.subtract(TOUCHED));
    await writeLabels(db, keyOf(account), changed);
    changes += changed.length;
    if (page.length < PAGE_ROWS) return changes;
    if (pages % PAGES_BETWEEN_COLLECTIONS === 0) collectGarbage();
    const since = last.at.subtract(LOOK_BACK);
    context = rows.filter(({ at }) => !earlier(at, since)).slice(-MOST_CONTEXT);
    start = { after: { at: last.at, id: last.id } };
  }
}

/** Rows oldest first; with what they say of stored rows. */
export async function labelBesideStored(
  db: Kysely<Schema>,
  account: BankAccount,
  namer: Namer,
  rows: readonly Seen[],
): Promise<{ rows: NamedRow[]; relabelled: StoredLabel[] }> {
  const [first] = rows;
  if (!first) return { rows: [], relabelled: [] };
  const from = first.at.subtract(LOOK_BACK);
  const stored = await oldestFirst(db, keyOf(account), { from }, MOST_CONTEXT);
  const coming = new Set(rows.map(({ status, bankRef }) => `${status} ${bankRef}`));
  const others = stored.filter(({ status, bank_ref }) => !coming.has(`${status} ${bank_ref}`));
  type One = Labelling & { stored: LabelledRow | null };
  const all: One[] = [
    ...others.map((row) => ({ ...labellingOf(row), stored: row })),
    ...rows.map((row) => ({ ...row, stored: null })),
  ].sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  const labels = namer.together(all);
  // Sorting is stable: what is new keeps its order.
  const fresh = labels.filter((_, at) => !all[at]?.stored);
  const before = labels.filter((_, at) => all[at]?.stored);
  return {
    rows: rows.map((row, at) => ({ ...row, ...(fresh[at] ?? namer.alone(row)) })),
    relabelled: changesOf(others, before, first.at.subtract(TOUCHED)),
  };
}

/** Of rows from `since` on; the rows say the same from then on. */
function changesOf(
  rows: readonly LabelledRow[],
  labels: readonly Named[],
  since: Temporal.Instant,
): StoredLabel[] {
  return rows.flatMap((row, at) => {
    const label = labels[at];
    if (!label || earlier(row.at, since)) return [];
    if (label.category === row.category && label.merchant === row.merchant) return [];
    Object.assign(row, label);
    return [{ id: row.id, ...label }];
  });
}

/** The stored merchant may be our own reading: the label says the same of it again. */
const labellingOf = (row: LabelledRow): Labelling => ({
  bankRef: row.bank_ref,
  at: row.at,
  amount: row.amount,
  description: row.description,
  reference: row.reference,
  balance: row.balance,
  merchant: row.merchant,
});
