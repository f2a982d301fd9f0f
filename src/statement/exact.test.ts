import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decimal } from "./accounts.testing.ts";
import { exactMinor, storedMinor } from "./exact.ts";

const amount = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });

test("decimals to minor units, with either mark", () => {
  const cases: [string, number, bigint | null][] = [
    ["-1234.5", 2, -123_450n],
    ["+12,30", 2, 1230n],
    [".5", 2, 50n],
    ["100", 2, 10_000n],
    ["107,", 2, 10_700n],
    ["000000001000,00", 2, 100_000n],
    ["18.15000", 2, 1815n],
    ["1200", 0, 1200n],
    ["1.234", 3, 1234n],
    ["10.005", 2, null],
    ["1200.5", 0, null],
    ["1.234.5", 2, null],
    ["1e5", 2, null],
    ["", 2, null],
    ["-", 2, null],
    ["9".repeat(16), 2, null],
  ];
  for (const [text, exponent, minor] of cases) assert.equal(exactMinor(text, exponent), minor, text);
});

test("numbers as workbooks store them", () => {
  const cases: [string, bigint | null][] = [
    ["0.30000000000000004", 30n],
    ["2449.9999999999995", 245_000n],
    ["1.2345E3", 123_450n],
    ["-5E-2", -5n],
    ["0.125", null],
    ["12.3456", null],
    ["1E40", null],
    ["#N/A", null],
  ];
  for (const [text, minor] of cases) assert.equal(storedMinor(text, 2), minor, text);
});

test("any amount comes back from its decimals, and from the float that a workbook makes of it", () => {
  fc.assert(
    fc.property(amount, (minor) => {
      assert.equal(exactMinor(decimal(minor), 2), minor);
      // A double holds 15 digits: as many as an account has.
      assert.equal(storedMinor(String(Number(decimal(minor))), 2), minor);
    }),
  );
});
