/** The shapes find what is wrong: each of these has one fault, which is named with its path. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { misfits, type Shape } from "./shape.ts";

const FAULTS: { value: unknown; shape: Shape; fault: string }[] = [
  { value: {}, shape: { a: "int" }, fault: "body.a is missing" },
  { value: { a: 1, b: 2 }, shape: { a: "int" }, fault: "body.b is not in the reference" },
  { value: { a: null }, shape: { a: "int" }, fault: "body.a: null is no int" },
  { value: { a: [] }, shape: { a: ["int"] }, fault: "body.a: [] is no list with items" },
  { value: { a: [1, "2"] }, shape: { a: ["int"] }, fault: 'body.a[1]: "2" is no int' },
  { value: { "Jan-24": 1 }, shape: { "*Mmm-YYYY": "int" }, fault: "body: the key Jan-24 is no Mmm-YYYY" },
  { value: "done", shape: "=completed|failed", fault: 'body: "done" is no =completed|failed' },
  { value: "2024-13-01", shape: "YMD", fault: 'body: "2024-13-01" is no YMD' },
  { value: "2024-01-01T10:00:00Z", shape: "ISO", fault: 'body: "2024-01-01T10:00:00Z" is no ISO' },
  { value: "01-2019", shape: "M-YYYY", fault: 'body: "01-2019" is no M-YYYY' },
  { value: "XXXX12", shape: "masked", fault: 'body: "XXXX12" is no masked' },
];
for (const { value, shape, fault } of FAULTS) {
  test(fault, () => assert.deepEqual(misfits(value, shape), [fault]));
}

test("what fits has no fault", () => {
  const value = { a: [], b: null, "Jan-24": [1, null], "Feb-24": [2] };
  assert.deepEqual(
    misfits(value, { a: ["int", "or none"], b: "DMY?", "c?": "str", "*Mmm-YY": ["int?"] }),
    [],
  );
});
