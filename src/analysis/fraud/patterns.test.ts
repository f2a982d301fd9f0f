import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, debit, hashes, NOBODY, relations } from "../analysis.testing.ts";
import type { AccountProfile, FraudFinding, LabelledTransaction, Relations } from "../types.ts";
import { findFraud, type FraudOptions } from "./index.ts";

const found = (
  type: string,
  transactions: readonly LabelledTransaction[],
  {
    profile,
    more,
    options,
  }: { profile?: Partial<AccountProfile>; more?: Partial<Relations>; options?: FraudOptions } = {},
): FraudFinding[] =>
  findFraud(account(transactions, profile), relations(more), options).filter((each) => each.type === type);

describe("equal_credit_debit", () => {
  const type = "equal_credit_debit";
  const month = (credits: readonly bigint[], debits: readonly bigint[]) => [
    ...credits.map((amount) => credit("2024-01-05", amount)),
    ...debits.map((amount) => debit("2024-01-20", amount)),
  ];

  test("a month of at least three each way, equal to the paisa", () => {
    // 100 + 200.50 + 300 = 600.50 = 0.50 + 250 + 350.
    const equal = month([100_00n, 200_50n, 300_00n], [50n, 250_00n, 350_00n]);
    const [finding, ...more] = found(type, [...equal, credit("2024-02-05", 1_00n)], {
      profile: { openingBalance: 1_000_00n },
    });
    assert.deepEqual(more, []);
    assert.deepEqual(finding?.evidence, { month: "2024-01", sumMinor: 60_050, credits: 3, debits: 3 });
    assert.equal(finding?.category, "pattern");
  });

  test("not accused: a paisa apart, one amount that passes through, an account that ends at nought or is swept", () => {
    const equal = month([100_00n, 200_00n, 300_00n], [150_00n, 250_00n, 200_00n]);
    const profile = { openingBalance: 1_000_00n };
    assert.deepEqual(found(type, [...equal, debit("2024-01-21", 1n)], { profile }), []);
    assert.deepEqual(found(type, month([600_00n], [600_00n]), { profile }), []);
    assert.deepEqual(found(type, month([300_00n, 300_00n], [200_00n, 200_00n, 200_00n]), { profile }), []);
    assert.deepEqual(found(type, month([200_00n, 200_00n, 200_00n], [300_00n, 300_00n]), { profile }), []);
    assert.deepEqual(found(type, equal, { profile: { openingBalance: 0n } }), []);
    const swept = equal.map((each) => ({ ...each, narration: "SWEEP TRF TO DEPOSIT" }));
    assert.deepEqual(found(type, swept, { profile }), []);
    assert.equal(found(type, equal, { profile }).length, 1);
  });
});

describe("more_than_15_days_credit", () => {
  const type = "more_than_15_days_credit";
  const start = Temporal.PlainDate.from("2024-01-01");
  /** A credit on each of the days after 1 January. */
  const creditsOn = (days: readonly number[]) =>
    days.map((each) => credit(start.add({ days: each }).toString(), 500_00n, { channel: "upi" }));
  const range = (first: number, last: number, step = 1) =>
    Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step);

  test("16 days of silence in an account that is credited every day", () => {
    // Credits until day 39 (9 February) and again from day 55 (25 February).
    const credits = creditsOn([...range(0, 39), ...range(55, 60)]);
    const [finding, ...more] = found(type, credits);
    assert.deepEqual(more, []);
    assert.deepEqual(finding?.evidence, {
      creditBefore: credits[39]?.hash,
      from: "2024-02-09",
      to: "2024-02-25",
      days: 16,
      medianDays: 1,
    });
    assert.equal(finding?.transactionHash, credits[40]?.hash);
  });

  test("not accused: 15 days, an account credited twice a week, too short a time", () => {
    assert.deepEqual(found(type, creditsOn([...range(0, 39), ...range(54, 60)])), []);
    assert.deepEqual(found(type, creditsOn([...range(0, 150, 3), ...range(170, 230, 3)])), []);
    assert.deepEqual(found(type, creditsOn([...range(0, 15), ...range(40, 50)])), []);
  });

  test("every other day on 30 days is busy enough, on 29 it is not", () => {
    // 0, 2 … 56: 29 days; then day 76, 20 days later.
    const busy = range(0, 56, 2);
    assert.equal(found(type, creditsOn([...busy, 76])).length, 1);
    assert.deepEqual(found(type, creditsOn([...busy.slice(1), 76])), []);
  });

  test("not accused: a salary once a month", () => {
    assert.deepEqual(found(type, creditsOn(range(0, 330, 30))), []);
  });

  test("not accused: missing statements", () => {
    const covered = [
      { from: start, to: start.add({ days: 40 }) },
      { from: start.add({ days: 60 }), to: start.add({ days: 90 }) },
    ];
    assert.deepEqual(
      found(type, creditsOn([...range(0, 39), ...range(62, 80)]), { options: { covered } }),
      [],
    );
  });

  test("interest and reversals do not break the silence", () => {
    const silence = creditsOn([...range(0, 39), ...range(56, 60)]);
    const interest = credit("2024-02-17", 1_00n, { channel: "bank_interest" });
    const reversal = credit("2024-02-18", 1_00n);
    const transactions = [...silence.slice(0, 40), interest, reversal, ...silence.slice(40)];
    const reversals = new Map([["f".repeat(32), reversal.hash]]);
    assert.equal(found(type, transactions, { more: { reversals } }).length, 1);
    assert.equal(found(type, transactions).length, 0);
  });
});

describe("round_trip_transfer", () => {
  const type = "round_trip_transfer";
  const friend: Partial<LabelledTransaction> = {
    channel: "upi",
    counterparty: { ...NOBODY, name: "RAVI KUMAR" },
  };
  const trip = (month: number, back: number, amount: bigint) => [
    debit(`2024-0${month}-10`, amount, friend),
    credit(`2024-0${month}-${back}`, amount, friend),
  ];

  test("three times out and back within three days, a tenth of all credits", () => {
    const trips = [...trip(1, 10, 5_000_00n), ...trip(2, 12, 7_000_00n), ...trip(3, 13, 5_000_00n)];
    const income = credit("2024-03-20", 153_000_00n);
    const [finding] = found(type, [...trips, income]);
    // 17,000 of 170,000 credited: just a tenth.
    assert.deepEqual(finding?.evidence, {
      roundTrips: 3,
      amountMinor: 1_700_000,
      creditsMinor: 17_000_000,
      transactions: trips.map(({ hash }) => hash),
    });
    assert.equal(finding?.transactionHash, null);
  });

  test("not accused: two, four days apart, different amounts, a small share, different people", () => {
    const three = [...trip(1, 10, 5_000_00n), ...trip(2, 12, 5_000_00n), ...trip(3, 13, 5_000_00n)];
    assert.equal(found(type, three).length, 1);
    assert.deepEqual(found(type, three.slice(0, 4)), []);
    assert.deepEqual(found(type, [...three.slice(0, 4), ...trip(3, 14, 5_000_00n)]), []);
    const [out, back] = trip(3, 13, 5_000_00n);
    assert.ok(out && back);
    assert.deepEqual(found(type, [...three.slice(0, 4), out, { ...back, amount: 5_001_00n }]), []);
    assert.deepEqual(found(type, [...three, credit("2024-03-20", 136_000_00n)]), []);
    const other = { ...back, counterparty: { ...NOBODY, name: "MEENA IYER" } };
    assert.deepEqual(found(type, [...three.slice(0, 4), out, other]), []);
  });

  test("not accused: the holder's own accounts, loans, and what was reversed", () => {
    const trips = [...trip(1, 10, 5_000_00n), ...trip(2, 12, 5_000_00n), ...trip(3, 13, 5_000_00n)];
    const all = hashes(...trips);
    assert.deepEqual(found(type, trips, { more: { selfTransfers: all } }), []);
    assert.deepEqual(found(type, trips, { more: { lender: all } }), []);
    // `TFR 40-12-34 87654321`: savings, as far as anybody can tell.
    const nameless = { counterparty: { ...NOBODY, account: "87654321" } };
    assert.deepEqual(
      found(
        type,
        trips.map((each) => ({ ...each, ...nameless })),
      ),
      [],
    );
    const [out, back] = trips;
    assert.ok(out && back);
    assert.deepEqual(found(type, trips, { more: { reversals: new Map([[out.hash, back.hash]]) } }), []);
  });
});
