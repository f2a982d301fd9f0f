import type { Column } from "./columns.ts";
import { clash, extent, type Stack } from "./stacks.ts";

/**
 * Cost, per number, of leaving a stack out: numbers in narrations and summaries stand between and beside columns. One
 * with a number on at least half as many lines as the fullest is hardly that.
 */
const LEAVE = 45;
const LEAVE_FULL = 160;
/** No number stands further from its heading, in points and shares of points. */
const FARTHEST = 90;
/** A stack of many numbers weighs no more than this many. */
const MOST_WEIGHT = 8;

interface Path {
  cost: number;
  stack: number;
  column: number;
  before: Path | null;
}

/**
 * Pairs stacks of numbers with the money columns of a table, both from left to right, at least cost. Columns do not cross, and two
 * stacks that share lines are never one column: on a Zenith statement the debits end 50 points right of their heading
 * and under the next one, and only this tells them apart.
 */
export function align(stacks: readonly Stack[], columns: readonly Column[]): [Stack, Column][] {
  const [, fullest] = extent(stacks.map((stack) => stack.lines.size));
  const costs = stacks.map((stack) => (2 * stack.lines.size >= fullest ? LEAVE_FULL : LEAVE));
  const left = prefix(stacks.map((stack, index) => weight(stack) * (costs[index] ?? 0)));
  const paths: Path[] = [{ cost: 0, stack: -1, column: 0, before: null }];
  stacks.forEach((stack, at) => {
    columns.forEach((column, index) => {
      const off = distance(stack, column);
      if (off > FARTHEST || (!isMoney(column) && off > 0)) return;
      const own = weight(stack) * off;
      let best: Path | null = null;
      for (const path of paths) {
        if (path.stack >= at || path.column > index) continue;
        const above = stacks[path.stack];
        if (above !== undefined && path.column === index && isMoney(column) && clash(above, stack)) continue;
        const cost = path.cost + own + (left[at] ?? 0) - (left[path.stack + 1] ?? 0);
        if (best === null || cost < best.cost) best = { cost, stack: at, column: index, before: path };
      }
      if (best !== null) paths.push(best);
    });
  });
  const total = left.at(-1) ?? 0;
  const costOf = (path: Path): number => path.cost + total - (left[path.stack + 1] ?? 0);
  let path: Path | null = paths.reduce((best, next) => (costOf(next) < costOf(best) ? next : best));
  const pairs: [Stack, Column][] = [];
  for (; path !== null && path.stack >= 0; path = path.before) {
    const [stack, column] = [stacks[path.stack], columns[path.column]];
    if (stack !== undefined && column !== undefined && isMoney(column)) pairs.push([stack, column]);
  }
  return pairs.reverse();
}

function weight(stack: Stack): number {
  return Math.min(MOST_WEIGHT, stack.cells.length);
}

/** `sums[i]`: the first i values together. */
function prefix(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

/** Points between a stack and a column: the gap, and a share of how far the nearest edges or middles are off. */
function distance(stack: Stack, column: Column): number {
  const apart = Math.max(0, column.x0 - stack.x1, stack.x0 - column.x1);
  const middle = Math.abs(column.x0 + column.x1 - stack.x0 - stack.x1) / 2;
  const right = Math.abs((column.edge ?? column.x1) - stack.edge);
  const aside = Math.abs((column.left ?? column.x0) - stack.x0);
  // Under the heading of a text or of a column that we skip: it is that one's.
  if (!isMoney(column)) return apart === 0 ? 0 : Infinity;
  return apart + 0.3 * Math.min(right, aside, middle);
}

function isMoney(column: Column): boolean {
  return column.kind === "money" || column.kind === "mark";
}
