/**
 * Which days an account's statements cover, and what is missing of a range.
 *
 * - **span**: days from `from` to `to`, both included.
 * - **considered range**: the part of a session's range that acceptance looks at.
 * - **gap**: a span of the range that no statement covers.
 */

export interface Span {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

/** What a statement says of its time: the printed period, and its first and last transaction. */
export interface StatementTime {
  period: Span | null;
  transactions: Span | null;
}

/** The days of one month, ascending. */
export interface MonthDays {
  month: Temporal.PlainYearMonth;
  days: number[];
}

/** A month counts only from this day on: statements of a month's first week are rarely to be had (reference §2.1). */
const FIRST_DAY_AFTER_FIRST_WEEK = 8;

const compare = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b);
const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (compare(a, b) <= 0 ? a : b);
const later = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (compare(a, b) >= 0 ? a : b);

/**
 * The printed period is what the bank vouches for, quiet days included; transactions that stand outside it are
 * covered too. Days after `today` cannot be covered yet, whatever is printed.
 */
export function coveredSpans(statements: readonly StatementTime[], today: Temporal.PlainDate): Span[] {
  const spans: Span[] = [];
  for (const { period, transactions } of statements) {
    const printed = period && intersection(period, { from: period.from, to: today });
    if (printed) spans.push(printed);
    if (transactions) spans.push(transactions);
  }
  return joinSpans(spans);
}

/** Ascending, disjoint, and never touching: the 31st and the next 1st are joined. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => compare(a.from, b.from))) {
    const last = joined.at(-1);
    if (last && compare(span.from, last.to.add({ days: 1 })) <= 0) last.to = later(last.to, span.to);
    else joined.push({ from: span.from, to: span.to });
  }
  return joined;
}

/**
 * Up to today, and without the last month where the range ends in its first week. Null where all of it lies in
 * the future. A range that lies within one first week is considered as it is.
 */
export function consideredRange(range: Span, today: Temporal.PlainDate): Span | null {
  const to = earlier(range.to, today);
  if (compare(to, range.from) < 0) return null;
  if (to.day >= FIRST_DAY_AFTER_FIRST_WEEK) return { from: range.from, to };
  const monthBefore = to.with({ day: 1 }).subtract({ days: 1 });
  return { from: range.from, to: compare(monthBefore, range.from) < 0 ? to : monthBefore };
}

/** What of `range` the spans leave out, ascending. `spans` as joinSpans gives them. */
export function gapsIn(range: Span, spans: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let next = range.from;
  for (const span of spans) {
    const inside = intersection(range, span);
    if (!inside) continue;
    if (compare(next, inside.from) < 0) gaps.push({ from: next, to: inside.from.subtract({ days: 1 }) });
    next = inside.to.add({ days: 1 });
  }
  if (compare(next, range.to) <= 0) gaps.push({ from: next, to: range.to });
  return gaps;
}

/** What the spans cover outside of `range`, ascending. `spans` as joinSpans gives them. */
export function excessOver(range: Span, spans: readonly Span[]): Span[] {
  const before = range.from.subtract({ days: 1 });
  const after = range.to.add({ days: 1 });
  return spans.flatMap(({ from, to }) => [
    ...(compare(from, range.from) < 0 ? [{ from, to: earlier(to, before) }] : []),
    ...(compare(to, range.to) > 0 ? [{ from: later(from, after), to }] : []),
  ]);
}

/** Every month of which a day is covered, ascending, each once. */
export function monthsOf(spans: readonly Span[]): Temporal.PlainYearMonth[] {
  const months: Temporal.PlainYearMonth[] = [];
  for (const { from, to } of spans) {
    const end = to.toPlainYearMonth();
    for (
      let month = from.toPlainYearMonth();
      Temporal.PlainYearMonth.compare(month, end) <= 0;
      month = month.add({ months: 1 })
    ) {
      if (!months.at(-1)?.equals(month)) months.push(month);
    }
  }
  return months;
}

/** Months of the range without a single covered day. */
export function missingMonths(range: Span, spans: readonly Span[]): Temporal.PlainYearMonth[] {
  const inside = spans.flatMap((span) => intersection(range, span) ?? []);
  const covered = new Set(monthsOf(inside).map(String));
  return monthsOf([range]).filter((month) => !covered.has(month.toString()));
}

/** The days of the gaps by month, months and days ascending. */
export function daysByMonth(gaps: readonly Span[]): MonthDays[] {
  const months: MonthDays[] = [];
  for (const { from, to } of gaps) {
    for (let day = from; compare(day, to) <= 0; day = day.add({ days: 1 })) {
      const month = day.toPlainYearMonth();
      const last = months.at(-1);
      if (last?.month.equals(month)) last.days.push(day.day);
      else months.push({ month, days: [day.day] });
    }
  }
  return months;
}

/** Days in disjoint spans. */
export const countDays = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, to }) => sum + from.until(to).days + 1, 0);

export const includesDay = (span: Span, day: Temporal.PlainDate): boolean =>
  compare(span.from, day) <= 0 && compare(day, span.to) <= 0;

/** What both cover, or null. */
export function intersection(a: Span, b: Span): Span | null {
  const from = later(a.from, b.from);
  const to = earlier(a.to, b.to);
  return compare(from, to) <= 0 ? { from, to } : null;
}
