import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { drawLines } from "../../test/statements/lines.ts";
import { readFacts } from "./facts.ts";
import type { TableStyle } from "./tableline.ts";
import type { Facts } from "./types.ts";

const english: TableStyle = { decimal: ".", dateOrder: "dmy", exponent: 2 };
const european: TableStyle = { decimal: ",", dateOrder: "dmy", exponent: 2 };

const read = (text: readonly string[], hints = english): Facts => readFacts(drawLines(text), hints);
const periodOf = (facts: Facts): string | null =>
  facts.period && `${facts.period.from.toString()} ${facts.period.to.toString()}`;

describe("account and codes", () => {
  test("values stand behind the colon, in the next cell, or in one word with the label", () => {
    const { identity, currency } = read([
      "MEERA VANSIKAR                       Account Branch   : HILLSIDE",
      "14/2 PALM GROVE LAYOUT               Account No       : 50100999123456",
      "3RD CROSS HILLSIDE                   Account Type     : SAVINGS",
      "BANGAPURAM 560999                    RTGS/NEFT IFSC   : HDFC0999123",
      "KARNATAKA                            MICR:560999002",
      "                                     Currency         : INR",
    ]);
    assert.equal(identity.accountNumber, "50100999123456");
    assert.equal(identity.ifsc, "HDFC0999123");
    assert.equal(identity.micr, "560999002");
    assert.equal(identity.accountType, "SAVINGS");
    assert.equal(identity.name, "MEERA VANSIKAR");
    assert.equal(
      identity.address,
      "14/2 PALM GROVE LAYOUT, 3RD CROSS HILLSIDE, BANGAPURAM 560999, KARNATAKA",
    );
    assert.equal(identity.accountCategory, "individual");
    assert.equal(currency, "INR");
  });

  test("values stand below their labels", () => {
    const { identity, openingBalances, printedTotals } = read([
      "Account Name              Account Number",
      "ADA BRACKENRIDGE          8099123456",
      "",
      "Opening Balance           Total Debit               Debit Count",
      "₦204.31                   ₦6,623.00                 16",
    ]);
    assert.equal(identity.name, "ADA BRACKENRIDGE");
    assert.equal(identity.accountNumber, "8099123456");
    assert.deepEqual(openingBalances, [20_431n]);
    assert.deepEqual(printedTotals, [
      { kind: "debit", printed: 662_300n },
      { kind: "debit_count", printed: 16n },
    ]);
  });

  const printed: readonly (readonly [string, string])[] = [
    ["Account Number: 6225 **** **** 7799", "6225********7799"],
    ["Account Number: XXX-X-3499", "XXX-X-3499"],
    ["Account Number: GXS-ACC-****-9919", "GXS-ACC-****-9919"],
    ["A/C No.: 0099912345678 Branch 12", "0099912345678"],
    ["Transactions of account number 12345679 follow", "12345679"],
    ["IBAN: DE76 1007 0000 8775 6035 18", "DE76100700008775603518"],
    ["Rekeningnummer: NL21 PZSB 9976 8415 98", "NL21PZSB9976841598"],
    ["Sort code 20-71-64     Account number 60798548     BIC BUKBGB22", "60798548"],
    ["账号：6225880012345678", "6225880012345678"],
  ];
  for (const [line, number] of printed) {
    test(`${line} → ${number}`, () => assert.equal(read([line]).identity.accountNumber, number));
  }

  test("a number of another product, a date and a phone are not the account", () => {
    const { identity } = read([
      "Loan Account No: 998877665544",
      "Account Open Date : 01/02/2019",
      "Phone no. 18009991234",
    ]);
    assert.equal(identity.accountNumber, null);
  });

  test("a full number wins over its mask", () => {
    const { identity } = read(["Account No: XXXXXXXX3456", "Account Number: 509912343456"]);
    assert.equal(identity.accountNumber, "509912343456");
  });

  test("an IBAN counts only with right check digits; sort code and BIC are read", () => {
    const good = read(["IBAN  DE76 1007 0000 8775 6035 18", "BIC  DEUTDEBB", "Sort code  20 71 64"]).identity;
    assert.equal(good.iban, "DE76100700008775603518");
    assert.equal(good.bic, "DEUTDEBB");
    assert.equal(good.sortCode, "20-71-64");
    assert.equal(read(["IBAN  DE77 1007 0000 8775 6035 18"]).identity.iban, null);
  });

  test("an American routing number has right check digits, and pays in dollars", () => {
    const { identity, currency } = read(["Account Number: 509912343456", "Routing Number: 123456780"]);
    assert.deepEqual([identity.routingNumber, currency], ["123456780", "USD"]);
    assert.equal(read(["Routing Number: 123456789"]).identity.routingNumber, undefined);
  });

  test("those who hold the account jointly", () => {
    const lines = ["Account Holder: AARAV KULSHRETTI", "Joint Holders: MEERA KULSHRETTI, ROHAN KULSHRETTI"];
    assert.deepEqual(read(lines).identity.jointHolders, ["MEERA KULSHRETTI", "ROHAN KULSHRETTI"]);
    assert.equal(
      read(["Account Holder: AARAV KULSHRETTI", "Joint Holder: NA"]).identity.jointHolders,
      undefined,
    );
  });

  test("a branch code without its label is a counterparty's", () => {
    assert.equal(read(["NEFT CR SBIN0009999 QUARTZ MILLS"]).identity.ifsc, null);
  });
});

describe("holder", () => {
  test("the bank's heading over the address is not the holder", () => {
    const lines = drawLines([
      "Lotus Valley Credit Society",
      "",
      "",
      "",
      "",
      "Mr Tobias Wrenfield",
      "Flat 3, 21 Kestrel Row",
      "Upper Dunmoor",
      "DM9 9XX",
    ]);
    const { identity } = readFacts(lines, english);
    assert.equal(identity.name, "Mr Tobias Wrenfield");
    assert.equal(identity.address, "Flat 3, 21 Kestrel Row, Upper Dunmoor, DM9 9XX");
  });

  test("the address goes on under a labelled name, without the e-mail", () => {
    const { identity } = read([
      "Rekeninghouder                 Bank information",
      "Fenna Oosterwolde              Polder Spaarbank N.V.",
      "fenna@mail.example             Kamer van Koophandel: 99999999",
      "Duinpad 18                     Dijkgracht 1",
      "9999 ZZ Zeewolderveen          9999 AA Zeewolderveen",
      "Account details",
    ]);
    assert.equal(identity.name, "Fenna Oosterwolde");
    assert.equal(identity.address, "Duinpad 18, 9999 ZZ Zeewolderveen");
  });

  test("an address label owns its lines", () => {
    const { identity } = read([
      "Account Name      : ISHAAN BHORTAKAR TRADERS",
      "Address           : PLOT 77 RIVERBANK ENCLAVE",
      "                    OLD MILL STREET",
      "                    CHENDUR 600999",
      "Branch            : OLD MILL STREET",
    ]);
    assert.equal(identity.name, "ISHAAN BHORTAKAR TRADERS");
    assert.equal(identity.address, "PLOT 77 RIVERBANK ENCLAVE, OLD MILL STREET, CHENDUR 600999");
    assert.equal(identity.accountCategory, "corporate");
  });

  test("the names of a bank, a branch and a product are nobody's", () => {
    const { identity } = read([
      "Bank Name: Harbourlight Mutual",
      "Branch Name : HILLSIDE",
      "Product Name : SAVINGS PLUS",
    ]);
    assert.equal(identity.name, null);
  });
});

describe("period", () => {
  const printed: readonly (readonly [string, string])[] = [
    ["Statement From : 01/04/2023  To : 30/06/2023", "2023-04-01 2023-06-30"],
    ["Period: 01 May 2023 - 12 May 2023", "2023-05-01 2023-05-12"],
    ["Statement Period: 2025-02-01 to 2025-02-28", "2025-02-01 2025-02-28"],
    ["Your statement: 12 December 2023 to 11 January 2024", "2023-12-12 2024-01-11"],
    ["12 December to 11 January 2024", "2023-12-12 2024-01-11"],
    ["Kontoauszug vom 01.01.2024 bis 31.03.2024", "2024-01-01 2024-03-31"],
    ["Periode 01-01-2024 t/m 31-03-2024", "2024-01-01 2024-03-31"],
    ["PERIOD: 01APR24 TO 30JUN24", "2024-04-01 2024-06-30"],
    ["Statement for the month of February 2024", "2024-02-01 2024-02-29"],
  ];
  for (const [line, period] of printed) {
    test(line, () => assert.equal(periodOf(read([line])), period));
  }

  test("labels apart, and dated balances, say it too", () => {
    assert.equal(
      periodOf(read(["From Date : 01/01/2024", "To Date   : 31/01/2024"])),
      "2024-01-01 2024-01-31",
    );
    const dutch = read(
      ["Balance as of 01.10.2025:      15.320,00 €", "Balance as of 31.10.2025:      14.470,04 €"],
      european,
    );
    assert.equal(periodOf(dutch), "2025-10-01 2025-10-31");
    assert.deepEqual([dutch.openingBalances, dutch.closingBalances], [[1_532_000n], [1_447_004n]]);
  });

  test("an interest period gives way, one date alone is none, and backwards is none", () => {
    assert.equal(
      periodOf(read(["Interest from 01/01/2023 to 31/12/2023", "Statement from 01/02/2024 to 29/02/2024"])),
      "2024-02-01 2024-02-29",
    );
    assert.equal(periodOf(read(["Account summary as at 30/06/2025"])), null);
    assert.equal(periodOf(read(["Period: 30/06/2024 to 01/06/2024"])), null);
  });
});

describe("balances and totals", () => {
  test("an overdrawn balance is negative, whatever says so", () => {
    for (const text of ["125.40 Dr", "125.40 D", "-125.40", "(125.40)", "£125.40 OD"]) {
      assert.deepEqual(read([`Opening balance      ${text}`]).openingBalances, [-12_540n], text);
    }
  });

  test("a date beside the balance is not the balance", () => {
    const facts = read([
      "Balance as on 1 Apr 2024        : 12,345.67",
      "Statement from 1 Apr 2024 to 30 Apr 2024",
    ]);
    assert.deepEqual(facts.openingBalances, [1_234_567n]);
    assert.deepEqual(facts.closingBalances, []);
  });

  test("a summary in one line over its values", () => {
    const facts = read([
      "Opening Balance      Dr Count      Cr Count         Debits        Credits    Closing Bal",
      "      72,459.21            56            28    1,85,366.81    1,89,730.60      76,823.00",
    ]);
    assert.deepEqual(facts.openingBalances, [7_245_921n]);
    assert.deepEqual(facts.closingBalances, [7_682_300n]);
    assert.deepEqual(facts.printedTotals, [
      { kind: "debit_count", printed: 56n },
      { kind: "credit_count", printed: 28n },
      { kind: "debit", printed: 18_536_681n },
      { kind: "credit", printed: 18_973_060n },
    ]);
  });

  test("a column's title is no total", () => {
    assert.deepEqual(
      read([
        "Date        Withdrawals      Deposits      Balance",
        "02/01/2024       100.00                      900.00",
      ]).printedTotals,
      [],
    );
  });

  test("one part of the debits is not their total", () => {
    const parts = [
      "Withdrawals            -500.25",
      "Checks Paid            -120.00",
      "Service Fees            -12.00",
    ];
    const around = [
      "Beginning Balance    $1,500.25",
      "Deposits              1,200.00",
      ...parts,
      "Ending Balance       $2,068.00",
    ];
    assert.deepEqual(read(around).printedTotals, []);
    const whole = [
      "Opening balance      £1,500.25",
      "Money in             £1,200.00",
      "Money out              £632.25",
      "Closing balance      £2,068.00",
    ];
    assert.deepEqual(read(whole).printedTotals, [
      { kind: "credit", printed: 120_000n },
      { kind: "debit", printed: 63_225n },
    ]);
    assert.deepEqual(read(["Opening Balance      100.00", "Interest Charged       2.00"]).printedTotals, []);
  });

  test("a balance behind its date, and one of which the first digit is misprinted", () => {
    const { closingBalances } = read(["Closing Balance as on 31/01/2024: INR 3,100.50"]);
    assert.deepEqual(closingBalances, [310_050n]);
    assert.deepEqual(read(["Opening Balance : 03.74"]).openingBalances, [374n]);
  });

  test("a balance of the day of download is neither opening nor closing", () => {
    const facts = read([
      "Balance as on 15 May 2024        12,345.67",
      "Statement from 1 Apr 2024 to 30 Apr 2024",
    ]);
    assert.deepEqual([facts.openingBalances, facts.closingBalances], [[], []]);
  });

  test("the parts of a card's summary are summed, each once", () => {
    const facts = read([
      "Previous Balance      1,847.32",
      "Payment, Credits     -2,157.60",
      "Purchases            +1,404.30",
      "Fees Charged         +2,471.62",
      "Interest Charged          0.00",
      "New Balance           3,565.64",
      "",
      "New Balance:          3,565.64",
    ]);
    assert.deepEqual(facts.openingBalances, [184_732n]);
    assert.deepEqual(facts.closingBalances, [356_564n]);
    assert.deepEqual(facts.printedTotals, [
      { kind: "debit", printed: 387_592n },
      { kind: "credit", printed: 215_760n },
    ]);
  });
});

describe("currency", () => {
  const printed: readonly (readonly [string, string | null])[] = [
    ["CURRENCY: SINGAPORE DOLLAR", "SGD"],
    ["Opening Balance: CNY 38500.00", "CNY"],
    ["Debit(₦)     Credit(₦)", "NGN"],
    ["Money in        £1,308.37", "GBP"],
    ["RTGS/NEFT IFSC : HDFC0999123", "INR"],
    ["New Balance       $7,262.64", null],
    ["nothing of the kind", null],
  ];
  for (const [line, currency] of printed) {
    test(`${line} → ${currency}`, () => assert.equal(read([line]).currency, currency));
  }

  test("a dollar with the month first is an American's", () => {
    assert.equal(read(["New Balance       $7,262.64"], { ...english, dateOrder: "mdy" }).currency, "USD");
  });
});

test("any lines at all give facts, never an exception", () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      "Account",
      "No",
      ":",
      "Name",
      "Balance",
      "as",
      "on",
      "01/02/2024",
      "1,234.56",
      "Cr",
      "to",
      "IBAN",
      "£",
    ),
  );
  const line = fc.array(word, { maxLength: 8 }).map((words) => words.join("  "));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (text) => {
      const facts = read(text);
      assert.ok(facts.identity.ifsc === null || /^[A-Z]{4}0[A-Z0-9]{6}$/.test(facts.identity.ifsc));
      if (facts.period !== null)
        assert.ok(Temporal.PlainDate.compare(facts.period.from, facts.period.to) <= 0);
    }),
    { numRuns: 300 },
  );
});
