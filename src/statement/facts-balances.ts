/** Opening and closing balances that a document prints around its table. */
import { placeDate, readDate } from "./dates.ts";
import { amountOf, amountUnder, type MoneyHints, signed } from "./facts-amount.ts";
import type { Label, Row } from "./identity-cells.ts";
import type { LabelKind } from "./identity-labels.ts";
import type { Period } from "./types.ts";

function unique(values: readonly bigint[]): bigint[] {
  return [...new Set(values)];
}

/** `Balance as on 1 Apr 2024 : 12,345.67`: the date says which end of the period it stands at. */
interface DatedBalance {
  date: Temporal.PlainDate;
  minor: bigint;
}

function datedBalances(rows: readonly Row[], labels: readonly Label[], hints: MoneyHints): DatedBalance[] {
  const found: DatedBalance[] = [];
  for (const label of labels) {
    if (label.kind !== "balanceOn") continue;
    const row = rows[label.row];
    const rest = label.cell.tokens.slice(label.end);
    const date = readDate(rest.map(({ text }) => text).join(" "), hints.dateOrder);
    const placed = date && placeDate(date, null);
    if (row === undefined || placed === null || date === null) continue;
    const cells = [
      label.cell,
      ...row.cells.slice(row.cells.indexOf(label.cell) + 1, row.cells.indexOf(label.cell) + 2),
    ];
    const behind =
      label.end +
      wordsIn(
        rest.map(({ text }) => text),
        date.end,
      );
    const amount =
      amountOf(label.cell, hints.decimal, behind) ?? (cells[1] ? amountOf(cells[1], hints.decimal) : null);
    if (amount !== null) found.push({ date: placed, minor: signed(amount) });
  }
  return found;
}

/** How many words the first `length` characters of the joined words take. */
function wordsIn(words: readonly string[], length: number): number {
  let read = 0;
  let count = 0;
  while (count < words.length && read < length) {
    read += (words[count]?.length ?? 0) + 1;
    count += 1;
  }
  return count;
}

export interface Balances {
  opening: bigint[];
  closing: bigint[];
}

/** Candidates as printed, the most plausible first. A card's balance is what is owed, printed without a sign. */
export function readBalances(
  rows: readonly Row[],
  labels: readonly Label[],
  hints: MoneyHints,
  period: Period | null,
): Balances {
  const under = (kind: LabelKind): bigint[] =>
    labels
      .filter((label) => label.kind === kind)
      .map((label) => amountUnder(rows, label, hints.decimal))
      .filter((amount) => amount !== null)
      .map(signed);
  const dated = datedBalances(rows, labels, hints);
  const { opening, closing } = splitDated(dated, period);
  return {
    opening: unique([...under("opening"), ...opening]),
    // A later page repeats the balance that the last one closes with: the last said is the likeliest.
    closing: unique([...under("closing").toReversed(), ...closing.toReversed()]),
  };
}

/**
 * A balance of the first day or before opens, one of the last day or the morning after closes. Any other is of no use:
 * `Balance as on` the day of the download may have moved on.
 */
function splitDated(dated: readonly DatedBalance[], period: Period | null): Balances {
  const dates = dated.map(({ date }) => date).toSorted((a, b) => Temporal.PlainDate.compare(a, b));
  const from = period?.from ?? dates[0];
  const to = period?.to ?? dates.at(-1);
  if (from === undefined || to === undefined || from.equals(to)) return { opening: [], closing: [] };
  const opens = (date: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(date, from) <= 0;
  const closes = (date: Temporal.PlainDate): boolean => date.equals(to) || date.equals(to.add({ days: 1 }));
  return {
    opening: dated.filter(({ date }) => opens(date)).map(({ minor }) => minor),
    closing: dated.filter(({ date }) => closes(date)).map(({ minor }) => minor),
  };
}
