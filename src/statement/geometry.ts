import type { AmountCell } from "./cells.ts";
import type { Column } from "./columns.ts";
import { clash, extent, type Stack, toStacks } from "./stacks.ts";

/** From left to right, in points. */
interface Span {
  x0: number;
  x1: number;
}

/** A line that starts with a date and ends in numbers. */
export interface DatedLine {
  /** What stands left of the date: a serial number. */
  before: Span | null;
  date: Span;
  /** A second date right behind the first. */
  valueDate: Span | null;
  /** Between the dates and the numbers. */
  text: Span | null;
  numbers: AmountCell[];
}

/** Share of the lines from which on a second date is a column and no part of narrations. */
const MOST = 0.6;

/** Columns for a table without a header that we can read. */
export function columnsByGeometry(lines: readonly DatedLine[]): Column[] {
  const withValue = lines.filter(({ valueDate }) => valueDate !== null).length >= MOST * lines.length;
  const spans = (pick: (line: DatedLine) => Span | null): Span[] =>
    lines.map(pick).filter((span) => span !== null);
  const text = ({ text: own, valueDate }: DatedLine): Span | null =>
    withValue ? own : covering([valueDate, own]);
  return [
    ...columnOver(
      "before",
      "ignored",
      spans((line) => line.before),
    ),
    ...columnOver(
      "date",
      "date",
      spans((line) => line.date),
    ),
    ...(withValue
      ? columnOver(
          "valueDate",
          "valueDate",
          spans((line) => line.valueDate),
        )
      : []),
    ...columnOver("text", "text", spans(text)),
    ...moneyColumns(lines.map(({ numbers }) => numbers)),
  ];
}

function covering(spans: readonly (Span | null)[]): Span | null {
  const known = spans.filter((span) => span !== null);
  if (known.length === 0) return null;
  return { x0: extent(known.map(({ x0 }) => x0))[0], x1: extent(known.map(({ x1 }) => x1))[1] };
}

function columnOver(id: string, kind: Column["kind"], spans: readonly Span[]): Column[] {
  const span = covering(spans);
  return span === null ? [] : [{ id, kind, ...span, edge: null, left: null }];
}

function moneyColumns(lines: readonly (readonly AmountCell[])[]): Column[] {
  const merged: Stack[] = [];
  for (const stack of toStacks(lines, () => true)) {
    const last = merged.at(-1);
    if (last === undefined || !mayMerge(last, stack)) merged.push({ ...stack });
    else
      Object.assign(last, {
        cells: [...last.cells, ...stack.cells],
        x0: Math.min(last.x0, stack.x0),
        x1: stack.x1,
        edge: stack.edge,
        lines: new Set([...last.lines, ...stack.lines]),
      });
  }
  const least = Math.max(1, lines.length * 0.05);
  const money = merged.filter((stack) => stack.cells.length >= least);
  return money.map((stack, index): Column => ({
    id: `c${index + 1}`,
    kind: "money",
    x0: stack.x0,
    x1: stack.x1,
    edge: stack.edge,
    left: null,
  }));
}

/** Two stacks are one column set flush left (or with marks of different width) when they overlap and never share a line. */
function mayMerge(left: Stack, right: Stack): boolean {
  const widthOf = (stack: Stack): number => extent(stack.cells.map((cell) => cell.x1 - cell.x0))[0];
  const overlap = left.x1 - right.x0;
  return overlap >= 0.5 * Math.min(widthOf(left), widthOf(right)) && !clash(left, right);
}
