import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, debit, relations, salaryOf } from "../analysis.testing.ts";
import type { Channel, FraudFinding, LabelledTransaction, Relations } from "../types.ts";
import { findFraud } from "./index.ts";

const found = (
  type: string,
  transactions: readonly LabelledTransaction[],
  more: Partial<Relations> = {},
): FraudFinding[] => findFraud(account(transactions), relations(more)).filter((each) => each.type === type);

const many = (count: number, channel: Channel, amount: bigint): LabelledTransaction[] =>
  Array.from({ length: count }, () => debit("2024-01-05", amount, { channel }));

describe("mostly_cash_transactions", () => {
  const type = "mostly_cash_transactions";

  test("more than half of the number and of the money", () => {
    // 11 of 20; 11 × 1,000 of 11 × 1,000 + 9 × 100 = 11,900.
    const [finding] = found(type, [...many(11, "cash_withdrawl", 1_000_00n), ...many(9, "upi", 100_00n)]);
    assert.deepEqual(finding?.evidence, {
      transactions: 20,
      cashTransactions: 11,
      movedMinor: 1_190_000,
      cashMinor: 1_100_000,
    });
    assert.equal(finding?.category, "cash");
  });

  test("not accused: half, little money, few transactions; the bank's charges do not count", () => {
    assert.deepEqual(found(type, [...many(10, "cash_withdrawl", 1_000_00n), ...many(10, "upi", 1_00n)]), []);
    // Half of the money: 15 × 100 = 5 × 300.
    assert.deepEqual(found(type, [...many(15, "cash_withdrawl", 100_00n), ...many(5, "upi", 300_00n)]), []);
    assert.equal(found(type, [...many(15, "cash_withdrawl", 100_00n), ...many(5, "upi", 299_99n)]).length, 1);
    // 15 of 20, but 15 × 100 of 15 × 100 + 5 × 10,000.
    assert.deepEqual(
      found(type, [...many(15, "cash_withdrawl", 100_00n), ...many(5, "upi", 10_000_00n)]),
      [],
    );
    assert.deepEqual(found(type, many(19, "cash_withdrawl", 1_000_00n)), []);
    assert.deepEqual(
      found(type, [...many(19, "cash_withdrawl", 1_000_00n), ...many(9, "bank_charge", 1_00n)]),
      [],
    );
  });
});

describe("more_cash_deposits_than_salary", () => {
  const type = "more_cash_deposits_than_salary";
  const deposit = (amount: bigint) => credit("2024-01-10", amount, { channel: "cash_deposit" });
  const paid = [credit("2024-01-31", 30_000_00n), credit("2024-02-29", 30_000_00n)];
  const salary = paid.map((each) => salaryOf(each));

  test("60,000 of salary, 60,001 in cash", () => {
    const deposits = [deposit(60_000_00n), deposit(1_00n)];
    const [finding] = found(type, [...deposits, ...paid], { salary });
    assert.deepEqual(finding?.evidence, {
      cashDepositsMinor: 6_000_100,
      salaryMinor: 6_000_000,
      salaries: 2,
      transactions: deposits.map(({ hash }) => hash),
    });
  });

  test("not accused: as much as salary, no salary, one salary only, cash taken back", () => {
    assert.deepEqual(found(type, [deposit(60_000_00n), ...paid], { salary }), []);
    assert.deepEqual(found(type, [deposit(60_000_00n), ...paid]), []);
    assert.deepEqual(found(type, [deposit(90_000_00n), ...paid], { salary: salary.slice(0, 1) }), []);
    const wrong = deposit(90_000_00n);
    const reversals = new Map([[wrong.hash, "f".repeat(32)]]);
    assert.deepEqual(found(type, [wrong, ...paid], { salary, reversals }), []);
  });

  test("the salary of another account does not count", () => {
    const elsewhere = paid.map((each) => salaryOf({ ...each, accountId: "another" }));
    assert.deepEqual(found(type, [deposit(90_000_00n)], { salary: elsewhere }), []);
  });
});
