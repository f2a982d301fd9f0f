/** What stands in a cell: text that stays text, amounts and dates that a spreadsheet can reckon with. */
import type { CellObject } from "write-excel-file/node";

/** Null: an empty cell. */
export type Cell = CellObject | null;

/** How amounts of one currency are written. */
export interface MoneyStyle {
  /** Of the minor unit: 2 for INR, 0 for JPY. */
  digits: number;
  format: string;
}

/** Written 12,34,567.89; elsewhere 1,234,567.89. */
const LAKH_CURRENCIES: ReadonlySet<string> = new Set(["INR", "PKR", "BDT", "NPR", "LKR"]);

export function moneyStyle(currency: string | null, digits: number): MoneyStyle {
  const decimals = digits === 0 ? "" : `.${"0".repeat(digits)}`;
  if (!LAKH_CURRENCIES.has(currency ?? "")) return { digits, format: `#,##0${decimals}` };
  // A format has three sections with conditions, so negative amounts are grouped by thousands.
  const lakhs = `##\\,##\\,##0${decimals}`;
  const crores = `##\\,##\\,##\\,##0${decimals}`;
  return { digits, format: `[>=10000000]${crores};[>=100000]${lakhs};#,##0${decimals}` };
}

/** A cell holds 32,767 characters; a spreadsheet refuses the whole file for one more. */
const MOST_CHARACTERS = 32_767;

/** Never a formula, whatever it begins with: `=1+1` in a narration is shown, not reckoned. */
export const text = (value: string | null): Cell =>
  value === null || value === "" ? null : { value: value.slice(0, MOST_CHARACTERS), type: String };

export const money = (minor: bigint | null, { digits, format }: MoneyStyle): Cell =>
  minor === null ? null : { value: Number(minor) / 10 ** digits, type: Number, format, align: "right" };

/** Whole numbers without a unit. */
export const count = (value: number | bigint | null): Cell =>
  value === null ? null : { value: Number(value), type: Number, format: "#,##0", align: "right" };

/** For what is no amount: ratios, percentages of 100. Whole ones without decimals, where `0.##` would show `50.`. */
export const number = (value: number | null): Cell =>
  value === null || Number.isInteger(value)
    ? count(value)
    : { value, type: Number, format: "#,##0.00", align: "right" };

const dayCell = (date: Temporal.PlainDate, format: string): Cell => ({
  value: serial(date),
  type: Number,
  format,
  align: "center",
});

export const day = (date: Temporal.PlainDate | null): Cell => date && dayCell(date, "dd-mmm-yyyy");

/** A date, too (its first day), so that months sort and charts know their order. */
export const month = (value: Temporal.PlainYearMonth | null): Cell =>
  value && dayCell(value.toPlainDate({ day: 1 }), "mmm-yyyy");

const EPOCH = Temporal.PlainDate.from("1899-12-30");
const MS_PER_DAY = 86_400_000;
const EPOCH_MS = EPOCH.toZonedDateTime("UTC").epochMilliseconds;

/** The days that spreadsheets count (right from March 1900 on). */
export const serial = (date: Temporal.PlainDate): number =>
  (date.toZonedDateTime("UTC").epochMilliseconds - EPOCH_MS) / MS_PER_DAY;

const DARK = "#1F3A5F";

export const heading = (value: string): Cell => ({
  value,
  type: String,
  fontWeight: "bold",
  textColor: "#FFFFFF",
  backgroundColor: DARK,
  wrap: true,
  alignVertical: "center",
});

export const title = (value: string): Cell => ({
  value,
  type: String,
  fontWeight: "bold",
  fontSize: 14,
  textColor: DARK,
});

export const label = (value: string): Cell => ({ value, type: String, fontWeight: "bold" });
