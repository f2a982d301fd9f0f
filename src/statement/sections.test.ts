/** Several accounts, several periods, several tables in one file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, HEADER, only, paper, PERIOD, shown, to } from "./paper.testing.ts";
import { readStatements } from "./read.ts";

test("two accounts in one file are two statements", () => {
  const statements = readStatements(
    paper([
      [at(40, "Account number: 1111 2222 3333")],
      [at(40, "Opening balance: 100.00")],
      [at(40, "Closing balance: 120.00")],
      10,
      HEADER,
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      [at(40, "03/01/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")],
      40,
      [at(40, "Account number: 1111 2222 4444")],
      [at(40, "Opening balance: 900.00")],
      [at(40, "Closing balance: 850.00")],
      10,
      HEADER,
      [at(40, "02/01/2024"), at(110, "Boots"), to(380, "30.00"), to(550, "870.00")],
      [at(40, "05/01/2024"), at(110, "Hats"), to(380, "20.00"), to(550, "850.00")],
    ]),
  );
  assert.deepEqual(statements.map(shown), [
    ["01-02 -30.00 =70.00 Rent", "01-03 +50.00 =120.00 Salary"],
    ["01-02 -30.00 =870.00 Boots", "01-05 -20.00 =850.00 Hats"],
  ]);
  assert.deepEqual(
    statements.map((statement) => statement.verification.status),
    ["proven", "proven"],
  );
});

const RENT = [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")];
const SALARY = [at(40, "03/02/2024"), at(110, "Salary"), to(460, "50.00"), to(550, "120.00")];

test("a head that names a later period begins another statement, also where balances go on", () => {
  const statements = readStatements(
    paper(
      [
        [at(40, "Statement period: 01/01/2024 to 31/01/2024")],
        [at(40, "Opening balance: 100.00")],
        10,
        HEADER,
        RENT,
      ],
      [
        [at(40, "Statement period: 01/02/2024 to 29/02/2024")],
        [at(40, "Opening balance: 70.00")],
        10,
        HEADER,
        SALARY,
      ],
    ),
  );
  assert.deepEqual(statements.map(shown), [["01-02 -30.00 =70.00 Rent"], ["02-03 +50.00 =120.00 Salary"]]);
  assert.deepEqual(
    statements.map(({ period, openingBalance }) => [period?.from.toString(), openingBalance]),
    [
      ["2024-01-01", 10_000n],
      ["2024-02-01", 7_000n],
    ],
  );
});

test("the same period on every page is one statement", () => {
  const head = [[at(40, "Statement period: 01/01/2024 to 29/02/2024")], 10, HEADER];
  assert.equal(readStatements(paper([...PERIOD, ...head, RENT], [...head, SALARY])).length, 1);
});

test("two accounts whose numbers stand below their labels", () => {
  const head = (number: string, opening: string) => [
    [at(40, "Account Name"), at(200, "Account Number"), at(400, "Opening Balance")],
    [at(40, "Ada Brackenridge"), at(200, number), at(400, opening)],
    20,
    HEADER,
  ];
  const boots = [at(40, "02/01/2024"), at(110, "Boots"), to(380, "30.00"), to(550, "870.00")];
  const statements = readStatements(
    paper([...PERIOD, ...head("21110243", "100.00"), RENT], [...head("21119999", "900.00"), boots]),
  );
  assert.deepEqual(
    statements.map(({ identity, openingBalance }) => [identity.accountNumber, openingBalance]),
    [
      ["21110243", 10_000n],
      ["21119999", 90_000n],
    ],
  );
});

test("two periods below one header: the second opening begins another statement", () => {
  const statements = readStatements(
    paper([
      HEADER,
      [at(110, "Opening balance"), to(550, "100.00")],
      [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")],
      [at(110, "Closing balance"), to(550, "70.00")],
      [at(110, "Opening balance"), to(550, "900.00")],
      [at(40, "02/01/2024"), at(110, "Boots"), to(380, "30.00"), to(550, "870.00")],
      [at(110, "Closing balance"), to(550, "870.00")],
    ]),
  );
  assert.deepEqual(
    statements.map((statement) => `${statement.verification.status} ${statement.openingBalance}`),
    ["proven 10000", "proven 90000"],
  );
});

test("deposits and withdrawals in tables of their own, then a grid of daily balances", () => {
  const titles = [at(40, "Date"), at(110, "Description"), to(550, "Amount")];
  const statement = only(
    paper([
      ...PERIOD,
      [at(40, "Closing Balance: 95.00")],
      20,
      [at(40, "DEPOSITS AND ADDITIONS")],
      titles,
      [at(40, "01/03"), at(110, "Salary"), to(550, "50.00")],
      [at(40, "Total deposits and additions"), to(550, "$50.00")],
      20,
      [at(40, "ELECTRONIC WITHDRAWALS")],
      titles,
      [at(40, "01/02"), at(110, "Rent"), to(550, "30.00")],
      [at(40, "01/15"), at(110, "Shoes"), to(550, "25.00")],
      20,
      [at(40, "DAILY ENDING BALANCE")],
      [at(40, "Date"), to(200, "Amount"), at(350, "Date"), to(550, "Amount")],
      [at(40, "01/02"), to(200, "70.00"), at(350, "01/03"), to(550, "120.00")],
      [at(40, "01/15"), to(200, "95.00")],
    ]),
  );
  assert.deepEqual(shown(statement), ["01-02 -30.00 Rent", "01-03 +50.00 Salary", "01-15 -25.00 Shoes"]);
  assert.equal(statement.verification.status, "proven");
});
