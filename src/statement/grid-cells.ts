/** What one cell says: a date, an amount, or words. */
import type { NumberStyle } from "./cells.ts";
import { type PrintedDate, readDate } from "./dates.ts";
import { exactMinor, isPlausible, storedMinor } from "./exact.ts";
import { printedDate } from "./ledger.ts";
import { type Amount, parseAmount } from "./money.ts";
import type { TableStyle } from "./tableline.ts";
import { foldSpaces } from "./text.ts";

export type { TableStyle } from "./tableline.ts";

/** Words (empty where nothing stands), a number as the workbook stores it, or a date that the workbook types as one. */
export type Cell = string | { number: string } | { date: Temporal.PlainDate };

export function isText(cell: Cell): cell is string {
  return typeof cell === "string";
}

/** For people, and for what is read around the tables. */
export function textOf(cell: Cell): string {
  if (typeof cell === "string") return foldSpaces(cell);
  return "number" in cell ? cell.number : cell.date.toString();
}

/** `Ending balance as of 01/31/2024`: the amount stands in another cell, and the label must reach up to it. */
const AS_OF =
  /^((?:opening|beginning|starting|closing|ending|total) [a-z ]{4,20}?) (?:as )?(?:of|on|at) [\d./-]{8,10}$/i;

/** Labels of Hindi files in the words by which pages print them; the rest of such pages is bilingual. */
const HINDI_LABELS: readonly (readonly [RegExp, string])[] = [
  [/^खाता (?:संख्या|नंबर|क्रमांक)/u, "Account Number"],
  [/^(?:खाताधारक|खाता धारक)(?: का नाम)?/u, "Account Name"],
  [/^(?:प्रारंभिक|आरंभिक|प्रारम्भिक) शेष/u, "Opening Balance"],
  [/^(?:अंतिम|अन्तिम) शेष/u, "Closing Balance"],
];

function inEnglish(text: string): string {
  const found = HINDI_LABELS.find(([pattern]) => pattern.test(text));
  return found === undefined ? text : text.replace(found[0], found[1]);
}

/**
 * What stands around a table, in the shape in which pages print it: `_0000123` and `'30-99-99` are written so to stay
 * texts, `( INR )` and `Account No - 123` by bad templates.
 */
export function labelOf(cell: Cell): string {
  return inEnglish(textOf(cell))
    .replace(/^['_](?=\d)/, "")
    .replace(/\(\s*([A-Z]{3})\s*\)/g, "($1)")
    .replace(/\b(no|number|name)\b\.? ?:?- (?=\S)/i, "$1: ")
    .replace(AS_OF, "$1");
}

/** No statement has more columns; a row made to fail may have a million. */
const WIDEST = 100;

const MONEY_WORD = /balance|saldo|solde|kontostand|amount|debit|credit|withdraw|deposit|paid|total/i;
const COUNT_WORD = /count|number|\bno\b|\bnos\b|items|anzahl|aantal/i;

/**
 * A row outside the tables as pages print it. A stored whole number beside or below words of money is money, and
 * printed with decimals it is known as that: `Opening Balance | 10`.
 */
export function labelsOf(row: readonly Cell[], above: readonly Cell[] | undefined): string[] {
  let words = "";
  return row.slice(0, WIDEST).map((cell, index) => {
    const text = labelOf(cell);
    if (typeof cell === "string") {
      if (cell !== "") words = text;
      return text;
    }
    const up = above?.[index];
    const label = words === "" && up !== undefined ? textOf(up) : words;
    const isMoney =
      "number" in cell && /^-?\d+$/.test(text) && MONEY_WORD.test(label) && !COUNT_WORD.test(label);
    return isMoney ? `${text}.00` : text;
  });
}

/** The currency that the cell's own amount carries: `€ 5.00`; of a bare dollar `$`. */
export function carriedCurrency(cell: Cell, { decimal, exponent }: NumberStyle): string | null {
  if (typeof cell !== "string" || cell.length > 24 || !/\d/.test(cell)) return null;
  const amount = parseAmount(cell, decimal, exponent);
  if (amount === null) return null;
  return amount.currency ?? (cell.includes("$") ? "$" : null);
}

/** `20240131142500`, as some systems write a moment. */
const MOMENT = /^((?:19|20)\d{6})\d{4,6}$/;

/** The date with which the cell begins; what follows it is a time of day, or there is none. */
export function dateOf(cell: Cell | undefined, { dateOrder }: TableStyle): PrintedDate | null {
  if (cell === undefined || cell === "") return null;
  if (typeof cell !== "string")
    return "date" in cell ? printedDate(cell.date) : dayNumber(cell.number, dateOrder);
  const text = cell.trim().replace(MOMENT, "$1");
  const date = readDate(text, dateOrder);
  if (date === null) return null;
  const rest = text.slice(date.end);
  return rest === "" || /^\s*(?:[\s(,.]|T?\d\d:|Z$|[+-]\d\d:?\d\d$)/.test(rest) ? date : null;
}

/** `20240131` typed as a number. */
function dayNumber(number: string, dateOrder: TableStyle["dateOrder"]): PrintedDate | null {
  return /^(?:19|20)\d{6}$/.test(number) ? readDate(number, dateOrder) : null;
}

/** What stands where there is no amount. */
const EMPTY = /^(?:[-–—.\s]*|n\/?a|nil|null|none|\*+)$/i;
const BARE = /^[-+]?\d+$/;

/**
 * The cell of a column of money. `null` where it is empty or a mark for nothing; `unreadable` where something stands
 * there that is no amount.
 */
export function amountOf(cell: Cell | undefined, style: NumberStyle): Amount | "unreadable" | null {
  if (cell === undefined) return null;
  const { decimal, exponent } = style;
  if (typeof cell !== "string") {
    const minor = "number" in cell ? storedMinor(cell.number, exponent) : null;
    return minor === null ? "unreadable" : plain(minor);
  }
  const text = cell.trim();
  if (EMPTY.test(text) || /^\p{Sc}?\s*-+$/u.test(text)) return null;
  // Four decimals, of which the last two are nothing: `1200.0000`.
  const short = text.replace(/([.,]\d{2})0+$/, "$1");
  const amount = parseAmount(short, decimal, exponent) ?? parseAmount(text, decimal, exponent);
  if (amount !== null) return isPlausible(amount.minor) ? amount : "unreadable";
  // In a column of amounts digits alone are one, however many.
  const bare = BARE.test(text) ? exactMinor(text, exponent) : null;
  return bare === null ? "unreadable" : plain(bare);
}

function plain(minor: bigint): Amount {
  return { minor, mark: null, currency: null, form: "decimal" };
}

const MARKS: readonly (readonly ["dr" | "cr", RegExp])[] = [
  ["dr", /^\(?(?:d|dr|db|dbit|debit|debet|debito|débit|débito|dare|soll|s|af|uit|out|withdrawal|-)\.?\)?$/i],
  ["cr", /^\(?(?:c|cr|crdt|credit|kredit|credito|crédit|crédito|avere|haben|h|bij|in|deposit|\+)\.?\)?$/i],
];

/** Whether a cell is nothing but the side of its row: `Dr`, `CREDIT`, `Af`, `H`. */
export function markOf(cell: Cell | undefined): "dr" | "cr" | null {
  if (typeof cell !== "string") return null;
  const text = cell.trim();
  if (text.length > 12) return null;
  return MARKS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/** ISO 4217, as far as amounts may carry it. */
export function currencyOf(cell: Cell | undefined): string | null {
  if (typeof cell !== "string" || !/^[A-Z]{3}$/.test(cell.trim())) return null;
  return parseAmount(`1 ${cell.trim()}`, ".")?.currency ?? null;
}
