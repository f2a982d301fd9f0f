import { type AmountCell, hasDigit, type NumberStyle } from "./cells.ts";
import type { Column } from "./columns.ts";
import { dateIn, fullLeadingDate } from "./datecell.ts";
import type { DateOrder, PrintedDate } from "./dates.ts";
import { phrases } from "./header.ts";
import type { Amount } from "./money.ts";
import type { Line, Word } from "./types.ts";

export interface TableStyle extends NumberStyle {
  dateOrder: DateOrder;
}

/** A run of words in a column of text; the column is empty where no heading says which. */
export interface TextPart {
  column: string;
  text: string;
  x0: number;
  x1: number;
}

/** One line of a table with its cells in their columns. */
export interface TableLine {
  line: Line;
  /** Top and bottom of what is the table's on it: a box beside the rows stands a little higher or lower. */
  y0: number;
  y1: number;
  date: PrintedDate | null;
  /** What stands in the date column, be it a date or a piece of one: `28 Dec` above `2019`. */
  dateText: string;
  valueDate: PrintedDate | null;
  /** By the column's id; explicit zeros are kept. */
  cells: Map<string, Amount>;
  mark: "dr" | "cr" | null;
  /** By the column's id: a mark that stands alone below a number. */
  marksBelow: Map<string, "dr" | "cr">;
  /** What stands in a column of marks, whole or torn: `DEBI` above `T`. */
  markText: string;
  /** Texts by column, left to right. */
  texts: TextPart[];
  reference: string;
  /** Something stands where a number belongs, and it is no number. */
  unreadable: boolean;
}

/** A line with the numbers on it. */
export interface Scan {
  line: Line;
  cells: AmountCell[];
}

/** Reads one line by the table's columns; `of` says which column each number has. */
export function readLine(
  { line, cells }: Scan,
  columns: readonly Column[],
  of: ReadonlyMap<AmountCell, string>,
  style: TableStyle,
): TableLine {
  const { words } = line;
  const taken: boolean[] = [];
  const take = (first: number, last: number): void => {
    for (let i = first; i <= last; i += 1) taken[i] = true;
  };
  const result: TableLine = {
    line,
    ...bandOf(line, columns),
    date: null,
    dateText: "",
    valueDate: null,
    cells: new Map(),
    mark: null,
    marksBelow: new Map(),
    markText: "",
    texts: [],
    reference: "",
    unreadable: false,
  };
  const date =
    dateIn(words, columns, "date", style.dateOrder) ?? fullLeadingDate(words, columns, style.dateOrder);
  if (date !== null) {
    result.date = date.date;
    result.dateText = words.slice(date.first, date.last + 1).map((word) => word.text).join(" "); // prettier-ignore
    take(date.first, date.last);
  }
  const value = dateIn(words, columns, "valueDate", style.dateOrder);
  if (value !== null && taken[value.first] !== true) {
    result.valueDate = value.date;
    take(value.first, value.last);
  }
  const chosen = choose(cells, columns, of);
  // `Page 1 of 6` ends under the balances: bare digits alone make no row.
  const sure = result.date !== null || chosen.some(([cell]) => cell.amount.form !== "plain");
  for (const [cell, id] of sure ? chosen : []) {
    if (taken[cell.first] === true) continue;
    result.cells.set(id, cell.amount);
    take(cell.first, cell.last);
  }
  const rest = words.filter((_, index) => taken[index] !== true);
  result.unreadable = rest.some((word) => shouldBeNumber(word, columns));
  readRest(result, rest, columns);
  return result;
}

/** One number per column: where two stand in one, the one nearer to the column's edge. Bare digits only right on the edge. */
function choose(
  cells: readonly AmountCell[],
  columns: readonly Column[],
  of: ReadonlyMap<AmountCell, string>,
): [AmountCell, string][] {
  const best = new Map<string, { cell: AmountCell; off: number }>();
  for (const cell of cells) {
    const id = of.get(cell) ?? (cell.amount.form === "plain" ? onEdge(cell, columns)?.id : undefined);
    const column = columns.find((candidate) => candidate.id === id);
    if (id === undefined || column === undefined) continue;
    const off = Math.abs((column.edge ?? column.x1) - cell.edge) + (cell.amount.form === "plain" ? 5 : 0);
    if (off < (best.get(id)?.off ?? Infinity)) best.set(id, { cell, off });
  }
  return [...best].map(([id, { cell }]) => [cell, id]);
}

function onEdge(
  span: { x0: number; x1: number; edge?: number },
  columns: readonly Column[],
): Column | undefined {
  return columns.find(
    (column) =>
      column.kind === "money" &&
      column.edge !== null &&
      (Math.abs(column.edge - (span.edge ?? span.x1)) <= 3 ||
        (column.left !== null && Math.abs(column.left - span.x0) <= 1.5)),
  );
}

/** Mostly digits, and most of it where a column's numbers stand: `3,1717.17` is no amount, but it should be one. */
function shouldBeNumber(word: Word, columns: readonly Column[]): boolean {
  if (!hasDigit(word.text)) return false;
  const digits = word.text.replace(/\D/g, "").length;
  if (2 * digits < word.text.length) return false;
  return columns.some((column) => {
    if (column.kind !== "money" || column.edge === null) return false;
    const covered = Math.min(word.x1, column.x1) - Math.max(word.x0, column.x0);
    return covered > 0.6 * (word.x1 - word.x0);
  });
}

const MARK = /^\(?(cr|credit|dr|debit|c|d|db)\.?\)?$/i;

/** Whether a text is a mark of one side: `Cr`, `(Dr)`, `DEBIT`. */
export function markOf(text: string): "dr" | "cr" | null {
  const mark = MARK.exec(text)?.[1]?.toLowerCase();
  if (mark === undefined) return null;
  return mark.startsWith("c") ? "cr" : "dr";
}

/** Sorts the words that are neither date nor number: marks, references, narration, and what should have been a number. */
function readRest(result: TableLine, words: readonly Word[], columns: readonly Column[]): void {
  for (const run of phrases(words, 1).flatMap((run) => splitAtColumns(run, columns))) {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) continue;
    const text = run.map((word) => word.text).join(" ");
    const column = columnOf(first.x0, last.x1, columns);
    if (column?.kind === "mark") result.markText += text;
    else if (!readMark(result, text, first, column, columns) && !isBeside(first, columns))
      sort(
        result,
        { column: column?.kind === "text" ? column.id : "", text, x0: first.x0, x1: last.x1 },
        column,
      );
  }
}

/** Below a number without one a mark is that number's; beside it, it says which way the row's amount went. */
function readMark(
  result: TableLine,
  text: string,
  first: Word,
  column: Column | undefined,
  columns: readonly Column[],
): boolean {
  const mark = text.length > 8 ? null : markOf(text);
  if (mark === null || (column?.kind !== "money" && !behindNumber(first, columns))) return false;
  if (column?.kind === "money" && result.cells.size === 0) result.marksBelow.set(column.id, mark);
  else result.mark = mark;
  return true;
}

/** Points right of the last column of numbers from where on text is none of the table's: a box with remarks. */
const BESIDE = 8;

function isBeside(word: Word, columns: readonly Column[]): boolean {
  const last = columns.at(-1);
  if (last?.kind !== "money" || last.edge === null || word.x0 <= last.x1 + BESIDE) return false;
  return columns.some(({ kind }) => kind === "text");
}

function bandOf(line: Line, columns: readonly Column[]): { y0: number; y1: number } {
  const last = line.words.at(-1);
  const own = last !== undefined && isBeside(last, columns) ? line.words.filter((word) => !isBeside(word, columns)) : []; // prettier-ignore
  if (own.length === 0) return { y0: line.y0, y1: line.y1 };
  return { y0: Math.min(...own.map((word) => word.y0)), y1: Math.max(...own.map((word) => word.y1)) };
}

function sort(result: TableLine, part: TextPart, column: Column | undefined): void {
  const { text } = part;
  if (column?.kind === "reference") result.reference = `${result.reference} ${text}`.trim();
  else if (column?.kind === "date" || column?.kind === "valueDate") {
    if (column.kind === "date" && result.date === null && hasDigit(text)) result.dateText = text;
    else if (!hasDigit(text)) result.texts.push({ ...part, column: column.id });
  } else if (column?.kind === "money" && /^[-–—]+$/.test(text)) return;
  else if (column?.kind !== "ignored") result.texts.push(part);
}

function behindNumber(word: Word, columns: readonly Column[]): boolean {
  return columns.some((column) => column.kind === "money" && column.edge !== null && word.x0 >= column.edge - 30 && word.x0 - column.edge < 25); // prettier-ignore
}

/** Cells of neighbouring columns may stand closer than two words: a word flush with a column's left edge starts its cell. */
function splitAtColumns(run: readonly Word[], columns: readonly Column[]): Word[][] {
  const parts: Word[][] = [];
  for (const word of run) {
    const part = parts.at(-1);
    const starts = columns.some((column) => column.kind !== "money" && Math.abs(column.x0 - word.x0) < 1);
    if (part === undefined || starts) parts.push([word]);
    else part.push(word);
  }
  return parts;
}

/** The column in whose heading a cell starts, else the one that it overlaps most, else the one left of it. */
function columnOf(x0: number, x1: number, columns: readonly Column[]): Column | undefined {
  let best: Column | undefined;
  let most = 0;
  let left: Column | undefined;
  for (const column of columns) {
    if (x0 >= column.x0 - 3 && x0 < column.x1) return column;
    const shared = Math.min(x1, column.x1) - Math.max(x0, column.x0);
    if (shared > most) [best, most] = [column, shared];
    if (column.x0 <= x0) left = column;
  }
  return best ?? left;
}
