/**
 * Whole months in a row with their days numbered through from 0, so that a year of days is an array and not a
 * thousand date objects: comparing two of those costs 0.5 µs, two numbers nothing.
 */
import type { Span } from "../coverage.ts";

export interface Calendar {
  months: readonly Temporal.PlainYearMonth[];
  /** Number of each month's first day, and at the end the number of all days. */
  starts: readonly number[];
}

export const EMPTY_CALENDAR: Calendar = { months: [], starts: [0] };

/** From the month of `from` to that of `to`. */
export function calendarOf({ from, to }: Span): Calendar {
  const months: Temporal.PlainYearMonth[] = [];
  const starts = [0];
  const end = to.toPlainYearMonth();
  let days = 0;
  let month = from.toPlainYearMonth();
  while (Temporal.PlainYearMonth.compare(month, end) <= 0) {
    months.push(month);
    days += month.daysInMonth;
    starts.push(days);
    month = month.add({ months: 1 });
  }
  return { months, starts };
}

/** Which month of the calendar a date lies in: less than 0 before its first. */
export function monthNumber({ months }: Calendar, date: { year: number; month: number }): number {
  const [first] = months;
  return first ? (date.year - first.year) * 12 + date.month - first.month : -1;
}

/** `date` must lie within the calendar. */
export const dayNumber = (calendar: Calendar, date: Temporal.PlainDate): number =>
  startOf(calendar, monthNumber(calendar, date)) + date.day - 1;

export function startOf({ starts }: Calendar, month: number): number {
  const start = starts[month];
  if (start === undefined) throw new RangeError(`No month ${month} in the calendar.`);
  return start;
}

/** The other way round: the date of a day's number. */
export function dateOf(calendar: Calendar, day: number): Temporal.PlainDate {
  const month = calendar.starts.findLastIndex((start) => start <= day);
  const at = calendar.months[month];
  if (!at) throw new RangeError(`No day ${day} in the calendar.`);
  return at.toPlainDate({ day: day - startOf(calendar, month) + 1 });
}

export const dayCount = ({ starts }: Calendar): number => starts.at(-1) ?? 0;
