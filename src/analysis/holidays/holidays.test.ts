import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isBankHoliday } from "./index.ts";
import { BANK_HOLIDAYS, NATIONS } from "./united-kingdom.ts";

const is = (date: string, country: string) => isBankHoliday(Temporal.PlainDate.from(date), country);

describe("India", () => {
  test("national days, Sundays, second and fourth Saturdays", () => {
    for (const date of ["2024-01-26", "2024-08-15", "2024-10-02", "2024-12-25"])
      assert.equal(is(date, "IN"), true);
    // January 2024: Saturdays 6, 13, 20, 27; Sunday 7.
    assert.deepEqual(
      ["2024-01-06", "2024-01-07", "2024-01-13", "2024-01-20", "2024-01-27"].map((date) => is(date, "IN")),
      [false, true, true, false, true],
    );
    // March 2024 has a fifth Saturday.
    assert.equal(is("2024-03-30", "IN"), false);
  });

  test("a holiday of some states is none, and the Reserve Bank's working Sundays are none", () => {
    // Diwali in most states; yearly closing, open in a few.
    for (const date of ["2024-11-01", "2024-04-01"]) assert.equal(is(date, "IN"), false);
    assert.equal(is("2019-03-31", "IN"), false);
    assert.equal(is("2024-03-31", "IN"), false);
    assert.equal(is("2024-04-07", "IN"), true);
  });
});

describe("United Kingdom", () => {
  test("nations differ; of the whole country only the days that all share", () => {
    // Easter Monday is none in Scotland, 2 January only there, St Patrick's Day only in Northern Ireland.
    assert.deepEqual(
      ["GB", "GB-ENG", "GB-SCT", "GB-NIR"].map((nation) => is("2025-04-21", nation)),
      [false, true, false, true],
    );
    assert.deepEqual(
      ["GB", "GB-ENG", "GB-SCT"].map((nation) => is("2025-01-02", nation)),
      [false, false, true],
    );
    assert.deepEqual(
      ["GB", "GB-WLS", "GB-NIR"].map((nation) => is("2025-03-17", nation)),
      [false, false, true],
    );
    assert.equal(is("2025-12-25", "GB"), true);
  });

  test("a weekend is no bank holiday", () => {
    assert.equal(is("2025-06-14", "GB"), false);
    assert.equal(is("2025-06-15", "GB"), false);
  });

  /** Anonymous Gregorian algorithm; its two results tell the data's typing errors. */
  function easterSunday(year: number): Temporal.PlainDate {
    const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
    const g = Math.floor((8 * b + 13) / 25);
    const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
    const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
    const m = Math.floor((a + 11 * h + 22 * l) / 451);
    const n = h + l - 7 * m + 114;
    return Temporal.PlainDate.from({ year, month: Math.floor(n / 31), day: (n % 31) + 1 });
  }

  test("every entry is a day from Monday to Friday, and Good Friday is among them", () => {
    for (const nation of NATIONS) {
      for (const date of BANK_HOLIDAYS[nation]) assert.ok(Temporal.PlainDate.from(date).dayOfWeek < 6, date);
      for (let year = 2019; year <= 2027; year += 1) {
        const friday = easterSunday(year).subtract({ days: 2 }).toString();
        assert.ok(BANK_HOLIDAYS[nation].has(friday), `${nation} ${friday}`);
        const monday = easterSunday(year).add({ days: 1 }).toString();
        assert.equal(BANK_HOLIDAYS[nation].has(monday), nation !== "scotland", `${nation} ${monday}`);
      }
    }
  });

  test("the number of days: eight, nine and ten, and the one-off ones", () => {
    const count = (nation: (typeof NATIONS)[number], year: number) =>
      [...BANK_HOLIDAYS[nation]].filter((date) => date.startsWith(`${year}-`)).length;
    const extra = new Map([
      [2022, 2],
      [2023, 1],
    ]);
    for (let year = 2019; year <= 2027; year += 1) {
      const more = extra.get(year) ?? 0;
      assert.equal(count("england-and-wales", year), 8 + more, String(year));
      assert.equal(count("scotland", year), 9 + more + (year === 2026 ? 1 : 0), String(year));
      assert.equal(count("northern-ireland", year), 10 + more, String(year));
    }
  });
});

test("outside the years, and of a country without a calendar, nothing is said", () => {
  for (const [date, country] of [
    ["2018-12-25", "GB"],
    ["2028-01-26", "IN"],
    ["2024-12-25", "DE"],
  ] as const)
    assert.equal(is(date, country), null);
});
