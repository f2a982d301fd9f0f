import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { minorDigits, toDecimal } from "./currency.ts";

test("minor units follow ISO 4217, not what Intl prints", () => {
  const digits = ["INR", "PKR", "IDR", "HUF", "JPY", "KWD", "IQD", "CLF", "???", null].map(minorDigits);
  assert.deepEqual(digits, [2, 2, 2, 2, 0, 3, 3, 4, 2, 2]);
});

test("decimal strings carry the sign and every digit", () => {
  const cases: [bigint, string | null, string][] = [
    [123456n, "INR", "1234.56"],
    [-5n, "INR", "-0.05"],
    [0n, null, "0.00"],
    [-123456n, "JPY", "-123456"],
    [1n, "KWD", "0.001"],
    [12345678901234567890n, "USD", "123456789012345678.90"],
  ];
  for (const [minor, currency, text] of cases) assert.equal(toDecimal(minor, currency), text);
});

test("the digits of the string are the minor units", () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.constantFrom("INR", "JPY", "BHD", "CLF"), (minor, currency) => {
      assert.equal(BigInt(toDecimal(minor, currency).replace(".", "")), minor);
    }),
  );
});
