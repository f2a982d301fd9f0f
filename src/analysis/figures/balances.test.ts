import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { account, anyAccount, credit, day, debit, relations } from "../analysis.testing.ts";
import type { Account } from "../types.ts";
import { ascending } from "./arithmetic.ts";
import { HAND, HAND_OPTIONS, HAND_RELATIONS, inr } from "./hand.testing.ts";
import { analyse } from "./index.ts";
import type { AccountFigures, StatementFacts } from "./types.ts";

const OPTIONS = { today: day("2024-06-01"), minorDigits: () => 2 };

function figuresOf(account: Account, statements?: StatementFacts[]): AccountFigures {
  const [figures] = analyse(
    [account],
    relations(),
    statements ? { ...OPTIONS, statements } : OPTIONS,
  ).accounts;
  assert.ok(figures);
  return figures;
}

const speaksOf = (account: Account, from: string, to: string): StatementFacts => ({
  id: "s",
  accountId: account.profile.id,
  period: { from: day(from), to: day(to) },
  transactions: null,
  transactionCount: account.transactions.length,
});

/** `3x500` is three days of 500. */
const ends = (text: string): bigint[] =>
  text.split(" ").flatMap((part) => {
    const [rupees, times] = part.split("x").toReversed();
    return Array.from({ length: Number(times ?? 1) }, () => inr(Number(rupees)));
  });

/** How many days of how much; null where nothing is known. */
const days = (...parts: (readonly [days: number, rupees: number | null])[]) =>
  parts.flatMap(([count, rupees]) =>
    Array.from({ length: count }, () => (rupees === null ? null : inr(rupees))),
  );

test("end-of-day balances of the statement worked out by hand", () => {
  const [figures] = analyse([HAND], HAND_RELATIONS, HAND_OPTIONS).accounts;
  const eod = figures?.eodBalances;
  assert.deepEqual(eod?.months.map(String), ["2024-01", "2024-02"]);
  assert.deepEqual(eod?.startDates.map(String), ["2024-01-01", "2024-02-01"]);
  assert.equal(eod?.startingBalance, inr(10_000));
  // As in hand.testing.ts, day by day.
  const january = ends(
    "10000 60000 57000 52000 44000 2x41000 37000 36500 2x35800 3x55800 3x35500 2x29500 2x35500 3x35900 3x36350 3x26350 26470",
  );
  const february = ends("126470 3x175000 5x174410 2x144410 2x165410 2x165910 4x158910 6x162910 -500 3x500");
  assert.deepEqual(eod?.balances, [january, february]);
  // Of all 60 days: 5,265,350 / 60. In order: -500, 3×500, then 25 of January up to 44,000, so that the 30th and 31st
  // are 52,000 and 55,800, half way between which is 53,900.
  assert.deepEqual(figures?.balances, {
    average: inr(87_755.83),
    median: inr(53_900),
    mode: inr(162_910),
    min: inr(-500),
    max: inr(175_000),
    negativeDays: 1,
  });
});

test("without a statement's period nothing is known before the first and after the last transaction", () => {
  const rows = [credit("2024-01-30", inr(100)), debit("2024-02-02", inr(30))];
  const { eodBalances } = figuresOf(account(rows, { openingBalance: inr(5) }));
  assert.deepEqual(eodBalances.balances, [days([29, null], [2, 105]), days([1, 105], [1, 75], [27, null])]);
  assert.deepEqual(eodBalances.startDates.map(String), ["2024-01-30", "2024-02-01"]);
});

test("the balance before the first transaction follows from its own", () => {
  // 1,000 after a credit of 400: 600 before. The opening is printed nowhere.
  const own = account([credit("2024-01-05", inr(400), { balance: inr(1_000) })]);
  const { eodBalances } = figuresOf(own, [speaksOf(own, "2024-01-01", "2024-01-31")]);
  assert.equal(eodBalances.startingBalance, inr(600));
  assert.deepEqual(eodBalances.balances, [days([4, 600], [27, 1_000])]);
});

test("rows that print no balance are counted on, and taken back before the first that does", () => {
  // Printed: 70 at the end of the 2nd. Before it 70 - 20 + 50 = 100; after it 70 + 5 = 75.
  const own = account([
    debit("2024-01-01", inr(50)),
    credit("2024-01-02", inr(20), { balance: inr(70) }),
    credit("2024-01-03", inr(5)),
  ]);
  const { eodBalances } = figuresOf(own);
  assert.equal(eodBalances.startingBalance, inr(100));
  assert.deepEqual(eodBalances.balances[0]?.slice(0, 4), [inr(50), inr(70), inr(75), null]);
});

test("an account of which no row prints a balance has none, whatever stands at the top", () => {
  const card = account([debit("2024-01-05", inr(400))]);
  const figures = figuresOf({ ...card, profile: { ...card.profile, openingBalance: inr(9_000) } });
  assert.deepEqual(figures.eodBalances, { months: [], startDates: [], balances: [], startingBalance: null });
  assert.equal(figures.balances.negativeDays, null);
  for (const key of ["avg_bal", "opening_balance", "closing_balance", "max_bal", "mode_balance"]) {
    assert.deepEqual(figures.monthly.get(key), [null], key);
  }
  assert.deepEqual(figures.monthly.get("amt_debit"), [inr(400)]);
});

test("a quiet account keeps the balance that its statement opens with", () => {
  const quiet = account([], { openingBalance: inr(80) });
  const figures = figuresOf(quiet, [speaksOf(quiet, "2024-02-01", "2024-02-29")]);
  assert.deepEqual(figures.eodBalances.balances, [days([29, 80])]);
  assert.deepEqual(figures.monthly.get("amt_credit"), [0n]);
  assert.deepEqual(figures.monthly.get("avg_bal"), [inr(80)]);
});

test("a month that no statement speaks of has no sums, and the balance of the day before it", () => {
  const own = account([credit("2024-01-10", inr(10)), credit("2024-03-10", inr(10))], {
    openingBalance: 0n,
  });
  const figures = figuresOf(own, [
    speaksOf(own, "2024-01-01", "2024-01-31"),
    speaksOf(own, "2024-03-01", "2024-03-31"),
  ]);
  assert.deepEqual(figures.monthly.get("amt_credit"), [inr(10), null, inr(10)]);
  assert.deepEqual(figures.monthly.get("cnt_transactions"), [1, null, 1]);
  assert.deepEqual(figures.monthly.get("avg_bal")?.[1], inr(10));
  assert.deepEqual(figures.monthlyExtras.get("is_complete_month"), [1, 0, 1]);
});

test("a misread year makes no centuries of months: it is left out, and told", () => {
  const own = account([
    debit("0194-01-05", inr(1)),
    credit("2024-01-05", inr(10)),
    credit("9999-12-31", inr(1)),
  ]);
  const figures = figuresOf(own, [speaksOf(own, "0001-01-01", "2024-01-31")]);
  assert.equal(figures.leftOut, 2);
  // From thirty years before 2024 on.
  assert.equal(figures.months[0]?.toString(), "1994-01");
  assert.equal(figures.months.at(-1)?.toString(), "2024-01");
  assert.equal(figures.predictors.get("credits"), inr(10));
  assert.equal(figuresOf(account([credit("2024-01-05", inr(10))])).leftOut, 0);
});

test("every month has as many end-of-day balances as days, without a hole", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const { eodBalances } = figuresOf(own);
      for (const [at, month] of eodBalances.months.entries()) {
        assert.equal(eodBalances.balances[at]?.length, month.daysInMonth);
      }
      const all = eodBalances.balances.flat();
      const inside = all.slice(
        all.findIndex((balance) => balance !== null),
        all.findLastIndex((balance) => balance !== null) + 1,
      );
      assert.ok(inside.every((balance) => balance !== null));
      const last = own.transactions.at(-1);
      if (last && last.balance !== null) assert.equal(inside.at(-1), last.balance);
    }),
  );
});

test("a day ends with what its last transaction, or the last one before it, left", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const { eodBalances } = figuresOf(own);
      for (const [at, month] of eodBalances.months.entries()) {
        for (const [i, balance] of (eodBalances.balances[at] ?? []).entries()) {
          if (balance === null) continue;
          const date = month.toPlainDate({ day: i + 1 });
          const last = own.transactions.findLast((t) => Temporal.PlainDate.compare(t.date, date) <= 0);
          assert.equal(balance, last ? last.balance : eodBalances.startingBalance, date.toString());
        }
      }
    }),
    { numRuns: 30 },
  );
});

test("low ≤ lowest end of a day ≤ average ≤ highest end of a day ≤ high; a month opens as the one before closed", () => {
  fc.assert(
    fc.property(anyAccount, (own) => {
      const { monthly, months } = figuresOf(own);
      const of = (key: string, at: number) => {
        const figure = monthly.get(key)?.[at] ?? null;
        assert.ok(figure === null || typeof figure === "bigint");
        return figure;
      };
      for (const at of months.keys()) {
        const order = ["min_bal", "min_eod_balance", "avg_bal", "max_eod_balance", "max_bal"];
        const values = order.map((key) => of(key, at));
        assert.ok(values.every((value) => value === null) || values.every((value) => value !== null));
        const known = values.filter((value) => value !== null);
        assert.deepEqual(known, known.toSorted(ascending));
        if (at > 0) assert.equal(of("opening_balance", at), of("closing_balance", at - 1));
        const [opening, closing] = [of("opening_balance", at), of("closing_balance", at)];
        if (opening !== null && closing !== null) {
          assert.equal(closing - opening, of("net_cash_inflow", at));
        }
      }
    }),
  );
});
