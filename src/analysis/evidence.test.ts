import assert from "node:assert/strict";
import { test } from "node:test";
import { plainEvidence } from "./evidence.ts";

test("amounts are in units of the currency, keys in snake_case, the rest as it is", () => {
  const evidence = { expectedMinor: 123_456, differenceMinor: -5, creditDays: 3, holiday: "Republic Day" };
  assert.deepEqual(plainEvidence(evidence, 2), {
    expected: 1234.56,
    difference: -0.05,
    credit_days: 3,
    holiday: "Republic Day",
  });
  assert.deepEqual(plainEvidence({ totalMinor: 500, transactions: ["a"] }, 0), {
    total: 500,
    transactions: ["a"],
  });
});
