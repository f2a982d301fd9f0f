/** Sheets of cells (XLSX, CSV) to statements: columns are known exactly, the rest is read as on a page. */
import { minorDigits } from "./currency.ts";
import { detectDateOrder } from "./dates.ts";
import { readFacts } from "./facts.ts";
import {
  carriedCurrency,
  type Cell,
  dateOf,
  isText,
  labelOf,
  labelsOf,
  type TableStyle,
} from "./grid-cells.ts";
import { findHeaders, guessHeader, type GridHeader } from "./grid-header.ts";
import { columnEdges, toLine } from "./grid-lines.ts";
import { type GridRegion, readRegion } from "./grid-rows.ts";
import { splitByKey } from "./grid-split.ts";
import { detectDecimalMark } from "./money.ts";
import { statementsOf } from "./read.ts";
import type { Row } from "./rows.ts";
import type { Region } from "./table.ts";
import type { DocumentMetadata, Line, Statement } from "./types.ts";
import { TooLarge, Unreadable } from "./unreadable.ts";

export type { Cell } from "./grid-cells.ts";

/** One sheet. A row's place is its line in the file, or its number in the sheet. */
export interface Grid {
  rows: readonly (readonly Cell[])[];
  /** 1-based, one for each row. */
  lines: readonly number[];
}

const MOST_CELLS = 3_000_000;
/** Rows at either end of a sheet that may say whose account it is. */
const AROUND = 300;

/**
 * Every statement of a workbook. Sheets are read one by one; what stands on sheets without a table belongs to the
 * table's. Without a header that we know, dates and numbers show the columns, and only arithmetic makes a table of them.
 */
export function readGrids(grids: readonly Grid[], metadata: DocumentMetadata): Statement[] {
  const cells = grids.reduce((sum, { rows }) => sum + rows.reduce((all, row) => all + row.length, 0), 0);
  if (cells > MOST_CELLS) throw new TooLarge("The file holds more cells than any statement does");
  const style = styleOf(grids);
  const headers = grids.map((grid) => findHeaders(grid.rows, style));
  if (headers.some((found) => found.length > 0)) return readSheets(grids, headers, style, metadata);
  const guessed = grids.map((grid) => {
    const header = guessHeader(grid.rows, style);
    return header === null ? [] : [header];
  });
  const found = readSheets(grids, guessed, style, metadata);
  return found.filter(({ verification }) => verification.status !== "unverifiable");
}

/** How the file writes numbers and dates. Typed cells are in no doubt and have no say. */
function styleOf(grids: readonly Grid[]): TableStyle {
  const texts = grids.flatMap(({ rows }) => rows.flatMap((row) => row.filter(isText)));
  const short = texts.filter((text) => text.length > 0 && text.length <= 40);
  return {
    // `12,5` is written without its last zero.
    decimal: detectDecimalMark(short.map((text) => text.replace(/^([-+]?\d[\d.,' ]*[.,]\d)$/, "$10"))),
    dateOrder: detectDateOrder(short.filter((text) => /^\d{1,4}[-/.]/.test(text))),
    exponent: minorDigits(null),
  };
}

interface Sheet {
  grid: Grid;
  headers: GridHeader[];
  page: number;
}

function readSheets(
  grids: readonly Grid[],
  headers: readonly GridHeader[][],
  style: TableStyle,
  metadata: DocumentMetadata,
): Statement[] {
  const sheets = grids.map((grid, index): Sheet => ({
    grid,
    headers: headers[index] ?? [],
    page: index + 1,
  }));
  const bare = sheets.filter((sheet) => sheet.headers.length === 0);
  const document = { pages: grids.map((_, index) => emptyPage(index + 1)), metadata };
  return joined(sheets.filter((sheet) => sheet.headers.length > 0)).flatMap((group) => {
    const all = [...bare, ...group].toSorted((a, b) => a.page - b.page);
    const currency = currencyOf(all, style);
    const own = { ...style, exponent: minorDigits(currency) };
    const read = all.map((sheet) => readSheet(sheet, own));
    const lines = read.flatMap((sheet) => sheet.lines);
    const regions = read.flatMap((sheet) => sheet.regions);
    const rows = read.flatMap((sheet) => sheet.rows);
    let before = 0;
    for (const sheet of read) {
      for (const row of sheet.rows) row.region += before;
      before += sheet.regions.length;
    }
    const tables = regions.map(({ above, header }): Region => ({ ...NO_REGION, above, page: header.page }));
    const part = (some: readonly Row[]): Statement[] => statementsOf(document, lines, tables, some, own);
    const statements = splitByKey(rows, regions, part);
    const signed =
      group.every(({ headers }) => headers.every(hasOneAmount)) &&
      rows.every(({ cells, mark }) => mark === null && (cells.get("amount")?.minor ?? 0n) >= 0n);
    if (signed) statements.forEach(takeAsSigned);
    if (isLost(statements, regions)) return [];
    for (const statement of statements) {
      statement.currency ??= currency;
      statement.pages = { from: all[0]?.page ?? 1, to: all.at(-1)?.page ?? 1 };
    }
    return statements;
  });
}

/**
 * A transaction that cannot be read must not be passed over: where no break shows it, the file is refused. Columns
 * that were guessed were guessed wrongly.
 */
function isLost(statements: readonly Statement[], regions: readonly GridRegion[]): boolean {
  const region = regions.find(({ lost }) => lost.length > 0);
  if (region === undefined || statements.some(({ verification }) => verification.status === "broken"))
    return false;
  if (region.header.first >= 0) throw new Unreadable("the amount or the date", region.lost[0] ?? 0);
  return true;
}

function hasOneAmount({ columns }: GridHeader): boolean {
  const ids = new Set(columns.map((column) => (column.kind === "money" ? column.id : null)));
  return ids.has("amount") && !ids.has("debit") && !ids.has("credit");
}

/**
 * On paper, amounts without any sign are what was spent, unless a balance tells. In a file that could write a minus
 * they came in, if no row that is proven went out. Nothing proves the others, and their proof says so.
 */
function takeAsSigned({ transactions }: Statement): void {
  if (transactions.some(({ proof, direction }) => proof !== "none" && direction === "debit")) return;
  for (const transaction of transactions) transaction.direction = "credit";
}

const NO_REGION = { columns: [], headed: true, lines: [], at: 0, side: null };

const emptyPage = (number: number) => ({ number, width: 0, height: 0, words: [] });

/** A sheet with nothing above its header, and the header of the one before, goes on with it. */
function joined(sheets: readonly Sheet[]): Sheet[][] {
  const groups: Sheet[][] = [];
  for (const sheet of sheets) {
    const before = groups.at(-1)?.at(-1);
    const [first] = sheet.headers;
    const alone = sheet.grid.rows.slice(0, first?.first).every((row) => row.every((cell) => cell === ""));
    if (before !== undefined && alone && first?.key === before.headers.at(-1)?.key)
      groups.at(-1)?.push(sheet);
    else groups.push([sheet]);
  }
  return groups;
}

/** Named above the table, in a header (`Amount (EUR)`), or in a column of its own. */
function currencyOf(sheets: readonly Sheet[], style: TableStyle): string | null {
  for (const { grid, headers } of sheets) {
    const last = headers[0]?.last ?? AROUND;
    const texts = grid.rows.slice(0, last + 1).map((row, index) => labelsOf(row, grid.rows[index - 1]));
    const edges = columnEdges(texts);
    const { currency } = readFacts(texts.map((row, index) => toLine(row, 1, index + 1, edges)), style); // prettier-ignore
    const column = headers[0]?.currency;
    const named = column === undefined || column === null ? undefined : grid.rows[last + 1]?.[column];
    const found =
      currency ??
      (typeof named === "string" && /^[A-Z]{3}$/.test(named) ? named : null) ??
      carried(grid.rows.slice(last + 1, last + 1 + AROUND), style);
    if (found !== null) return found;
  }
  return null;
}

/** What the amounts of the table carry, if all carry the same. A bare dollar with the month first is an American's. */
function carried(rows: Grid["rows"], style: TableStyle): string | null {
  const found = new Set(rows.flatMap((row) => row.map((cell) => carriedCurrency(cell, style))));
  found.delete(null);
  const [only, other] = found;
  if (only === undefined || only === null || other !== undefined) return null;
  if (only === "$") return style.dateOrder === "mdy" ? "USD" : null;
  return only;
}

/** A row's place in its sheet: its line there is the row's number. */
function indexOf({ lines }: Row): number {
  return (lines[0]?.line ?? 1) - 1;
}

interface ReadSheet {
  lines: Line[];
  regions: GridRegion[];
  rows: Row[];
}

const NAMES_ACCOUNT = /\b(?:account|a\/c|acct|card|iban|konto|rekening|compte|cuenta|conta|conto)/i;

/** A table ends at the next header, or at the account that the next table is of. */
function endOf({ rows }: Grid, from: number, next: number | null, style: TableStyle): number {
  if (next === null) return rows.length;
  const isDated = (row: readonly Cell[]): boolean => row.some((cell) => dateOf(cell, style) !== null);
  const last = rows.slice(from, next).findLastIndex(isDated);
  const named = rows
    .slice(from + last + 1, next)
    .findIndex((row) => row.some((cell) => isText(cell) && NAMES_ACCOUNT.test(cell)) && row.some((cell) => /\d{3}/.test(labelOf(cell)))); // prettier-ignore
  return named < 0 ? next : from + last + 1 + named;
}

/** The sheet's tables, and as lines what stands around them. */
function readSheet({ grid, headers, page }: Sheet, style: TableStyle): ReadSheet {
  const regions = headers.map((header, index) => {
    const end = endOf(grid, header.last + 1, headers[index + 1]?.first ?? null, style);
    return readRegion(grid, { ...header, page }, end, index, style);
  });
  const rows = regions.flatMap((region) => region.rows);
  // Titles are no labels: `Name` beside `Emoji` names nobody.
  const titles = headers.flatMap(({ first, last }) => (first < 0 ? [] : [first, last]));
  const inTable = new Set([...titles, ...regions.flatMap((region) => region.own)]);
  const around = grid.rows.map((_, index) => index).filter((index) => !inTable.has(index));
  // A row without a date may be a summary's: what it says counts among the facts, too.
  const loose = rows.filter((row) => !row.ownDate && row.word === null);
  const kept = new Set([...around.slice(0, AROUND), ...around.slice(-AROUND)]);
  const texts = new Map(
    [...kept, ...loose.map(indexOf)].map((index) => [
      index,
      labelsOf(grid.rows[index] ?? [], grid.rows[index - 1]),
    ]),
  );
  const edges = columnEdges([...texts.values()]);
  const lineAt = (index: number): Line => toLine(texts.get(index) ?? [], page, index + 1, edges);
  for (const row of loose) row.lines = [lineAt(indexOf(row))];
  const own = new Map(rows.map((row) => [indexOf(row), row.lines[0]] as const));
  const lines = grid.rows
    .map((_, index) => own.get(index) ?? (kept.has(index) ? lineAt(index) : undefined))
    .filter((line) => line !== undefined);
  regions.forEach((region, index) => {
    const from = headers[index - 1]?.last ?? -1;
    region.above = lines.filter(
      ({ line }) => line > from + 1 && line <= region.header.first && kept.has(line - 1),
    );
  });
  return { lines, regions, rows };
}
