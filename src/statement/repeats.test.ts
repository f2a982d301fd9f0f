/** A page that is printed twice: its rows may come to nothing, and then the chain holds over both. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, closedWith, HEADER, only, paper, type PaperLine, to } from "./paper.testing.ts";

const fee = [at(40, "02/01/2024"), at(110, "Fee"), to(380, "30.00"), to(550, "70.00")];
const back = [at(40, "02/01/2024"), at(110, "Fee taken back"), to(460, "30.00"), to(550, "100.00")];
const rent = [at(40, "05/01/2024"), at(110, "Rent"), to(380, "20.00"), to(550, "80.00")];
const TWICE = [fee, back, fee, back];

function verdict(rows: PaperLine[], closing: string, more: PaperLine[] = []): unknown[] {
  const { verification, transactions } = only(paper([...closedWith(closing), ...more, 20, HEADER, ...rows]));
  const { status, repeatedRows } = verification;
  return [status, repeatedRows, transactions.map(({ proof }) => proof).join(" ")];
}

test("rows that come twice running and to nothing are named, and rest on nothing", () => {
  const proofs = "chain chain none none chain";
  assert.deepEqual(verdict([...TWICE, rent], "80.00"), ["partly", [2, 3], proofs]);
  const thrice = verdict([...TWICE, fee, back, rent], "80.00");
  assert.deepEqual(thrice, ["partly", [2, 3, 4, 5], "chain chain none none none none chain"]);
});

test("a page printed twice", () => {
  const page = [HEADER, fee, back];
  const { verification } = only(paper([...closedWith("80.00"), ...page], page, [HEADER, rent]));
  assert.deepEqual([verification.status, verification.repeatedRows], ["partly", [2, 3]]);
});

test("printed totals or counts hold rows that come twice; those of one time contradict them", () => {
  const count = (rows: number): PaperLine[] => [[at(40, `Number of transactions: ${rows}`)]];
  assert.deepEqual(verdict(TWICE, "100.00", count(4)), ["proven", undefined, "chain chain chain chain"]);
  assert.equal(verdict(TWICE, "100.00", count(2))[0], "broken");
  const sums = (sum: string): PaperLine[] => [
    [at(40, `Total debits: ${sum}`)],
    [at(40, `Total credits: ${sum}`)],
  ];
  assert.equal(verdict(TWICE, "100.00", sums("60.00"))[0], "proven");
  assert.equal(verdict(TWICE, "100.00", sums("30.00"))[0], "broken");
});

test("rows that differ in anything, or come twice apart, are two", () => {
  const other = [at(40, "02/01/2024"), at(110, "Fee 2"), to(380, "30.00"), to(550, "70.00")];
  assert.equal(verdict([fee, back, other, back], "100.00")[0], "proven");
  assert.equal(verdict([fee, back, rent, [at(40, "05/01/2024"), at(110, "Gift"), to(460, "20.00"), to(550, "100.00")], fee, back], "100.00")[0], "proven"); // prettier-ignore
});
