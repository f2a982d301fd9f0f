/** Which column of a sheet means what: by its title, where what stands in it does not speak against that. */
import { amountOf, type Cell, currencyOf, dateOf, markOf, type TableStyle, textOf } from "./grid-cells.ts";
import { hasUnclearAccounts, readTitle, type Title } from "./grid-titles.ts";

/** What a column gives to its rows; `id` names a column of money, as on a page. */
export type GridColumn =
  | { kind: "date" | "valueDate" | "reference" | "text" | "fee" | "extra" | "ignored" }
  | { kind: "money"; id: string }
  /** A side (`Dr`, `Cr`): of the row, or of the balance left of it. */
  | { kind: "mark"; of: "row" | "balance" };

export interface Columns {
  columns: GridColumn[];
  /** Columns that name the row's own account, its currency, and whether it is booked. */
  account: number | null;
  currency: number | null;
  status: number | null;
}

/** Rows looked at to tell what a column holds. */
const SAMPLE = 500;

/** The first rows that hold a date: not the lines between and below. */
export function datedRows(rows: readonly (readonly Cell[])[], style: TableStyle): (readonly Cell[])[] {
  const dated = rows.slice(0, 3 * SAMPLE).filter((row) => row.some((cell) => dateOf(cell, style) !== null));
  return dated.slice(0, SAMPLE);
}

/** @param body the rows below the header */
export function columnsOf(
  texts: readonly string[],
  body: readonly (readonly Cell[])[],
  style: TableStyle,
): Columns {
  const titles = texts.map(readTitle);
  const sample = datedRows(body, style);
  const filled = texts.map((_, index) => sample.map((row) => row[index] ?? "").filter((cell) => cell !== ""));
  const used = new Set<string>();
  const others = titles.filter(({ role, begun }) => role === "date" && !begun).length;
  const columns = titles.map((title, index) =>
    title.begun && others > 0 ? EXTRA : columnOf(title, filled[index] ?? [], used, style),
  );
  const unclear = hasUnclearAccounts(texts);
  const named = {
    account: indexOf(titles, ({ account, own }) => account && (own || !unclear)),
    status: indexOf(titles, ({ status }) => status),
    currency: indexOf(titles, ({ foreign }, index) => !foreign && all(filled[index], (cell) => currencyOf(cell) !== null)), // prettier-ignore
  };
  for (const index of Object.values(named))
    if (index !== null && columns[index]?.kind !== "money") columns[index] = { kind: "ignored" };
  return { ...named, columns: settle(columns, filled) };
}

const EXTRA: GridColumn = { kind: "extra" };

function indexOf(titles: readonly Title[], test: (title: Title, index: number) => boolean): number | null {
  const index = titles.findIndex(test);
  return index < 0 ? null : index;
}

function all(cells: readonly Cell[] | undefined, test: (cell: Cell) => boolean): boolean {
  return cells !== undefined && cells.length > 0 && cells.every(test);
}

/** More than half: totals and notes between the rows are none of the column's. */
function mostly(cells: readonly Cell[], test: (cell: Cell) => boolean): boolean {
  return cells.length > 0 && cells.filter(test).length > 0.6 * cells.length;
}

function isAmount(cell: Cell, style: TableStyle): boolean {
  const amount = amountOf(cell, style);
  return amount !== null && amount !== "unreadable";
}

const isMark = (cell: Cell): boolean => markOf(cell) !== null;

function columnOf({ role }: Title, cells: readonly Cell[], used: Set<string>, style: TableStyle): GridColumn {
  const money = (id: string): GridColumn => {
    let name = id;
    while (used.has(name)) name += "+";
    used.add(name);
    return { kind: "money", id: name };
  };
  switch (role) {
    case "date":
    case "valueDate": {
      const kind = used.has("date") && role === "date" ? "valueDate" : role;
      if (used.has(kind) || !mostly(cells, (cell) => dateOf(cell, style) !== null)) return EXTRA;
      used.add(kind);
      return { kind };
    }
    case "debit":
    case "credit":
    case "amount":
    case "balance":
      return cells.length === 0 || cells.some((cell) => isAmount(cell, style)) ? money(role) : EXTRA;
    case "mark":
      if (mostly(cells, (cell) => isAmount(cell, style))) return money("amount");
      return all(cells, isMark) ? { kind: "mark", of: "row" } : { kind: "ignored" };
    case "other":
      return all(cells, isMark) ? { kind: "mark", of: "row" } : { kind: "ignored" };
    case "fee":
    case "reference":
      return { kind: role };
    case "serial":
      return { kind: "ignored" };
    case "description":
      // `Details: DEBIT`; a single letter may be somebody's whole narration.
      if (mostly(cells, (cell) => textOf(cell).length > 1 && isMark(cell)))
        return { kind: "mark", of: "row" };
      return { kind: "text" };
    case "party":
      return { kind: "text" };
    case null:
      return EXTRA;
  }
}

/** What only all columns together tell. */
function settle(columns: readonly GridColumn[], filled: readonly Cell[][]): GridColumn[] {
  const ids = new Set(columns.map((column) => (column.kind === "money" ? column.id : null)));
  const dated = columns.some(({ kind }) => kind === "date");
  const worded = columns.some(({ kind }) => kind === "text");
  const single = ids.has("amount") && !ids.has("debit") && !ids.has("credit");
  let left = "";
  return columns.map((column, index): GridColumn => {
    // A lone value date is the booking date.
    if (column.kind === "valueDate" && !dated) return { kind: "date" };
    const marked = column.kind === "mark" || (column.kind === "extra" && single && (filled[index]?.length ?? 0) > 1 && all(filled[index], isMark)); // prettier-ignore
    if (marked && left.startsWith("balance")) return { kind: "mark", of: "balance" };
    // A side counts only beside a single column of amounts.
    if (marked) return single ? { kind: "mark", of: "row" } : { kind: "ignored" };
    if (column.kind === "money") left = column.id;
    // Without a narration by name, what we cannot name is the narration.
    return column.kind === "extra" && !worded ? { kind: "text" } : column;
  });
}

/** Columns of a table without a header that we can read: dates, money, and words, by what the dated rows hold. */
export function guessColumns(dated: readonly (readonly Cell[])[], style: TableStyle): GridColumn[] | null {
  const width = dated.reduce((most, row) => Math.max(most, row.length), 0);
  const columns: GridColumn[] = [];
  let dates = 0;
  let money = 0;
  for (let index = 0; index < width; index += 1) {
    const cells = dated.map((row) => row[index] ?? "").filter((cell) => cell !== "");
    if (cells.length > 0.9 * dated.length && mostly(cells, (cell) => dateOf(cell, style) !== null)) {
      dates += 1;
      columns.push({ kind: dates === 1 ? "date" : dates === 2 ? "valueDate" : "ignored" });
    } else if (
      all(cells, (cell) => amountOf(cell, style) !== "unreadable") &&
      cells.some((cell) => isMoney(cell, style))
    ) {
      money += 1;
      columns.push({ kind: "money", id: `c${money}` });
    } else columns.push({ kind: "text" });
  }
  return dates > 0 && money > 0 ? columns : null;
}

/** Digits alone may be anything; a stored number or one with decimals is money sooner. */
function isMoney(cell: Cell, style: TableStyle): boolean {
  return isAmount(cell, style) && (typeof cell !== "string" || /[.,]\d/.test(cell));
}
