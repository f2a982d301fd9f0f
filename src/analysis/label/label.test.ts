import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type {
  AccountProfile,
  AnalysisTransaction,
  Direction,
  KnownParties,
  LabelledTransaction,
} from "../types.ts";
import { labelTransactions } from "./label.ts";

const NOBODY: KnownParties = { ownNames: [], employers: [], companies: [] };

const profile = (country: string | null, holder: string | null = null): AccountProfile => ({
  id: "account",
  bank: "other",
  country,
  currency: null,
  holder,
  accountNumber: null,
  category: null,
  limit: null,
  openingBalance: null,
});

const transaction = (narration: string, direction: Direction = "debit"): AnalysisTransaction => ({
  hash: "h",
  accountId: "account",
  date: Temporal.PlainDate.from("2024-01-05"),
  narration,
  reference: null,
  direction,
  amount: 100n,
  balance: null,
});

function label(
  narration: string,
  direction: Direction = "debit",
  country: string | null = "IN",
  known: KnownParties = NOBODY,
  holder: string | null = null,
): LabelledTransaction {
  const [labelled] = labelTransactions([transaction(narration, direction)], profile(country, holder), known);
  assert.ok(labelled);
  return labelled;
}

test("each scheme and its own reference", () => {
  for (const [narration, country, scheme, reference] of [
    ["UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/Payment", "IN", "UPI", "412345678901"],
    ["UPI-ASHA R-ASHA@OKBK-OKBK0000001-412345678901-RENT", "IN", "UPI", "412345678901"],
    ["NEFT DR-OKBK0000001-ASHA R-NETBANK, MUM-N182240000000002-RENT", "IN", "NEFT", "N182240000000002"],
    ["RTGS/OKBKR42024010700001/OKBK0000123/GREEN STEEL", "IN", "RTGS", "OKBKR42024010700001"],
    ["IMPS-412345678901-ASHA R-OKBK-XXXXXXX9876-RENT", "IN", "IMPS", "412345678901"],
    ["ACH D- GREEN FINANCE-P400PPS0001", "IN", "ACH", "P400PPS0001"],
    ["NACH-10-DR-GREEN FINANCE-LN00011122", "IN", "NACH", "LN00011122"],
    ["BILL PAYMENT VIA FASTER PAYMENT TO ASHA R REFERENCE FLAT2", "GB", "FPS", "FLAT2"],
    ["DIRECT DEBIT PAYMENT TO GREEN WATER REF 9001-2233, MANDATE NO 0021", "GB", "BACS", "9001-2233"],
    ["CHAPS TRANSFER TO GREEN LAW", "GB", "CHAPS", null],
    ["CARD PAYMENT TO GREEN SHOP 112233", "GB", null, null],
  ] as const) {
    const labelled = label(narration, "debit", country);
    assert.deepEqual([labelled.scheme, labelled.schemeReference], [scheme, reference], narration);
  }
});

test("an IBAN is read without its blanks", () => {
  const { counterparty } = label(
    "SEPA-Überweisung Jana Vogel IBAN DE02 1203 0000 0000 2020 51",
    "debit",
    "DE",
  );
  assert.equal(counterparty.iban, "DE02120300000000202051");
  assert.equal(counterparty.name, "Jana Vogel");
});

test("equal payments have one clean note, whatever their references and months", () => {
  for (const [a, b] of [
    ["ACH D- GREEN FINANCE-P400PPS0001", "ACH D- GREEN FINANCE-P400PPS9912"],
    [
      "UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/Rent Jan",
      "UPI/DR/512345678902/ASHA R/OKBK/asha@okbk/Rent Feb",
    ],
    ["SMS CHRG FOR:01-04-2024to30-06-2024", "SMS CHRG FOR:01-07-2024to30-09-2024"],
    ["ATW-416021XXXXXX4321-S1ANHY01-PUNE", "ATW-416021XXXXXX4321-S1ANHY77-PUNE"],
  ] as const) {
    assert.equal(label(a).cleanNote, label(b).cleanNote);
    assert.notEqual(label(a).cleanNote, "");
  }
  assert.equal(label("UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/Rent Jan").cleanNote, "UPI ASHA R");
  assert.notEqual(label("ACH D- GREEN FINANCE-P1").cleanNote, label("ACH D- BLUE FINANCE-P1").cleanNote);
});

test("the holder's own names and companies make a self transfer, in both directions", () => {
  const known = { ownNames: ["Asha Rao"], employers: [], companies: ["Rao Consulting"] };
  for (const direction of ["debit", "credit"] as const) {
    const own = label("IMPS-412345678901-RAO ASHA-OKBK-XXXXXXX9876-X", direction, "IN", known);
    assert.deepEqual(
      [own.channel, own.description, own.category],
      ["self_transfer", "self_transfer", "Self Transfer"],
    );
    assert.equal(own.counterparty.name, "RAO ASHA");
  }
  assert.equal(
    label("NEFT CR-OKBK0000001-RAO CONSULTING-N18224000001", "credit", "IN", known).channel,
    "self_transfer",
  );
  assert.equal(
    label("IMPS-412345678901-MEENA IYER-OKBK-X", "debit", "IN", NOBODY, "Meena Iyer").channel,
    "self_transfer",
  );
  assert.equal(
    label("IMPS-412345678901-MEENA IYER-OKBK-X", "debit", "IN", known).channel,
    "net_banking_transfer",
  );
});

test("a known employer's credit is salary, his debit is not", () => {
  const known = { ownNames: [], employers: ["Bluepeak Software Pvt Ltd"], companies: [] };
  const narration = "NEFT CR-OKBK0000001-BLUEPEAK SOFTWARE-N18224000001";
  assert.equal(label(narration, "credit", "IN", known).channel, "salary");
  assert.equal(label(narration, "debit", "IN", known).channel, "net_banking_transfer");
  assert.equal(label(narration, "credit", "IN").channel, "net_banking_transfer");
});

test("a column of its own gives the reference that the narration lacks", () => {
  const row = { ...transaction("ACH D- GREEN FINANCE"), reference: "0000412345678901" };
  assert.equal(labelTransactions([row], profile("IN"), NOBODY)[0]?.schemeReference, "0000412345678901");
  const cheque = { ...transaction("CHQ PAID-GREEN SCHOOL"), reference: "000451" };
  assert.equal(labelTransactions([cheque], profile("IN"), NOBODY)[0]?.schemeReference, null);
});

test("what stands after 500 characters is not read", () => {
  const long = `UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/${"x".repeat(500)}`;
  const { narration, ...rest } = label(`${long} SALARY REFUND ${"y ".repeat(200_000)}`);
  const { narration: kept, ...expected } = label(long.slice(0, 500));
  assert.deepEqual(rest, expected);
  assert.equal(kept.length, 500);
  assert.ok(narration.length > 400_000);
});

test("categories for people", () => {
  assert.equal(label("UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/x").category, "Transfer to ASHA R");
  assert.equal(
    label("UPI/CR/412345678901/ASHA R/OKBK/asha@okbk/x", "credit").category,
    "Transfer from ASHA R",
  );
  assert.equal(label("UPI-SWIGGY-SWIGGY@OKBK-OKBK0000001-412345678901-X").category, "Food");
  assert.equal(label("NEFT CR-OKBK0000001-KREDITBEE-LOAN-N18224000001", "credit").category, "Loan Disbursed");
  assert.equal(label("ACH D- BAJAJ FINANCE-P1").category, "Loans");
  assert.equal(label("SALARY FOR JAN 2024-BLUEPEAK", "credit").category, "Salary");
  assert.equal(label("ZQX").category, "Others");
});

test("a trade's word counts in the payee's name, not in a remark, and not on a payer", () => {
  assert.equal(label("UPI/DR/412345678901/GREEN PHARMACY/OKBK/g@okbk/x").merchantCategory, "medical");
  assert.equal(label("UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/pharmacy").merchantCategory, "");
  assert.equal(label("NEFT CR-OKBK0000001-GREEN TEXTILES-N18224000001", "credit").merchantCategory, "");
});

test("a country decides: DD is a direct debit in Britain and a demand draft in India", () => {
  assert.equal(label("DD VODAFONE LTD", "debit", "GB").channel, "bill_payment");
  assert.equal(label("DD ISSUE - OK BANK - 010001", "debit", "IN").channel, "demand_draft");
  assert.equal(label("UPI/DR/412345678901/ASHA R/OKBK/asha@okbk/x", "debit", null).channel, "upi");
  assert.equal(label("DIRECT DEBIT PAYMENT TO THAMES WATER REF 9001", "debit", null).channel, "bill_payment");
});

test("property: every text is labelled, and a name is a piece of it", () => {
  const piece = fc.constantFrom(
    "UPI",
    "NEFT",
    "IMPS",
    "ACH",
    "POS",
    "CHQ",
    "RTN",
    "CHG",
    "/",
    "-",
    "*",
    ":",
    " ",
    "@",
    "A",
    "ASHA R",
    "4123456789012",
    "XXXX12",
    "É",
    "ß",
    "٣",
    "'",
    ",",
    "FROM",
    "TPT-",
    "_",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(
      text,
      fc.constantFrom("debit", "credit"),
      fc.constantFrom("IN", "GB", "DE", "US", null),
      (narration, direction, country) => {
        const labelled = label(narration, direction, country);
        const { name } = labelled.counterparty;
        if (name !== null) {
          assert.ok(narration.includes(name));
          assert.equal(name, name.trim());
        }
        assert.equal(labelled.narration, narration);
      },
    ),
  );
});

test("property: the same narration is labelled alike wherever it stands among others", () => {
  const narrations = [
    "UPI-ASHA R-ASHA@OKBK-OKBK0000001-412345678901-X",
    "POS 4213XXXXXXXX0001 TASMAC 2211 CHENNAI",
    "SMS CHRG",
    "ZQX",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...narrations), { minLength: 1, maxLength: 8 }), (chosen) => {
      const labelled = labelTransactions(
        chosen.map((narration) => transaction(narration)),
        profile("IN"),
        NOBODY,
      );
      for (const each of labelled) assert.deepEqual(each, label(each.narration));
    }),
  );
});

test("lenders whose name the bank runs together or cuts off", () => {
  for (const name of [
    "TATACAPFINSERV",
    "HDBFINANCIAL",
    "HEROFINCORP",
    "TVSCREDIT",
    "LNTFINANCE",
    "MAHINDRAFIN",
  ]) {
    const { description, merchantCategory } = label(`ACH D- ${name}-P400PHL0000001`);
    assert.deepEqual([description, merchantCategory], ["lender_transaction", "loans"], name);
  }
  assert.equal(label("UPI-DHANI RAM-DHANI@OKBK-OKBK0000001-412345678901-RENT").description, "");
});

test("one's own saver is oneself; a person's name beside it is not", () => {
  const channel = (narration: string) => label(narration, "debit", "GB").channel;
  assert.equal(channel("TFR SAVER 00112233"), "self_transfer");
  assert.equal(channel("TO EASY SAVER 00112233"), "self_transfer");
  assert.equal(channel("FPO ASHA R SAVINGS 00112233"), "net_banking_transfer");
});

test("a tax that is paid is no fee of the bank and no card payment; a tax on its fees is", () => {
  for (const [narration, country, channel] of [
    ["GST/BANK REFERENCE NO: K0000000001/CIN NO: OKBK24070000001", "IN", "net_banking_transfer"],
    ["TDS PAYMENT OLTAS ITNS281", "IN", "net_banking_transfer"],
    ["TAX PAYMENT CBDT/ 24070100123", "IN", "net_banking_transfer"],
    ["HMRC SELF ASSESSMENT", "GB", "net_banking_transfer"],
    ["CARD PAYMENT TO HMRC GOV UK", "GB", "debit_card"],
    ["GST ON CHARGES DEC23", "IN", "bank_charge"],
    ["TDS DEDUCTED FY 2023-24", "IN", "bank_charge"],
  ] as const) {
    const { channel: found, merchantCategory } = label(narration, "debit", country);
    assert.equal(found, channel, narration);
    assert.equal(merchantCategory, "tax", narration);
  }
});

test("May, Sukanya, Google and Apple are names, and sometimes not", () => {
  for (const [narration, direction, name] of [
    ["NEFT-SALARY MAY-GREEN STUDIO LLP", "credit", "GREEN STUDIO LLP"],
    ["SALARY MAY 2024 GREEN STUDIO", "credit", "GREEN STUDIO"],
    ["GREEN STUDIO SALARY MAY 24", "credit", "GREEN STUDIO"],
    ["GREEN STUDIO SALARY MAR 24", "credit", "GREEN STUDIO"],
    ["SALARY FOR MAY 2024", "credit", null],
    ["SAL MAY24", "credit", null],
    ["UPI-MAY THOMAS-MAY@OKBK-OKBK0000001-412345678901-LUNCH", "debit", "MAY THOMAS"],
    ["ME DC SI 400000XXXXXX0001 GOOGLE PLAY", "debit", "GOOGLE PLAY"],
    ["POS 400000XXXXXX0001 APPLE SERVICES", "debit", "APPLE SERVICES"],
    ["CARD PAYMENT VIA GOOGLE PAY TO GREEN SHOP", "debit", "GREEN SHOP"],
    ["UPI-SUKANYA R-SUKANYA@OKBK-OKBK0000001-412345678901-LUNCH", "debit", "SUKANYA R"],
  ] as const) {
    assert.equal(label(narration, direction).counterparty.name, name, narration);
  }
  const sukanya = (narration: string) => label(narration).channel;
  assert.equal(sukanya("UPI-SUKANYA R-SUKANYA@OKBK-OKBK0000001-412345678901-LUNCH"), "upi");
  assert.equal(sukanya("SI TRF SUKANYA SAMRIDDHI AC 000123"), "investment");
});
