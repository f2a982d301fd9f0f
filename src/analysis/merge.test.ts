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

test("merging counts each transaction as often as the statement that has it most", () => {
  fc.assert(
    fc.property(anyRows, anyRows, (first, second) => {
      const repeats = findDuplicates(numbered(first), second);
      const merged = [...first, ...second.filter((_, i) => repeats[i] === null)];
      for (const key of new Set(merged.map(rowKey))) {
        assert.equal(countOf(merged, key), Math.max(countOf(first, key), countOf(second, key)));
      }
    }),
  );
});

test("a row repeats one equal row, and no two rows repeat the same", () => {
  fc.assert(
    fc.property(anyRows, anyRows, (first, second) => {
      const known = numbered(first);
      const repeats = findDuplicates(known, second);
      const used = repeats.filter((id) => id !== null);
      assert.equal(new Set(used).size, used.length);
      for (const [i, id] of repeats.entries()) {
        const [row, original] = [second[i], id === null ? null : known[id]];
        if (row && original) assert.equal(rowKey(row), rowKey(original));
      }
    }),
  );
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
