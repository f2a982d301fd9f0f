/** The rows of one table of a sheet. */
import { minorDigits } from "./currency.ts";
import type { PrintedDate } from "./dates.ts";
import type { Grid } from "./grid.ts";
import {
  amountOf,
  type Cell,
  currencyOf,
  dateOf,
  labelOf,
  markOf,
  type TableStyle,
  textOf,
} from "./grid-cells.ts";
import type { GridHeader } from "./grid-header.ts";
import { toLine } from "./grid-lines.ts";
import { abs, type Amount } from "./money.ts";
import type { Row } from "./rows.ts";
import type { Line } from "./types.ts";
import { balanceWord } from "./vocabulary.ts";

/** A row with what its sheet says of it beyond a page's row. */
export interface GridTableRow extends Row {
  /** The row's own account and currency where columns name them. */
  account: string | null;
  currency: string | null;
  /** Taken off the amount, or counted in it already: arithmetic tells. */
  fee: bigint;
}

export interface GridRegion {
  header: GridHeader & { page: number };
  rows: GridTableRow[];
  /** Indexes of the sheet's rows that the table takes, its continuation lines included. */
  own: number[];
  /** Lines above the header, for headings of accounts. */
  above: Line[];
  /** Lines of the file whose rows have an amount or a date that cannot be read: transactions that may be missing. */
  lost: number[];
}

/** Not booked, or taken back before it was. */
const NOT_BOOKED =
  /^(?:pending|declined|failed|reverted|cancel|rejected|blocked|authori[sz]ed|vorgemerkt|offen|pendiente|en attente|in attesa|geblokkeerd)/i;

/**
 * Reads the rows below a header up to the row `end`. Rows without numbers go on with the narration above them while
 * another row follows; other rows are none of the table's.
 */
export function readRegion(
  grid: Grid,
  header: GridHeader & { page: number },
  end: number,
  region: number,
  style: TableStyle,
): GridRegion {
  const table: GridRegion = { header, rows: [], own: [], above: [], lost: [] };
  let carried: PrintedDate | null = null;
  let waiting: number[] = [];
  let lost = false;
  for (let index = header.last + 1; index < end; index += 1) {
    const cells = grid.rows[index] ?? [];
    if (isNotBooked(cells, header, style)) {
      table.own.push(index);
      continue;
    }
    const row = readRow(cells, header, index, grid.lines[index] ?? index + 1, region, style);
    if (isLost(row, cells, header, style)) table.lost.push(row.line);
    if (row.cells.size > 0) {
      continueNarration(table, grid, waiting);
      waiting = [];
      carried = row.date ?? carried;
      row.date = carried;
      // A row whose amount cannot be read is missing: the one below it proves nothing.
      if (lost) row.unreadable = true;
      lost = false;
      table.rows.push(row);
      table.own.push(index);
    } else if (row.ownDate && row.unreadable) {
      const before = table.rows.at(-1);
      if (before !== undefined) before.unreadable = true;
      lost = true;
      table.own.push(index);
    } else if (row.ownDate) carried = row.date;
    else if (isContinuation(cells, header)) waiting.push(index);
    else if (cells.some((cell) => cell !== "")) waiting = [];
  }
  return table;
}

function isNotBooked(cells: readonly Cell[], { status }: GridHeader, style: TableStyle): boolean {
  const cell = status === null ? undefined : cells[status];
  return (
    typeof cell === "string" &&
    NOT_BOOKED.test(cell.trim()) &&
    cells.some((one) => dateOf(one, style) !== null)
  );
}

function readRow(
  cells: readonly Cell[],
  header: GridHeader & { page: number },
  index: number,
  line: number,
  region: number,
  style: TableStyle,
): GridTableRow {
  const { account, currency } = header;
  const own = currency === null ? null : currencyOf(cells[currency]);
  const found = sortCells(cells, header, own === null ? style : { ...style, exponent: minorDigits(own) });
  const description = withoutRepeats(found.words).join(" ");
  return {
    date: found.date,
    ownDate: found.date !== null,
    valueDate: found.valueDate,
    description,
    reference: found.references.filter((text) => /[^-0\s]/.test(text)).join(" ") || null,
    cells: found.amounts,
    mark: found.mark,
    side: null,
    unreadable: found.unreadable,
    word: balanceWord(description),
    page: header.page,
    line,
    region,
    lines: [toLine([], header.page, index + 1)],
    exact: true,
    account: account === null ? null : labelOf(cells[account] ?? "") || null,
    currency: own,
    fee: found.fee,
  };
}

/** What the cells of a row say, by the kinds of their columns. */
interface Sorted {
  date: PrintedDate | null;
  valueDate: PrintedDate | null;
  mark: Row["mark"];
  amounts: Map<string, Amount>;
  words: string[];
  references: string[];
  fee: bigint;
  /** A cell that should hold a date or an amount holds something else. */
  unreadable: boolean;
}

/** `2024-13-05`, `94JAN24`, `20240231`: no date, and nothing else; an amount there is a summary's. */
const LIKE_A_DATE = /^(?:\d{1,4}[-/.]\d{1,2}[-/.]\d|\d{1,2}[-/ ]?\p{L}{3,9}[-/ ,]{0,2}\d{2}|\d{8}$)/u;

function sortCells(cells: readonly Cell[], { columns }: GridHeader, style: TableStyle): Sorted {
  const found: Sorted = {
    date: null,
    valueDate: null,
    mark: null,
    amounts: new Map(),
    words: [],
    references: [],
    fee: 0n,
    unreadable: false,
  };
  columns.forEach((column, at) => {
    const cell = cells[at] ?? "";
    if (cell === "") return;
    if (column.kind === "date") {
      found.date = dateOf(cell, style);
      if (found.date === null) found.words.push(textOf(cell));
      if (isBadDate(cell, style)) found.unreadable = true;
    } else if (column.kind === "valueDate") found.valueDate = dateOf(cell, style);
    else if (column.kind === "mark" && column.of === "row") found.mark = markOf(cell);
    else if (column.kind === "mark") giveMark(found.amounts, "balance", markOf(cell));
    else if (column.kind === "fee") found.fee = feeOf(cell, style);
    else if (column.kind === "reference") found.references.push(textOf(cell));
    else if (column.kind === "text") found.words.push(textOf(cell));
    else if (column.kind === "money") {
      const amount = amountOf(cell, style);
      if (amount === "unreadable") found.unreadable = true;
      else if (amount !== null) found.amounts.set(column.id, amount);
    }
  });
  return found;
}

function isBadDate(cell: Cell, style: TableStyle): boolean {
  return dateOf(cell, style) === null && LIKE_A_DATE.test(textOf(cell));
}

/** A date without an amount that can be read, or an amount whose date is none: with a guess it would be somebody else's. */
function isLost(
  row: GridTableRow,
  cells: readonly Cell[],
  { columns }: GridHeader,
  style: TableStyle,
): boolean {
  if (row.cells.size === 0) return row.ownDate && row.unreadable;
  return columns.some(({ kind }, index) => kind === "date" && isBadDate(cells[index] ?? "", style));
}

function giveMark(amounts: Map<string, Amount>, id: string, mark: Amount["mark"]): void {
  const amount = amounts.get(id);
  if (amount !== undefined && amount.mark === null) amounts.set(id, { ...amount, mark });
}

function feeOf(cell: Cell, style: TableStyle): bigint {
  const amount = amountOf(cell, style);
  return amount === null || amount === "unreadable" ? 0n : abs(amount.minor);
}

/** `Rent` and `Rent May`: what another column says in full is said once. */
function withoutRepeats(words: readonly string[]): string[] {
  const said = words.filter((word) => word !== "");
  return said.filter(
    (word, index) =>
      !said.some((other, at) => at !== index && other.includes(word) && (other !== word || at < index)),
  );
}

/** Words in columns of text and nothing else. `Closing Balance` is a fact, and a single cell at the left may be a footer. */
function isContinuation(cells: readonly Cell[], { columns }: GridHeader): boolean {
  const filled = cells.map((cell, index) => (cell === "" ? -1 : index)).filter((index) => index >= 0);
  if (filled.length === 0 || filled.some((index) => columns[index]?.kind !== "text")) return false;
  return filled.every((index) => balanceWord(textOf(cells[index] ?? "")) === null);
}

function continueNarration(table: GridRegion, grid: Grid, waiting: readonly number[]): void {
  const row = table.rows.at(-1);
  if (row === undefined) return;
  for (const index of waiting) {
    const words = (grid.rows[index] ?? []).map(textOf).filter((text) => text !== "");
    row.description = [row.description, ...words].filter((text) => text !== "").join(" ");
    table.own.push(index);
  }
}
