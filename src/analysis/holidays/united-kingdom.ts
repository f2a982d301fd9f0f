/**
 * Bank holidays of the United Kingdom with their substitute days, as proclaimed (gov.uk/bank-holidays): month-day.
 * Weekends are no bank holidays: machines and post offices take cash on them. One-off days: 8 May 2020 (VE Day,
 * instead of the first Monday), 3 June and 19 September 2022, 8 May 2023, 15 June 2026 (Scotland, World Cup).
 */

export type Nation = "england-and-wales" | "scotland" | "northern-ireland";

type Calendar = Readonly<Record<number, string>>;

const ENGLAND_AND_WALES: Calendar = {
  2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
  2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
  2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
  2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
  2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
  2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
  2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
  2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
  2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
};

const SCOTLAND: Calendar = {
  2019: "01-01 01-02 04-19 05-06 05-27 08-05 12-02 12-25 12-26",
  2020: "01-01 01-02 04-10 05-08 05-25 08-03 11-30 12-25 12-28",
  2021: "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
  2022: "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
  2023: "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
  2024: "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
  2025: "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
  2026: "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
  2027: "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
};

/** Beside those of England and Wales: St Patrick's Day and the Battle of the Boyne. */
const NORTHERN_IRELAND_TOO: Calendar = {
  2019: "03-18 07-12",
  2020: "03-17 07-13",
  2021: "03-17 07-12",
  2022: "03-17 07-12",
  2023: "03-17 07-12",
  2024: "03-18 07-12",
  2025: "03-17 07-14",
  2026: "03-17 07-13",
  2027: "03-17 07-12",
};

export const UNITED_KINGDOM_YEARS = { first: 2019, last: 2027 } as const;

export const NATIONS: readonly Nation[] = ["england-and-wales", "scotland", "northern-ireland"];

const days = (...calendars: readonly Calendar[]): ReadonlySet<string> =>
  new Set(
    calendars.flatMap((calendar) =>
      Object.entries(calendar).flatMap(([year, dates]) => dates.split(" ").map((date) => `${year}-${date}`)),
    ),
  );

/** ISO dates. */
export const BANK_HOLIDAYS: Readonly<Record<Nation, ReadonlySet<string>>> = {
  "england-and-wales": days(ENGLAND_AND_WALES),
  scotland: days(SCOTLAND),
  "northern-ireland": days(ENGLAND_AND_WALES, NORTHERN_IRELAND_TOO),
};
