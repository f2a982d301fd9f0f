import type { AmountCell } from "./cells.ts";
import type { Column } from "./columns.ts";
import { clash, extent, type Stack, toStacks } from "./stacks.ts";

/**
 * Columns for a table without a header that we can read, from lines that start with a date and end in numbers.
 * @param lines the numbers of each such line
 */
export function columnsByGeometry(
  lines: readonly (readonly AmountCell[])[],
  dates: readonly { x0: number; x1: number }[],
): Column[] {
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
  const date: Column = {
    id: "date",
    kind: "date",
    x0: extent(dates.map((span) => span.x0))[0],
    x1: extent(dates.map((span) => span.x1))[1],
    edge: null,
    left: null,
  };
  return [
    date,
    ...money.map((stack, index): Column => ({
      id: `c${index + 1}`,
      kind: "money",
      x0: stack.x0,
      x1: stack.x1,
      edge: stack.edge,
      left: null,
    })),
  ];
}

/** Two stacks are one column set flush left (or with marks of different width) when they overlap and never share a line. */
function mayMerge(left: Stack, right: Stack): boolean {
  const widthOf = (stack: Stack): number => extent(stack.cells.map((cell) => cell.x1 - cell.x0))[0];
  const overlap = left.x1 - right.x0;
  return overlap >= 0.5 * Math.min(widthOf(left), widthOf(right)) && !clash(left, right);
}
