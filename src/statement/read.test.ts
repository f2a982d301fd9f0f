/** Difficulties of real statements, one small page each. Every reading here is proven by arithmetic or says why not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, closedWith, HEADER, only, paper, type PaperLine, PERIOD, shown, to } from "./paper.testing.ts";
import { readStatements } from "./read.ts";

const ROWS = ["01-02 -30.00 =70.00 Rent", "01-03 +50.00 =120.00 Salary", "01-05 -20.00 =100.00 Shoes"];

test("the plain case", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.equal(statement.verification.status, "proven");
  assert.deepEqual([statement.openingBalance, statement.closingBalance], [10000n, 10000n]);
  assert.deepEqual(statement.pages, { from: 1, to: 1 });
  assert.deepEqual([statement.transactions[1]?.page, statement.transactions[1]?.line], [1, 6]);
});

test("without a printed closing the last page may be gone: partly, and the open end is named", () => {
  const statement = only(
    paper([
      ...PERIOD,
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.deepEqual(
    statement.transactions.map(({ proof }) => proof),
    ["chain", "chain", "chain"],
  );
  assert.deepEqual(
    [statement.verification.status, statement.verification.openEnds, statement.closingBalance],
    ["partly", ["closing"], null],
  );
});

test("credit left of debit, empty cells marked, a column behind the balance", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      [
        at(40, "Date"),
        at(110, "Particulars"),
        to(330, "Deposits"),
        to(410, "Withdrawals"),
        to(480, "Balance"),
        at(500, "Branch"),
      ],
      [
        at(40, "02/01/2024"),
        at(110, "Rent"),
        to(330, "-"),
        to(410, "30.00"),
        to(480, "70.00"),
        at(500, "0417"),
      ],
      [
        at(40, "03/01/2024"),
        at(110, "Salary"),
        to(330, "50.00"),
        to(410, "0.00"),
        to(480, "120.00"),
        at(500, "0417"),
      ],
      [
        at(40, "05/01/2024"),
        at(110, "Shoes"),
        to(330, "--"),
        to(410, "20.00"),
        to(480, "100.00"),
        at(500, "0417"),
      ],
    ]),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.equal(statement.verification.status, "proven");
});

test("headings in a tongue we do not know: the balance tells debit from credit", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      [at(40, "Qwer"), at(110, "Asdf"), to(380, "Zxcv"), to(460, "Poiu"), to(550, "Lkjh")],
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.equal(statement.verification.status, "proven");
});

test("a loan: debits raise what is owed", () => {
  const statement = only(
    paper([
      ...closedWith("80.00"),
      HEADER,
      [at(40, "02/01/2024"), at(110, "Interest"), to(380, "30.00"), to(550, "130.00")],
      [at(40, "03/01/2024"), at(110, "Instalment"), to(460, "50.00"), to(550, "80.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ["01-02 -30.00 =-130.00 Interest", "01-03 +50.00 =-80.00 Instalment"]);
  assert.equal(statement.verification.status, "proven");
});

const ONE = [at(40, "Date"), at(110, "Description"), to(460, "Amount"), to(550, "Balance")];

function oneColumn(...amounts: [string, string, string]): string[] {
  const [rent, salary, shoes] = amounts;
  const statement = only(
    paper([
      ...closedWith("100.00"),
      ONE,
      [at(40, "02/01/2024"), at(110, "Rent"), to(460, rent), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, salary), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(460, shoes), to(550, "100.00")],
    ]),
  );
  assert.equal(statement.verification.status, "proven");
  return shown(statement);
}

test("one amount column with every kind of sign", () => {
  assert.deepEqual(oneColumn("-30.00", "50.00", "-20.00"), ROWS);
  assert.deepEqual(oneColumn("30.00-", "50.00", "20.00-"), ROWS);
  assert.deepEqual(oneColumn("(30.00)", "50.00", "(20.00)"), ROWS);
  assert.deepEqual(oneColumn("30.00 (Dr)", "50.00 (Cr)", "20.00 (Dr)"), ROWS);
  assert.deepEqual(oneColumn("30.00", "50.00Cr", "20.00"), ROWS);
  assert.deepEqual(oneColumn("30.00", "50.00 CR", "20.00"), ROWS);
  assert.deepEqual(oneColumn("30.00Dr", "50.00", "20.00Dr"), ROWS);
  assert.deepEqual(oneColumn("30.00", "50.00", "20.00"), ROWS);
});

test("the mark stands on the next line", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      ONE,
      [at(40, "02/01/2024"), at(110, "Rent"), to(460, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      [to(460, "CR")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(460, "20.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.equal(statement.verification.status, "proven");
});

test("a reversal is a negative amount in the withdrawal column", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      HEADER,
      [at(40, "02/01/2024"), at(110, "Fee"), to(380, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Fee reversed"), to(380, "-30.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ["01-02 -30.00 =70.00 Fee", "01-03 +30.00 =100.00 Fee reversed"]);
  assert.equal(statement.verification.status, "proven");
});

test("newest first is turned round", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      HEADER,
      [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.equal(statement.verification.status, "proven");
});

test("newest first within one day: only the balance tells", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      HEADER,
      [at(40, "02/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
      [at(40, "02/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
    ]),
  );
  assert.deepEqual(
    statement.transactions.map((row) => row.description),
    ["Rent", "Salary", "Shoes"],
  );
  assert.equal(statement.verification.status, "proven");
});

test("carried over a page, headers and feet repeated, narration cut by the break", () => {
  const foot: PaperLine[] = [30, [at(40, "Deposits are insured up to the limit")]];
  const first: PaperLine[] = Array.from({ length: 50 }, (_, i) => [
    at(40, "02/01/2024"),
    at(110, `Coffee ${i}`),
    to(380, "1.00"),
    to(550, `${99 - i}.00`),
  ]);
  const statement = only(
    paper(
      [
        ...PERIOD,
        HEADER,
        ...first,
        [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "100.00")],
        [at(110, "for the")],
        [at(110, "Carried forward"), to(550, "100.00")],
        ...foot,
      ],
      [
        HEADER,
        [at(110, "Brought forward"), to(550, "100.00")],
        [at(110, "month of May")],
        6,
        [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "80.00")],
        [at(110, "Closing balance"), to(550, "80.00")],
      ],
      [[at(40, "Deposits are insured up to the limit")], 20, [at(40, "Ways to reach us: 0800 123 456")]],
    ),
  );
  assert.equal(statement.transactions.length, 52);
  assert.equal(statement.verification.status, "proven");
  assert.equal(shown(statement)[50]?.slice(0, 26), "01-03 +50.00 =100.00 Salar");
  assert.deepEqual([statement.closingBalance, statement.pages], [8000n, { from: 1, to: 3 }]);
});

test("a page without a header keeps the columns of the page before", () => {
  const statement = only(
    paper(
      [
        ...closedWith("100.00"),
        HEADER,
        [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      ],
      [
        [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
        [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
      ],
    ),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.equal(statement.verification.status, "proven");
});

test("off by 1.00: broken, and the row is named", () => {
  const statement = only(
    paper([
      ...PERIOD,
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "51.00"), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
    ]),
  );
  assert.equal(statement.verification.status, "broken");
  assert.deepEqual(statement.verification.breaks, [{ row: 1, expected: 12100n, printed: 12000n }]);
});

test("yen are whole", () => {
  const statement = only(
    paper([
      [at(40, "Currency: JPY")],
      [at(40, "Opening balance: 100,000")],
      [at(40, "Closing balance: 69,500")],
      20,
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30,000"), to(550, "70,000")],
      [at(40, "03/01/2024"), at(110, "Tea"), to(380, "500"), to(550, "69,500")],
    ]),
  );
  assert.deepEqual(
    statement.transactions.map((row) => row.amount),
    [30_000n, 500n],
  );
  assert.deepEqual([statement.verification.status, statement.openingBalance], ["proven", 100_000n]);
});

test("yen without groups", () => {
  const { openingBalance, closingBalance } = only(
    paper([
      [at(40, "Currency: JPY")],
      [at(40, "Opening balance: 900")],
      [at(40, "Closing balance: 600")],
      20,
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "300"), to(550, "600")],
    ]),
  );
  assert.deepEqual([openingBalance, closingBalance], [900n, 600n]);
});

test("dinars have thousandths", () => {
  const statement = only(
    paper([
      [at(40, "Currency: KWD")],
      [at(40, "Opening balance: 100.000")],
      [at(40, "Closing balance: 69.750")],
      20,
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.250"), to(550, "69.750")],
    ]),
  );
  assert.deepEqual([statement.transactions[0]?.amount, statement.verification.status], [30_250n, "proven"]);
});

test("a foreign amount beside the booked one", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      [
        at(40, "Date"),
        at(110, "Description"),
        to(330, "Foreign amount"),
        to(460, "Amount"),
        to(550, "Balance"),
      ],
      [at(40, "02/01/2024"), at(110, "Rent"), to(330, "27.10 EUR"), to(460, "-30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(330, "61.00 USD"), to(460, "50.00"), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(330, "18.05 EUR"), to(460, "-20.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(
    statement.transactions.map((row) => row.amount),
    [3000n, 5000n, 2000n],
  );
  assert.equal(statement.verification.status, "proven");
});

test("a header in two tongues", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      HEADER,
      [at(40, "तारीख"), at(110, "विवरण"), to(380, "नामे"), to(460, "जमा"), to(550, "शेष")],
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ROWS);
  assert.equal(statement.verification.status, "proven");
});

test("torn numbers are put together where arithmetic then holds, and nowhere else", () => {
  const rows = (first: string, second: string, balance: string): PaperLine[] => [
    ...closedWith("100.00"),
    HEADER,
    [at(40, "02/01/2024"), at(110, "Rent"), to(380, first), to(550, "70.00")],
    [at(40, "03/01/2024"), at(110, "Salary"), to(460, second), to(550, balance)],
    [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
  ];
  for (const page of [rows("3 0.00", "5 0.00", "1 20.00"), rows("30.00", "50.00", "12 0.00")]) {
    const statement = only(paper(page));
    assert.deepEqual(shown(statement), ROWS);
    assert.equal(statement.verification.status, "proven");
  }
  // The number of a cheque close beside the amount.
  const statement = only(paper(rows("30.00", "12 50.00", "120.00")));
  assert.deepEqual(
    statement.transactions.map(({ amount }) => amount),
    [3000n, 5000n, 2000n],
  );
  assert.equal(statement.verification.status, "proven");
});

test("a number close before an amount is taken off where arithmetic then holds", () => {
  const statement = only(
    paper([
      ...closedWith("100.00"),
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "12 130.00"), to(550, "-30.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "15 150.00"), to(550, "120.00")],
      [at(40, "05/01/2024"), at(110, "Shoes"), to(380, "20.00"), to(550, "100.00")],
    ]),
  );
  assert.deepEqual(
    statement.transactions.map(({ amount }) => amount),
    [13000n, 15000n, 2000n],
  );
  assert.equal(statement.verification.status, "proven");
});

test("text without a table is no statement", () => {
  assert.deepEqual(readStatements(paper([[at(40, "02/01/2024 you paid 30.00 to us")]])), []);
  assert.deepEqual(readStatements(paper([[at(40, "Dear customer")]])), []);
  assert.deepEqual(readStatements(paper()), []);
});
