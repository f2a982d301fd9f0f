import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { account, anyAccount, credit, day, debit, month, relations, salaryOf } from "../analysis.testing.ts";
import type { FraudFinding } from "../types.ts";
import { HAND, HAND_OPTIONS, HAND_RELATIONS, inr } from "./hand.testing.ts";
import { analyse } from "./index.ts";

const OPTIONS = { today: day("2024-06-01"), minorDigits: () => 2 };

test("the card of the statement worked out by hand", () => {
  const [figures] = analyse([HAND], HAND_RELATIONS, HAND_OPTIONS).accounts;
  // Measures: income in 2 of 2 months; salary in 2 of 2; 253,970 of 143,470 spent = 177 %; instalments 16,000 of 143,470
  // = 11 %; bounces 1 + 1; cushion 87,755.83 × 2 / 253,970 = 69 %; 1 of 60 days below zero = 2 %; no finding.
  // Points: 110 + 60 + 0 + 90 + 25 % of 110 + 75 % of 70 + 50 % of 40 + 30 = 110 + 60 + 90 + 27.5 + 52.5 + 20 + 30 = 390.
  // All can be judged, so 300 + 600 × 390 / 600.
  assert.deepEqual(figures?.score, {
    score: 690,
    factors: [
      factor("income_regularity", "100 % of months with income", 110, 110, "income in every month"),
      factor("salary", "100 % of months with a salary", 60, 60, "a salary in nearly every month"),
      factor("spending", "177 % of income spent", 0, 90, "spends far more than comes in"),
      factor(
        "obligations",
        "11 % of income for instalments",
        90,
        90,
        "instalments take up to a fifth of the income",
      ),
      factor("bounces", "2 bounces", 27.5, 110, "up to three payments bounced"),
      factor(
        "balance_cushion",
        "69 % of a month's expenses kept on average",
        52.5,
        70,
        "half a month's expenses are on the account",
      ),
      factor("overdrawn_days", "2 % of days below zero", 20, 40, "seldom below zero"),
      factor("fraud_findings", "0 rules that hold", 30, 30, "nothing found"),
    ],
    unjudged: [],
  });
});

function factor(name: string, value: string, points: number, weight: number, reason: string) {
  return { name, value, points, weight, reason };
}

/** Six months of 1,000 in and 500 out. */
const STEADY = Array.from({ length: 6 }, (_, i) => {
  const first = month("2024-01").add({ months: i }).toString();
  return [credit(`${first}-01`, inr(1_000), { channel: "salary" }), debit(`${first}-20`, inr(500))];
}).flat();
const scoreWith = (findings: FraudFinding[], openingBalance: bigint | null) => {
  const own = account(STEADY, { openingBalance });
  const salary = own.transactions.filter(({ direction }) => direction === "credit").map((t) => salaryOf(t));
  const findingsByAccount = new Map([[own.profile.id, findings]]);
  const options = { ...OPTIONS, findings: findingsByAccount };
  return analyse([own], relations({ salary }), options).accounts[0]?.score ?? null;
};

test("the best has 900; each thing found takes from it; what is not known neither helps nor harms", () => {
  assert.equal(scoreWith([], inr(500))?.score, 900);
  const finding = (type: string): FraudFinding => ({
    type,
    category: "pattern",
    transactionHash: null,
    evidence: {},
  });
  // 60 % of the 30 points of 600; all 30.
  assert.equal(scoreWith([finding("a"), finding("a")], inr(500))?.score, 882);
  assert.equal(scoreWith([finding("a"), finding("b")], inr(500))?.score, 870);
  const bare = scoreWith([], null);
  assert.equal(bare?.score, 900);
  assert.deepEqual(bare.unjudged, ["balance_cushion", "overdrawn_days"]);
});

test("of less than thirty days, or of an account that does nothing, no score is made", () => {
  const short = account([credit("2024-01-01", inr(10)), debit("2024-01-29", inr(1))], { openingBalance: 0n });
  assert.equal(analyse([short], relations(), OPTIONS).accounts[0]?.score, null);
});

test("a score lies between 300 and 900, and its card adds up to it", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const score = analyse([own], relations(), OPTIONS).accounts[0]?.score;
      if (!score) return;
      assert.ok(Number.isInteger(score.score) && score.score >= 300 && score.score <= 900);
      const points = score.factors.reduce((sum, factor) => sum + factor.points, 0);
      const weight = score.factors.reduce((sum, factor) => sum + factor.weight, 0);
      assert.equal(score.score, 300 + Math.round((600 * points) / weight));
      assert.ok(score.factors.every(({ points, weight }) => points >= 0 && points <= weight));
    }),
  );
});
