import assert from "node:assert/strict";
import { test } from "node:test";
import { commonHead, keyOf } from "./page-head.ts";
import type { Line } from "./types.ts";

const lines = (...texts: string[]): Line[] =>
  texts.map((text, i) => ({ page: 1, line: i + 1, y0: 40 + 11 * i, y1: 49 + 11 * i, words: [], text }));

test("a head is what two pages have in common from the top, but for the page's number", () => {
  const first = lines("A Bank", "Page 1 of 3", "Closing Balance 70.00", "02/01/2024 Rent 30.00 70.00");
  const next = lines("A Bank", "Page 2 of 3", "Closing Balance 70.00", "05/01/2024 Rent 30.00 40.00");
  assert.equal(commonHead(first, next), 3);
  assert.equal(commonHead(first, lines("B Bank", "Page 2 of 3")), 0);
  // The narrations of two salaries.
  assert.equal(commonHead(lines("QUARTZ MILLS", "LTD", "a"), lines("QUARTZ MILLS", "LTD", "b")), 0);
});

test("what is misprinted in a head is of the head where as much is allowed", () => {
  const first = lines("A Bank", "Closing Balance 70.00", "Date Amount");
  const next = lines("A Bank", "Closing Balance 10.00", "Date Amount", "05/01/2024 Rent 30.00 40.00");
  assert.equal(commonHead(first, next), 0);
  assert.equal(commonHead(first, next, 1), 3);
});

test("only the numbers of pages are left out of a comparison", () => {
  const key = (text: string): string => keyOf(lines(text)[0] ?? assert.fail());
  assert.equal(key("Page 3 of 12"), key("Page 4 of 12"));
  assert.equal(key("3/12"), key("4/12"));
  assert.notEqual(key("PART OF THE ORDER REF 811"), key("PART OF THE ORDER REF 812"));
  assert.notEqual(key("03/02/2024 AS AGREED"), key("04/02/2024 AS AGREED"));
});
