/** Which column of a sheet means what: by its header, and by what stands in it. */
import {
  amountOf,
  type Cell,
  currencyOf,
  dateOf,
  isText,
  markOf,
  type TableStyle,
  textOf,
} from "./grid-cells.ts";
import { fold, type Role, roleOf } from "./vocabulary.ts";

/** What a column gives to its rows; `id` names a column of money, as on a page. */
export type GridColumn =
  | { kind: "date" | "valueDate" | "reference" | "mark" | "text" | "extra" }
  | { kind: "money"; id: string }
  | { kind: "ignored" };

export interface GridHeader {
  /** First and last row of the header (index). A guessed header takes no row: both are -1. */
  first: number;
  last: number;
  columns: GridColumn[];
  /** Columns that name the row's own account, its currency, and whether it is booked. */
  account: number | null;
  currency: number | null;
  status: number | null;
  /** The titles as one text: tables with the same key go on with one another. */
  key: string;
}

type Rows = readonly (readonly Cell[])[];

/** Header words of Hindi statements; the other languages are in the vocabulary that pages share. */
const HINDI: readonly (readonly [Role, RegExp])[] = [
  ["valueDate", /मूल्य (?:तिथि|तारीख|दिनांक)/u],
  ["date", /तारीख|दिनांक|तिथि/u],
  ["balance", /शेष|बैलेंस/u],
  ["debit", /नामे|निकासी|आहरण|डेबिट/u],
  ["credit", /जमा|क्रेडिट/u],
  ["amount", /राशि|रकम/u],
  ["description", /विवरण|ब्यौरा|लेनदेन|लेन-देन/u],
  ["reference", /संदर्भ|चेक/u],
];

/** Who stands on the other side: words of the narration that pages print inside it. */
const PARTY =
  /(?:^| )(?:beneficiary|recipient|sender|empfanger|zahlungsempfanger|zahlungsbeteiligter|auftraggeber|begunstigter|beguenstigter|zahlungspflichtiger|beneficiaire|beneficiario|ordenante|tegenpartij|name|nom|nombre|nome|notes?|purpose|message|subject)(?= |$)/u;
/** Somebody else's account, or one's own: told apart by the words around. */
const OTHERS = /counter|gegen|tegen|beneficiary|empfang|begunst|payee|partner|other|dest|contre|zahlungs/u;
const ACCOUNT =
  /^(?:(?:own|my|from|your|bank|product|auftrags?) ?)?(?:account|acct|a c|iban|konto|rekening|rekeningnummer|kontonummer|compte|cuenta|conto|conta|card)(?: (?:no|nr|number|num|id|iban|bban|auftragskonto))?$|^iban (?:auftragskonto|bban)$/u;
const STATUS = /^(?:state|status|booking status|transaction status|estado|statut|stato|buchungsstatus)$/u;

/** Every header of a sheet, top to bottom. It may stand anywhere, and be repeated. */
export function findHeaders(rows: Rows, style: TableStyle): GridHeader[] {
  const headers: GridHeader[] = [];
  const starts: { first: number; last: number; titles: string[] }[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const found = titlesAt(rows, index, style);
    if (found === null) continue;
    starts.push(found);
    index = found.last;
  }
  starts.forEach(({ first, last, titles }, index) => {
    const body = rows.slice(last + 1, starts[index + 1]?.first);
    headers.push(headerOf(titles, body, first, last, style));
  });
  return headers;
}

const MONEY: readonly Role[] = ["debit", "credit", "amount", "balance", "mark"];

/** The titles of a header of one row, or of two that are set one above the other. */
function titlesAt(
  rows: Rows,
  at: number,
  style: TableStyle,
): { first: number; last: number; titles: string[] } | null {
  const row = rows[at];
  if (row === undefined || !isPlain(row, style)) return null;
  const one = row.map((cell) => (typeof cell === "string" ? cell.trim() : ""));
  const next = rows[at + 1];
  if (next !== undefined && isPlain(next, style)) {
    const two = Array.from({ length: Math.max(one.length, next.length) }, (_, index) => {
      const below = next[index];
      return `${one[index] ?? ""} ${typeof below === "string" ? below.trim() : ""}`.trim();
    });
    if (score(two) > score(one) && next.filter((cell) => cell !== "").length > 1 && isTable(two))
      return { first: at, last: at + 1, titles: two };
  }
  return isTable(one) ? { first: at, last: at, titles: one } : null;
}

/** A header holds words: no date, no amount, nothing typed. Most rows are told by their first full cell. */
function isPlain(row: readonly Cell[], style: TableStyle): boolean {
  let filled = 0;
  for (const cell of row) {
    if (cell === "") continue;
    if (!isText(cell) || cell.length > 60 || /^[-+]?\d/.test(cell) || dateOf(cell, style) !== null)
      return false;
    filled += 1;
  }
  return filled > 1;
}

function isTable(titles: readonly string[]): boolean {
  const roles = new Set(titles.map(roleOfTitle));
  const has = (role: Role): boolean => roles.has(role);
  const money = MONEY.filter(has).length;
  if (money === 0 || titles.filter((title) => title !== "").length < 3) return false;
  return has("date") || has("valueDate") || (has("description") && money >= 2);
}

/** Columns named, each role once. */
function score(titles: readonly string[]): number {
  return new Set(titles.map(roleOfTitle).filter((role) => role !== null && role !== "other")).size;
}

function roleOfTitle(title: string): Role | null {
  const role = roleOf(title.replaceAll("_", " "));
  return role ?? HINDI.find(([, pattern]) => pattern.test(title))?.[0] ?? null;
}

/** Rows looked at to tell what a column holds. */
const SAMPLE = 500;

function headerOf(
  titles: readonly string[],
  body: Rows,
  first: number,
  last: number,
  style: TableStyle,
): GridHeader {
  const sample = body.slice(0, SAMPLE);
  const filled = (index: number): Cell[] =>
    sample.map((row) => row[index] ?? "").filter((cell) => cell !== "");
  const header: GridHeader = {
    first,
    last,
    columns: [],
    account: null,
    currency: null,
    status: null,
    key: titles.join("|"),
  };
  const used = new Set<string>();
  titles.forEach((title, index) => {
    const column = columnOf(title, filled(index), used, style);
    header.columns.push(column);
    const folded = fold(title.replaceAll("_", " "));
    if (ACCOUNT.test(folded) && !OTHERS.test(folded)) header.account ??= index;
    if (STATUS.test(folded)) header.status ??= index;
    const cells = filled(index);
    const isForeign = /original|foreign|transaction|local|exchange/.test(folded);
    if (!isForeign && cells.length > 0 && cells.every((cell) => currencyOf(cell) !== null))
      header.currency ??= index;
  });
  for (const index of [header.account, header.currency, header.status])
    if (index !== null && header.columns[index]?.kind !== "money")
      header.columns[index] = { kind: "ignored" };
  return settle(header, used, filled);
}

/** One column by its title, where what stands in it does not speak against that. */
function columnOf(title: string, cells: readonly Cell[], used: Set<string>, style: TableStyle): GridColumn {
  const role = roleOfTitle(title);
  const money = (id: string): GridColumn => {
    let name = id;
    while (used.has(name)) name += "+";
    used.add(name);
    return { kind: "money", id: name };
  };
  if (role === "date" || role === "valueDate") {
    const kind = used.has("date") && role === "date" ? "valueDate" : role;
    if (used.has(kind) || !mostly(cells, (cell) => dateOf(cell, style) !== null)) return { kind: "extra" };
    used.add(kind);
    return { kind };
  }
  if (role === "mark" || role === "other") {
    if (role === "mark" && mostly(cells, (cell) => isAmount(cell, style))) return money("amount");
    return { kind: cells.length > 0 && cells.every((cell) => markOf(cell) !== null) ? "mark" : "ignored" };
  }
  if (role === "debit" || role === "credit" || role === "amount" || role === "balance") {
    return cells.length === 0 || cells.some((cell) => isAmount(cell, style))
      ? money(role)
      : { kind: "extra" };
  }
  if (role === "reference" || role === "serial")
    return { kind: role === "reference" ? "reference" : "ignored" };
  // `Transaction Type: DEBIT`; a single letter may be somebody's whole narration.
  if (role === "description" && mostly(cells, (cell) => textOf(cell).length > 1 && markOf(cell) !== null))
    return { kind: "mark" };
  if (role === "description" || PARTY.test(fold(title))) return { kind: "text" };
  return { kind: "extra" };
}

function mostly(cells: readonly Cell[], test: (cell: Cell) => boolean): boolean {
  return cells.length > 0 && cells.filter(test).length > 0.6 * cells.length;
}

function isAmount(cell: Cell, style: TableStyle): boolean {
  const amount = amountOf(cell, style);
  return amount !== null && amount !== "unreadable";
}

/** A lone value date is the booking date; a column of marks counts only beside one column of amounts. */
function settle(
  header: GridHeader,
  used: ReadonlySet<string>,
  filled: (index: number) => Cell[],
): GridHeader {
  const { columns } = header;
  if (!used.has("date")) {
    const index = columns.findIndex(({ kind }) => kind === "valueDate");
    if (index >= 0) columns[index] = { kind: "date" };
  }
  const single = used.has("amount") && !used.has("debit") && !used.has("credit");
  columns.forEach((column, index) => {
    if (column.kind === "mark" && !single) columns[index] = { kind: "ignored" };
    const isMark =
      column.kind === "extra" &&
      single &&
      filled(index).length > 1 &&
      filled(index).every((cell) => markOf(cell) !== null);
    if (isMark) columns[index] = { kind: "mark" };
  });
  // Without a narration by name, what we cannot name is the narration.
  if (!columns.some(({ kind }) => kind === "text"))
    columns.forEach((column, index) => {
      if (column.kind === "extra") columns[index] = { kind: "text" };
    });
  return header;
}

/** Rows that a guess must rest on. */
const FEW = 3;

/** Columns of a sheet without a header that we can read: dates, money, and words, by what most rows hold. */
export function guessHeader(rows: Rows, style: TableStyle): GridHeader | null {
  const dated = rows.slice(0, SAMPLE).filter((row) => row.some((cell) => dateOf(cell, style) !== null));
  const width = Math.max(0, ...dated.map((row) => row.length));
  if (dated.length < FEW) return null;
  const columns: GridColumn[] = [];
  let dates = 0;
  let money = 0;
  for (let index = 0; index < width; index += 1) {
    const cells = dated.map((row) => row[index] ?? "").filter((cell) => cell !== "");
    if (cells.length > 0.9 * dated.length && mostly(cells, (cell) => dateOf(cell, style) !== null)) {
      dates += 1;
      columns.push({ kind: dates === 1 ? "date" : dates === 2 ? "valueDate" : "ignored" });
    } else if (
      cells.length > 0 &&
      cells.every((cell) => amountOf(cell, style) !== "unreadable") &&
      cells.some((cell) => isMoney(cell, style))
    ) {
      money += 1;
      columns.push({ kind: "money", id: `c${money}` });
    } else columns.push({ kind: "text" });
  }
  if (dates === 0 || money === 0) return null;
  return { first: -1, last: -1, columns, account: null, currency: null, status: null, key: "" };
}

/** Digits alone may be anything; a stored number or one with decimals is money sooner. */
function isMoney(cell: Cell, style: TableStyle): boolean {
  const amount = amountOf(cell, style);
  if (amount === null || amount === "unreadable") return false;
  return isText(cell) ? /[.,]\d/.test(cell) : true;
}
