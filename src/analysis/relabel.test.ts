import assert from "node:assert/strict";
import { test } from "node:test";
import { account, credit, debit, hashes, recurringOf, relations, salaryOf } from "./analysis.testing.ts";
import { relabel } from "./relabel.ts";

const SALARY = credit("2024-01-31", 50_000_00n, { category: "Transfer from ACME" });
const TO_SELF = debit("2024-02-01", 5_000_00n, { category: "Transfer to ASHA RAO" });
const LOAN = credit("2024-02-02", 100_000_00n, { description: "lender_transaction", category: "Others" });
const FOOD = debit("2024-02-03", 200_00n, { category: "Food" });

test("what relations found becomes the category, and fills an empty description", () => {
  const found = relations({
    salary: [salaryOf(SALARY)],
    selfTransfers: hashes(TO_SELF),
    loanCredits: hashes(LOAN),
  });
  const { accounts } = relabel([account([SALARY, TO_SELF, LOAN, FOOD])], found);
  assert.deepEqual(
    accounts[0]?.transactions.map(({ category, description }) => [category, description]),
    [
      ["Salary", ""],
      ["Self Transfer", "self_transfer"],
      ["Loan Disbursed", "lender_transaction"],
      ["Food", ""],
    ],
  );
});

test("relations speak of the relabelled transactions, and of nothing else", () => {
  const own = [TO_SELF, debit("2024-03-01", 5_000_00n), debit("2024-04-01", 5_000_00n)];
  const found = relations({
    salary: [salaryOf(SALARY)],
    selfTransfers: hashes(...own),
    recurring: { credits: [], debits: [recurringOf(own)] },
  });
  const before = account([SALARY, ...own]);
  const after = relabel([before], found);
  const [first, ...rest] = after.accounts[0]?.transactions ?? [];
  assert.equal(after.relations.salary[0]?.transaction, first);
  assert.deepEqual(after.relations.recurring.debits[0]?.transactions, rest);
  assert.deepEqual(
    rest.map(({ category }) => category),
    ["Self Transfer", "Self Transfer", "Self Transfer"],
  );
  assert.equal(after.relations.selfTransfers, found.selfTransfers);
  assert.equal(before.transactions[0]?.category, "Transfer from ACME", "what went in stays as it was");
});
