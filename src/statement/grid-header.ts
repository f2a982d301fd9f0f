/** The headers of a sheet, wherever they stand. */
import { type Cell, dateOf, isText, type TableStyle } from "./grid-cells.ts";
import { type Columns, columnsOf, datedRows, guessColumns } from "./grid-columns.ts";
import { roleOfTitle } from "./grid-titles.ts";
import type { Role } from "./vocabulary.ts";

export interface GridHeader extends Columns {
  /** First and last row of the header (index). A guessed header takes no row: both are -1. */
  first: number;
  last: number;
  /** The titles as one text: tables with the same key go on with one another. */
  key: string;
}

type Rows = readonly (readonly Cell[])[];

interface Titles {
  first: number;
  last: number;
  texts: string[];
}

/** Every header of a sheet, top to bottom. It may stand anywhere, and be repeated. */
export function findHeaders(rows: Rows, style: TableStyle): GridHeader[] {
  const found: Titles[] = [];
  const roleOf = remembered(roleOfTitle);
  for (let index = 0; index < rows.length; index += 1) {
    const titles = titlesAt(rows, index, style, roleOf);
    if (titles === null) continue;
    found.push(titles);
    index = titles.last;
  }
  const headers: GridHeader[] = [];
  found.forEach(({ first, last, texts }, index) => {
    const body = rows.slice(last + 1, found[index + 1]?.first);
    headers.push({ ...columnsOf(texts, body, style), first, last, key: texts.join("|") });
  });
  return headers;
}

type RoleOf = (title: string) => ReturnType<typeof roleOfTitle>;

/** Most cells of a file that is no table say what others said before. */
const MOST_REMEMBERED = 20_000;

function remembered(read: RoleOf): RoleOf {
  const known = new Map<string, ReturnType<RoleOf>>();
  return (title) => {
    const before = known.get(title);
    if (before !== undefined) return before;
    const role = read(title);
    if (known.size < MOST_REMEMBERED) known.set(title, role);
    return role;
  };
}

/** The titles of a header of one row, or of two that are set one above the other. */
function titlesAt(rows: Rows, at: number, style: TableStyle, roleOf: RoleOf): Titles | null {
  const row = rows[at];
  if (row === undefined || !isPlain(row, style)) return null;
  const one = row.map(titleOf);
  const next = rows[at + 1];
  // A row above a whole header says something of the account.
  if (next !== undefined && isPlain(next, style) && !isTable(next.map(titleOf), roleOf)) {
    const width = Math.max(one.length, next.length);
    const two = Array.from({ length: width }, (_, index) =>
      `${one[index] ?? ""} ${titleOf(next[index] ?? "")}`.trim(),
    );
    if (isTable(two, roleOf) && score(two, roleOf) > score(one, roleOf))
      return { first: at, last: at + 1, texts: two };
  }
  return isTable(one, roleOf) ? { first: at, last: at, texts: one } : null;
}

const titleOf = (cell: Cell): string => (typeof cell === "string" ? cell.trim() : "");

/** `Amount (debits are negative, credits are positive)` is still a title. */
const LONGEST = 100;

/** No statement has more columns; exports of everything that a system knows have some fifty. */
const WIDEST = 300;

/** A header holds words: no date, no amount, nothing typed. Most rows are told by their first full cell. */
function isPlain(row: readonly Cell[], style: TableStyle): boolean {
  if (row.length > WIDEST) return false;
  let filled = 0;
  for (const cell of row) {
    if (cell === "") continue;
    if (!isText(cell) || cell.length > LONGEST || /^[-+]?\d/.test(cell) || dateOf(cell, style) !== null)
      return false;
    filled += 1;
  }
  return filled > 1;
}

const MONEY: readonly Role[] = ["debit", "credit", "amount", "balance", "mark"];

function isTable(titles: readonly string[], roleOf: RoleOf): boolean {
  const roles = new Set(titles.map(roleOf));
  const money = MONEY.filter((role) => roles.has(role)).length;
  if (money === 0 || titles.filter((title) => title !== "").length < 3) return false;
  // A list of daily balances says nothing of what moved.
  if (money === 1 && roles.has("balance")) return false;
  return roles.has("date") || roles.has("valueDate") || (roles.has("description") && money >= 2);
}

/** Columns named, each role once. */
function score(titles: readonly string[], roleOf: RoleOf): number {
  return new Set(titles.map(roleOf).filter((role) => role !== null && role !== "other")).size;
}

/** Rows that a guess must rest on. */
const FEW = 3;

/** The columns of a sheet without a header that we can read, or null. */
export function guessHeader(rows: Rows, style: TableStyle): GridHeader | null {
  const dated = datedRows(rows, style);
  const columns = dated.length < FEW ? null : guessColumns(dated, style);
  return columns && { first: -1, last: -1, columns, account: null, currency: null, status: null, key: "" };
}
