import assert from "node:assert/strict";
import { test } from "node:test";
import { account, credit, day, relations } from "../analysis.testing.ts";
import type { Span } from "../coverage.ts";
import { HAND, HAND_OPTIONS, HAND_RELATIONS, HAND_STATEMENT } from "./hand.testing.ts";
import { coverageOf } from "./coverage-figures.ts";
import { analyse } from "./index.ts";
import type { Coverage } from "./types.ts";

const span = (from: string, to: string): Span => ({ from: day(from), to: day(to) });
const text = ({ from, to }: Span) => `${from.toString()}..${to.toString()}`;

const inWords = (coverage: Coverage | undefined) => ({
  covered: coverage?.covered.map(text),
  presentMonths: coverage?.presentMonths.map(String),
  missingMonths: coverage?.missingMonths.map(String),
  missing: coverage?.missing.map(text),
  missingDates: coverage?.missingDates.map(({ month, days }) => [month.toString(), days]),
  excess: coverage?.excess.map(text),
  excessMonths: coverage?.excessMonths.map(String),
});

test("overlapping statements count once: what is there, missing, and more than was asked for", () => {
  // Asked: November 1st to March 10th. Three statements: October 20th to December 5th, December 1st to 28th (five days
  // are in both), and January 4th to January 31st; February and the ten days of March are in none.
  const statement = (id: string, period: Span) => ({ ...HAND_STATEMENT, id, period, transactions: null });
  const own = account([credit("2023-12-03", 100n)]);
  const [figures] = analyse([own], relations(), {
    ...HAND_OPTIONS,
    range: span("2023-11-01", "2024-03-10"),
    statements: [
      statement("b", span("2023-12-01", "2023-12-28")),
      statement("c", span("2024-01-04", "2024-01-31")),
      statement("a", span("2023-10-20", "2023-12-05")),
    ],
  }).accounts;
  const february = Array.from({ length: 29 }, (_, i) => i + 1);
  assert.deepEqual(inWords(figures?.coverage), {
    covered: ["2023-10-20..2023-12-28", "2024-01-04..2024-01-31"],
    presentMonths: ["2023-10", "2023-11", "2023-12", "2024-01"],
    missingMonths: ["2024-02", "2024-03"],
    missing: ["2023-12-29..2024-01-03", "2024-02-01..2024-03-10"],
    missingDates: [
      ["2023-12", [29, 30, 31]],
      ["2024-01", [1, 2, 3]],
      ["2024-02", february],
      ["2024-03", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ],
    // Twelve days before the range; nothing after it.
    excess: ["2023-10-20..2023-10-31"],
    excessMonths: ["2023-10"],
  });
  assert.deepEqual(
    figures?.statements.map(({ statementId }) => statementId),
    ["b", "c", "a"],
  );
});

test("a range in the middle of what is covered has excess on both sides, of the same month too", () => {
  const coverage = coverageOf([span("2024-01-01", "2024-02-29")], span("2024-01-10", "2024-02-09"));
  assert.deepEqual(inWords(coverage), {
    covered: ["2024-01-01..2024-02-29"],
    presentMonths: ["2024-01", "2024-02"],
    missingMonths: [],
    missing: [],
    missingDates: [],
    excess: ["2024-01-01..2024-01-09", "2024-02-10..2024-02-29"],
    excessMonths: [],
  });
});

test("without a range the months touched are asked for whole", () => {
  const coverage = coverageOf([span("2024-01-05", "2024-01-30"), span("2024-03-01", "2024-03-31")], null);
  assert.deepEqual(inWords(coverage).missing, ["2024-01-01..2024-01-04", "2024-01-31..2024-02-29"]);
  assert.deepEqual(inWords(coverage).missingMonths, ["2024-02"]);
  assert.deepEqual(inWords(coverage).excess, []);
  assert.deepEqual(inWords(coverageOf([], null)).covered, []);
});

test("statistics of the statement worked out by hand", () => {
  const [figures] = analyse([HAND], HAND_RELATIONS, HAND_OPTIONS).accounts;
  const [statement] = figures?.statements ?? [];
  assert.deepEqual(
    [statement?.firstTransaction, statement?.lastTransaction, statement?.from, statement?.to].map(String),
    ["2024-01-02", "2024-02-27", "2024-01-01", "2024-02-29"],
  );
  // 18 rows in January, 16 in February.
  assert.equal(statement?.transactionCount, 34);
});

test("a statement without a period speaks of its first to its last transaction", () => {
  const transactions = span("2024-01-05", "2024-01-30");
  const [figures] = analyse([HAND], HAND_RELATIONS, {
    ...HAND_OPTIONS,
    statements: [{ ...HAND_STATEMENT, period: null, transactions }],
  }).accounts;
  assert.equal(figures?.statements[0]?.from?.toString(), "2024-01-05");
  assert.deepEqual(figures?.coverage.covered.map(text), ["2024-01-05..2024-01-30"]);
});
