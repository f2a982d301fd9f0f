import { monthNumber } from "./months.ts";
import type { Period } from "./types.ts";

/** How the document writes numeric dates; `ymd` only matters for two-digit years, 2024-01-02 is never in doubt. */
export type DateOrder = "dmy" | "mdy" | "ymd";

/** A date as printed; the year may be missing. */
export interface PrintedDate {
  year: number | null;
  month: number;
  day: number;
  /** `full` has a year; `named` is `2 okt`; `bare` is `02/10` or `02.10`, which only a date column makes a date. */
  form: "full" | "named" | "bare";
  /** Characters read, a time of day behind the date included. */
  end: number;
}

const TIME =
  /^(?:[,T]?\s*|\s+(?:at|om|um|à)\s+)(?:\d{1,2}[:h]\d{2}(?:[:]\d{2}(?:[.,]\d{1,6})?)?|\d{1,2}\.\d{2}\.\d{2}(?![.\d]))(?:\s*[ap]\.?m\.?(?![a-z]))?(?:\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?/i;
const NUMERIC = /^(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/]|[.,-]\d)/;
const SPACED = /^(\d{1,2}) (\d{1,2}) (\d{4}|\d{2})(?![\d.,/-])/;
const ISO = /^(\d{4})([/.-]?)(\d{2})\2(\d{2})(?![\d.,/-]\d|\d)/;
/** `2024/1/2`, and `2024. 01. 02.` as Hungarians write it. */
const YEAR_FIRST = /^(\d{4})(?:([/-])(\d{1,2})\2(\d{1,2})|\. ?(\d{1,2})\. ?(\d{1,2})\.?)(?![\d/-]|[.,]\d)/;
const HAN = /^(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*日/;
const NAME = "([\\p{L}]{3,13})\\.?";
const DAY_NAME = new RegExp(
  `^(\\d{1,2})(?:st|nd|rd|th|er|\\.|º)?(?:\\s*[-/,]\\s*|\\s+(?:de|of)\\s+|\\s*)${NAME}(?:(?:\\s*(?:[-/,'’]|de|del)\\s*|\\s*)(\\d{4}|\\d{2}))?(?![\\p{L}\\d]|[.,:]\\d)`,
  "iu",
);
const NAME_DAY = new RegExp(
  `^${NAME}(?:\\s*[-/,]\\s*|\\s*)(\\d{1,2})(?:st|nd|rd|th)?(?:(?:\\s*[-/,'’]\\s*|\\s+)(\\d{4}|\\d{2}(?=$|[ ,])))?(?![\\p{L}\\d]|[.,:]\\d)`,
  "iu",
);
/** Thai short names hold full stops, Thai and Hindi ones vowel signs; a short Thai year is of the Buddhist era. */
const SIGNED =
  /^(\d{1,2})\s*([\u0900-\u097f\u0e01-\u0e4e][\u0900-\u097f\u0e01-\u0e4e.]{1,12})\s*(\d{4}|\d{2})?(?!\d|[.,]\d)/;
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+/i;

/**
 * Reads the date with which the text begins, or null.
 * `02/01/24`, `02-01-2024`, `02.01`, `2024-01-02`, `20240102`, `2024年1月2日`, `02JAN24`, `2 Jan`, `3 janv. 2024`,
 * `1er janvier 2024`, `Jan 2, 2024`, `02 May 2023 08:21:07`, `2 ม.ค. 67`.
 */
export function readDate(text: string, order: DateOrder): PrintedDate | null {
  const weekday = WEEKDAY.exec(text)?.[0].length ?? 0;
  const rest = weekday > 0 ? text.slice(weekday) : text;
  const first = rest.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  const date = digit
    ? (readNumeric(rest, order) ?? readNamed(rest, DAY_NAME, 1, 2) ?? readSigned(rest))
    : readNamed(rest, NAME_DAY, 2, 1);
  if (date === null) return null;
  const time = TIME.exec(rest.slice(date.end))?.[0].length ?? 0;
  return { ...date, end: date.end + time + weekday };
}

function readNumeric(text: string, order: DateOrder): PrintedDate | null {
  const numeric = NUMERIC.exec(text);
  if (numeric) return readOrdered(numeric[1] ?? "", numeric[3] ?? "", numeric[4], order, numeric[0].length);
  const spaced = SPACED.exec(text);
  if (spaced) return readOrdered(spaced[1] ?? "", spaced[2] ?? "", spaced[3], order, spaced[0].length);
  const iso = ISO.exec(text);
  if (iso) return printed(Number(iso[1]), Number(iso[3]), Number(iso[4]), "full", iso[0].length);
  const first = YEAR_FIRST.exec(text);
  if (first) {
    const [whole, year, , month = first[5], day = first[6]] = first;
    return printed(Number(year), Number(month), Number(day), "full", whole.length);
  }
  const han = HAN.exec(text);
  if (han === null) return null;
  const year = han[1] === undefined ? null : Number(han[1]);
  return printed(year, Number(han[2]), Number(han[3]), year === null ? "named" : "full", han[0].length);
}

function readOrdered(
  a: string,
  b: string,
  c: string | undefined,
  order: DateOrder,
  end: number,
): PrintedDate | null {
  const [day, month] = order === "dmy" ? [a, b] : [b, a];
  if (c === undefined) return printed(null, Number(month), Number(day), "bare", end);
  if (order === "ymd" && c.length === 2) return printed(fullYear(a), Number(b), Number(c), "full", end);
  if (order === "mdy") return printed(fullYear(c), Number(a), Number(b), "full", end);
  return printed(fullYear(c), Number(b), Number(a), "full", end);
}

function readNamed(text: string, shape: RegExp, dayAt: 1 | 2, nameAt: 1 | 2): PrintedDate | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const month = monthNumber(match[nameAt] ?? "");
  if (month === null) return null;
  const year = match[3] === undefined ? null : fullYear(match[3]);
  return printed(year, month, Number(match[dayAt]), year === null ? "named" : "full", match[0].length);
}

function readSigned(text: string): PrintedDate | null {
  const [whole = "", day, name = "", shown] = SIGNED.exec(text) ?? [];
  const month = monthNumber(name);
  if (month === null) return null;
  const year = shown === undefined ? null : isThai(name) ? 2500 + (Number(shown) % 100) : fullYear(shown);
  return printed(year, month, Number(day), year === null ? "named" : "full", whole.trimEnd().length);
}

function isThai(name: string): boolean {
  return name.charCodeAt(0) >= 0xe00;
}

/**
 * Short years from 55 to 69 are of the Buddhist era (67 is 2567, which is 2024): no statement is of 1967, or of 2067.
 */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  if (year < 55) return 2000 + year;
  return year < 70 ? 2500 - BUDDHIST + year : 1900 + year;
}

/** Thai statements count years from 543 BC: 2567 is 2024. */
const BUDDHIST = 543;

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function printed(
  year: number | null,
  month: number,
  day: number,
  form: PrintedDate["form"],
  end: number,
): PrintedDate | null {
  const western = year !== null && year > 2400 && year < 2700 ? year - BUDDHIST : year;
  if (western !== null && (western < 1950 || western > 2100)) return null;
  if (day < 1 || day > (DAYS[month - 1] ?? 0)) return null;
  if (western !== null && month === 2 && day === 29 && !isLeap(western)) return null;
  return { year: western, month, day, form, end };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Reads a whole text as one date. A missing year is taken from the period: the year in which the day falls
 * inside it, or nearest to it. Without a period a date without a year is null.
 */
export function parseDate(
  text: string,
  order: DateOrder,
  period: Period | null = null,
): Temporal.PlainDate | null {
  const trimmed = text.trim();
  const date = readDate(trimmed, order);
  if (date === null || date.end < trimmed.length) return null;
  return placeDate(date, period);
}

/** A short year of the Buddhist era from 70 on reads as one of the last century: 2570, which is 2027, as 1970. */
const MISREAD = 57;

/** The year as read, or as it must be meant where only that lies near the period. */
function yearWithin(year: number, period: Period | null): number {
  if (period === null || year >= 2000) return year;
  const meant = year + MISREAD;
  return meant >= period.from.year - 1 && meant <= period.to.year + 1 ? meant : year;
}

/** Gives a printed date its year: `2 Jan` in a period from 12 Dec 2023 to 11 Jan 2024 is in 2024. */
export function placeDate(date: PrintedDate, period: Period | null): Temporal.PlainDate | null {
  const { month, day } = date;
  if (date.year !== null) return new Temporal.PlainDate(yearWithin(date.year, period), month, day);
  if (period === null) return null;
  const from = ordinal(period.from.year, period.from.month, period.from.day);
  const to = ordinal(period.to.year, period.to.month, period.to.day);
  let best: number | null = null;
  let nearest = Infinity;
  for (let year = period.from.year - 1; year <= period.to.year + 1; year += 1) {
    if (month === 2 && day === 29 && !isLeap(year)) continue;
    const at = ordinal(year, month, day);
    const distance = Math.max(from - at, at - to, 0);
    if (distance >= nearest) continue;
    nearest = distance;
    best = year;
  }
  return best === null ? null : new Temporal.PlainDate(best, month, day);
}

/** Grows with the date; a month counts 31 days, so that differences are good enough to compare. */
function ordinal(year: number, month: number, day: number): number {
  return year * 372 + month * 31 + day;
}

const PAIR = /(?<![\d.,/-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/]|[.,-]\d)/g;

/** How well an order reads the document's dates: impossible ones, and the days jumped from each date to the next. */
interface Trial {
  impossible: number;
  jumped: number;
  last: number | null;
}

/**
 * Whether 02/01/24 is in January or February: the order that makes fewest dates impossible; of those, the one under
 * which the dates, read down the document, jump least. Day first wins a tie.
 */
export function detectDateOrder(texts: Iterable<string>): DateOrder {
  const trials: Record<DateOrder, Trial> = {
    dmy: { impossible: 0, jumped: 0, last: null },
    mdy: { impossible: 0, jumped: 0, last: null },
    ymd: { impossible: 0, jumped: 0, last: null },
  };
  for (const text of texts) {
    for (const [, a = "", mark, b = "", c] of text.matchAll(PAIR)) {
      // `10.25` may be an amount: a pair without a year counts only with a slash.
      if (c === undefined && mark !== "/") continue;
      const year = c === undefined ? 0 : fullYear(c);
      weigh(trials.dmy, year, Number(b), Number(a));
      weigh(trials.mdy, year, Number(a), Number(b));
      if (c?.length === 2) weigh(trials.ymd, fullYear(a), Number(b), Number(c));
      else trials.ymd.impossible += 1;
    }
  }
  const orders: DateOrder[] = ["dmy", "mdy", "ymd"];
  return orders.reduce((best, order) => (isBetter(trials[order], trials[best]) ? order : best));
}

function weigh(trial: Trial, year: number, month: number, day: number): void {
  if (month < 1 || day < 1 || day > (DAYS[month - 1] ?? 0)) {
    trial.impossible += 1;
    return;
  }
  const at = ordinal(year, month, day);
  if (trial.last !== null) trial.jumped += Math.abs(at - trial.last);
  trial.last = at;
}

function isBetter(trial: Trial, best: Trial): boolean {
  return (
    trial.impossible < best.impossible || (trial.impossible === best.impossible && trial.jumped < best.jumped)
  );
}
