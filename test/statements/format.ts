/** Money, dates and account numbers as a page prints them. Independent of `src/`, so that truth is. */
import type { AmountStyle, BalanceStyle, DateStyle, MoneyStyle } from "./types.ts";
import type { Direction } from "../../src/statement/types.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `-123456n` → `-1234.56`: the wire's form, and the truth's. */
export function decimalString(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function group(whole: string, style: MoneyStyle): string {
  if (style.grouping === "none") return whole;
  const separator = style.decimal === "," ? "." : ",";
  const head = whole.slice(0, -3);
  const tail = whole.slice(-3);
  if (head === "") return tail;
  const size = style.grouping === "indian" ? /(\d)(?=(\d\d)+$)/g : /(\d)(?=(\d\d\d)+$)/g;
  return head.replace(size, `$1${separator}`) + separator + tail;
}

/** Without sign or symbol: `1,23,456.78`. */
export function formatMoney(minor: bigint, style: MoneyStyle): string {
  const [whole = "", cents = ""] = decimalString(minor < 0n ? -minor : minor).split(".");
  return group(whole, style) + style.decimal + cents;
}

export function formatSigned(minor: bigint, style: MoneyStyle): string {
  return (minor < 0n ? "-" : "") + (style.symbol ?? "") + formatMoney(minor, style);
}

export function formatBalance(minor: bigint, money: MoneyStyle, style: BalanceStyle): string {
  const digits = (money.symbol ?? "") + formatMoney(minor, money);
  const overdrawn = minor < 0n;
  switch (style) {
    case "minus":
      return (overdrawn ? "-" : "") + digits;
    case "DrCr":
      return `${digits} ${overdrawn ? "Dr" : "Cr"}`;
    case "Cr-Dr-glued":
      return digits + (overdrawn ? "Dr" : "Cr");
    case "D-when-overdrawn":
      return overdrawn ? `${digits} D` : digits;
    case "brackets":
      return overdrawn ? `(${digits})` : digits;
  }
}

export function formatAmount(
  minor: bigint,
  direction: Direction,
  money: MoneyStyle,
  style: AmountStyle,
): string {
  const digits = (money.symbol ?? "") + formatMoney(minor, money);
  const debit = direction === "debit";
  switch (style) {
    case "minus":
      return (debit ? "-" : "") + digits;
    case "plus-minus":
      return (debit ? "-" : "+") + digits;
    case "trailing-minus":
      return digits + (debit ? "-" : "");
    case "DrCr":
      return `${digits} ${debit ? "Dr" : "Cr"}`;
    case "(Dr)(Cr)":
      return `${digits}(${debit ? "Dr" : "Cr"})`;
    case "credit-CR":
      return debit ? digits : `${digits} CR`;
    case "credit-minus":
      return (debit ? "" : "-") + digits;
  }
}

export function formatDate(date: Temporal.PlainDate, style: DateStyle): string {
  const day = String(date.day).padStart(2, "0");
  const month = String(date.month).padStart(2, "0");
  const name = MONTHS[date.month - 1] ?? "";
  const year = String(date.year);
  switch (style) {
    case "dd/mm/yy":
      return `${day}/${month}/${year.slice(2)}`;
    case "dd/mm/yyyy":
      return `${day}/${month}/${year}`;
    case "dd-mm-yyyy":
      return `${day}-${month}-${year}`;
    case "dd.mm.yyyy":
      return `${day}.${month}.${year}`;
    case "dd-Mon-yyyy":
      return `${day}-${name}-${year}`;
    case "dd Mon yyyy":
      return `${day} ${name} ${year}`;
    case "ddMONyy":
      return `${day}${name.toUpperCase()}${year.slice(2)}`;
    case "dd Mon":
      return `${day} ${name}`;
    case "mm/dd":
      return `${month}/${day}`;
    case "mm/dd/yyyy":
      return `${month}/${day}/${year}`;
    case "yyyy-mm-dd":
      return `${year}-${month}-${day}`;
  }
}

/** ISO 13616 check digits over a country and a basic account number. */
export function makeIban(country: string, basic: string): string {
  const digits = `${basic}${country}00`
    .split("")
    .map((c) => Number.parseInt(c, 36).toString())
    .join("");
  const check = 98n - (BigInt(digits) % 97n);
  return country + check.toString().padStart(2, "0") + basic;
}
