import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { account, anyAccount, credit, day, debit, hashes, relations } from "../analysis.testing.ts";
import { wholePercentages } from "./expenses.ts";
import { HAND, HAND_OPTIONS, HAND_RELATIONS, inr } from "./hand.testing.ts";
import { analyse } from "./index.ts";

const OPTIONS = { today: day("2024-06-01"), minorDigits: () => 2 };

test("expense categories of the statement worked out by hand", () => {
  const [figures] = analyse([HAND], HAND_RELATIONS, HAND_OPTIONS).accounts;
  // All debits but the outward bounce of 20,000: 273,970 - 20,000 = 253,970, a hundredth of which is 2,539.7.
  //   Transfers    4,000 + 6,000 (cheque) + 163,910 = 173,910   68.476  → 68
  //   Bills        1,000 + 30,000                   =  31,000   12.206  → 12
  //   Loans        8,000 + 8,000                    =  16,000    6.299  →  6
  //   Investments  10,000                                        3.937  →  3, raised to 4
  //   Travel       7,000                                         2.756  →  2, raised to 3
  //   Cash         5,000                                         1.968  →  1, raised to 2
  //   Food         2,000 + 1,470                    =   3,470    1.366  →  1
  //   Others       300 + 590 + 2,500                =   3,390    1.334  →  1
  //   Shopping     3,000                                         1.181  →  1
  //   Fuel         500 + 700                        =   1,200    0.472  →  0
  // Rounded down they total 95, so five are raised: remainders .968 Cash, .937 Investments, .756 Travel, and then
  // .476 Transfers (→ 69) before .472 Fuel (→ 1).
  assert.deepEqual(
    figures?.expenseCategories.map(({ category, percentage, amount }) => [category, percentage, amount]),
    [
      ["Transfers", 69, inr(173_910)],
      ["Bills", 12, inr(31_000)],
      ["Loans", 6, inr(16_000)],
      ["Investments", 4, inr(10_000)],
      ["Travel", 3, inr(7_000)],
      ["Cash", 2, inr(5_000)],
      ["Food", 1, inr(3_470)],
      ["Others", 1, inr(3_390)],
      ["Shopping", 1, inr(3_000)],
      ["Fuel", 1, inr(1_200)],
    ],
  );
});

test("of equal remainders the first is raised", () => {
  assert.deepEqual(wholePercentages([1n, 1n, 1n]), [34, 33, 33]);
  assert.deepEqual(wholePercentages([]), []);
});

test("a loan of an unknown merchant is one by its relations, a merchant goes before that", () => {
  const emi = debit("2024-01-05", inr(50), { channel: "auto_debit_payment" });
  const insured = debit("2024-01-06", inr(50), {
    channel: "auto_debit_payment",
    merchantCategory: "insurance",
  });
  const { expenseCategories } = analyse(
    [account([emi, insured])],
    relations({ emiDebits: hashes(emi, insured) }),
    OPTIONS,
  ).aggregate;
  assert.deepEqual(
    expenseCategories.map(({ category, percentage }) => [category, percentage]),
    [
      ["Insurance", 50],
      ["Loans", 50],
    ],
  );
});

test("the five greatest of a month, the earlier first among equals; of equal notes one by note", () => {
  const named = (date: string, amount: number, narration: string) => credit(date, inr(amount), { narration });
  const rows = [
    named("2024-01-02", 10, "small"),
    named("2024-01-03", 70, "rent"),
    named("2024-01-04", 90, "rent"),
    named("2024-01-05", 50, "first"),
    named("2024-01-06", 50, "second"),
    named("2024-01-07", 40, "fifth"),
    named("2024-01-08", 30, "sixth"),
    debit("2024-01-09", inr(1_000), { narration: "spent" }),
    named("2024-03-01", 1, "alone"),
  ];
  const { topCredits, topDebits } = analyse([account(rows)], relations(), OPTIONS).aggregate;
  const listed = (top: typeof topCredits) =>
    top.map(({ month, transactions, distinctNotes }) => [
      month.toString(),
      transactions.map(({ narration, amount }) => `${narration} ${amount / 100n}`).join(", "),
      distinctNotes.map(({ narration, amount }) => `${narration} ${amount / 100n}`).join(", "),
    ]);
  assert.deepEqual(listed(topCredits), [
    [
      "2024-01",
      "rent 90, rent 70, first 50, second 50, fifth 40",
      "rent 90, first 50, second 50, fifth 40, sixth 30",
    ],
    ["2024-03", "alone 1", "alone 1"],
  ]);
  assert.deepEqual(listed(topDebits), [["2024-01", "spent 1000", "spent 1000"]]);
});

test("nothing of a month is greater than its five", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const { topDebits } = analyse([own], relations(), OPTIONS).aggregate;
      for (const { month, transactions } of topDebits) {
        const all = own.transactions.filter(
          ({ direction, date }) => direction === "debit" && date.toPlainYearMonth().equals(month),
        );
        assert.equal(transactions.length, Math.min(5, all.length));
        const least = transactions.at(-1)?.amount ?? 0n;
        const chosen = new Set(transactions);
        assert.ok(all.every((each) => chosen.has(each) || each.amount <= least));
      }
    }),
  );
});
