/** Was every bank of the country closed? Calendars are data, with the years for which they hold. */
import { INDIA_YEARS, isIndianBankHoliday } from "./india.ts";
import { BANK_HOLIDAYS, NATIONS, UNITED_KINGDOM_YEARS, type Nation } from "./united-kingdom.ts";

interface Calendar {
  years: { first: number; last: number };
  isHoliday: (date: Temporal.PlainDate) => boolean;
}

const unitedKingdom = (...nations: readonly Nation[]): Calendar => ({
  years: UNITED_KINGDOM_YEARS,
  isHoliday: (date) => nations.every((nation) => BANK_HOLIDAYS[nation].has(date.toString())),
});

/** ISO 3166; of a whole country only the days that all its parts share. */
const CALENDARS: ReadonlyMap<string, Calendar> = new Map([
  ["IN", { years: INDIA_YEARS, isHoliday: isIndianBankHoliday }],
  ["GB", unitedKingdom(...NATIONS)],
  ["GB-ENG", unitedKingdom("england-and-wales")],
  ["GB-WLS", unitedKingdom("england-and-wales")],
  ["GB-SCT", unitedKingdom("scotland")],
  ["GB-NIR", unitedKingdom("northern-ireland")],
]);

/**
 * `country`: ISO 3166-1 alpha-2, or the subdivision of a nation of the United Kingdom (`GB-SCT`). Null where the
 * calendar does not reach (today 2019 to 2027) and for countries without one: nothing can be said then.
 */
export function isBankHoliday(date: Temporal.PlainDate, country: string): boolean | null {
  const calendar = CALENDARS.get(country);
  if (!calendar || date.year < calendar.years.first || date.year > calendar.years.last) return null;
  return calendar.isHoliday(date);
}
