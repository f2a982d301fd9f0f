/** Dates, lists and numbers as a language writes them. Days and months are calendar facts: their zone is UTC throughout. */
export interface Formats {
  /** `2024-03` → March 2024 */
  month: (month: string) => string;
  /** `2024-03` → Mar */
  shortMonth: (month: string) => string;
  /** `2024-03-01` → 1 March 2024 */
  day: (day: string) => string;
  /** `1–31 March 2024` */
  range: (from: string, to: string) => string;
  /** Days of a month, ascending: `1–4 March 2024`, `9 March 2024`. */
  days: (month: string, days: readonly number[]) => string[];
  /** RFC 3339, in the viewer's zone. */
  moment: (instant: string) => string;
  percent: (part: number) => string;
  list: (items: readonly string[]) => string;
  plural: (n: number) => Intl.LDMLPluralRule;
}

export function createFormats(locale: string): Formats {
  const inUtc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  const month = inUtc({ month: "long", year: "numeric" });
  const short = inUtc({ month: "short" });
  const day = inUtc({ day: "numeric", month: "long", year: "numeric" });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const plural = new Intl.PluralRules(locale);
  return {
    month: (text) => month.format(atNoon(`${text}-01`)),
    shortMonth: (text) => short.format(atNoon(`${text}-01`)),
    day: (text) => day.format(atNoon(text)),
    range: (from, to) => day.formatRange(atNoon(from), atNoon(to)),
    days: (text, days) =>
      runsOf(days).map(([from, to]) => day.formatRange(dayOf(text, from), dayOf(text, to))),
    moment: (instant) => moment.format(new Date(instant)),
    percent: (part) => percent.format(part),
    list: (items) => list.format(items),
    plural: (n) => plural.select(n),
  };
}

/** The page runs in browsers that have no Temporal yet. */
const atNoon = (day: string): Date => new Date(`${day}T12:00:00Z`);
const dayOf = (month: string, day: number): Date => atNoon(`${month}-${String(day).padStart(2, "0")}`);

function runsOf(days: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}
