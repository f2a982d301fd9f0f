import assert from "node:assert/strict";
import { test } from "node:test";
import { findGaps, missingIn } from "./page-numbers.ts";
import { at, closedWith, HEADER, only, paper, to } from "./paper.testing.ts";
import type { Line } from "./types.ts";

function pages(...texts: string[]): { lines: Line[] }[] {
  return texts.map((text, i) => ({
    lines: text
      .split("\n")
      .map((one, n): Line => ({ page: i + 1, line: n + 1, y0: 0, y1: 9, words: [], text: one })),
  }));
}

const missing = (...texts: string[]): number[] => findGaps(pages(...texts)).flatMap((gap) => gap.missing);

test("a file that has all its pages misses none, however they are counted", () => {
  assert.deepEqual(missing("Page 1 of 2", "Page 2 of 2"), []);
  assert.deepEqual(missing("Seite 1 von 2", "Seite 2/2"), []);
  assert.deepEqual(missing("Page No. : 1 of 1", "Page No. : 1 of 1"), []);
  assert.deepEqual(missing("rows", "rows"), []);
  assert.deepEqual(missing("Page 1", "Page 2", "Page 3"), []);
  assert.deepEqual(missing("Page 3", "Page 4"), [], "where it starts and ends is not said");
  assert.deepEqual(missing("Page No: 1\ncontinued on page 2", "Page No: 2"), []);
  assert.deepEqual(missing("see page 4", "see page 9"), []);
  assert.deepEqual(missing("Page 2", "Page 1", "Page 2"), []);
  // Two statements, each with its own count.
  assert.deepEqual(missing("1/2", "2/2", "1/3", "2/3", "3/3"), []);
  // An instalment is no page.
  assert.deepEqual(missing("EMI 1 of 12 PAID", "EMI 2 of 12 PAID"), []);
});

test("pages are missing at the start, in the middle and at the end", () => {
  assert.deepEqual(missing("Page 2 of 7", "Page 3 of 7", "Page 5 of 7"), [1, 4, 6, 7]);
  assert.deepEqual(missing("Page 1 of 3"), [2, 3]);
  assert.deepEqual(missing("1/2", "2/3", "3/3"), [2, 1]);
});

test("numbers without their count say what lies between them", () => {
  assert.deepEqual(missing("Page 1", "Page 3"), [2]);
  assert.deepEqual(missing("Printed 01/02/2024 Page No. : 1", "Printed 01/02/2024 Page No. : 4"), [2, 3]);
  assert.deepEqual(missing("Seite 1", "a picture", "Seite 4"), [3]);
  assert.deepEqual(missing("Seite 1", "a picture", "Seite 3"), []);
});

test("a page without a number may be the one that is missing", () => {
  assert.deepEqual(missing("cover", "Page 2 of 3", "Page 3 of 3"), []);
  assert.deepEqual(missing("Page 1 of 3", "Page 2 of 3", "terms"), []);
  assert.deepEqual(missing("Page 1 of 4", "a picture", "Page 4 of 4"), [3]);
});

test("a gap is that of the statements beside it", () => {
  const gaps = findGaps(pages("1/3", "3/3", "1/1"));
  assert.deepEqual(gaps, [{ after: 1, before: 2, missing: [2] }]);
  assert.deepEqual(missingIn(gaps, { from: 1, to: 1 }), [2]);
  assert.deepEqual(missingIn(gaps, { from: 3, to: 3 }), []);
});

test("a chain that holds on the pages that are there is not proven", () => {
  const rent = [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")];
  const shown = (foot: string): unknown => {
    const { status, missingPages } = only(
      paper([...closedWith("70.00"), HEADER, rent, 300, [at(500, foot)]]),
    ).verification;
    return [status, missingPages];
  };
  assert.deepEqual(shown("Page 1 of 1"), ["proven", undefined]);
  assert.deepEqual(shown("Page 1 of 2"), ["partly", [2]]);
});
