import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { findDuplicates, rowKey, sameRows, type MergeRow } from "./merge.ts";

/** Few values, so that equal rows are common. */
const anyRow: fc.Arbitrary<MergeRow> = fc.record({
  date: fc.nat(3).map((days) => Temporal.PlainDate.from("2024-01-01").add({ days })),
  amount: fc.bigInt(1n, 3n),
  direction: fc.constantFrom("debit", "credit"),
  balance: fc.option(fc.bigInt(0n, 1n), { nil: null }),
  description: fc.constantFrom("UPI/rent", "ATM"),
});
const anyRows = fc.array(anyRow, { maxLength: 20 });
const numbered = (rows: readonly MergeRow[], from = 0) => rows.map((row, i) => ({ ...row, id: from + i }));
const countOf = (rows: readonly MergeRow[], key: string) => rows.filter((row) => rowKey(row) === key).length;

/** A transaction, printed alike or not: what it moved and what it left. */
const movementOf = ({ date, amount, direction, balance }: MergeRow) =>
  `${date.toString()} ${direction} ${amount} ${balance ?? ""}`;

test("merging counts each transaction as often as the statement that has it most", () => {
  const anyBalanced = fc.array(
    anyRow.filter(({ balance }) => balance !== null),
    { maxLength: 20 },
  );
  const count = (rows: readonly MergeRow[], key: string) =>
    rows.filter((row) => movementOf(row) === key).length;
  fc.assert(
    fc.property(anyBalanced, anyBalanced, (first, second) => {
      const repeats = findDuplicates(numbered(first), second);
      const merged = [...first, ...second.filter((_, i) => repeats[i] === null)];
      for (const key of new Set(merged.map(movementOf))) {
        assert.equal(count(merged, key), Math.max(count(first, key), count(second, key)));
      }
    }),
  );
});

test("a row repeats one known row that moved the same on the same day, and no two rows repeat the same", () => {
  fc.assert(
    fc.property(anyRows, anyRows, (first, second) => {
      const known = numbered(first);
      const repeats = findDuplicates(known, second);
      const used = repeats.filter((id) => id !== null);
      assert.equal(new Set(used).size, used.length);
      for (const [i, id] of repeats.entries()) {
        const [row, original] = [second[i], id === null ? null : known[id]];
        if (!row || !original) continue;
        assert.equal(movementOf({ ...row, balance: null }), movementOf({ ...original, balance: null }));
        const bothPrinted = row.balance !== null && original.balance !== null;
        assert.ok(bothPrinted ? row.balance === original.balance : row.description === original.description);
      }
    }),
  );
});

test("a row that is printed alike is repeated by its like, before one that is only similar", () => {
  fc.assert(
    fc.property(anyRows, anyRows, (first, second) => {
      const known = numbered(first);
      const repeats = findDuplicates(known, second);
      for (const key of new Set(second.map(rowKey))) {
        const alike = repeats.filter((id, i) => {
          const [row, original] = [second[i], id === null ? null : known[id]];
          return row && original && rowKey(row) === key && rowKey(original) === key;
        });
        assert.equal(alike.length, Math.min(countOf(first, key), countOf(second, key)));
      }
    }),
  );
});

test("an overlap of two kinds of documents counts once", () => {
  const row = (text: string, balance: bigint | null): MergeRow => ({
    date: Temporal.PlainDate.from("2024-01-01"),
    amount: 100n,
    direction: "debit",
    balance,
    description: text,
  });
  // The table of a PDF prints a balance in each row, the export words it otherwise; a third prints no balances.
  const known = numbered([row("UPI/407/RENT JAN", 900n), row("UPI/408/RENT JAN", 800n)]);
  assert.deepEqual(findDuplicates(known, [row("To A. Rao", 900n), row("To A. Rao", 700n)]), [0, null]);
  assert.deepEqual(findDuplicates(known, [row("UPI-408-Rent Jan", null), row("To A. Rao", null)]), [1, null]);
  const unbalanced = numbered([row("UPI/407/RENT JAN", null)]);
  assert.deepEqual(findDuplicates(unbalanced, [row("UPI/407/RENT JAN", 900n)]), [0]);
  // Another document all the same: what it says more is kept with its statement.
  assert.ok(!sameRows(known, [row("To A. Rao", 900n), row("To A. Rao", 800n)]));
});

test("the same rows in another order are the same; one more or less is not", () => {
  fc.assert(
    fc.property(anyRows, anyRow, (rows, extra) => {
      assert.ok(sameRows(rows, rows.toReversed()));
      assert.ok(!sameRows(rows, [...rows, extra]));
      assert.ok(!sameRows([...rows, extra], rows));
    }),
  );
});

test("white space, case and marks do not make another transaction", () => {
  const row = {
    date: Temporal.PlainDate.from("2024-01-01"),
    amount: 100n,
    direction: "debit" as const,
    balance: null,
    description: "UPI/123/Rent Jan",
  };
  assert.equal(rowKey(row), rowKey({ ...row, description: "upi 123 rentjan" }));
  assert.notEqual(rowKey(row), rowKey({ ...row, description: "UPI/124/Rent Jan" }));
  assert.notEqual(rowKey(row), rowKey({ ...row, balance: 0n }));
});
