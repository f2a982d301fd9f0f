import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { account, credit, debit, relations } from "../analysis.testing.ts";
import type { AccountProfile, FraudFinding, LabelledTransaction, Relations } from "../types.ts";
import { findFraud } from "./index.ts";

const BRITISH = { country: "GB", currency: "GBP" } as const;

const found = (
  type: string,
  transactions: readonly LabelledTransaction[],
  profile: Partial<AccountProfile> = {},
  more: Partial<Relations> = {},
): FraudFinding[] =>
  findFraud(account(transactions, profile), relations(more)).filter((each) => each.type === type);

const hashesFound = (...args: Parameters<typeof found>) =>
  found(...args).map(({ transactionHash }) => transactionHash);

describe("min_rtgs_amount", () => {
  const type = "min_rtgs_amount";
  const rtgs = (amount: bigint, more: Partial<LabelledTransaction> = {}) =>
    credit("2024-01-05", amount, { scheme: "RTGS", channel: "net_banking_transfer", ...more });

  test("below 2 lakh rupees", () => {
    const [small, exact] = [rtgs(1_99_999_99n), rtgs(2_00_000_00n)];
    const findings = found(type, [small, exact]);
    assert.deepEqual(findings, [
      {
        type,
        category: "transaction",
        transactionHash: small.hash,
        evidence: { amountMinor: 19_999_999, leastMinor: 20_000_000 },
      },
    ]);
  });

  test("not accused: its charge, a narration that names NEFT too, an account in another country", () => {
    const charge = rtgs(29_50n, { channel: "bank_charge" });
    const either = rtgs(50_000_00n, { narration: "NEFT/RTGS CR 0001 QUARTZ" });
    assert.deepEqual(found(type, [charge, either]), []);
    assert.deepEqual(found(type, [rtgs(50_000_00n)], BRITISH), []);
    assert.deepEqual(found(type, [rtgs(50_000_00n)], { country: "IN", currency: "USD" }), []);
  });
});

test("an amount beyond 2^53 minor units is told as text", () => {
  const huge = credit("2024-01-26", 10n ** 17n, { channel: "chq" });
  assert.equal(
    found("chq_bank_holiday_transaction", [huge])[0]?.evidence["amountMinor"],
    "100000000000000000",
  );
});

describe("tax_100_multiple", () => {
  const type = "tax_100_multiple";
  const tax = (amount: bigint) => debit("2024-01-05", amount, { merchantCategory: "tax" });

  test("three of three are multiples of 100: each is found", () => {
    const taxes = [tax(12_000_00n), tax(3_500_00n), tax(1_000_00n)];
    assert.deepEqual(
      hashesFound(type, taxes),
      taxes.map(({ hash }) => hash),
    );
    assert.deepEqual(found(type, taxes)[0]?.evidence, {
      amountMinor: 1_200_000,
      multipleOfMinor: 10_000,
      taxPayments: 3,
    });
  });

  test("not accused: one that is not, two only, professional tax of 200 a month, a refund", () => {
    assert.deepEqual(found(type, [tax(12_000_00n), tax(3_500_00n), tax(1_010_00n)]), []);
    assert.deepEqual(found(type, [tax(12_000_00n), tax(3_500_00n)]), []);
    assert.deepEqual(found(type, [tax(200_00n), tax(200_00n), tax(200_00n)]), []);
    // 999.00 is too small to count, 1,000.00 is not.
    assert.deepEqual(found(type, [tax(12_000_00n), tax(3_500_00n), tax(900_00n)]), []);
    assert.equal(found(type, [tax(12_000_00n), tax(3_500_00n), tax(1_000_00n), tax(999_00n)]).length, 3);
    const refund = credit("2024-01-05", 5_000_00n, { merchantCategory: "tax" });
    assert.deepEqual(found(type, [tax(12_000_00n), tax(3_500_00n), refund]), []);
    assert.deepEqual(found(type, [tax(12_000_00n), tax(3_500_00n), tax(1_000_00n)], BRITISH), []);
  });
});

describe("transaction_fraud", () => {
  const type = "transaction_fraud";
  const pay = (more: Partial<LabelledTransaction> = {}) =>
    debit("2024-01-05", 900_00n, { scheme: "UPI", channel: "upi", schemeReference: "400512345678", ...more });

  test("the same reference, direction and amount again, even weeks later", () => {
    const [first, second] = [pay(), pay({ date: Temporal.PlainDate.from("2024-02-01") })];
    assert.deepEqual(found(type, [first, second]), [
      {
        type,
        category: "transaction",
        transactionHash: second.hash,
        evidence: {
          repeats: first.hash,
          amountMinor: 90_000,
          firstDate: "2024-01-05",
          date: "2024-02-01",
        },
      },
    ]);
  });

  test("not accused: its refund, its charge, another amount, a mandate, a short or empty reference", () => {
    assert.deepEqual(found(type, [pay(), { ...pay(), direction: "credit" }]), []);
    assert.deepEqual(found(type, [pay(), pay({ channel: "bank_charge" })]), []);
    assert.deepEqual(found(type, [pay(), pay({ amount: 901_00n })]), []);
    const mandate = { scheme: "NACH", channel: "auto_debit_payment" } as const;
    assert.deepEqual(found(type, [pay(mandate), pay(mandate)]), []);
    for (const schemeReference of ["40051234567", "000000000000", null])
      assert.deepEqual(found(type, [pay({ schemeReference }), pay({ schemeReference })]), []);
  });

  test("not accused: a payment tried again after it was undone", () => {
    const [failed, again] = [pay(), pay()];
    const reversals = new Map([[failed.hash, "f".repeat(32)]]);
    assert.deepEqual(found(type, [failed, again], {}, { reversals }), []);
  });
});

describe("transaction_fraud_v2", () => {
  const type = "transaction_fraud_v2";
  const row = (balance: bigint | null, more: Partial<LabelledTransaction> = {}) =>
    credit("2024-01-05", 900_00n, { narration: "BY TRANSFER", balance, ...more });

  test("a row and its copy below it", () => {
    const [first, copy] = [row(5_900_00n), row(5_900_00n)];
    assert.deepEqual(hashesFound(type, [first, copy]), [copy.hash]);
    assert.equal(found(type, [first, copy])[0]?.evidence["repeats"], first.hash);
  });

  test("not accused: two equal payments that each moved the balance; no balances; other text; another day", () => {
    assert.deepEqual(found(type, [row(5_900_00n), row(6_800_00n)]), []);
    assert.deepEqual(found(type, [row(null), row(null)]), []);
    assert.deepEqual(found(type, [row(5_900_00n), row(5_900_00n, { narration: "BY CLEARING" })]), []);
    const nextDay = Temporal.PlainDate.from("2024-01-06");
    assert.deepEqual(found(type, [row(5_900_00n), row(5_900_00n, { date: nextDay })]), []);
    assert.deepEqual(found(type, [row(5_900_00n, { amount: 0n }), row(5_900_00n, { amount: 0n })]), []);
  });

  test("not accused: paid in, taken out, and paid in again", () => {
    const out = debit("2024-01-05", 900_00n, { balance: 5_000_00n });
    assert.deepEqual(found(type, [row(5_900_00n), out, row(5_900_00n)]), []);
  });
});

describe("bank holidays", () => {
  // 26 January 2024, a Friday, is Republic Day; 27 January a fourth Saturday; 6 January a first one.
  const cash = (date: string, more: Partial<LabelledTransaction> = {}) =>
    credit(date, 9_000_00n, { channel: "cash_deposit", narration: "BY CASH", ...more });

  test("cash over the counter", () => {
    const [holiday, saturday, open] = [cash("2024-01-26"), cash("2024-01-27"), cash("2024-01-06")];
    const findings = found("cash_deposit_bank_holiday_transaction", [holiday, saturday, open]);
    assert.deepEqual(
      findings.map(({ transactionHash }) => transactionHash),
      [holiday.hash, saturday.hash],
    );
    assert.deepEqual(findings[0]?.evidence, {
      date: "2024-01-26",
      weekday: 5,
      country: "IN",
      amountMinor: 900_000,
    });
    assert.equal(findings[0]?.category, "holiday");
  });

  test("not accused: a machine, a holiday of some states only, years without a calendar, an unknown country", () => {
    const type = "cash_deposit_bank_holiday_transaction";
    const machines = [
      cash("2024-01-26", { description: "deposit_by_machine" }),
      cash("2024-01-26", { description: "deposit_machine_words" }),
      cash("2024-01-26", { narration: "CASH DEP CDM 0001" }),
    ];
    assert.deepEqual(found(type, machines), []);
    assert.deepEqual(found(type, [cash("2024-11-01"), cash("2018-01-26"), cash("2028-01-26")]), []);
    assert.deepEqual(found(type, [cash("2024-12-25")], { country: "DE", currency: "EUR" }), []);
    assert.deepEqual(found(type, [cash("2024-12-25")], { country: null, currency: null }), []);
    assert.equal(found(type, [cash("2024-12-25")], { country: null, currency: "INR" }).length, 1);
  });

  test("cheques, and cheques that bounce, each under its own name", () => {
    const chq = debit("2024-01-26", 1_00n, { channel: "chq" });
    const outward = debit("2024-01-26", 2_00n, { channel: "outward_cheque_bounce" });
    const inward = credit("2024-01-26", 3_00n, { channel: "inward_cheque_bounce" });
    const all = [chq, outward, inward];
    assert.deepEqual(hashesFound("chq_bank_holiday_transaction", all), [chq.hash]);
    assert.deepEqual(hashesFound("outward_cheque_bounce_bank_holiday_transaction", all), [outward.hash]);
    assert.deepEqual(hashesFound("inward_cheque_bounce_bank_holiday_transaction", all), [inward.hash]);
    const channels = ["chq", "outward_cheque_bounce", "inward_cheque_bounce"] as const;
    const weekday = channels.map((channel) => debit("2024-01-25", 1_00n, { channel }));
    for (const channel of channels)
      assert.deepEqual(found(`${channel}_bank_holiday_transaction`, weekday), []);
  });

  test("Britain: Christmas is closed everywhere; Easter Monday is open in Scotland; Sundays have machines", () => {
    const chq = (date: string) => credit(date, 1_00n, { channel: "chq" });
    const christmas = chq("2024-12-25");
    assert.deepEqual(
      hashesFound("chq_bank_holiday_transaction", [chq("2024-04-01"), christmas, chq("2024-06-16")], BRITISH),
      [christmas.hash],
    );
  });
});
