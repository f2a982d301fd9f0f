/** Opening and closing balances that a document prints around its table. */
import { placeDate } from "./dates.ts";
import { amountOf, amountUnder, dateBehind, signed } from "./facts-amount.ts";
import type { Label, Row } from "./identity-cells.ts";
import type { LabelKind } from "./identity-labels.ts";
import type { TableStyle } from "./tableline.ts";
import type { Period } from "./types.ts";

function unique(values: readonly bigint[]): bigint[] {
  return [...new Set(values)];
}

/** `Balance as on 1 Apr 2024 : 12,345.67`: the date says which end of the period it stands at. */
interface DatedBalance {
  date: Temporal.PlainDate;
  minor: bigint;
}

function datedBalances(rows: readonly Row[], labels: readonly Label[], style: TableStyle): DatedBalance[] {
  const balances: DatedBalance[] = [];
  for (const label of labels) {
    if (label.kind !== "balanceOn") continue;
    const found = dateBehind(label.cell, label.end, style.dateOrder);
    const placed = found && placeDate(found.date, null);
    if (found === null || placed === null) continue;
    const cells = rows[label.row]?.cells ?? [];
    const right = cells[cells.indexOf(label.cell) + 1];
    const amount = amountOf(label.cell, style, found.end) ?? (right ? amountOf(right, style) : null);
    if (amount !== null) balances.push({ date: placed, minor: signed(amount) });
  }
  return balances;
}

export interface Balances {
  opening: bigint[];
  closing: bigint[];
}

/** Candidates as printed, the most plausible first. A card's balance is what is owed, printed without a sign. */
export function readBalances(
  rows: readonly Row[],
  labels: readonly Label[],
  style: TableStyle,
  period: Period | null,
): Balances {
  const under = (kind: LabelKind): bigint[] =>
    labels
      .filter((label) => label.kind === kind)
      .map((label) => amountUnder(rows, label, style))
      .filter((amount) => amount !== null)
      .map(signed);
  const dated = datedBalances(rows, labels, style);
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
