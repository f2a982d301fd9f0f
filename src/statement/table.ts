import { type AmountCell, amountCells, hasDigit, type NumberStyle } from "./cells.ts";
import { assignColumns, type Column, columnsOf } from "./columns.ts";
import { type DateOrder, type PrintedDate, readDate } from "./dates.ts";
import { columnsByGeometry } from "./geometry.ts";
import { type Header, headerAt, phrases } from "./header.ts";
import type { Amount } from "./money.ts";
import type { Line, Word } from "./types.ts";
import { balanceWord } from "./vocabulary.ts";

export interface TableStyle extends NumberStyle {
  dateOrder: DateOrder;
}

/** One line of a table with its cells in their columns. */
export interface TableLine {
  line: Line;
  date: PrintedDate | null;
  /** What stands in the date column when it is no whole date: `28 Dec` above `2019`. */
  dateText: string;
  valueDate: PrintedDate | null;
  /** By the column's id; explicit zeros are kept. */
  cells: Map<string, Amount>;
  mark: "dr" | "cr" | null;
  /** Texts by column, left to right. */
  texts: { column: string; text: string }[];
  reference: string;
  /** Something stands where a number belongs, and it is no number. */
  unreadable: boolean;
}

/** What stands between one header (or page start) and the next (or page end). */
export interface Region {
  page: number;
  columns: Column[];
  headed: boolean;
  lines: TableLine[];
  /** Index of the header among the page's lines, -1 without one. */
  at: number;
  /** The page's lines above the table, for headings of accounts. */
  above: Line[];
}

/** A line with the numbers on it. */
interface Scan {
  line: Line;
  cells: AmountCell[];
}

/** Dates further down a line than its third word belong to the narration. */
const DATE_WITHIN = 3;
const MOST_DATE_WORDS = 6;
/** A table that starts this far down a page without its header continues the one of the page before. */
const CONTINUES_ABOVE = 0.35;

/** Finds the tables on all pages: columns are learned per page, and carried to pages that do not name them. */
export function findTables(
  pages: readonly { lines: readonly Line[]; height: number }[],
  style: TableStyle,
): Region[] {
  const scans = pages.map((page) =>
    page.lines.map((line): Scan => ({ line, cells: amountCells(line.words, style) })),
  );
  const regions: Region[] = [];
  let carried: Column[] | null = null;
  scans.forEach((lines, index) => {
    const found = pageRegions(lines, carried, pages[index]?.height ?? 0, style);
    regions.push(...found);
    carried = found.at(-1)?.columns ?? carried;
  });
  const headed = regions.some((region) => region.headed && region.lines.some((line) => line.cells.size > 0));
  return headed ? regions : regionsByGeometry(scans, style);
}

function pageRegions(
  scans: readonly Scan[],
  carried: Column[] | null,
  height: number,
  style: TableStyle,
): Region[] {
  const lines = scans.map((scan) => scan.line);
  const plain = (index: number): boolean => isPlain(scans[index], style);
  const headers: Header[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const header = headerAt(lines, i, plain);
    if (header === null) continue;
    headers.push(header);
    i = header.last;
  }
  const regions: Region[] = [];
  const top = headers[0];
  if (carried !== null && (top === undefined || top.y1 > CONTINUES_ABOVE * height)) {
    const body = scans.slice(0, top?.first ?? scans.length);
    regions.push({ ...readRegion(body, carried, style), headed: false, at: -1, above: [] });
  }
  headers.forEach((header, index) => {
    const body = scans.slice(header.last + 1, headers[index + 1]?.first ?? scans.length);
    const above = lines.slice(index === 0 ? 0 : (headers[index - 1]?.last ?? 0) + 1, header.first);
    regions.push({
      ...readRegion(body, columnsOf(header.headings), style),
      headed: true,
      at: header.first,
      above,
    });
  });
  return regions;
}

/** A header holds no amount and does not start with a date. */
function isPlain(scan: Scan | undefined, style: TableStyle): boolean {
  if (scan === undefined || scan.line.words.length > 30) return false;
  if (scan.cells.some((cell) => cell.amount.form === "decimal")) return false;
  return readDate(scan.line.text, style.dateOrder)?.form !== "full";
}

function regionsByGeometry(pages: readonly (readonly Scan[])[], style: TableStyle): Region[] {
  const numbers: AmountCell[][] = [];
  const dates: { x0: number; x1: number }[] = [];
  for (const scan of pages.flat()) {
    const cells = scan.cells.filter((cell) => cell.amount.form === "decimal");
    const date = cells.length > 0 ? leadingDate(scan.line.words, style.dateOrder) : null;
    if (date === null) continue;
    numbers.push(cells.filter((cell) => cell.first > date.last));
    dates.push({ x0: scan.line.words[date.first]?.x0 ?? 0, x1: scan.line.words[date.last]?.x1 ?? 0 });
  }
  if (numbers.length === 0) return [];
  const columns = columnsByGeometry(numbers, dates);
  return pages.map((scans) => ({ ...readRegion(scans, columns, style), headed: false, at: -1, above: [] }));
}

function readRegion(
  scans: readonly Scan[],
  named: readonly Column[],
  style: TableStyle,
): Pick<Region, "page" | "columns" | "lines"> {
  const cells = scans.map((scan) =>
    scan.cells.filter((cell) => cell.amount.form !== "plain" || style.exponent === 0),
  );
  const { columns, of, near } = assignColumns(named, cells);
  const lines = scans.map((scan) => {
    const word = scan.cells.length > 0 ? balanceWord(scan.line.text) : null;
    return readLine(scan, columns, word === "opening" || word === "closing" ? near : of, style);
  });
  return { page: scans[0]?.line.page ?? 0, columns, lines };
}

function readLine(
  { line, cells }: Scan,
  columns: readonly Column[],
  of: ReadonlyMap<AmountCell, string>,
  style: TableStyle,
): TableLine {
  const { words } = line;
  const taken = new Set<number>();
  const take = (first: number, last: number): void => {
    for (let i = first; i <= last; i += 1) taken.add(i);
  };
  const result: TableLine = {
    line,
    date: null,
    dateText: "",
    valueDate: null,
    cells: new Map(),
    mark: null,
    texts: [],
    reference: "",
    unreadable: false,
  };
  const date =
    dateIn(words, columns, "date", style.dateOrder) ?? fullLeadingDate(words, columns, style.dateOrder);
  if (date !== null) {
    result.date = date.date;
    take(date.first, date.last);
  }
  const value = dateIn(words, columns, "valueDate", style.dateOrder);
  if (value !== null && !taken.has(value.first)) {
    result.valueDate = value.date;
    take(value.first, value.last);
  }
  const chosen = choose(cells, columns, of);
  // `Page 1 of 6` ends under the balances: bare digits alone make no row.
  const sure = result.date !== null || chosen.some(([cell]) => cell.amount.form !== "plain");
  for (const [cell, id] of sure ? chosen : []) {
    if (taken.has(cell.first)) continue;
    result.cells.set(id, cell.amount);
    take(cell.first, cell.last);
  }
  result.unreadable = words.some((word, index) => !taken.has(index) && shouldBeNumber(word, columns));
  readRest(result, words.filter((_, index) => !taken.has(index)), columns); // prettier-ignore
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

interface FoundDate {
  date: PrintedDate;
  first: number;
  last: number;
}

/** The date that begins inside a column: between the column left of it and the column right of it. */
function dateIn(
  words: readonly Word[],
  columns: readonly Column[],
  kind: "date" | "valueDate",
  order: DateOrder,
): FoundDate | null {
  const at = columns.findIndex((column) => column.kind === kind);
  if (at < 0) return null;
  const from = columns[at - 1]?.x1 ?? -Infinity;
  const to = columns[at + 1]?.x0 ?? Infinity;
  const column = columns[at];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || word.x1 < from || column === undefined) continue;
    if (word.x0 >= to) return null;
    // A heading set in the middle of its column starts right of its cells: take what overlaps it, or stands close by.
    if (word.x1 < column.x0 - 40) continue;
    const date = dateAt(words, i, order);
    if (date !== null) return date;
  }
  return null;
}

function dateAt(words: readonly Word[], first: number, order: DateOrder): FoundDate | null {
  const start = words[first];
  if (start === undefined) return null;
  let text = start.text;
  const ends = [text.length];
  for (let i = first + 1; i < words.length && i < first + MOST_DATE_WORDS; i += 1) {
    const [previous, word] = [words[i - 1], words[i]];
    if (previous === undefined || word === undefined || word.x0 - previous.x1 > word.y1 - word.y0) break;
    text += ` ${word.text}`;
    ends.push(text.length);
  }
  const date = readDate(text, order);
  if (date === null) return null;
  const last = ends.findIndex((end) => end >= date.end);
  // `02/05-SHOP` is glued to its narration: only whole words are a date.
  return last >= 0 && ends[last] === date.end ? { date, first, last: first + last } : null;
}

function leadingDate(words: readonly Word[], order: DateOrder): FoundDate | null {
  for (let i = 0; i < words.length && i < DATE_WITHIN; i += 1) {
    const date = dateAt(words, i, order);
    if (date !== null) return date;
  }
  return null;
}

/** A date left of all numbers whose column's heading stands elsewhere. Only with a year or a month's name. */
function fullLeadingDate(
  words: readonly Word[],
  columns: readonly Column[],
  order: DateOrder,
): FoundDate | null {
  if (columns.some((column) => column.kind === "valueDate")) return null;
  const date = leadingDate(words, order);
  const column = columns.find((candidate) => candidate.kind === "date");
  const start = date && words[date.first];
  if (!date || !start || date.date.form === "bare" || column === undefined) return null;
  return start.x0 < column.x1 + 10 ? date : null;
}

/** Mostly digits, and most of it where a column's numbers stand: `03,117.17` is no amount, but it should be one. */
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

const MARK = /^\(?(cr|dr|c|d|db)\.?\)?$/i;

/** Sorts the words that are neither date nor number: marks, references, narration, and what should have been a number. */
function readRest(result: TableLine, words: readonly Word[], columns: readonly Column[]): void {
  for (const run of phrases(words, 1).flatMap((run) => splitAtColumns(run, columns))) {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) continue;
    const text = run.map((word) => word.text).join(" ");
    const column = columnOf(first.x0, last.x1, columns);
    const mark = MARK.exec(text)?.[1]?.toLowerCase();
    if (
      mark !== undefined &&
      (column?.kind === "mark" || column?.kind === "money" || behindNumber(first, columns))
    ) {
      result.mark = mark.startsWith("c") ? "cr" : "dr";
    } else if (column?.kind === "reference") result.reference = `${result.reference} ${text}`.trim();
    else if (column?.kind === "date" || column?.kind === "valueDate") {
      if (column.kind === "date" && result.date === null && hasDigit(text)) result.dateText = text;
      else if (!hasDigit(text)) result.texts.push({ column: column.id, text });
    } else if (column?.kind === "money" && /^[-–—]+$/.test(text)) continue;
    else if (column?.kind !== "ignored") {
      result.texts.push({ column: column?.kind === "text" ? column.id : "", text });
    }
  }
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
