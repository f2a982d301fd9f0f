/** Money, dates and account numbers as a page prints them. Independent of `src/`, so that truth is. */
import type { AmountStyle, BalanceStyle, DateStyle, MoneyStyle } from "./types.ts";
import type { Direction } from "../../src/statement/types.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Month names of other tongues, where WinAnsi has their letters. */
const NAMES = {
  fr: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
  es: "ene feb mar abr may jun jul ago sep oct nov dic",
  it: "gen feb mar apr mag giu lug ago set ott nov dic",
  pt: "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
} as const;
/** Years of the Buddhist era are ahead of ours. */
const BUDDHIST = 543;

/** Decimal places of the minor unit (ISO 4217) of the currencies that the generator prints. */
export function digitsOf(currency: string | null): number {
  if (currency === "JPY") return 0;
  return currency === "KWD" ? 3 : 2;
}

/** `-123456n` → `-1234.56`: the wire's form, and the truth's. */
export function decimalString(minor: bigint, digits = 2): string {
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
  const sign = minor < 0n ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function separatorOf({ grouping, decimal }: MoneyStyle): string {
  if (grouping === "space") return " ";
  if (grouping === "apostrophe") return "'";
  return decimal === "," ? "." : ",";
}

function group(whole: string, style: MoneyStyle): string {
  if (style.grouping === "none") return whole;
  const separator = separatorOf(style);
  const head = whole.slice(0, -3);
  const tail = whole.slice(-3);
  if (head === "") return tail;
  const size = style.grouping === "indian" ? /(\d)(?=(\d\d)+$)/g : /(\d)(?=(\d\d\d)+$)/g;
  return head.replace(size, `$1${separator}`) + separator + tail;
}

/** Without sign or symbol: `1,23,456.78`. */
export function formatMoney(minor: bigint, style: MoneyStyle): string {
  const [whole = "", cents = ""] = decimalString(minor < 0n ? -minor : minor, style.digits).split(".");
  return group(whole, style) + (cents === "" ? "" : style.decimal + cents.slice(0, style.decimals));
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
    case "dd.mm.yy":
      return `${day}.${month}.${year.slice(2)}`;
    case "d mmm fr":
      return `${date.day} ${monthIn("fr", date)}`;
    case "d mmm yyyy fr":
      return `${date.day} ${monthIn("fr", date)} ${year}`;
    case "dd mmm yyyy es":
      return `${day} ${monthIn("es", date)} ${year}`;
    case "d mmm yy it":
      return `${date.day} ${monthIn("it", date)} ${year.slice(2)}`;
    case "d de mmmm de yyyy pt":
      return `${date.day} de ${monthIn("pt", date)} de ${year}`;
    case "dd/mm/yyyy th":
      return `${day}/${month}/${date.year + BUDDHIST}`;
    case "dd/mm/yy th":
      return `${day}/${month}/${String(date.year + BUDDHIST).slice(2)}`;
  }
}

function monthIn(tongue: keyof typeof NAMES, { month }: Temporal.PlainDate): string {
  return NAMES[tongue].split(" ")[month - 1] ?? "";
}

const WITH_YEAR: Readonly<Partial<Record<DateStyle, DateStyle>>> = {
  "dd Mon": "dd Mon yyyy",
  "mm/dd": "mm/dd/yyyy",
  "d mmm fr": "d mmm yyyy fr",
};

/** How a head names the dates whose year the rows leave out. */
export function withYear(style: DateStyle): DateStyle {
  return WITH_YEAR[style] ?? style;
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
