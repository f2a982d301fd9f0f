/**
 * A bank's own feed as a statement: rows and, where the bank says them, the balance after each. It is judged by the same
 * arithmetic as a page's, so a feed with a row missing in its middle is seen.
 */
import { statementOf, type Ledger } from "./ledger.ts";
import type { Identity, Period, Statement } from "./types.ts";

export interface FeedRow {
  date: Temporal.PlainDate;
  description: string;
  reference: string | null;
  /** Money that arrives is positive. */
  minor: bigint;
  /** After this row, as the bank says it; null where it does not. */
  balance: bigint | null;
}

export interface Feed {
  identity: Partial<Identity>;
  /** ISO 4217. */
  currency: string;
  /** What was asked for. */
  period: Period;
  /** The booked balance at the end of the period; null where it is not known. */
  closing: bigint | null;
  /** In the order in which they happened. */
  rows: FeedRow[];
}

/**
 * Null where there is no row. The opening balance is what the first balance implies, which proves nothing of the row that
 * it is taken from: with balances a feed is `partly` at best, unless rows stand on both of its sides.
 */
export function statementOfFeed(feed: Feed): Statement | null {
  const { identity, currency, period, closing, rows } = feed;
  const complete = rows.every(({ balance }) => balance !== null);
  const statement = statementOf({
    identity,
    currency,
    period,
    opening: null,
    closing,
    totals: [],
    entries: rows.flatMap(entriesOf),
    bankTexts: [],
  });
  if (!statement) return null;
  statement.transactions.forEach((transaction, index) => {
    transaction.balance = rows[index]?.balance ?? null;
    // With a balance behind every row it is a chain from row to row.
    if (complete && transaction.proof === "totals") transaction.proof = "chain";
  });
  return statement;
}

function entriesOf(
  { date, description, reference, minor, balance }: FeedRow,
  index: number,
): Ledger["entries"] {
  const line = index + 1;
  const entry = { kind: "entry" as const, date, valueDate: null, description, reference, minor, line };
  return balance === null ? [entry] : [entry, { kind: "mark" as const, minor: balance, line }];
}
