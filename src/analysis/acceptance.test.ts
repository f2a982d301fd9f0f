import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeAccount, type AccountFacts, type Criteria } from "./acceptance.ts";
import { consideredRange, type Span } from "./coverage.ts";

const day = (text: string) => Temporal.PlainDate.from(text);
const span = (from: string, to: string): Span => ({ from: day(from), to: day(to) });
const RANGE = span("2024-01-01", "2024-03-31");
const DEFAULT: Criteria = { level1: "months", missingDays: 0, level2: "every_month" };
const GOOD: AccountFacts = {
  usableStatements: 1,
  hasAccountNumber: true,
  broken: false,
  covered: [RANGE],
  transactionDays: ["2024-01-05", "2024-02-05", "2024-03-05"].map(day),
};
const judge = (facts: Partial<AccountFacts>, criteria: Partial<Criteria> = {}, acceptAnything = false) =>
  judgeAccount({ ...GOOD, ...facts }, { ...DEFAULT, ...criteria }, RANGE, acceptAnything);

test("an account that lacks nothing is accepted", () => {
  assert.equal(judge({}), null);
});

test("the first failure in the order is the one told", () => {
  const everything = {
    usableStatements: 0,
    hasAccountNumber: false,
    broken: true,
    covered: [],
    transactionDays: [],
  };
  assert.equal(judge(everything)?.code, "UNPARSABLE");
  assert.equal(judge({ ...everything, usableStatements: 1 })?.code, "NULL_ACCOUNT_NUMBER");
  const named = { ...everything, usableStatements: 1, hasAccountNumber: true };
  assert.equal(judge(named)?.code, "BALANCE_MISMATCH");
  const adding = { ...named, broken: false };
  assert.equal(judge(adding)?.code, "INCOMPLETE_MONTHS_UPLOAD");
  assert.equal(judge(adding, { level1: "dates" })?.code, "INCOMPLETE_DATES_UPLOAD");
  assert.equal(judge({ ...adding, covered: [RANGE] })?.code, "MISSING_TRANSACTIONS");
  const one = { ...adding, covered: [RANGE], transactionDays: [day("2024-01-05")] };
  assert.equal(judge(one)?.code, "INCOMPLETE_MONTHS");
});

test("level 1 in months names the months, in dates the days beyond the tolerance", () => {
  const covered = [span("2024-01-05", "2024-01-31"), span("2024-03-01", "2024-03-31")];
  const months = judge({ covered });
  assert.deepEqual(months?.code === "INCOMPLETE_MONTHS_UPLOAD" && months.months.map(String), ["2024-02"]);
  const short = [span("2024-01-05", "2024-03-31")];
  assert.equal(judge({ covered: short }), null);
  const dates = judge({ covered: short }, { level1: "dates", missingDays: 3 });
  assert.deepEqual(dates?.code === "INCOMPLETE_DATES_UPLOAD" && dates.dates[0]?.days, [1, 2, 3, 4]);
  assert.equal(judge({ covered: short }, { level1: "dates", missingDays: 4 }), null);
  assert.equal(judge({ covered: [] }, { level1: "none" }), null);
});

test("level 2 asks for every month, the outer ones, any, or nothing", () => {
  const facts = { transactionDays: [day("2024-01-05"), day("2024-03-05"), day("2025-02-01")] };
  const every = judge(facts);
  assert.deepEqual(every?.code === "INCOMPLETE_MONTHS" && every.months.map(String), ["2024-02"]);
  assert.equal(judge(facts, { level2: "first_and_last_month" }), null);
  const middle = { transactionDays: [day("2024-02-05")] };
  const outer = judge(middle, { level2: "first_and_last_month" });
  assert.deepEqual(outer?.code === "INCOMPLETE_MONTHS" && outer.months.map(String), ["2024-01", "2024-03"]);
  assert.equal(judge(middle, { level2: "any" }), null);
  const outside = { transactionDays: [day("2025-02-01")] };
  assert.equal(judge(outside, { level2: "any" })?.code, "MISSING_TRANSACTIONS");
  assert.equal(judge(outside, { level2: "none" }), null);
});

test("accept_anything waives acceptance, never proof", () => {
  const empty = { covered: [], transactionDays: [] };
  assert.equal(judge(empty, {}, true), null);
  assert.equal(judge({ ...empty, broken: true }, {}, true)?.code, "BALANCE_MISMATCH");
  assert.equal(
    judgeAccount({ ...GOOD, ...empty, broken: true }, DEFAULT, null, false)?.code,
    "BALANCE_MISMATCH",
  );
  assert.equal(judgeAccount({ ...GOOD, ...empty }, DEFAULT, null, false), null);
});

/**
 * Range January 1st to March 31st. Covered are January 5th to 31st and March: 4 + 29 days are missing, and the month of
 * February. Transactions are in January and March only.
 */
test("the levels hold in any combination", () => {
  const facts = {
    covered: [span("2024-01-05", "2024-01-31"), span("2024-03-01", "2024-03-31")],
    transactionDays: [day("2024-01-06"), day("2024-03-05")],
  };
  const level1: [Partial<Criteria>, string | null][] = [
    [{ level1: "months" }, "INCOMPLETE_MONTHS_UPLOAD"],
    [{ level1: "dates", missingDays: 0 }, "INCOMPLETE_DATES_UPLOAD"],
    [{ level1: "dates", missingDays: 32 }, "INCOMPLETE_DATES_UPLOAD"],
    [{ level1: "dates", missingDays: 33 }, null],
    [{ level1: "none" }, null],
  ];
  const level2: [Partial<Criteria>, string | null][] = [
    [{ level2: "every_month" }, "INCOMPLETE_MONTHS"],
    [{ level2: "first_and_last_month" }, null],
    [{ level2: "any" }, null],
    [{ level2: "none" }, null],
  ];
  for (const [upload, uploadCode] of level1) {
    for (const [processed, processedCode] of level2) {
      const found = judge(facts, { ...upload, ...processed });
      assert.equal(found?.code ?? null, uploadCode ?? processedCode, JSON.stringify([upload, processed]));
    }
  }
});

test("a month that is left out of the considered range is asked of neither level", () => {
  // To March 5th: the first week of March does not count, so February is the last month.
  const considered = consideredRange(span("2024-01-01", "2024-03-05"), day("2024-03-20"));
  const facts = {
    ...GOOD,
    covered: [span("2024-01-01", "2024-02-29")],
    transactionDays: [day("2024-01-06"), day("2024-02-05")],
  };
  for (const level1 of ["months", "dates"] as const) {
    for (const level2 of ["every_month", "first_and_last_month"] as const) {
      assert.equal(judgeAccount(facts, { level1, missingDays: 0, level2 }, considered, false), null);
    }
  }
});
