/** Exports in the shapes of banks: metadata above, summaries below, columns of all kinds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findDelimiter, readCsv } from "./csv.ts";
import { EXPORTS } from "./exports.testing.ts";
import { readGrids } from "./grid.ts";
import { NO_METADATA } from "./ledger.ts";
import type { Statement } from "./types.ts";

/** Account, currency, opening, closing, verification; then the rows: day, signed amount, balance, proof, narration. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  hdfc: [
    "50100999123456 INR 1000000 4724950 proven",
    "2024-04-02 -25000 975000 chain UPI-SHOP-PAY@UPI-1234",
    "2024-04-05 +5000000 5975000 chain NEFT CR-SALARY",
    "2024-04-30 -1250050 4724950 chain EMI 12345",
  ],
  icici: [
    "019901512345 INR null null partly",
    "2024-04-01 -10000 90000 none UPI/shop/pay",
    "2024-04-13 +12345678 12435678 chain NEFT-salary",
    "2024-04-14 -2435678 10000000 chain CHQ paid",
  ],
  sbi: [
    "00000039991234567 INR 1234567 null partly",
    "2024-04-01 -34567 1200000 chain TO TRANSFER-UPI/DR/1",
    "2024-04-02 +10000000 11200000 chain BY TRANSFER-NEFT",
  ],
  kotak: [
    "9912345678 INR 200000 450000 proven",
    "2024-04-01 -50000 150000 chain UPI/shop",
    "2024-04-14 -200000 -50000 chain ATM",
    "2024-04-15 +500000 450000 chain Salary",
  ],
  chase: [
    "null null null null partly",
    "2024-01-15 -10000 20000 none CHECK 101",
    "2024-01-29 +80000 100000 chain PAYROLL",
    "2024-01-31 -450 99550 chain COFFEE SHOP 01/30",
  ],
  bankOfAmerica: [
    "null null 100000 140000 proven",
    "2024-01-15 +50000 150000 chain PAYROLL",
    "2024-01-20 -10000 140000 chain RENT",
  ],
  revolut: [
    "null EUR null null partly",
    "2024-01-02 +10000 10000 none Top-Up",
    "2024-01-04 -2000 8000 chain Shop",
    "2024-01-05 -3050 4950 chain To friend",
    "2024-01-07 -1050 3900 chain Cash",
  ],
  n26: [
    "null EUR null null unverifiable",
    "2024-01-02 -1000 null none Shop",
    "2024-01-03 -1050 null none Shop",
    "2024-01-04 +100000 null none Employer",
    "2024-01-05 +10000 null none Employer",
  ],
  sparkasse: [
    "DE89370400440532013000 EUR null null unverifiable",
    "2024-01-15 -8900 null none LASTSCHRIFT Strom STADTWERKE",
    "2024-01-31 +245000 null none LOHN GEHALT Gehalt Januar BEISPIEL GMBH",
  ],
  ingGermany: [
    "DE89370400440532013000 EUR null null partly",
    "2024-01-15 -8950 1050 none STADTWERKE Lastschrift Strom",
    "2024-01-31 +135000 136050 chain BEISPIEL GMBH Gehalt/Rente",
  ],
  starling: [
    "null GBP 10000 null partly",
    "2024-01-03 -350 9650 chain Tea Shop",
    "2024-01-15 +50000 59650 chain Employer Ltd",
  ],
  lloyds: [
    "12345678 null null null partly",
    "2024-01-29 -500 11000 none CAFE",
    "2024-01-30 -1000 10000 chain TESCO",
    "2024-01-31 +50000 60000 chain EMPLOYER LTD",
  ],
  wise: [
    "null EUR null null partly",
    "2024-01-13 +10000 10000 none Received money from A EXAMPLE",
    "2024-01-31 -1250 8750 chain Card transaction of 12.50 EUR issued by Shop",
  ],
  axis: [
    "912010099912345 null null null partly",
    "2024-04-01 -10000 90000 none UPI/P2M/1",
    "2024-04-15 +500000 590000 chain NEFT/SALARY",
  ],
  monzo: [
    "null GBP null null unverifiable",
    "2024-01-02 -320 null none Cafe CAFE LONDON",
    "2024-01-25 +150000 null none Employer Salary SALARY",
  ],
  french: [
    "null null null null unverifiable",
    "2024-01-15 -1250 null none CARTE BOULANGERIE",
    "2024-01-31 +150000 null none VIREMENT SALAIRE",
  ],
};

function shown(statement: Statement): string[] {
  const { identity, currency, openingBalance, closingBalance, verification, transactions } = statement;
  const rows = transactions.map(
    ({ date, direction, amount, balance, proof, description }) =>
      `${date.toString()} ${direction === "debit" ? "-" : "+"}${amount} ${balance} ${proof} ${description}`,
  );
  const ends = `${openingBalance} ${closingBalance} ${verification.status}`;
  return [`${identity.accountNumber} ${currency} ${ends}`, ...rows];
}

for (const [name, text] of Object.entries(EXPORTS)) {
  test(`an export as ${name} makes it`, () => {
    const delimiter = findDelimiter(text);
    assert.ok(delimiter !== null);
    assert.deepEqual(readGrids([readCsv(text, delimiter)], NO_METADATA).flatMap(shown), EXPECTED[name]);
  });
}
