import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { transaction } from "../analysis.testing.ts";
import { isMonthly, isPeriodic } from "./rhythm.ts";
import { referenceOf } from "./rows.ts";

/** Days of payments from the gaps between them. */
function days(...gaps: number[]): number[] {
  let day = 0;
  return [0, ...gaps.map((gap) => (day += gap))];
}

describe("rhythm", () => {
  test("a month is 24 to 38 days; three payments are needed", () => {
    assert.equal(isMonthly(days(24, 38)), true);
    assert.equal(isMonthly(days(23, 31)), false);
    assert.equal(isMonthly(days(31, 39)), false);
    assert.equal(isMonthly(days(30)), false);
    assert.equal(isMonthly(days()), false);
  });

  test("seven gaps of ten are enough, six are not; two payments on one day are one", () => {
    assert.equal(isMonthly(days(30, 30, 30, 30, 30, 30, 30, 60, 60, 60)), true);
    assert.equal(isMonthly(days(30, 30, 30, 30, 30, 30, 60, 60, 60, 60)), false);
    assert.equal(isMonthly(days(30, 0, 30, 0)), true);
    assert.equal(isMonthly(days(30, 0, 0)), false);
  });

  test("weeks, fortnights, four weeks, each a day early or late", () => {
    for (const gap of [7, 14, 28]) assert.equal(isPeriodic(days(gap - 1, gap, gap + 1)), true, String(gap));
    for (const gap of [5, 9, 12, 16, 26]) assert.equal(isPeriodic(days(gap, gap, gap)), false, String(gap));
  });
});

test("a reference: at least six characters, not all the same, without leading noughts", () => {
  const of = (schemeReference: string | null, reference: string | null = null) =>
    referenceOf(transaction("debit", "2024-01-05", 1n, { schemeReference, reference }));
  assert.equal(of("ab-12 34"), "AB1234");
  assert.equal(of("AB123"), null);
  assert.equal(of("000000123456"), "123456");
  assert.equal(of("000000012345"), null);
  assert.equal(of("777777777777"), null);
  assert.equal(of(null, "654321"), "654321");
  assert.equal(of("12", "654321"), "654321");
  assert.equal(of(null), null);
});
