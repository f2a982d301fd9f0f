import { Text, type TextProps } from "@mantine/core";

const formats = new Map<string, Intl.NumberFormat>();

/** In the account's currency, as the viewer's language writes it. */
export function formatMinor(minor: number, currency: string, digits: number): string {
  const key = `${currency} ${digits}`;
  const format = formats.get(key) ?? formatFor(currency, digits);
  formats.set(key, format);
  return format.format(minor / 10 ** digits);
}

/** In short, for the axes of charts. */
export const formatShort = (minor: number, digits: number): string => short.format(minor / 10 ** digits);
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

function formatFor(currency: string, digits: number): Intl.NumberFormat {
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency, ...decimals });
  } catch {
    // A currency that Intl does not know is three letters all the same.
    return new Intl.NumberFormat(undefined, decimals);
  }
}

/** Digits stand below each other; what comes in is green, with its sign, for those who see no colours. */
export function Money({
  minor,
  currency,
  digits,
  direction,
  ...text
}: {
  minor: number;
  currency: string;
  digits: number;
  direction?: "debit" | "credit";
} & TextProps) {
  const sign = direction === "credit" ? "+" : direction === "debit" ? "−" : "";
  return (
    <Text
      span
      inherit
      ff="text"
      {...(direction === "credit"
        ? { c: "light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-3))" }
        : {})}
      {...text}
      style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}
    >
      {sign}
      {formatMinor(minor, currency, digits)}
    </Text>
  );
}

const dayFormat = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const monthFormat = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" });

/** Of `YYYY-MM-DD`: a day is the same everywhere. */
export const formatDay = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`));
/** Of `YYYY-MM`. */
export const formatMonth = (month: string): string => monthFormat.format(new Date(`${month}-01T00:00:00Z`));
export const formatSpan = (from: string | null, to: string | null): string =>
  from === null || to === null ? "—" : `${formatDay(from)} – ${formatDay(to)}`;
