/** The period that a statement says it covers. */
import { type DateOrder, placeDate, type PrintedDate, readDate } from "./dates.ts";
import { type Label, placesOf, type Row } from "./identity-cells.ts";
import { monthNumber } from "./months.ts";
import type { Period } from "./types.ts";

/** What stands between the two dates of a period. */
const BETWEEN =
  /^[\s:.,)]*(?:[-–—~]+|至|到|(?:to ?date|to|t\/m|tot en met|tot|bis|and|au|al|a|à|hasta|até|until|till|through|thru|s\.?d\.?)(?![\p{L}\d]))[\s:.(]*/iu;
/** Words that say a pair of dates is the statement's period. */
const NAMED =
  /period|statement|from|between|transactions|activity|periode|zeitraum|kontoauszug|vom|afschrift|opening\/closing|période|relevé|período|账单|range|duration|dated/iu;
/** Pairs of dates that are something else. */
const FOREIGN =
  /interest|rate|promotion|offer|valid|maintenance|holiday|points|fee|birth|nominee|deposit|effective/iu;

interface Found {
  period: Period;
  score: number;
}

/**
 * The most plausible pair of dates: `Statement From : 01/04/2023 To : 30/06/2023`, `01 May 2023 - 12 May 2023`,
 * labels `From` and `To` apart, two dated balances, or the month that the title names. Null where none is printed.
 */
export function readPeriod(rows: readonly Row[], labels: readonly Label[], order: DateOrder): Period | null {
  const found = rows.flatMap((row) => pairsIn(row, order));
  const best = found.reduce<Found | null>((a, b) => (a === null || b.score > a.score ? b : a), null);
  if (best !== null && best.score > 0) return best.period;
  return (
    fromLabels(rows, labels, order) ?? fromBalances(rows, labels, order) ?? best?.period ?? fromMonth(rows)
  );
}

/** A period that words around it call one, or null. */
export function namedPeriod(rows: readonly Row[], order: DateOrder): Period | null {
  const best = rows.flatMap((row) => pairsIn(row, order)).find(({ score }) => score > 0);
  return best?.period ?? null;
}

function pairsIn(row: Row, order: DateOrder): Found[] {
  const text = row.cells.map((cell) => cell.text).join(" ");
  if (!/\d/.test(text)) return [];
  const found: Found[] = [];
  for (let at = 0; at < text.length; at = nextWord(text, at)) {
    const first = readDate(text.slice(at), order);
    if (first === null) continue;
    const middle = BETWEEN.exec(text.slice(at + first.end));
    if (middle === null) continue;
    const second = readDate(text.slice(at + first.end + middle[0].length), order);
    const period = second && toPeriod(first, second);
    if (period === null || period === undefined) continue;
    const before = text.slice(0, at);
    found.push({ period, score: (NAMED.test(before) ? 2 : 0) - (FOREIGN.test(text) ? 3 : 0) });
  }
  return found;
}

function nextWord(text: string, at: number): number {
  const space = text.indexOf(" ", at);
  return space < 0 ? text.length : space + 1;
}

/** `1 March to 30 April 2024`: the first date borrows its year from the second, the year before if it must. */
function toPeriod(first: PrintedDate, second: PrintedDate): Period | null {
  const to = placeDate(second, null);
  if (to === null) return null;
  const from = placeDate(first, null) ?? placeDate(first, { from: to.subtract({ months: 11 }), to });
  return from !== null && Temporal.PlainDate.compare(from, to) <= 0 ? { from, to } : null;
}

function dateOf(rows: readonly Row[], label: Label, order: DateOrder): Temporal.PlainDate | null {
  for (const place of placesOf(rows, label)) {
    const date = readDate(place.text, order);
    const placed = date && placeDate(date, null);
    if (placed !== null) return placed;
  }
  return null;
}

function fromLabels(rows: readonly Row[], labels: readonly Label[], order: DateOrder): Period | null {
  const first = labels.filter(({ kind }) => kind === "from").map((label) => dateOf(rows, label, order));
  const second = labels.filter(({ kind }) => kind === "to").map((label) => dateOf(rows, label, order));
  return spanOf(first.find((date) => date !== null) ?? null, second.find((date) => date !== null) ?? null);
}

/** `Balance as of 01.10.2025` and `Balance as of 31.10.2025`: the statement spans from one to the other. */
function fromBalances(rows: readonly Row[], labels: readonly Label[], order: DateOrder): Period | null {
  const dates = labels
    .filter(({ kind }) => kind === "balanceOn")
    .map((label) => dateOf(rows, label, order))
    .filter((date) => date !== null)
    .toSorted((a, b) => Temporal.PlainDate.compare(a, b));
  return spanOf(dates[0] ?? null, dates.at(-1) ?? null);
}

function spanOf(from: Temporal.PlainDate | null, to: Temporal.PlainDate | null): Period | null {
  return from !== null && to !== null && Temporal.PlainDate.compare(from, to) < 0 ? { from, to } : null;
}

const MONTH =
  /(?:statement|period|month|afschrift|kontoauszug|relevé)\b[^\d]{0,24}?(\p{L}{3,10})\.?\s+(\d{4})\b/iu;

/** `Statement for January 2024` is the whole month. */
function fromMonth(rows: readonly Row[]): Period | null {
  for (const row of rows) {
    const match = MONTH.exec(row.cells.map((cell) => cell.text).join(" "));
    const month = match && monthNumber(match[1] ?? "");
    const year = Number(match?.[2]);
    if (month === null || year < 1950 || year > 2100) continue;
    const first = Temporal.PlainYearMonth.from({ year, month });
    return { from: first.toPlainDate({ day: 1 }), to: first.toPlainDate({ day: first.daysInMonth }) };
  }
  return null;
}
