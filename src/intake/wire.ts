/** The contract's formats (reference §7), written once for HTTP and webhooks. Zone: UTC. English month names. */
import { toDecimal } from "../statement/currency.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (n: number): string => String(n).padStart(2, "0");

/** `DD/MM/YYYY` */
export const dmy = (date: Temporal.PlainDate): string =>
  `${two(date.day)}/${two(date.month)}/${String(date.year).padStart(4, "0")}`;

/** `YYYY-MM-DD` */
export const ymd = (date: Temporal.PlainDate): string => date.toString();

/** `YYYY-MM` */
export const ym = (month: Temporal.PlainYearMonth): string => month.toString();

/** `Jan 2024`, inside messages. */
export const monthName = (month: Temporal.PlainYearMonth): string =>
  `${MONTHS[month.month - 1] ?? ""} ${month.year}`;

/** `YYYY-MM-DD HH:MM:SS`, cut off, not rounded. */
export const ts = (at: Temporal.Instant): string =>
  at.toString({ fractionalSecondDigits: 0, roundingMode: "floor" }).replace("T", " ").slice(0, -1);

/** `2024-04-16T07:47:40.806223Z` */
export const isoMicros = (at: Temporal.Instant): string =>
  at.toString({ fractionalSecondDigits: 6, roundingMode: "floor" });

/** `2024-04-26 12:25:56.172124+00:00` */
export const tsOffset = (at: Temporal.Instant): string =>
  `${isoMicros(at).replace("T", " ").slice(0, -1)}+00:00`;

/** `XXXXXX9704`: as long as the number, the last four shown; numbers of up to four characters show nothing. */
export function maskAccountNumber(number: string): string {
  const shown = number.length > 4 ? number.slice(-4) : "";
  return shown.padStart(number.length, "X");
}

/** What a body that normally carries the full number shows under the organisation's setting. */
export function accountNumberFor(
  settings: { mask_account_numbers: boolean },
  number: string | null,
): string | null {
  return number !== null && settings.mask_account_numbers ? maskAccountNumber(number) : number;
}

/**
 * Minor units as the JSON number that the contract writes: 123456n INR is 1234.56. Exact for what a double can
 * hold to the last minor unit, which is up to 2^53 of them (90 trillion rupees).
 */
export function wireAmount(minor: bigint | null, currency: string): number | null {
  return minor === null ? null : Number(toDecimal(minor, currency));
}

const shortMonth = (month: number): string => MONTHS[month - 1] ?? "";
const shortYear = (year: number): string => two(year % 100);

/** `Jan-2024` */
export const mmmYyyy = (month: Temporal.PlainYearMonth): string => `${shortMonth(month.month)}-${month.year}`;

/** `Jan-24` */
export const mmmYy = (month: Temporal.PlainYearMonth): string =>
  `${shortMonth(month.month)}-${shortYear(month.year)}`;

/** `05-Jan-24` */
export const ddMmmYy = (date: Temporal.PlainDate): string =>
  `${two(date.day)}-${shortMonth(date.month)}-${shortYear(date.year)}`;

/** `05-Jan-2024` */
export const ddMmmYyyy = (date: Temporal.PlainDate): string =>
  `${two(date.day)}-${shortMonth(date.month)}-${date.year}`;

/** A day as `TS`: `2024-01-05 00:00:00`. */
export const tsDay = (date: Temporal.PlainDate): string => `${date.toString()} 00:00:00`;
