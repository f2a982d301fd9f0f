import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { anyAccount, anyStyle, assertRows, closingOf, type CsvStyle, decimal, dmy, PLAIN_CSV, SAMPLE, tellsOrder, toCsv } from "./accounts.testing.ts"; // prettier-ignore
import { findDelimiter, readCsv } from "./csv.ts";
import { readGrids } from "./grid.ts";
import { NO_METADATA } from "./ledger.ts";
import { decodeText } from "./text.ts";
import type { Statement } from "./types.ts";
import { Unreadable } from "./unreadable.ts";

function read(text: string): Statement[] {
  const delimiter = findDelimiter(text);
  assert.ok(delimiter !== null, "a table");
  return readGrids([readCsv(text, delimiter)], NO_METADATA);
}

function only(text: string): Statement {
  const [statement, other] = read(text);
  assert.ok(statement && other === undefined);
  return statement;
}

/** Header words as banks of eight languages print them: date, narration, out, in, balance. */
const LANGUAGES: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  English: ["Transaction Date", "Narration", "Withdrawal Amt.", "Deposit Amt.", "Closing Balance"],
  German: ["Buchungstag", "Verwendungszweck", "Soll", "Haben", "Saldo"],
  French: ["Date", "Libellé", "Débit", "Crédit", "Solde"],
  Spanish: ["Fecha", "Concepto", "Cargos", "Abonos", "Saldo"],
  Dutch: ["Datum", "Omschrijving", "Af", "Bij", "Saldo"],
  Italian: ["Data", "Descrizione", "Dare", "Avere", "Saldo"],
  Portuguese: ["Data", "Descrição", "Débito", "Crédito", "Saldo"],
  Hindi: ["दिनांक", "विवरण", "निकासी", "जमा", "शेष"],
};

test("headers of eight languages, with the balances above: every row is proven", () => {
  for (const [language, [date, text, out, into, balance]] of Object.entries(LANGUAGES)) {
    const comma = language !== "English" && language !== "Hindi";
    const said = (label: string, minor: bigint): string => `${label}${comma ? ";" : ","}"${decimal(minor, comma ? "," : ".")}"`; // prettier-ignore
    const style: CsvStyle = {
      ...PLAIN_CSV,
      delimiter: comma ? ";" : ",",
      titles: [date, text, out, into, balance],
      money: "two columns",
      mark: comma ? "," : ".",
      group: comma ? "." : ",",
      date: dmy,
      head: [said("Opening Balance", SAMPLE.opening), said("Closing Balance", closingOf(SAMPLE)), ""],
    };
    const statement = assertRows(only(toCsv(SAMPLE, style)), SAMPLE);
    assert.equal(statement.verification.status, "proven", language);
    assert.deepEqual(statement.transactions.map(({ description }) => description), SAMPLE.bookings.map((one) => one.text)); // prettier-ignore
  }
});

test("any account in any style: without an opening only the first row rests on nothing", () => {
  fc.assert(
    fc.property(anyAccount, anyStyle, (account, style) => {
      fc.pre(tellsOrder(account, style));
      const statement = assertRows(only(toCsv(account, style)), account);
      assert.equal(statement.verification.status, "partly");
      assert.deepEqual(statement.transactions.map(({ proof }) => proof), account.bookings.map((_, index) => (index === 0 ? "none" : "chain"))); // prettier-ignore
    }),
    { numRuns: 200 },
  );
});

test("encodings: UTF-8 with and without mark, UTF-16 in both orders, windows-1252", () => {
  const text = toCsv(
    { ...SAMPLE, bookings: SAMPLE.bookings.map((one) => ({ ...one, text: "Café Größe €" })) },
    { ...PLAIN_CSV, titles: ["Date", "Libellé", "Montant", "Solde"] },
  );
  const wide = Buffer.from(text, "utf16le");
  const swapped = Buffer.from(wide).swap16();
  const narrow = Uint8Array.from(text, (character) => (character === "€" ? 0x80 : character.charCodeAt(0)));
  const files: [string, Uint8Array][] = [
    ["utf-8", Buffer.from(text)],
    ["utf-8 with a mark", Buffer.from(`\ufeff${text}`)],
    ["utf-16le", Buffer.concat([Buffer.from([0xff, 0xfe]), wide])],
    ["utf-16be", Buffer.concat([Buffer.from([0xfe, 0xff]), swapped])],
    ["utf-16le without a mark", wide],
    ["windows-1252", narrow],
  ];
  for (const [name, bytes] of files) {
    const decoded = decodeText(bytes);
    assert.ok(decoded !== null, name);
    assert.equal(assertRows(only(decoded), SAMPLE).transactions[0]?.description, "Café Größe €", name);
  }
  assert.equal(decodeText(Buffer.from(text.replace("Date", "Da\0te"))), null);
});

test("a bank's export: own account, other side, Af Bij, currency in the title, balance after", () => {
  const text = `"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";"Mededelingen";"Saldo na mutatie"
"20240203";"Bakker Jansen";"NL91ABNA0417164300";"NL02ABNA0123456789";"BA";"Af";"12,50";"Betaalautomaat";"Pas 001";"987,50"
"20240205";"Werkgever BV";"NL91ABNA0417164300";"NL08ABNA0999999999";"OV";"Bij";"1.000,00";"Overschrijving";"Salaris";"1.987,50"
"20240206";"Huur";"NL91ABNA0417164300";"NL08ABNA0999999999";"OV";"Af";"900,00";"Overschrijving";"Februari";"1.087,50"`;
  const statement = only(text);
  assert.deepEqual(
    [statement.identity.iban, statement.currency, statement.verification.status, statement.bank?.id],
    ["NL91ABNA0417164300", "EUR", "partly", "abnamro"],
  );
  assert.deepEqual(
    statement.transactions.map(({ direction, amount, description, line }) => [
      direction,
      amount,
      description,
      line,
    ]),
    [
      ["debit", 1250n, "Bakker Jansen Pas 001", 2],
      ["credit", 100_000n, "Werkgever BV Salaris", 3],
      ["debit", 90_000n, "Huur Februari", 4],
    ],
  );
});

test("several accounts in one file, interleaved, are told apart where arithmetic asks for it", () => {
  const text = `Account,Date,Description,Amount,Balance
11112222,2024-01-02,a,-5.00,95.00
33334444,2024-01-02,b,50.00,550.00
11112222,2024-01-03,c,-5.00,90.00
33334444,2024-01-04,d,25.00,575.00
11112222,2024-01-05,e,10.00,100.00`;
  assert.deepEqual(
    read(text).map(({ identity, transactions, verification }) => [identity.accountNumber, transactions.length, verification.status]), // prettier-ignore
    [
      ["11112222", 3, "partly"],
      ["33334444", 2, "partly"],
    ],
  );
});

test("accounts whose balances happen to join are told apart by their column; a payee's account is none of one's own", () => {
  const rows = `2024-01-02,a,-5.00,95.00,11112222
2024-01-03,b,-95.00,0.00,11112222
2024-01-03,c,50.00,50.00,33334444
2024-01-04,d,25.00,75.00,33334444`;
  const shape = (title: string): unknown[] =>
    read(`Date,Description,Amount,Balance,${title}\n${rows}`).map(({ identity, transactions, verification }) => [identity.accountNumber, transactions.length, verification.status]); // prettier-ignore
  assert.deepEqual(shape("Account number"), [
    ["11112222", 2, "partly"],
    ["33334444", 2, "partly"],
  ]);
  assert.deepEqual(shape("Counter account"), [[null, 4, "partly"]]);
  // Balances that hold every row of the file are one account's.
  const whole = read(`Opening Balance,100.00\n\nDate,Description,Amount,Balance,Account number\n${rows}`);
  assert.deepEqual(whole.map(({ transactions }) => transactions.length), [4]); // prettier-ignore
});

test("accounts below one another, each with its head, its opening and its table", () => {
  const part = (account: string, [opening, closing]: [string, string], rows: string): string =>
    `Account Number: ${account}\nOpening Balance,,,${opening}\nClosing Balance,,,${closing}\nDate,Description,Amount,Balance\n${rows}\n`;
  const text = [
    part("11112222333", ["100.00", "90.00"], "2024-01-02,a,-5.00,95.00\n2024-01-13,b,-5.00,90.00"),
    part("99998888777", ["10.00", "25.00"], "2024-01-02,c,-5.00,5.00\n2024-01-13,d,20.00,25.00"),
  ].join("\n");
  assert.deepEqual(
    read(text).map(({ identity, openingBalance, verification }) => [identity.accountNumber, openingBalance, verification.status]), // prettier-ignore
    [
      ["11112222333", 10_000n, "proven"],
      ["99998888777", 1_000n, "proven"],
    ],
  );
});

test("a Hindi file with its account and balances", () => {
  const { identity, openingBalance, verification } = only(`खाता संख्या,12345678901
प्रारंभिक शेष,"1,33,456.00"
अंतिम शेष,"15,000.00"
तारीख,विवरण,डेबिट,क्रेडिट,शेष राशि
13/02/2024,भुगतान,"1,23,456.00",,"10,000.00"
14/02/2024,वेतन,,"5,000.00","15,000.00"`);
  assert.deepEqual(
    [identity.accountNumber, openingBalance, verification.status],
    ["12345678901", 13_345_600n, "proven"],
  );
});

test("currencies apart, pending rows left out, two decimals or none as the currency has them", () => {
  const text = `Completed Date,Description,Amount,Currency,State,Balance
2024-01-02 10:11:12,Coffee,-3.50,EUR,COMPLETED,96.50
2024-01-02 11:00:00,Ramen,-1200,JPY,COMPLETED,8800
2024-01-03 09:00:00,Held,-20.00,EUR,PENDING,
2024-01-03 10:00:00,Top up,10.00,EUR,COMPLETED,106.50
2024-01-04 12:00:00,Taxi,-800,JPY,COMPLETED,8000`;
  const statements = read(text);
  assert.deepEqual(
    statements.map(({ currency, transactions }) => [currency, transactions.map(({ amount }) => amount)]),
    [
      ["EUR", [350n, 1000n]],
      ["JPY", [1200n, 800n]],
    ],
  );
});

test("what cannot be read is never passed over", () => {
  const lines = toCsv(SAMPLE, PLAIN_CSV).split("\r\n");
  const with3 = (from: string, to: string) => only(lines.map((line, index) => (index === 3 ? line.replace(from, to) : line)).join("\r\n")); // prettier-ignore
  assert.equal(with3("2450.00", "24S0.00").verification.status, "broken");
  assert.throws(() => with3("2024-02-14", "2024-02-34"), Unreadable);
  assert.throws(() => read(toCsv(SAMPLE, { ...PLAIN_CSV, balances: false }).replace("2024-03-01", "2024-13-01")), Unreadable); // prettier-ignore
  // Without balances no break would show the row that is missing.
  const bare = toCsv(SAMPLE, { ...PLAIN_CSV, balances: false });
  assert.equal(only(bare).transactions.length, 5);
  assert.throws(() => read(bare.replace("2450.00", "2450..00")), (error) => error instanceof Unreadable && error.message === "Line 4: the amount or the date cannot be read"); // prettier-ignore
});

test("without a header that is known, arithmetic alone makes a table", () => {
  const [, ...rows] = toCsv(SAMPLE, PLAIN_CSV).split("\r\n");
  assert.equal(only(rows.join("\n")).verification.status, "partly");
  assertRows(only(["Dzień;Tytuł;Ile;Ile razem".replaceAll(";", ","), ...rows].join("\n")), SAMPLE);
  const letters = "2024-01-02,you wrote,12.50\n2024-01-03,we answered,13.50\n2024-02-03,no answer,14.50";
  assert.deepEqual(read(letters), []);
});

test("narrations over several rows, quoted line ends, rows of balances and totals, footers", () => {
  const text = `Account No:,00112233445566,,,
Account Name:,AARAV KULSHRETTI,,,
From,01/04/2024,To,30/04/2024,

Date,Narration,Debit,Credit,Balance
,Opening Balance,,,100.00
02/04/2024,"UPI payment
to a shop",30.00,,70.00
,REF 12345,,,
05/04/2024,Salary,,50.00,120.00
,Total,30.00,50.00,
,Closing Balance,,,120.00
This is a computer generated statement,,,,`;
  const { identity, period, verification, transactions, openingBalance, closingBalance } = only(text);
  assert.deepEqual([identity.accountNumber, identity.name], ["00112233445566", "AARAV KULSHRETTI"]);
  assert.deepEqual([period?.from.toString(), period?.to.toString()], ["2024-04-01", "2024-04-30"]);
  assert.deepEqual([openingBalance, closingBalance, verification.status], [10_000n, 12_000n, "proven"]);
  assert.deepEqual(transactions.map(({ description, line }) => [description, line]), [["UPI payment to a shop REF 12345", 7], ["Salary", 10]]); // prettier-ignore
});

test("titles in camel case, in snake case, of one long word, and long ones", () => {
  for (const titles of [
    ["bookingDate", "remittanceInformation", "transactionAmount", "balanceAfter"],
    ["Transactiedatum", "Omschrijving", "Transactiebedrag", "Eindsaldo"],
    ["Bokföringsdag", "Text", "Belopp", "Saldo"],
    ["Buchungsdatum", "Buchungsdetails", "Umsatz in EUR", "Kontosaldo"],
    ["booking_date", "payment_details", "transaction_amount", "closing_balance"],
    [
      "Date",
      "Description",
      "Amount (debits are negative, credits are positive)",
      "Balance after each transaction",
    ],
  ])
    assert.equal(
      assertRows(only(toCsv(SAMPLE, { ...PLAIN_CSV, titles })), SAMPLE).verification.status,
      "partly",
    );
});

test("prose, lists and logs are no table", () => {
  for (const text of ["Dear Sir, thank you, all the best", "a,b,c\n1,2,3\n4,5,6", "", "x\ty\nz"])
    assert.equal(findDelimiter(text), null);
});

test("a booking whose words are a balance row's is one where its amount lies between the balances", () => {
  const table = (...rows: string[]): string =>
    ["Date,Narration,Debit,Credit,Balance", "2024-01-01,Opening Balance,,,100.00", "2024-01-02,Shop,10.00,,90.00", ...rows].join("\n"); // prettier-ignore
  const oldest = only(table("2024-01-30,Closing balance transfer,90.00,,0.00", "2024-01-30,Closing Balance,,,0.00")); // prettier-ignore
  assert.equal(oldest.verification.status, "proven");
  assert.deepEqual(
    oldest.transactions.map(({ description, direction, amount }) => [description, direction, amount]),
    [
      ["Shop", "debit", 1_000n],
      ["Closing balance transfer", "debit", 9_000n],
    ],
  );
  const wrong = only(table("2024-01-30,Closing balance transfer,80.00,,0.00"));
  assert.equal(wrong.verification.status, "broken", "not what lies between");
  const twice = only(table("2024-01-30,Closing Balance,,90.00,90.00"));
  assert.deepEqual([twice.verification.status, twice.transactions.length], ["proven", 1], "said twice");
  const newest = only(
    "Date,Narration,Debit,Credit,Balance\n2024-01-30,Closing balance transfer,90.00,,0.00\n2024-01-02,Shop,10.00,,90.00\n2024-01-01,Pay,,40.00,100.00",
  );
  assert.deepEqual(newest.transactions.map(({ proof }) => proof), ["none", "chain", "chain"]); // prettier-ignore
});

test("carets and tildes part cells, too", () => {
  for (const mark of ["^", "~"] as const) {
    const text = ["Date,Text,Amount,Balance", "13/02/2024,A,-10.00,90.00", "14/02/2024,B,-20.00,70.00"].join("\n").replaceAll(",", mark); // prettier-ignore
    assert.deepEqual(only(text).transactions.map(({ amount }) => amount), [1_000n, 2_000n]); // prettier-ignore
  }
});
