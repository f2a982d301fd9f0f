import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { day } from "../analysis.testing.ts";
import { calendarOf, dateOf, dayCount, dayNumber, monthNumber } from "./calendar.ts";

test("a year that starts in the middle of one", () => {
  const calendar = calendarOf({ from: day("2023-11-15"), to: day("2024-03-02") });
  assert.deepEqual(calendar.months.map(String), ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"]);
  // 30 + 31 + 31 + 29 + 31.
  assert.deepEqual(calendar.starts, [0, 30, 61, 92, 121, 152]);
  assert.equal(dayCount(calendar), 152);
  assert.equal(dayNumber(calendar, day("2024-02-29")), 120);
  assert.equal(monthNumber(calendar, day("2023-10-31")), -1);
});

test("days are numbered through without a gap, and back", () => {
  const first = day("2019-06-20");
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(500), (length, offset) => {
      const calendar = calendarOf({ from: first, to: first.add({ days: length }) });
      const date = first.add({ days: Math.min(length, offset) });
      const number = dayNumber(calendar, date);
      assert.equal(number, day("2019-06-01").until(date).days);
      assert.equal(dateOf(calendar, number).toString(), date.toString());
    }),
  );
});
