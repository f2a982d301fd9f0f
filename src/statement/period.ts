import { type DateOrder, readDate } from "./dates.ts";
import type { Facts, Line, Period } from "./types.ts";

/** Dates that a line names, at the start of a word. */
const STARTS = /(?:^|\s)(?=\S)/g;
const HAS_YEAR = /(?:19|20)\d\d|\d[-/.]\d\d(?!\d)/;

/**
 * The period by which dates without a year are placed: as printed, else the year up to the latest date with a year
 * (a statement date, a due date) among the lines. Null where the document names no year at all.
 */
export function periodOf(facts: Facts, lines: readonly Line[], order: DateOrder): Period | null {
  if (facts.period !== null) return facts.period;
  let latest: Temporal.PlainDate | null = null;
  for (const { text } of lines) {
    if (!HAS_YEAR.test(text)) continue;
    for (const { index } of text.matchAll(STARTS)) {
      const date = readDate(text.slice(index).trimStart(), order);
      if (date?.year === undefined || date.year === null) continue;
      const day = Temporal.PlainDate.from({ year: date.year, month: date.month, day: date.day });
      if (latest === null || Temporal.PlainDate.compare(day, latest) > 0) latest = day;
    }
  }
  return latest === null ? null : { from: latest.subtract({ months: 6 }), to: latest };
}
