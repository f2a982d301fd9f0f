import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeAccount, type AccountFacts, type Criteria } from "../analysis/acceptance.ts";
import type { Span } from "../analysis/coverage.ts";
import { accountMessage } from "./messages.ts";

const day = (text: string) => Temporal.PlainDate.from(text);
const RANGE: Span = { from: day("2023-10-01"), to: day("2024-01-31") };
const GOOD: AccountFacts = {
  usableStatements: 1,
  hasAccountNumber: true,
  broken: false,
  covered: [RANGE],
  transactionDays: ["2023-10-05", "2023-11-05", "2023-12-05", "2024-01-05"].map(day),
};

function message(facts: Partial<AccountFacts>, criteria: Partial<Criteria> = {}): [string, string] {
  const asked: Criteria = { level1: "months", missingDays: 0, level2: "every_month", ...criteria };
  const finding = judgeAccount({ ...GOOD, ...facts }, asked, RANGE, false);
  assert.ok(finding);
  return [finding.code, accountMessage(finding)];
}

/** Reference §4, letter by letter. */
test("each failure of acceptance has its code and its exact message", () => {
  assert.deepEqual(message({ usableStatements: 0 }), [
    "UNPARSABLE",
    "Failed to process because of an unparsable statement",
  ]);
  assert.deepEqual(message({ hasAccountNumber: false }), [
    "NULL_ACCOUNT_NUMBER",
    "Account number is unavailable or unidentified",
  ]);
  assert.deepEqual(message({ broken: true }), [
    "BALANCE_MISMATCH",
    "Calculated transaction balance does not match",
  ]);
  assert.deepEqual(message({ transactionDays: [] }), [
    "MISSING_TRANSACTIONS",
    "One or more transactions are missing in the specified date range",
  ]);
  assert.deepEqual(message({ transactionDays: [day("2023-10-05"), day("2024-01-05")] }), [
    "INCOMPLETE_MONTHS",
    "Insufficient data to generate report. There are no transactions for Nov 2023, Dec 2023",
  ]);
  const october = { from: day("2023-10-01"), to: day("2023-10-31") };
  const january = { from: day("2024-01-01"), to: day("2024-01-31") };
  assert.deepEqual(message({ covered: [october, january] }), [
    "INCOMPLETE_MONTHS_UPLOAD",
    "Statement(s) uploaded contain incomplete months. Missing data present for Nov 2023, Dec 2023",
  ]);
  const late = [
    { from: day("2023-10-03"), to: day("2023-12-31") },
    { from: day("2024-01-05"), to: day("2024-01-31") },
  ];
  assert.deepEqual(message({ covered: late }, { level1: "dates" }), [
    "INCOMPLETE_DATES_UPLOAD",
    'Statement(s) uploaded contain incomplete dates. Missing dates present for {"Oct 2023": [1, 2], "Jan 2024": [1, 2, 3, 4]}',
  ]);
});
