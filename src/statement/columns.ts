import { align } from "./align.ts";
import type { AmountCell } from "./cells.ts";
import type { Heading } from "./header.ts";
import { type Stack, toStacks } from "./stacks.ts";

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

/** A glued mark or a bracket moves a number this far, in points, out of its stack. */
const ASIDE = 7;

interface Assigned {
  columns: Column[];
  /** The column's id of each number that stands in line with its column. */
  of: Map<AmountCell, string>;
  /** The same for all that a column attracts: opening and closing rows are often set apart from the rows between. */
  near: Map<AmountCell, string>;
}

/**
 * Gives each number its money column by the edges of the header (or of the page before), and moves the columns' edges
 * to where their numbers stand. Numbers that belong to no money column are not in the answer.
 * @param lines the numbers of each line
 * @param dated whether a line (by index) has a date
 */
export function assignColumns(
  columns: readonly Column[],
  lines: readonly (readonly AmountCell[])[],
  dated: (line: number) => boolean,
): Assigned {
  const of = new Map<AmountCell, string>();
  const near = new Map<AmountCell, string>();
  const moved = columns.map((column) => ({ ...column }));
  const candidates = moved.filter((column) => column.kind !== "date" && column.kind !== "valueDate");
  const mine = new Map<Column, Stack[]>();
  for (const [stack, column] of align(toStacks(lines, dated), candidates))
    mine.set(column, [...(mine.get(column) ?? []), stack]);
  for (const [column, found] of mine) {
    settle(column, inLine(found), of);
    for (const stack of found) for (const cell of stack.cells) near.set(cell, column.id);
  }
  return { columns: moved, of, near };
}

/**
 * The stack with most numbers on dated lines says where the column stands; others belong to it when they share its
 * right edge, its left edge or its middle. A summary below the table crosses columns without standing in them, and
 * has as many numbers as a table of one row.
 */
function inLine(found: readonly Stack[]): AmountCell[] {
  const main = found.reduce((best, stack) => (isFuller(stack, best) ? stack : best));
  const left = main.cells[0]?.x0 ?? main.x0;
  return found.flatMap(({ cells, edge }) => {
    if (Math.abs(edge - main.edge) <= ASIDE) return cells;
    return cells.filter(
      (cell) =>
        Math.abs(cell.x0 - left) <= 1.5 ||
        Math.abs(cell.x1 - main.x1) <= 3 ||
        Math.abs(cell.x0 + cell.edge - left - main.edge) <= 2,
    );
  });
}

function isFuller(stack: Stack, than: Stack): boolean {
  return stack.dated > than.dated || (stack.dated === than.dated && stack.cells.length > than.cells.length);
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
