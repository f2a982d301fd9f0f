/** Which lines make a row: narrations above, below and around the numbers, and dates that stand elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, HEADER, paper, type PaperLine, to } from "./paper.testing.ts";
import { readStatements } from "./read.ts";

/** `02 Rent to J`: day and narration of each row, all of it proven from an opening of 100.00 to what the last row leaves. */
function rows(...pages: PaperLine[][]): string[] {
  const head: PaperLine[] = [
    [at(40, "Period: 12/12/2023 to 31/01/2024")],
    [at(40, "Opening Balance: 100.00")],
    [
      at(
        40,
        `Closing Balance: ${pages.flat(2).some((cell) => shoes.some((one) => one === cell)) ? "100.00" : "120.00"}`,
      ),
    ],
    20,
  ];
  const [first = [], ...others] = pages;
  const [statement] = readStatements(paper([...head, HEADER, ...first], ...others));
  assert.equal(statement?.verification.status, "proven");
  return statement.transactions.map(({ date, description }) => `${date.toString().slice(2)} ${description}`);
}

const rent = [to(380, "30.00"), to(550, "70.00")];
const salary = [to(460, "50.00"), to(550, "120.00")];
const shoes = [to(380, "20.00"), to(550, "100.00")];

test("narration goes on below its row", () => {
  assert.deepEqual(
    rows([
      [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
      [at(110, "to J")],
      [at(110, "Ref 12")],
      4,
      [at(40, "03/01/2024"), at(110, "Salary"), ...salary],
      4,
      [at(40, "05/01/2024"), at(110, "Shoes"), ...shoes],
      [at(110, "at M")],
    ]),
    ["24-01-02 Rent to J Ref 12", "24-01-03 Salary", "24-01-05 Shoes at M"],
  );
});

test("narration below in a table without gaps", () => {
  assert.deepEqual(
    rows([
      [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
      [at(110, "to J")],
      [at(40, "03/01/2024"), at(110, "Salary"), ...salary],
      [at(110, "of May")],
      [at(40, "05/01/2024"), at(110, "Shoes"), ...shoes],
    ]),
    ["24-01-02 Rent to J", "24-01-03 Salary of May", "24-01-05 Shoes"],
  );
});

test("narration begins above its row", () => {
  assert.deepEqual(
    rows([
      [at(110, "Rent")],
      [at(40, "02/01/2024"), at(110, "to J"), ...rent],
      6,
      [at(110, "Salary")],
      [at(40, "03/01/2024"), at(110, "of May"), ...salary],
      6,
      [at(110, "Shoes")],
      [at(40, "05/01/2024"), at(110, "at M"), ...shoes],
    ]),
    ["24-01-02 Rent to J", "24-01-03 Salary of May", "24-01-05 Shoes at M"],
  );
});

test("the row stands in the middle of its block", () => {
  assert.deepEqual(
    rows([
      [at(110, "Rent")],
      [at(110, "to")],
      [at(40, "02/01/2024"), ...rent],
      [at(110, "J")],
      [at(110, "Ref 12")],
      8,
      [at(110, "Salary")],
      [at(110, "of")],
      [at(40, "03/01/2024"), ...salary],
      [at(110, "May")],
      [at(110, "Ref 13")],
    ]),
    ["24-01-02 Rent to J Ref 12", "24-01-03 Salary of May Ref 13"],
  );
});

test("date and numbers on different lines of the block", () => {
  assert.deepEqual(
    rows([
      [at(110, "Rent"), ...rent],
      [at(40, "02/01/2024"), at(110, "to J")],
      8,
      [at(110, "Salary"), ...salary],
      [at(40, "03/01/2024"), at(110, "of May")],
    ]),
    ["24-01-02 Rent to J", "24-01-03 Salary of May"],
  );
});

test("the date stands once a day, or as a heading above the day", () => {
  const expected = ["24-01-02 Rent", "24-01-02 Salary", "24-01-05 Shoes"];
  assert.deepEqual(
    rows([
      [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
      [at(110, "Salary"), ...salary],
      [at(40, "05/01/2024"), at(110, "Shoes"), ...shoes],
    ]),
    expected,
  );
  assert.deepEqual(
    rows([
      [at(40, "Tue, 2 January 2024")],
      [at(110, "Rent"), ...rent],
      [at(110, "Salary"), ...salary],
      6,
      [at(40, "Fri, 5 January 2024")],
      [at(110, "Shoes"), ...shoes],
    ]),
    expected,
  );
});

test("dates without a year run over New Year", () => {
  assert.deepEqual(
    rows([
      [at(40, "30 Dec"), at(110, "Rent"), ...rent],
      [at(40, "31 Dec"), at(110, "Salary"), ...salary],
      [at(40, "02 Jan"), at(110, "Shoes"), ...shoes],
    ]),
    ["23-12-30 Rent", "23-12-31 Salary", "24-01-02 Shoes"],
  );
});

test("a date torn over two lines", () => {
  assert.deepEqual(
    rows([
      [at(40, "28 Dec"), at(110, "Rent"), ...rent],
      [at(40, "2023"), at(110, "to J")],
      6,
      [at(40, "03/01/2"), at(110, "Salary"), ...salary],
      [at(40, "024 05:05"), at(110, "of May")],
    ]),
    ["23-12-28 Rent to J", "24-01-03 Salary of May"],
  );
});

test("the balance stands one line below its amount", () => {
  assert.deepEqual(
    rows([
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00")],
      [to(550, "70.00")],
      6,
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00")],
      [to(550, "120.00")],
    ]),
    ["24-01-02 Rent", "24-01-03 Salary"],
  );
});

test("narration goes on after a page break", () => {
  assert.deepEqual(
    rows(
      [
        [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
        [at(110, "to J")],
        6,
        [at(40, "03/01/2024"), at(110, "Salary"), ...salary],
      ],
      [HEADER, [at(110, "of May")], 6, [at(40, "05/01/2024"), at(110, "Shoes"), ...shoes]],
    ),
    ["24-01-02 Rent to J", "24-01-03 Salary of May", "24-01-05 Shoes"],
  );
});

test("a tail that ends two pages at one height is narration; a foot apart from the rows is none", () => {
  // Page 1 has the head of `rows` above its header: 53 points.
  const [first, second] = [569, 622];
  const foot: PaperLine[] = [20, [at(110, "Not a tax invoice")], [at(110, "Keep it safe")]];
  assert.deepEqual(
    rows(
      [first, [at(40, "02/01/2024"), at(110, "Rent"), ...rent], [at(110, "to J")], ...foot],
      [HEADER, second, [at(40, "03/01/2024"), at(110, "Salary"), ...salary], [at(110, "to J")], ...foot],
      [HEADER, [at(40, "05/01/2024"), at(110, "Shoes"), ...shoes]],
    ),
    ["24-01-02 Rent to J", "24-01-03 Salary to J", "24-01-05 Shoes"],
  );
});

test("rows that are none: totals, carried balances, a grid of daily balances below", () => {
  assert.deepEqual(
    rows([
      [at(110, "Balance brought forward"), to(550, "100.00")],
      [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
      [at(40, "03/01/2024"), at(110, "Salary"), ...salary],
      [at(110, "Total"), to(380, "30.00"), to(460, "50.00")],
      [at(110, "Balance carried forward"), to(550, "120.00")],
      30,
      [at(40, "Daily balances")],
      [at(60, "02 January"), to(190, "70.00"), at(240, "03 January"), to(345, "120.00")],
    ]),
    ["24-01-02 Rent", "24-01-03 Salary"],
  );
});

test("narration above its row, without gaps: the first row under the header tells", () => {
  assert.deepEqual(
    rows([
      [at(110, "Rent")],
      [at(40, "02/01/2024"), at(110, "to J"), ...rent],
      [at(110, "Salary")],
      [at(40, "03/01/2024"), at(110, "of May"), ...salary],
    ]),
    ["24-01-02 Rent to J", "24-01-03 Salary of May"],
  );
});

test("narration above its row begins on the page before", () => {
  assert.deepEqual(
    rows(
      [
        [at(110, "Rent")],
        [at(40, "02/01/2024"), at(110, "to J"), ...rent],
        6,
        [at(110, "Salary")],
        [at(110, "of May")],
      ],
      [HEADER, [at(40, "03/01/2024"), at(110, "Ref 13"), ...salary]],
    ),
    ["24-01-02 Rent to J", "24-01-03 Salary of May Ref 13"],
  );
});

test("a year of two digits goes on below; a time below a date is no year", () => {
  assert.deepEqual(
    rows([
      [at(40, "02/01/20"), at(110, "Rent"), ...rent],
      [at(40, "24 10:15")],
      6,
      [at(40, "03/01/24"), at(110, "Salary"), ...salary],
      [at(40, "20:15:00")],
    ]),
    ["24-01-02 Rent", "24-01-03 Salary"],
  );
});

test("marks stand on the line below their numbers", () => {
  const line = (day: string, text: string, amount: string, mark: string, balance: string): PaperLine[] => [
    [at(40, day), at(110, text), to(460, amount), to(550, balance)],
    [to(460, mark), to(550, "Dr")],
    6,
  ];
  const [statement] = readStatements(
    paper([
      [at(40, "Period: 01/01/2024 to 31/01/2024")],
      [at(40, "Opening Balance: 100.00 Dr")],
      [at(40, "Closing Balance: 80.00 Dr")],
      20,
      [at(40, "Date"), at(110, "Description"), to(460, "Amount"), to(550, "Balance")],
      ...line("02/01/2024", "Rent", "30.00", "Dr", "130.00"),
      ...line("03/01/2024", "Salary", "50.00", "Cr", "80.00"),
    ]),
  );
  assert.equal(statement?.verification.status, "proven");
  assert.deepEqual(
    statement.transactions.map(({ direction, balance }) => [direction, balance]),
    [
      ["debit", -13_000n],
      ["credit", -8_000n],
    ],
  );
});

test("rows of another table below a closing balance are none of the day's", () => {
  assert.deepEqual(
    rows([
      [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
      [at(110, "Salary"), ...salary],
      [at(110, "Closing Balance"), to(550, "120.00")],
      [at(110, "Your spending by kind")],
      [at(110, "Housing"), to(380, "30.00")],
    ]),
    ["24-01-02 Rent", "24-01-02 Salary"],
  );
});

test("a list of rates below the rows is no table of transactions", () => {
  assert.deepEqual(
    rows([
      [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
      [at(40, "03/01/2024"), at(110, "Salary"), ...salary],
      14,
      [at(40, "Effective Date"), to(380, "Balance from"), to(550, "Annual Rate")],
      [at(40, "01/01/2024"), to(380, "0.00"), to(550, "2.50")],
      [at(40, "01/01/2024"), to(380, "5,000.00"), to(550, "3.00")],
    ]),
    ["24-01-02 Rent", "24-01-03 Salary"],
  );
});

test("a box beside the table is not narration", () => {
  assert.deepEqual(
    rows([
      [at(40, "02/01/2024"), at(110, "Rent"), ...rent],
      [at(110, "to J"), at(565, "Call us")],
      [at(40, "03/01/2024"), at(110, "Salary"), ...salary, at(565, "at 0800")],
    ]),
    ["24-01-02 Rent to J", "24-01-03 Salary"],
  );
});
