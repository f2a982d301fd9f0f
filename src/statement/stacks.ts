import type { AmountCell } from "./cells.ts";

/** Numbers below one another whose right edges agree. */
export interface Stack {
  cells: AmountCell[];
  /** Indexes of the lines that they stand on. */
  lines: Set<number>;
  x0: number;
  x1: number;
  /** Median right edge. */
  edge: number;
  /** How many of the numbers stand on lines with a date. */
  dated: number;
}

/** Numbers whose right edges lie this close, in points, are one stack. */
const SAME_EDGE = 2.5;

/** A table has a dozen at most; a page made to fail may have thousands, and pairing them takes the square. */
const MOST_STACKS = 60;

function fullest(stacks: readonly Stack[]): Stack[] {
  const kept = stacks.toSorted((a, b) => b.cells.length - a.cells.length).slice(0, MOST_STACKS);
  return kept.sort((a, b) => a.edge - b.edge);
}

/**
 * Numbers stacked by their right edges, left to right.
 * @param dated whether a line (by index) has a date
 */
export function toStacks(
  lines: readonly (readonly AmountCell[])[],
  dated: (line: number) => boolean,
): Stack[] {
  const placed = lines.flatMap((cells, line) => cells.map((cell) => ({ cell, line })));
  placed.sort((a, b) => a.cell.edge - b.cell.edge);
  const found: Stack[] = [];
  let last = -Infinity;
  for (const { cell, line } of placed) {
    const stack = found.at(-1);
    if (stack === undefined || cell.edge - last > SAME_EDGE) {
      found.push({
        cells: [cell],
        lines: new Set([line]),
        x0: cell.x0,
        x1: cell.x1,
        edge: cell.edge,
        dated: 0,
      });
    } else {
      stack.cells.push(cell);
      stack.lines.add(line);
      stack.x0 = Math.min(stack.x0, cell.x0);
      stack.x1 = Math.max(stack.x1, cell.x1);
    }
    last = cell.edge;
  }
  for (const stack of found) {
    stack.edge = stack.cells[stack.cells.length >> 1]?.edge ?? stack.edge;
    for (const line of stack.lines) if (dated(line)) stack.dated += 1;
  }
  return found.length <= MOST_STACKS ? found : fullest(found);
}

/** Stacks that share lines are different columns. */
export function clash(a: Stack, b: Stack): boolean {
  const [few, many] = a.lines.size <= b.lines.size ? [a, b] : [b, a];
  let shared = 0;
  for (const line of few.lines) if (many.lines.has(line)) shared += 1;
  return shared > 0.3 * few.lines.size;
}

/** Smallest and largest of some numbers; a file may hold more than a call takes arguments. */
export function extent(values: readonly number[]): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
