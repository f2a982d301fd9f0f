import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { toMajor, toMinor } from "./amounts.ts";

test("major units become minor units by the currency's exponent, exactly", () => {
  const cases: [string | number, string, bigint | null][] = [
    ["12.5", "gbp", 1250n],
    [12.5, "gbp", 1250n],
    ["1.10", "gbp", 110n],
    [1.1, "gbp", 110n],
    [0.29, "gbp", 29n],
    [1.005, "gbp", null],
    ["1.005", "gbp", null],
    [" 7 ", "gbp", 700n],
    ["500", "jpy", 500n],
    ["500.5", "jpy", null],
    ["1.234", "kwd", 1234n],
    [0.1 + 0.2, "gbp", null],
    [1e21, "gbp", null],
    ["1e3", "gbp", null],
    ["1,000", "gbp", null],
    ["-1", "gbp", null],
    ["+1", "gbp", null],
    [".5", "gbp", null],
    ["", "gbp", null],
    [Number.NaN, "gbp", null],
    ["0x10", "gbp", null],
  ];
  for (const [major, currency, minor] of cases)
    assert.equal(toMinor(major, currency), minor, `${major} ${currency}`);
});

test("what goes out comes back as it was", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
      fc.constantFrom("gbp", "jpy", "kwd"),
      (minor, currency) => {
        assert.equal(toMinor(toMajor(minor, currency), currency), minor);
      },
    ),
  );
});
