/** What stands below a table: closing balances, summaries, rows that only look like them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, HEADER, only, paper, PERIOD, shown, to } from "./paper.testing.ts";

const RENT = [at(40, "02/01/2024"), at(110, "Rent"), to(380, "30.00"), to(550, "70.00")];
const SALARY = [at(40, "03/01/2024"), at(110, "Salary"), to(460, "3,030.50"), to(550, "3,100.50")];

test("the closing balance on a line of its own below the table", () => {
  const lines = [
    "Closing Balance: 3,100.50",
    "Closing Balance 3,100.50",
    "Closing Balance as on 31/01/2024: INR 3,100.50",
  ];
  for (const gap of [0, 4, 30]) {
    for (const line of lines) {
      for (const x of [40, 110, 350]) {
        const statement = only(paper([...PERIOD, HEADER, RENT, SALARY, gap, [at(x, line)]]));
        const { verification, closingBalance } = statement;
        assert.deepEqual([verification.status, closingBalance], ["proven", 310_050n], `${gap} ${x} ${line}`);
        assert.deepEqual(shown(statement), ["01-02 -30.00 =70.00 Rent", "01-03 +3030.50 =3100.50 Salary"]);
        const other = only(
          paper([...PERIOD, HEADER, RENT, SALARY, gap, [at(x, line.replace("3,1", "8,1"))]]),
        );
        assert.equal(other.verification.status, "broken", `${gap} ${x} ${line}`);
      }
    }
  }
});

test("a summary under a page of one row does not say where its columns stand", () => {
  const statement = only(
    paper(
      [...PERIOD, HEADER, RENT],
      [
        HEADER,
        SALARY,
        12,
        [to(110, "Opening Bal"), to(310, "Debits"), to(420, "Credits"), to(520, "Closing Bal")],
        [to(110, "100.00"), to(310, "30.00"), to(420, "3,030.50"), to(520, "3,100.50")],
      ],
    ),
  );
  assert.deepEqual(shown(statement), ["01-02 -30.00 =70.00 Rent", "01-03 +3030.50 =3100.50 Salary"]);
  assert.equal(statement.verification.status, "proven");
  assert.equal(statement.closingBalance, 310_050n);
});

test("a summary below the rows is none of them, also where dates stand once a day and on a page of its own", () => {
  const rows = [
    SALARY,
    [at(110, "Shoes"), to(380, "100.50"), to(550, "3,000.00")],
    [at(110, "Books"), to(380, "1,000.00"), to(550, "2,000.00")],
  ];
  const summary = [
    [at(110, "SUMMARY OF THE MONTH")],
    [to(110, "Opening Bal"), to(310, "Debits"), to(420, "Credits"), to(520, "Closing Bal")],
    [to(110, "100.00"), to(310, "1,130.50"), to(420, "3,030.50"), to(520, "2,000.00")],
  ];
  const table = [...PERIOD, HEADER, RENT, ...rows];
  for (const document of [paper([...table, 4, ...summary]), paper(table, summary)]) {
    const statement = only(document);
    assert.deepEqual(shown(statement), [
      "01-02 -30.00 =70.00 Rent",
      "01-03 +3030.50 =3100.50 Salary",
      "01-03 -100.50 =3000.00 Shoes",
      "01-03 -1000.00 =2000.00 Books",
    ]);
    assert.equal(statement.verification.status, "proven");
    assert.equal(statement.closingBalance, 200_000n);
  }
});

test("a row without a date among dated ones is one of the day above, also where nothing proves it", () => {
  const dated = Array.from({ length: 12 }, (_, index) => [
    at(40, `${String(index + 2).padStart(2, "0")}/01/2024`),
    at(110, "Tea"),
    to(550, "4.00"),
  ]);
  const statement = only(
    paper([
      [at(40, "Date"), at(110, "Description"), to(550, "Amount")],
      ...dated.slice(0, 5),
      [at(110, "Cake"), to(550, "6.00")],
      ...dated.slice(5),
    ]),
  );
  assert.equal(statement.verification.status, "unverifiable");
  assert.equal(shown(statement)[5], "01-06 -6.00 Cake");
});
