import { amountCells } from "./cells.ts";
import { assignColumns, type Column, columnsOf } from "./columns.ts";
import { dateIn, leadingDate } from "./datecell.ts";
import { readDate } from "./dates.ts";
import { columnsByGeometry, type DatedLine } from "./geometry.ts";
import { type Header, headerAt, phrases } from "./header.ts";
import { commonHead } from "./page-head.ts";
import { readLine, type Scan, type TableLine, type TableStyle } from "./tableline.ts";
import type { Line, Word } from "./types.ts";
import { balanceWord, sideOf } from "./vocabulary.ts";

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
  /** What the title above says of its rows: American statements print deposits and withdrawals as tables of their own. */
  side: "dr" | "cr" | null;
}

/** A table that starts this far down a page without its header continues the one of the page before. */
const CONTINUES_ABOVE = 0.35;

/** What is misprinted in the head of one page is no row: so many lines may differ from the head above the first table. */
const MISPRINTED = 2;

/** Finds the tables on all pages: columns are learned per page, and carried to pages that do not name them. */
export function findTables(pages: readonly PageLines[], style: TableStyle): Region[] {
  const scans = scanPages(pages, style);
  const regions: Region[] = [];
  let carried: Column[] | null = null;
  let first: readonly Line[] = [];
  scans.forEach((lines, index) => {
    const { lines: page = [], height = 0 } = pages[index] ?? {};
    const above = pages[index - 1]?.lines ?? [];
    const head = Math.max(commonHead(above, page), commonHead(first, page, MISPRINTED));
    const found = pageRegions(lines, carried, { height, head }, style);
    if (carried === null) first = page.slice(0, Math.max(0, found[0]?.at ?? 0));
    regions.push(...found);
    carried = found.at(-1)?.columns ?? carried;
  });
  return regions;
}

/** The tables of a document whose headers we cannot read (pictures, unknown tongues), by where its numbers stand. */
export function findTablesByGeometry(pages: readonly PageLines[], style: TableStyle): Region[] {
  return regionsByGeometry(scanPages(pages, style), style);
}

interface PageLines {
  lines: readonly Line[];
  height: number;
}

function scanPages(pages: readonly PageLines[], style: TableStyle): Scan[][] {
  return pages.map((page) => page.lines.map((line) => ({ line, cells: amountCells(line.words, style) })));
}

function pageRegions(
  scans: readonly Scan[],
  carried: Column[] | null,
  { height, head }: { height: number; head: number },
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
  const begun = scans.slice(head, top?.first ?? scans.length);
  const goesOn = top === undefined || isContinued(begun, top, carried ?? [], height, style);
  if (carried !== null && goesOn && begun.length > 0) {
    const body = beforeSummary(begun, style);
    regions.push({ ...readRegion(body, carried, style), headed: false, at: -1, above: [], side: null });
  }
  headers.forEach((header, index) => {
    if (!header.table) return;
    const body = beforeSummary(
      scans.slice(header.last + 1, headers[index + 1]?.first ?? scans.length),
      style,
    );
    const above = lines.slice(index === 0 ? 0 : (headers[index - 1]?.last ?? 0) + 1, header.first);
    regions.push({
      ...readRegion(body, columnsOf(header.headings), style),
      headed: true,
      at: header.first,
      above,
      side: sideAbove(above),
    });
  });
  return regions;
}

/** The head of another account is no end of a table. */
const HEAD = /\b(?:account|a\/c|card|konto|rekening)\s?-?(?:no|number|nummer)\b|\biban\b|\bsort code\b/i;

/**
 * Rows above a header go on with the table before where they stand in its columns. Far down the page anything does
 * that names no other account.
 */
function isContinued(
  begun: readonly Scan[],
  top: Header,
  carried: readonly Column[],
  height: number,
  style: TableStyle,
): boolean {
  if (begun.some((scan) => isRowOf(scan, carried, style))) return true;
  return top.y1 > CONTINUES_ABOVE * height && !begun.some(({ line }) => HEAD.test(line.text));
}

/** A date in the column of dates, a number in line with those above. */
function isRowOf({ line, cells }: Scan, columns: readonly Column[], { dateOrder }: TableStyle): boolean {
  const date = cells.length > 0 ? dateIn(line.words, columns, "date", dateOrder) : null;
  return date !== null && cells.some((cell) => cell.amount.form !== "plain" && columns.some(({ edge }) => edge !== null && Math.abs(edge - cell.edge) <= IN_LINE)); // prettier-ignore
}

/** Right edges of one column differ by no more, in points. */
const IN_LINE = 3;

/**
 * A line that names both an opening and a closing balance heads a summary: the table ends there, unless a date follows.
 * On pages that carry on without a header a summary may stand above the rows.
 */
function beforeSummary(scans: readonly Scan[], style: TableStyle): readonly Scan[] {
  // From the end on: few lines are looked at.
  const last = scans.findLastIndex(({ line }) => leadingDate(line.words, style.dateOrder) !== null);
  const end = scans.findIndex(({ line }, index) => index > last && isSummary(line));
  return end < 0 ? scans : scans.slice(0, end);
}

function isSummary(line: Line): boolean {
  if (line.words.length < 4) return false;
  const texts = phrases(line.words).map((run) => run.map(({ text }) => text).join(" "));
  const words = new Set(texts.map(balanceWord));
  return words.has("opening") && (words.has("closing") || words.has("carried"));
}

function isDated({ line, cells }: Scan, style: TableStyle): boolean {
  return cells.length > 0 && leadingDate(line.words, style.dateOrder) !== null;
}

const TITLE_WITHIN = 3;
const TITLE_WORDS = 7;

function sideAbove(above: readonly Line[]): "dr" | "cr" | null {
  for (const line of above.slice(-TITLE_WITHIN).toReversed()) {
    const side = line.words.length <= TITLE_WORDS && !/\d/.test(line.text) ? sideOf(line.text) : null;
    if (side !== null) return side;
  }
  return null;
}

/** A header holds no amount and no date: `Statement From : 01/05/24` close above the titles is none of them. */
function isPlain(scan: Scan | undefined, style: TableStyle): boolean {
  if (scan === undefined || scan.line.words.length > 30) return false;
  if (scan.cells.some((cell) => cell.amount.form === "decimal")) return false;
  if (readDate(scan.line.text, style.dateOrder)?.form === "full") return false;
  return !scan.line.words.some(({ text }) => isFullDate(text, style));
}

function regionsByGeometry(pages: readonly (readonly Scan[])[], style: TableStyle): Region[] {
  const lines = pages.flat().flatMap((scan) => datedLine(scan, style) ?? []);
  if (lines.length === 0) return [];
  const columns = columnsByGeometry(lines);
  return pages.map((scans) => ({
    ...readRegion(beforeSummary(fromFirstRow(scans, style), style), columns, style),
    headed: false,
    at: -1,
    above: [],
    side: null,
  }));
}

function isFullDate(text: string, { dateOrder }: TableStyle): boolean {
  const date = /^\d/.test(text) ? readDate(text, dateOrder) : null;
  return date?.form === "full" && date.end === text.length;
}

function datedLine({ line: { words }, cells }: Scan, { dateOrder, exponent }: TableStyle): DatedLine | null {
  const whole = exponent === 0;
  const decimal = cells.filter(
    ({ amount }) => amount.form === "decimal" || (whole && amount.form !== "plain"),
  );
  const date = decimal.length > 0 ? leadingDate(words, dateOrder) : null;
  if (date === null) return null;
  const numbers = decimal.filter((cell) => cell.first > date.last);
  const behind = date.last + 1;
  const second = leadingDate(words.slice(behind), dateOrder);
  const value = second?.first === 0 && second.date.form === "full" ? behind + second.last : null;
  const text = value === null ? behind : value + 1;
  return {
    before: spanOf(words, 0, date.first),
    date: spanOf(words, date.first, behind) ?? { x0: 0, x1: 0 },
    valueDate: value === null ? null : spanOf(words, behind, value + 1),
    text: spanOf(words, text, endOfText(words, numbers[0]?.first ?? words.length)),
    numbers,
  };
}

/** Without the dashes of empty cells. */
function endOfText(words: readonly Word[], end: number): number {
  let last = end;
  while (last > 0 && /^[-–—]+$/.test(words[last - 1]?.text ?? "")) last -= 1;
  return last;
}

/** Lines of a table without a header stand no further apart than this many heights. */
const CLOSE = 1.2;

/** A table without a header starts with its first dated row, or with what stands close above it. */
function fromFirstRow(scans: readonly Scan[], style: TableStyle): readonly Scan[] {
  const isRow = (scan: Scan): boolean =>
    scan.cells.some(({ amount }) => amount.form !== "plain") && isDated(scan, style);
  let first = Math.max(0, scans.findIndex(isRow));
  for (; first > 0; first -= 1) {
    const [above, line] = [scans[first - 1]?.line, scans[first]?.line];
    if (above === undefined || line === undefined) break;
    if (line.y0 - above.y1 > CLOSE * (line.y1 - line.y0)) break;
  }
  return scans.slice(first);
}

/** Over the words from one index up to another, which is not included. */
function spanOf(words: readonly Word[], from: number, to: number): { x0: number; x1: number } | null {
  const [first, last] = [words[from], words[to - 1]];
  return to <= from || first === undefined || last === undefined ? null : { x0: first.x0, x1: last.x1 };
}

function readRegion(
  scans: readonly Scan[],
  named: readonly Column[],
  style: TableStyle,
): Pick<Region, "page" | "columns" | "lines"> {
  const cells = scans.map((scan) =>
    scan.cells.filter((cell) => cell.amount.form !== "plain" || style.exponent === 0),
  );
  const dated = scans.map((scan) => isDated(scan, style));
  const { columns, of, near } = assignColumns(named, cells, (line) => dated[line] === true);
  const lines = scans.map((scan) => {
    const word = scan.cells.length > 0 ? balanceWord(scan.line.text) : null;
    return readLine(scan, columns, word !== null && word !== "total" ? near : of, style);
  });
  return { page: scans[0]?.line.page ?? 0, columns, lines };
}
