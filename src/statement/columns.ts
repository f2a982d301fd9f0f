import type { AmountCell } from "./cells.ts";
import type { Heading } from "./header.ts";

/** A column of the table: what names it, and where its cells stand. */
export interface Column {
  /** Stays the same from page to page: the role, or `c1`, `c2` … from the left where no header names it. */
  id: string;
  kind: "date" | "valueDate" | "money" | "mark" | "reference" | "ignored" | "text";
  x0: number;
  x1: number;
  /** Median right edge of its digits; null where no number stands in it. */
  edge: number | null;
  /** Left edge where its numbers are set flush left (wallet statements do), else null. */
  left: number | null;
}

const KINDS: Readonly<Record<NonNullable<Heading["role"]>, Column["kind"]>> = {
  date: "date",
  valueDate: "valueDate",
  description: "text",
  debit: "money",
  credit: "money",
  amount: "money",
  balance: "money",
  mark: "mark",
  reference: "reference",
  serial: "ignored",
  other: "ignored",
};

/** A header's phrases as columns. The first date is the booking date, a second one counts as the value date. */
export function columnsOf(headings: readonly Heading[]): Column[] {
  const used = new Set<string>();
  const columns = headings.map((heading, index): Column => {
    const role = heading.role;
    const kind = role === null ? "text" : KINDS[role];
    let id = role === null || kind === "text" || kind === "ignored" ? `t${index}` : role;
    if (id === "date" && used.has("date")) id = "valueDate";
    while (used.has(id)) id += "+";
    used.add(id);
    return {
      id,
      kind: id === "valueDate" ? "valueDate" : kind,
      x0: heading.x0,
      x1: heading.x1,
      edge: null,
      left: null,
    };
  });
  if (!used.has("date")) for (const column of columns) if (column.id === "valueDate") Object.assign(column, { id: "date", kind: "date" }); // prettier-ignore
  return columns;
}

/** Numbers whose right edges lie this close, in points, are one stack. */
const SAME_EDGE = 2.5;
/** A number may stand this far aside of its header phrase, in points. */
const STRAY = 24;
/** A glued mark or a bracket moves a number this far, in points, out of its stack. */
const ASIDE = 7;

interface Stack {
  cells: AmountCell[];
  x0: number;
  x1: number;
  edge: number;
}

/** Numbers stacked by their right edges, left to right. */
export function stacks(cells: readonly AmountCell[]): Stack[] {
  const sorted = cells.toSorted((a, b) => a.edge - b.edge);
  const found: Stack[] = [];
  for (const cell of sorted) {
    const stack = found.at(-1);
    const last = stack?.cells.at(-1);
    if (stack === undefined || last === undefined || cell.edge - last.edge > SAME_EDGE) {
      found.push({ cells: [cell], x0: cell.x0, x1: cell.x1, edge: cell.edge });
      continue;
    }
    stack.cells.push(cell);
    stack.x0 = Math.min(stack.x0, cell.x0);
    stack.x1 = Math.max(stack.x1, cell.x1);
  }
  for (const stack of found) stack.edge = stack.cells[stack.cells.length >> 1]?.edge ?? stack.edge;
  return found;
}

/**
 * Gives each number its money column by the edges of the header (or of the page before), and moves the columns' edges
 * to where their numbers stand. Numbers that belong to no money column are not in the answer.
 */
export function assignColumns(
  columns: readonly Column[],
  cells: readonly AmountCell[],
): { columns: Column[]; of: Map<AmountCell, string> } {
  const of = new Map<AmountCell, string>();
  const moved = columns.map((column) => ({ ...column }));
  const mine = new Map<Column, Stack[]>();
  for (const stack of stacks(cells)) {
    const column = nearest(moved, stack);
    if (column === null || (column.kind !== "money" && column.kind !== "mark")) continue;
    mine.set(column, [...(mine.get(column) ?? []), stack]);
  }
  for (const [column, found] of mine) settle(column, inLine(found), of);
  return { columns: moved, of };
}

/**
 * The fullest stack says where the column stands; others belong to it when they share its right edge, its left edge
 * or its middle. A summary below the table crosses columns without standing in them.
 */
function inLine(found: readonly Stack[]): AmountCell[] {
  const main = found.reduce((best, stack) => (stack.cells.length > best.cells.length ? stack : best));
  const left = main.cells[0]?.x0 ?? main.x0;
  return found.flatMap(({ cells, edge }) => {
    if (Math.abs(edge - main.edge) <= ASIDE) return cells;
    return cells.filter(
      (cell) => Math.abs(cell.x0 - left) <= 1.5 || Math.abs(cell.x0 + cell.edge - left - main.edge) <= 2,
    );
  });
}

/** The column learns where its numbers stand; a `Debit/Credit` heading above amounts is an amount column. */
function settle(column: Column, numbers: readonly AmountCell[], of: Map<AmountCell, string>): void {
  if (column.kind === "mark") Object.assign(column, { kind: "money", id: "amount" });
  for (const cell of numbers) of.set(cell, column.id);
  const edges = numbers.map((cell) => cell.edge).sort((a, b) => a - b);
  const lefts = numbers.map((cell) => cell.x0).sort((a, b) => a - b);
  const spread = (sorted: readonly number[]): number => (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  column.left = numbers.length > 1 && spread(lefts) < 1 && spread(edges) > 1 ? (lefts[0] ?? null) : null;
  column.edge = edges[edges.length >> 1] ?? null;
  column.x0 = Math.min(column.x0, lefts[0] ?? column.x0);
  column.x1 = Math.max(column.x1, ...edges.slice(-1));
}

function nearest(columns: readonly Column[], stack: Stack): Column | null {
  let best: Column | null = null;
  let least = Infinity;
  for (const column of columns) {
    const apart = Math.max(0, column.x0 - stack.x1, stack.x0 - column.x1);
    if (apart > STRAY) continue;
    const middle = Math.abs(column.x0 + column.x1 - stack.x0 - stack.x1) / 2;
    const right = Math.abs((column.edge ?? column.x1) - stack.edge);
    const cost = 3 * apart + Math.min(right, Math.abs((column.left ?? column.x0) - stack.x0), middle);
    if (cost >= least) continue;
    least = cost;
    best = column;
  }
  return best;
}

/**
 * Columns for a table without a header that we can read, from lines that start with a date and end in numbers.
 * @param lines the numbers of each such line
 */
export function columnsByGeometry(
  lines: readonly (readonly AmountCell[])[],
  dates: readonly { x0: number; x1: number }[],
): Column[] {
  const owner = new Map<AmountCell, number>();
  lines.forEach((cells, index) => cells.forEach((cell) => owner.set(cell, index)));
  const merged: Stack[] = [];
  for (const stack of stacks(lines.flat())) {
    const last = merged.at(-1);
    if (last === undefined || !mayMerge(last, stack, owner)) merged.push({ ...stack });
    else
      Object.assign(last, {
        cells: [...last.cells, ...stack.cells],
        x0: Math.min(last.x0, stack.x0),
        x1: stack.x1,
        edge: stack.edge,
      });
  }
  const least = Math.max(1, lines.length * 0.05);
  const money = merged.filter((stack) => stack.cells.length >= least);
  const date: Column = {
    id: "date",
    kind: "date",
    x0: Math.min(...dates.map((span) => span.x0)),
    x1: Math.max(...dates.map((span) => span.x1)),
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
function mayMerge(left: Stack, right: Stack, owner: ReadonlyMap<AmountCell, number>): boolean {
  const widthOf = (stack: Stack): number => Math.min(...stack.cells.map((cell) => cell.x1 - cell.x0));
  const overlap = left.x1 - right.x0;
  if (overlap < 0.5 * Math.min(widthOf(left), widthOf(right))) return false;
  const lines = new Set(left.cells.map((cell) => owner.get(cell)));
  return right.cells.every((cell) => !lines.has(owner.get(cell)));
}
