/** The books of several accounts as one, on the calendar of all of them. Amounts must be of one currency. */
import { sumBalances, type DayRange } from "./balances.ts";
import { emptyTallies, greatestFirst, type Book, type Tally } from "./book.ts";
import { calendarOf, EMPTY_CALENDAR, monthNumber, startOf, type Calendar } from "./calendar.ts";

/** A book with how far its calendar starts after the common one. */
interface ShiftedBook {
  book: Book;
  months: number;
  days: number;
}

export function addBooks(books: readonly Book[]): Book {
  const [only] = books;
  if (only && books.length === 1) return only;
  const filled = books.filter(({ calendar }) => calendar.months.length > 0);
  const calendar = commonCalendar(filled);
  const shifted = filled.map((book): ShiftedBook => {
    const months = monthNumber(calendar, book.calendar.months[0] ?? { year: 0, month: 0 });
    return { book, months, days: startOf(calendar, months) };
  });
  return {
    calendar,
    days: joinedDays(shifted),
    known: calendar.months.map((_, month) =>
      shifted.some(({ book, months }) => book.known[month - months] === true),
    ),
    complete: calendar.months.map((_, month) =>
      shifted.every(({ book, months }) => book.complete[month - months] === true),
    ),
    tallies: addTallies(shifted, calendar),
    entries: shifted.flatMap(({ book, months, days }) =>
      book.entries.map((entry) => ({ ...entry, month: entry.month + months, day: entry.day + days })),
    ),
    salaries: calendar.months.map((_, month) =>
      greatestFirst(shifted.flatMap(({ book, months }) => book.salaries[month - months] ?? [])),
    ),
    balances: sumBalances(
      shifted.flatMap(({ book: { balances }, months, days }) => (balances ? { balances, months, days } : [])),
      calendar,
    ),
  };
}

function commonCalendar(books: readonly Book[]): Calendar {
  const months = books
    .flatMap(({ calendar }) => [...calendar.months])
    .toSorted((a, b) => Temporal.PlainYearMonth.compare(a, b));
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return EMPTY_CALENDAR;
  return calendarOf({ from: first.toPlainDate({ day: 1 }), to: last.toPlainDate({ day: 1 }) });
}

function joinedDays(shifted: readonly ShiftedBook[]): DayRange | null {
  const ranges = shifted.flatMap(({ book, days }) =>
    book.days ? { from: book.days.from + days, to: book.days.to + days } : [],
  );
  if (ranges.length === 0) return null;
  return { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) };
}

function addTallies(shifted: readonly ShiftedBook[], calendar: Calendar): Map<string, Tally[]> {
  const total = new Map<string, Tally[]>();
  for (const { book, months } of shifted) {
    for (const [name, tallies] of book.tallies) {
      const sums = total.get(name) ?? emptyTallies(calendar.months.length);
      total.set(name, sums);
      for (const [month, tally] of tallies.entries()) merge(sums[month + months], tally);
    }
  }
  return total;
}

function merge(into: Tally | undefined, from: Tally): void {
  if (!into) throw new RangeError("A month outside of the common calendar.");
  into.count += from.count;
  into.sum += from.sum;
  if (from.max !== null && (into.max === null || from.max > into.max)) into.max = from.max;
  if (from.min !== null && (into.min === null || from.min < into.min)) into.min = from.min;
}
