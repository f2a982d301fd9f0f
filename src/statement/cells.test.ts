import assert from "node:assert/strict";
import { test } from "node:test";
import { amountCells, type NumberStyle } from "./cells.ts";
import type { DecimalMark } from "./money.ts";
import { at, page, to } from "./paper.testing.ts";

type Cells = ReturnType<typeof at>[];

function readAs(style: NumberStyle, ...cells: Cells): string[] {
  const { words } = page(1, [cells]);
  return amountCells(words, style).map(({ amount }) => `${amount.minor}${amount.mark ?? ""}`);
}

function read(decimal: DecimalMark, ...cells: Cells): string[] {
  return readAs({ decimal, exponent: 2 }, ...cells);
}

test("amounts are told apart from the words around them", () => {
  assert.deepEqual(read(".", at(10, "UPI 4411 SHOP 12/34"), to(300, "1,234.56"), to(400, "99.00")), [
    "441100",
    "123456",
    "9900",
  ]);
});

test("numbers grouped by spaces are one", () => {
  assert.deepEqual(read(",", at(100, "1 234 567,89"), at(300, "12,00")), ["123456789", "1200"]);
});

test("a number torn by kerning is one", () => {
  assert.deepEqual(read(".", at(100, "1,31 5.61")), ["131561"]);
  assert.deepEqual(read(".", at(100, "12 ,500.00")), ["1250000"]);
});

test("numbers torn anywhere are one only in a document whose numbers are torn", () => {
  const torn: NumberStyle = { decimal: ".", exponent: 2, torn: true };
  const line = [at(100, "28 6.26"), at(200, "-4 1.12"), at(300, "£12 5.40 D"), at(400, "9 ,8 76.54Cr")];
  assert.deepEqual(readAs(torn, ...line), ["28626", "-4112", "12540dr", "987654cr"]);
  assert.deepEqual(read(".", at(100, "28 6.26")), ["2800", "626"]);
});

test("where marks group the digits a space parts two numbers", () => {
  const style: NumberStyle = { decimal: ".", exponent: 2, grouped: true };
  assert.deepEqual(readAs(style, at(100, "12 345.67")), ["1200", "34567"]);
  assert.deepEqual(read(".", at(100, "12 345.67")), ["1234567"]);
});

test("whole yen are grouped by spaces, too", () => {
  assert.deepEqual(readAs({ decimal: ".", exponent: 0 }, at(100, "1 234 567")), ["1234567"]);
});

test("currency, sign and mark beside the digits belong to them", () => {
  assert.deepEqual(read(".", at(100, "SGD 15,450.75"), at(300, "5,200.00 CR")), ["1545075", "520000cr"]);
  assert.deepEqual(read(",", at(100, "-19,25 €")), ["-1925"]);
  assert.deepEqual(read(".", at(100, "- 5.00"), at(300, "( 7.00 )")), ["-500", "-700"]);
});

test("a mark far from the digits is not theirs", () => {
  assert.deepEqual(read(".", at(100, "5.00"), at(200, "CR")), ["500"]);
});

test("the edge is that of the digits", () => {
  const { words } = page(1, [[at(100, "5.00Cr")]]);
  const [cell] = amountCells(words, { decimal: ".", exponent: 2 });
  assert.equal(cell?.edge, 100 + 4 * 4.5);
});
