import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountProfile, AnalysisTransaction, LabelledTransaction } from "../types.ts";
import { labelTransactions } from "./label.ts";

const INDIA: AccountProfile = {
  id: "account",
  bank: "other",
  country: "IN",
  currency: "INR",
  holder: null,
  accountNumber: null,
  category: null,
  limit: null,
  openingBalance: null,
};

/** `2024-01-05 D 500 narration` and, where a cheque has a column of its own, ` #000451` at the end. */
function rows(...lines: string[]): LabelledTransaction[] {
  const transactions = lines.map((line, index): AnalysisTransaction => {
    const match = /^(\S+) ([DC]) (\d+) (.*?)(?: #(\d+))?$/.exec(line);
    assert.ok(match, line);
    const [, date = "", direction, amount = "", narration = "", reference = null] = match;
    return {
      hash: String(index),
      accountId: "account",
      date: Temporal.PlainDate.from(date),
      narration,
      reference,
      direction: direction === "D" ? "debit" : "credit",
      amount: BigInt(amount),
      balance: null,
    };
  });
  return labelTransactions(transactions, INDIA, { ownNames: [], employers: [], companies: [] });
}

const channels = (labelled: readonly LabelledTransaction[]): string[] =>
  labelled.map(({ channel, description }) => (description === "" ? channel : `${channel} ${description}`));

test("a credit with the reference and amount of a debit returns it", () => {
  const pair = rows(
    "2024-01-05 D 500 UPI/DR/412345678901/SWIGGY/OKBK/s@okbk/x",
    "2024-01-06 C 500 UPI/CR/412345678901/SWIGGY/OKBK/s@okbk/x",
  );
  assert.deepEqual(channels(pair), ["upi", "refund"]);
  assert.equal(pair[1]?.merchantCategory, "food");
  assert.deepEqual(
    channels(
      rows(
        "2024-01-05 D 9000 NEFT DR-OKBK0000001-ASHA R-NETBANK-N18224000001",
        "2024-01-08 C 9000 NEFT CR-OKBK0000001-ASHA R-N18224000001",
      ),
    ),
    ["net_banking_transfer", "refund neft_return"],
  );
});

test("another amount, another reference, or more than ten days: no return", () => {
  for (const credit of [
    "2024-01-06 C 501 UPI/CR/412345678901/ASHA R/OKBK/a@okbk/x",
    "2024-01-06 C 500 UPI/CR/412345678902/ASHA R/OKBK/a@okbk/x",
    "2024-01-16 C 500 UPI/CR/412345678901/ASHA R/OKBK/a@okbk/x",
  ]) {
    assert.deepEqual(channels(rows("2024-01-05 D 500 UPI/DR/412345678901/ASHA R/OKBK/a@okbk/x", credit)), [
      "upi",
      "upi",
    ]);
  }
});

test("a mandate that comes back in its own words bounced", () => {
  const pair = rows(
    "2024-01-05 D 9950 ACH D- BAJAJ FINANCE-P400PPS0001",
    "2024-01-05 C 9950 ACH D- BAJAJ FINANCE-P400PPS0001",
  );
  assert.deepEqual(channels(pair), [
    "auto_debit_payment lender_transaction",
    "auto_debit_payment_bounce lender_transaction",
  ]);
  assert.equal(pair[1]?.category, "Bounced Payment");
  const late = rows(
    "2024-01-05 D 9950 ACH D- BAJAJ FINANCE-P400PPS0001",
    "2024-01-11 C 9950 ACH D- BAJAJ FINANCE-P400PPS0001",
  );
  assert.equal(late[1]?.channel, "auto_credit");
});

test("a cheque that comes back under its number bounced: paid ones inward, deposited ones outward", () => {
  assert.deepEqual(
    channels(
      rows(
        "2024-01-05 D 7000 CHQ PAID-MICR CTS-GREEN SCHOOL #000451",
        "2024-01-06 C 7000 CHQ PAID-MICR CTS-GREEN SCHOOL #000451",
      ),
    ),
    ["chq", "inward_cheque_bounce"],
  );
  assert.deepEqual(channels(rows("2024-01-05 C 7000 BY CLG 112233", "2024-01-08 D 7000 CLG 112233")), [
    "chq",
    "outward_cheque_bounce",
  ]);
  assert.deepEqual(channels(rows("2024-01-05 C 7000 BY CLG 112233", "2024-01-08 D 7000 CLG 112234")), [
    "chq",
    "chq",
  ]);
});

test("a shop that gives back exactly what was paid refunds it; a person does not", () => {
  assert.deepEqual(
    channels(
      rows(
        "2024-01-05 D 1799 UPI/DR/412345678901/MYNTRA/OKBK/m@okbk/x",
        "2024-01-20 C 1799 UPI/CR/512345678902/MYNTRA/OKBK/m@okbk/x",
      ),
    ),
    ["upi", "refund"],
  );
  assert.deepEqual(
    channels(
      rows(
        "2024-01-05 D 1799 UPI/DR/412345678901/ASHA R/OKBK/a@okbk/x",
        "2024-01-20 C 1799 UPI/CR/512345678902/ASHA R/OKBK/a@okbk/x",
      ),
    ),
    ["upi", "upi"],
  );
});

test("what was undone once is not undone again", () => {
  const debit = "2024-01-05 D 500 UPI/DR/412345678901/ASHA R/OKBK/a@okbk/x";
  const credit = "2024-01-06 C 500 UPI/CR/412345678901/ASHA R/OKBK/a@okbk/x";
  assert.deepEqual(channels(rows(debit, credit, credit)), ["upi", "refund", "upi"]);
  assert.deepEqual(channels(rows(debit, debit, credit, credit)), ["upi", "upi", "refund", "refund"]);
});

test("thousands of equal bounces are no more work than others", () => {
  const bounces = Array.from({ length: 5000 }, () => "2024-01-05 D 590 ACH RTN GREEN FINANCE");
  const labelled = rows(...bounces, "2024-01-09 C 590 ACH RTN GREEN FINANCE");
  assert.equal(labelled[0]?.channel, "auto_debit_payment_bounce");
  const alone = rows(...bounces, "2024-01-11 C 590 ACH RTN GREEN FINANCE");
  assert.equal(alone[0]?.channel, "bank_charge");
});

test("a debit that names a bounce is its fee, unless its amount was credited", () => {
  const fee = rows("2024-01-05 D 590 ECS RTN BAJAJ FINANCE 050124");
  assert.deepEqual(channels(fee), ["bank_charge ach_bounce_charge"]);
  assert.equal(fee[0]?.counterparty.name, null);
  assert.deepEqual(
    channels(
      rows(
        "2024-01-05 D 9950 ACH RTN BAJAJ FINANCE 050124",
        "2024-01-05 C 9950 ACH RTN BAJAJ FINANCE 050124",
      ),
    ),
    ["auto_debit_payment_bounce lender_transaction", "auto_debit_payment_bounce lender_transaction"],
  );
});

test("plain charges after a bounce are its fee; with words of their own or later they are not", () => {
  const bounce = "2024-01-05 C 9950 ACH RTN BAJAJ FINANCE 050124";
  assert.equal(channels(rows(bounce, "2024-01-07 D 590 CHARGES"))[1], "bank_charge ach_bounce_charge");
  assert.equal(channels(rows(bounce, "2024-01-07 D 590 SMS CHARGES"))[1], "bank_charge");
  assert.equal(channels(rows(bounce, "2024-01-09 D 590 CHARGES"))[1], "bank_charge");
  assert.equal(channels(rows("2024-01-07 D 590 CHARGES"))[0], "bank_charge");
  const cheque = "2024-01-05 C 7000 I/W CHQ RET-FUNDS INSUFFICIENT-000451";
  assert.equal(channels(rows(cheque, "2024-01-05 D 590 BANK CHARGES"))[1], "bank_charge chq_bounce_charge");
});
