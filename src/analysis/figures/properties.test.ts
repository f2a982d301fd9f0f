import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { account, anyAccount, credit, day, debit, hashes, relations, salaryOf } from "../analysis.testing.ts";
import type { Account, LabelledTransaction } from "../types.ts";
import { sumOf } from "./arithmetic.ts";
import { wholePercentages } from "./expenses.ts";
import { inr } from "./hand.testing.ts";
import { analyse } from "./index.ts";
import { STEMS } from "./kinds.ts";
import type { Figure } from "./month-view.ts";

const OPTIONS = { today: day("2024-06-01"), minorDigits: () => 2 };

const amounts = (figures: readonly Figure[] | undefined): bigint[] =>
  (figures ?? []).filter((figure) => typeof figure === "bigint");
const counts = (figures: readonly Figure[] | undefined): number[] =>
  (figures ?? []).filter((figure) => typeof figure === "number");
const totalCount = (figures: readonly Figure[] | undefined) =>
  counts(figures).reduce((sum, count) => sum + count, 0);
const totalAmount = (transactions: readonly LabelledTransaction[]) =>
  sumOf(transactions.map(({ amount }) => amount));

test("sums and counts over the months are those over the range", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const { aggregate } = analyse([own], relations(), OPTIONS);
      const { monthly } = aggregate;
      const of = (direction: string, channel?: string) =>
        own.transactions.filter(
          (each) => each.direction === direction && (channel === undefined || each.channel === channel),
        );
      const wanted: [stem: string, transactions: LabelledTransaction[]][] = [
        ["credit", of("credit")],
        ["debit", of("debit")],
        ["upi_credit", of("credit", "upi")],
        ["cash_withdrawl_debit", of("debit", "cash_withdrawl")],
        ["bill_payment_debit", of("debit", "bill_payment")],
      ];
      for (const [stem, transactions] of wanted) {
        assert.equal(sumOf(amounts(monthly.get(`amt_${stem}`))), totalAmount(transactions), stem);
        assert.equal(totalCount(monthly.get(`cnt_${stem}`)), transactions.length, stem);
      }
      assert.equal(totalCount(monthly.get("cnt_transactions")), own.transactions.length);
    }),
  );
});

test("in each month the net inflow is credits less debits, and what is of a kind is at most all", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const { monthly, months } = analyse([own], relations(), OPTIONS).aggregate;
      const at = (key: string) => amounts(monthly.get(key));
      for (const month of months.keys()) {
        const [credit, debit] = [at("amt_credit")[month] ?? 0n, at("amt_debit")[month] ?? 0n];
        assert.equal(at("net_cash_inflow")[month], credit - debit);
        for (const { name } of STEMS) {
          const amount = at(`amt_${name}`)[month] ?? 0n;
          assert.ok(amount >= 0n && amount <= credit + debit, name);
        }
        const count = counts(monthly.get("cnt_credit"))[month] ?? 0;
        assert.equal(
          count + (counts(monthly.get("cnt_debit"))[month] ?? 0),
          counts(monthly.get("cnt_transactions"))[month],
        );
      }
    }),
  );
});

test("period totals of the predictors are the sums of their months", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const [figures] = analyse([own], relations(), OPTIONS).accounts;
      const { monthly, predictors } = figures ?? assert.fail();
      if (own.transactions.length === 0) return;
      assert.equal(predictors.get("credits"), sumOf(amounts(monthly.get("amt_credit"))));
      assert.equal(predictors.get("reversals"), sumOf(amounts(monthly.get("amt_refund_credit"))));
      assert.equal(predictors.get("credits_0"), monthly.get("amt_credit")?.at(-1));
      assert.equal(predictors.get("avg_balance_0"), monthly.get("avg_bal")?.at(-1));
    }),
  );
});

test("expense percentages are whole, total 100, and are less than 1 away from the share", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 20 }), (spent) => {
      const percentages = wholePercentages(spent);
      assert.equal(
        percentages.reduce((sum, percentage) => sum + percentage, 0),
        100,
      );
      const whole = sumOf(spent);
      for (const [at, percentage] of percentages.entries()) {
        const difference = BigInt(percentage) * whole - 100n * (spent[at] ?? 0n);
        assert.ok(difference < whole && difference > -whole);
      }
    }),
  );
  fc.assert(
    fc.property(anyAccount, (own) => {
      const { expenseCategories } = analyse([own], relations(), OPTIONS).aggregate;
      const total = expenseCategories.reduce((sum, { percentage }) => sum + percentage, 0);
      assert.equal(total, expenseCategories.length === 0 ? 0 : 100);
    }),
  );
});

test("the figures of two accounts together are the sums of both", () => {
  fc.assert(
    fc.property(anyAccount, anyAccount, (one, other) => {
      const second = account(other.transactions, { ...other.profile, id: "second" });
      const { accounts, aggregate } = analyse([one, second], relations(), OPTIONS);
      const alone = accounts.map(({ monthly, months }) => ({ monthly, months: months.map(String) }));
      for (const key of ["amt_credit", "amt_debit", "amt_upi_debit", "net_cash_inflow"]) {
        for (const [at, month] of aggregate.months.map(String).entries()) {
          const parts = alone.flatMap(({ monthly, months }) =>
            amounts(monthly.get(key)?.slice(months.indexOf(month), months.indexOf(month) + 1)),
          );
          const expected = parts.length === 0 ? null : sumOf(parts);
          assert.equal(aggregate.monthly.get(key)?.[at], expected, `${key} ${month}`);
        }
      }
    }),
  );
});

test("two accounts with balances: sums by hand", () => {
  // First: January 5th 100, the 10th 60. Second, only from February 3rd on: 1,000, the 4th 1,500.
  const first = account([credit("2024-01-05", inr(100)), debit("2024-01-10", inr(40))], {
    openingBalance: 0n,
  });
  const second = account([credit("2024-02-03", inr(200)), credit("2024-02-04", inr(500))], {
    id: "second",
    openingBalance: inr(800),
  });
  const period = (accountId: string, from: string, to: string) => ({
    id: accountId,
    accountId,
    period: { from: day(from), to: day(to) },
    transactions: null,
    transactionCount: 2,
  });
  const { aggregate } = analyse([first, second], relations(), {
    ...OPTIONS,
    statements: [
      period(first.profile.id, "2024-01-01", "2024-02-29"),
      period("second", "2024-02-01", "2024-02-29"),
    ],
  });
  const of = (key: string) => aggregate.monthly.get(key);
  assert.deepEqual(of("amt_credit"), [inr(100), inr(700)]);
  assert.deepEqual(of("cnt_transactions"), [2, 2]);
  // January: the first alone. February: 60 + 800; 60 + 1,500.
  assert.deepEqual(of("opening_balance"), [0n, inr(860)]);
  assert.deepEqual(of("closing_balance"), [inr(60), inr(1_560)]);
  // January: (4×0 + 5×100 + 22×60) / 31 = 1,820 / 31 = 58.709…
  // February: (2×860 + 1,060 + 26×1,560) / 29 = 43,340 / 29 = 1,494.482…
  assert.deepEqual(of("avg_bal"), [inr(58.71), inr(1_494.48)]);
  assert.deepEqual(of("max_bal"), [inr(100), inr(1_560)]);
  assert.deepEqual(of("min_bal"), [0n, inr(860)]);
  // Of the first: the second joins on February 1st.
  assert.equal(aggregate.eodBalances.startingBalance, 0n);
  assert.deepEqual(aggregate.monthlyExtras.get("is_complete_month"), [0, 1]);
});

test("two accounts that do not meet: the month between them is nobody's", () => {
  const first = account([credit("2024-01-05", inr(100))], { openingBalance: 0n });
  const second = account([credit("2024-03-05", inr(200))], { id: "second", openingBalance: inr(10) });
  const { aggregate } = analyse([first, second], relations(), OPTIONS);
  assert.deepEqual(aggregate.months.map(String), ["2024-01", "2024-02", "2024-03"]);
  assert.deepEqual(aggregate.monthly.get("amt_credit"), [inr(100), null, inr(200)]);
  assert.deepEqual(aggregate.monthly.get("avg_bal"), [inr(100), null, inr(210)]);
  assert.deepEqual(aggregate.eodBalances.months.map(String), ["2024-01", "2024-03"]);
  assert.deepEqual(aggregate.eodBalances.startDates.map(String), ["2024-01-05", "2024-03-05"]);
});

test("amounts of different currencies are never added", () => {
  const of = (id: string, currency: string | null): Account =>
    account([credit("2024-01-05", inr(100))], { id, currency });
  const accounts = [of("a", "GBP"), of("b", "INR"), of("c", "INR"), of("d", null)];
  const { aggregate } = analyse(accounts, relations(), OPTIONS);
  assert.equal(aggregate.currency, "INR");
  assert.deepEqual(aggregate.accountIds, ["b", "c", "d"]);
  assert.deepEqual(aggregate.monthly.get("amt_credit"), [inr(300)]);
});

test("business credits count from 500 of the currency, whatever its minor unit", () => {
  const yen = account([credit("2024-01-05", 501n), credit("2024-01-06", 500n)], { currency: "JPY" });
  const { aggregate } = analyse([yen], relations(), { ...OPTIONS, minorDigits: () => 0 });
  assert.deepEqual(aggregate.monthly.get("amt_business_credit"), [501n]);
});

test("salary spent in the next month counts for the month of the salary, once", () => {
  const salary = credit("2024-01-31", inr(1_000), { channel: "salary" });
  const rows = [
    debit("2024-01-31", inr(50), { channel: "upi" }),
    salary,
    debit("2024-02-07", inr(100), { channel: "upi" }),
    debit("2024-02-08", inr(300), { channel: "upi" }),
  ];
  const { monthly } = analyse([account(rows)], relations({ salary: [salaryOf(salary)] }), OPTIONS).aggregate;
  // 100 of 1,000: what was spent before the salary or on the eighth day after it is not of it.
  assert.deepEqual(monthly.get("perc_salary_spend_upi"), [10, null]);
  assert.deepEqual(monthly.get("perc_salary_spend_cash_withdrawl"), [0, null]);
});

test("loans and what bounced are no income", () => {
  const loan = credit("2024-01-05", inr(900), { channel: "upi" });
  const bounced = credit("2024-01-06", inr(50), { channel: "Others" });
  const income = credit("2024-01-07", inr(70), { channel: "upi" });
  const { monthly } = analyse(
    [account([loan, bounced, income])],
    relations({ loanCredits: hashes(loan), bouncedOrPenal: hashes(bounced) }),
    OPTIONS,
  ).aggregate;
  assert.deepEqual(monthly.get("amt_income_credit"), [inr(70)]);
  assert.deepEqual(monthly.get("cnt_loan_credits"), [1]);
});
