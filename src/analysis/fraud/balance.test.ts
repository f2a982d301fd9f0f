import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, debit, relations } from "../analysis.testing.ts";
import type { AccountProfile, FraudFinding, LabelledTransaction } from "../types.ts";
import { findFraud, type FraudOptions } from "./index.ts";

const findings = (
  type: string,
  transactions: readonly LabelledTransaction[],
  profile: Partial<AccountProfile> = {},
  options: FraudOptions = {},
): FraudFinding[] =>
  findFraud({ ...account(transactions, profile) }, relations(), options).filter((each) => each.type === type);

/** A row that prints its balance. */
const row = (date: string, change: bigint, balance: bigint | null, more: Partial<LabelledTransaction> = {}) =>
  change < 0n ? debit(date, -change, { balance, ...more }) : credit(date, change, { balance, ...more });

describe("inconsistent_transaction", () => {
  const inconsistent = (
    transactions: readonly LabelledTransaction[],
    options: FraudOptions = {},
    openingBalance: bigint | null = null,
  ) => {
    const profile = { ...account([]).profile, openingBalance };
    return findFraud({ profile, transactions: [...transactions] }, relations(), options).filter(
      ({ type }) => type === "inconsistent_transaction",
    );
  };

  test("a balance that does not follow: where, expected and printed", () => {
    const wrong = row("2024-01-06", 500_00n, 9_500_00n);
    const [finding, ...more] = inconsistent([
      row("2024-01-05", -100_00n, 1_000_00n),
      wrong,
      row("2024-01-07", -100_00n, 9_400_00n),
    ]);
    assert.deepEqual(more, []);
    // 1,000 + 500 = 1,500, printed 9,500: 8,000 too many. The 9,400 after it follows from what is printed.
    assert.deepEqual(finding, {
      type: "inconsistent_transaction",
      category: "balance",
      transactionHash: wrong.hash,
      evidence: { expectedMinor: 150_000, printedMinor: 950_000, differenceMinor: 800_000 },
    });
  });

  test("one misprinted balance, after which the chain goes on, is one finding", () => {
    const misprint = row("2024-01-06", 500_00n, 51_500_00n);
    const found = inconsistent([
      row("2024-01-05", -100_00n, 1_000_00n),
      misprint,
      row("2024-01-07", -100_00n, 1_400_00n),
    ]);
    assert.deepEqual(
      found.map(({ transactionHash }) => transactionHash),
      [misprint.hash],
    );
  });

  test("the opening balance counts", () => {
    assert.equal(inconsistent([row("2024-01-05", -100_00n, 900_00n)], {}, 1_000_00n).length, 0);
    assert.equal(inconsistent([row("2024-01-05", -100_00n, 950_00n)], {}, 1_000_00n).length, 1);
  });

  test("not accused: balances at the day's end only", () => {
    const found = inconsistent([
      row("2024-01-05", -100_00n, 1_000_00n),
      row("2024-01-06", 500_00n, null),
      row("2024-01-06", -200_00n, 1_300_00n),
    ]);
    assert.deepEqual(found, []);
  });

  test("not accused: a day printed in another order than it was booked", () => {
    // Booked: 1,000 → +500 → 1,500 → −200 → 1,300 → −50 → 1,250.
    const found = inconsistent([
      row("2024-01-05", -100_00n, 1_000_00n),
      row("2024-01-06", -50_00n, 1_250_00n),
      row("2024-01-06", 500_00n, 1_500_00n),
      row("2024-01-06", -200_00n, 1_300_00n),
      row("2024-01-07", 1_00n, 1_251_00n),
    ]);
    assert.deepEqual(found, []);
  });

  test("accused: a day that no order explains", () => {
    const found = inconsistent([
      row("2024-01-05", -100_00n, 1_000_00n),
      row("2024-01-06", -50_00n, 1_250_00n),
      row("2024-01-06", 500_00n, 1_600_00n),
    ]);
    assert.equal(found.length, 2);
  });

  test("not accused: a bank's rounding, of a paisa, or of whole rupees where it prints no paise", () => {
    assert.deepEqual(inconsistent([row("2024-01-05", -1_00n, 100_00n), row("2024-01-06", 33n, 100_34n)]), []);
    assert.deepEqual(
      inconsistent([row("2024-01-05", -1_00n, 100_00n), row("2024-01-06", 10_60n, 111_00n)]),
      [],
    );
    // Two paise are more than a rounding.
    assert.equal(
      inconsistent([row("2024-01-05", -1_00n, 100_25n), row("2024-01-06", 10n, 100_37n)]).length,
      1,
    );
    // With paise printed elsewhere, 40 paise are no rounding.
    assert.equal(
      inconsistent([row("2024-01-05", -1_00n, 100_25n), row("2024-01-06", 10_60n, 111_25n)]).length,
      1,
    );
  });

  test("not accused: what lies between two statements", () => {
    const span = (from: string, to: string) => ({
      from: Temporal.PlainDate.from(from),
      to: Temporal.PlainDate.from(to),
    });
    const transactions = [row("2024-01-20", -100_00n, 1_000_00n), row("2024-02-10", 50_00n, 700_00n)];
    const apart = [span("2024-01-01", "2024-01-31"), span("2024-02-05", "2024-02-29")];
    assert.deepEqual(inconsistent(transactions, { covered: apart }), []);
    assert.equal(inconsistent(transactions, { covered: [span("2024-01-01", "2024-02-29")] }).length, 1);
    // The first and the last day of a span belong to it.
    assert.equal(inconsistent(transactions, { covered: [span("2024-01-20", "2024-02-10")] }).length, 1);
    assert.deepEqual(inconsistent(transactions, { covered: [] }), []);
    // Without knowing what is covered: 28 days of quiet are not missing, 29 are.
    const next = (date: string) => [row("2024-01-20", -100_00n, 1_000_00n), row(date, 50_00n, 700_00n)];
    assert.equal(inconsistent(next("2024-02-17")).length, 1);
    assert.deepEqual(inconsistent(next("2024-02-18")), []);
  });

  test("not accused: a card without balances", () => {
    assert.deepEqual(inconsistent([row("2024-01-05", -1_00n, null), row("2024-01-06", -2_00n, null)]), []);
  });
});

describe("negative_balance", () => {
  const negative = (
    changes: readonly [date: string, change: bigint, more?: Partial<LabelledTransaction>][],
    profile: Partial<AccountProfile> = {},
  ) => {
    const transactions = changes.map(([date, change, more]) => row(date, change, null, more));
    return findings("negative_balance", transactions, { openingBalance: 1_000_00n, ...profile });
  };

  test("the first day below nought of each stretch", () => {
    // Day ends: 900, −100, −200, 300, −50.
    const found = negative([
      ["2024-01-01", -100_00n],
      ["2024-01-02", -1_000_00n],
      ["2024-01-03", -100_00n],
      ["2024-01-04", 500_00n],
      ["2024-01-05", -350_00n],
      ["2024-01-06", 900_00n],
      ["2024-01-07", -1_00n],
    ]);
    assert.deepEqual(
      found.map(({ evidence }) => evidence),
      [
        { date: "2024-01-02", dayEndMinor: -10_000, limitMinor: 0 },
        { date: "2024-01-05", dayEndMinor: -5_000, limitMinor: 0 },
      ],
    );
  });

  test("not accused: below nought within the day only, as debits are printed before credits", () => {
    assert.deepEqual(
      negative([
        ["2024-01-01", -1_200_00n],
        ["2024-01-01", 900_00n],
      ]),
      [],
    );
  });

  test("not accused: an overdraft within its limit; beyond it is", () => {
    const changes: [string, bigint][] = [
      ["2024-01-01", -5_000_00n],
      ["2024-01-02", 4_500_00n],
      ["2024-01-03", 100_00n],
    ];
    assert.deepEqual(negative(changes, { limit: 10_000_00n }), []);
    const [finding] = negative(changes, { limit: 3_000_00n });
    // 1,000 − 5,000 = −4,000, below −3,000.
    assert.deepEqual(finding?.evidence, { date: "2024-01-01", dayEndMinor: -400_000, limitMinor: 300_000 });
  });

  test("not accused: an overdraft whose limit is not printed, and a British current account", () => {
    const always = Array.from({ length: 6 }, (_, at): [string, bigint] => [`2024-01-0${at + 1}`, -1_000_00n]);
    assert.deepEqual(negative(always), []);
    const once: [string, bigint][] = [
      ["2024-01-01", -1_100_00n],
      ["2024-01-02", 500_00n],
      ["2024-01-03", 500_00n],
    ];
    assert.equal(negative(once).length, 1);
    assert.deepEqual(negative(once, { country: "GB", currency: "GBP" }), []);
  });

  test("the limit itself, and nought, are allowed; a balance of nought ends a stretch", () => {
    const limited: [string, bigint][] = [
      ["2024-01-01", -4_000_00n],
      ["2024-01-02", -1n],
    ];
    assert.deepEqual(
      negative(limited, { limit: 3_000_00n }).map(({ evidence }) => evidence["date"]),
      ["2024-01-02"],
    );
    const found = negative([
      ["2024-01-01", -1_000_00n],
      ["2024-01-02", -1_00n],
      ["2024-01-03", 1_00n],
      ["2024-01-04", -2_00n],
      ["2024-01-05", 900_00n],
    ]);
    assert.deepEqual(
      found.map(({ evidence }) => evidence["date"]),
      ["2024-01-02", "2024-01-04"],
    );
  });

  test("not accused: negative on half of the days; on fewer it is", () => {
    const days = (more: number) => [
      ["2024-01-01", -1_100_00n] as const,
      ["2024-01-02", 600_00n] as const,
      ...Array.from({ length: more }, (_, at) => [`2024-01-0${at + 3}`, 1_00n] as const),
    ];
    // Negative on 1 of 2 days, then on 1 of 3.
    assert.deepEqual(negative(days(0).map(([date, change]) => [date, change])), []);
    assert.equal(negative(days(1).map(([date, change]) => [date, change])).length, 1);
  });

  test("a day without a printed balance says nothing", () => {
    const transactions = [
      row("2024-01-01", -100_00n, -50_00n),
      row("2024-01-02", -10_00n, null),
      row("2024-01-03", -10_00n, -70_00n),
      ...["2024-01-04", "2024-01-05", "2024-01-06"].map((date) => row(date, 500_00n, 900_00n)),
    ];
    const found = findFraud({ profile: account([]).profile, transactions }, relations());
    assert.equal(found.filter(({ type }) => type === "negative_balance").length, 1);
  });

  test("not accused: the bank's own charge", () => {
    assert.deepEqual(
      negative([
        ["2024-01-01", -900_00n],
        ["2024-01-02", -500_00n, { channel: "bank_charge" }],
        ["2024-01-03", 900_00n],
      ]),
      [],
    );
  });
});
