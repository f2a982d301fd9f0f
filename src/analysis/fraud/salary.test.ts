import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, relations, salaryOf } from "../analysis.testing.ts";
import type { AccountProfile, LabelledTransaction } from "../types.ts";
import { findFraud } from "./index.ts";

const BRITISH = { country: "GB", currency: "GBP" } as const;

/** One payment a month from January 2024 on. */
const payments = (
  amounts: readonly bigint[],
  more: Partial<LabelledTransaction> = {},
): LabelledTransaction[] =>
  amounts.map((amount, at) => credit(`2024-${String(at + 1).padStart(2, "0")}-28`, amount, more));

function found(
  type: string,
  paid: readonly LabelledTransaction[],
  profile: Partial<AccountProfile> = {},
  employerOf: (at: number) => string = () => "QUARTZ MILLS",
) {
  const one = account(paid, profile);
  const salary = one.transactions.map((each, at) => salaryOf(each, { employer: employerOf(at) }));
  return findFraud(one, relations({ salary })).filter((each) => each.type === type);
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("salary_remains_unchanged", () => {
  test("six months of one employer's, equal to the paisa", () => {
    const paid = payments([...times(6, 48_213_50n), 49_000_00n]);
    const [finding, ...more] = found("salary_remains_unchanged", paid);
    assert.deepEqual(more, []);
    assert.deepEqual(finding, {
      type: "salary_remains_unchanged",
      category: "salary",
      transactionHash: null,
      evidence: {
        employer: "QUARTZ MILLS",
        amountMinor: 4_821_350,
        months: ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"],
        transactions: paid.slice(0, 6).map(({ hash }) => hash),
      },
    });
  });

  test("not accused: five months, a month that differs in between, two employers, six payments in three months", () => {
    assert.deepEqual(found("salary_remains_unchanged", payments(times(5, 48_213_50n))), []);
    const changed = payments([...times(3, 48_213_50n), 48_113_50n, ...times(3, 48_213_50n)]);
    assert.deepEqual(found("salary_remains_unchanged", changed), []);
    const employer = (at: number) => (at % 2 === 0 ? "QUARTZ MILLS" : "MARBLE MILLS");
    assert.deepEqual(found("salary_remains_unchanged", payments(times(10, 48_213_50n)), {}, employer), []);
    const weekly = times(6, 0).map((_, at) => credit(`2024-0${1 + (at >> 1)}-${at % 2 ? 10 : 24}`, 900_50n));
    assert.deepEqual(found("salary_remains_unchanged", weekly), []);
  });

  test("not accused: a British employer's net pay of 2,000.00 every month", () => {
    const paid = payments(times(12, 2_000_00n));
    assert.deepEqual(found("salary_remains_unchanged", paid, BRITISH), []);
    assert.deepEqual(found("salary_1000_multiple", paid, BRITISH), []);
  });
});

describe("salary_1000_multiple", () => {
  test("every salary is whole thousands of rupees", () => {
    const paid = payments([50_000_00n, 50_000_00n, 52_000_00n]);
    const [finding] = found("salary_1000_multiple", paid);
    assert.equal(finding?.category, "salary");
    assert.deepEqual(finding?.evidence, {
      payments: 3,
      multipleOfMinor: 100_000,
      transactions: paid.map(({ hash }) => hash),
    });
  });

  test("not accused: one that is not, two payments, a stipend", () => {
    assert.deepEqual(found("salary_1000_multiple", payments([50_000_00n, 50_000_00n, 51_250_00n])), []);
    assert.deepEqual(found("salary_1000_multiple", payments([50_000_00n, 50_000_00n])), []);
    const stipend = payments(times(4, 15_000_00n), { narration: "STIPEND FOR THE MONTH" });
    assert.deepEqual(found("salary_1000_multiple", stipend), []);
  });
});
