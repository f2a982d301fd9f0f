import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { divideRounded, mean, median, mode, percentOf, ratio, sumOf } from "./arithmetic.ts";

test("what is divided is rounded half away from zero", () => {
  const cases: [bigint, bigint, bigint][] = [
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [7n, 3n, 2n],
    [-7n, 3n, -2n],
    [8n, 3n, 3n],
    [1n, 3n, 0n],
    [-1n, 3n, 0n],
    [0n, 7n, 0n],
  ];
  for (const [a, b, expected] of cases) assert.equal(divideRounded(a, b), expected, `${a} / ${b}`);
  assert.throws(() => divideRounded(1n, 0n), RangeError);
});

test("a quotient is at most half a unit from the truth", () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1n, 10n ** 6n), (a, b) => {
      const error = 2n * (divideRounded(a, b) * b - a);
      assert.ok(error <= b && error >= -b);
      assert.equal(divideRounded(-a, b), -divideRounded(a, b));
    }),
  );
});

test("mean, median and mode; of nothing there is none", () => {
  assert.equal(mean(10n, 4), 3n);
  assert.equal(mean(0n, 0), null);
  assert.equal(median([9n, 1n, 5n]), 5n);
  // Half way between 2 and 5 is 3.5.
  assert.equal(median([9n, 1n, 5n, 2n]), 4n);
  assert.equal(median([-5n, -2n]), -4n);
  assert.equal(median([]), null);
  // Both twice: the lower one.
  assert.equal(mode([7n, 3n, 7n, 3n, 1n]), 3n);
  assert.equal(mode([]), null);
});

test("ratios and per cent", () => {
  assert.equal(ratio(1n, 3n, 2), 0.33);
  assert.equal(ratio(2n, 3n, 2), 0.67);
  assert.equal(ratio(-1n, 8n, 2), -0.13);
  assert.equal(ratio(1n, 0n, 2), null);
  assert.equal(percentOf(1n, 200n), 1);
  assert.equal(percentOf(3n, 2n), 150);
  assert.equal(percentOf(1n, 0n), null);
});

test("a median has as many values below as above, a mean makes the sum", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(-1000n, 1000n), { minLength: 1 }), (values) => {
      const middle = median(values);
      assert.ok(middle !== null);
      assert.ok(values.filter((value) => value < middle).length * 2 <= values.length + 1);
      assert.ok(values.filter((value) => value > middle).length * 2 <= values.length + 1);
      const average = mean(sumOf(values), values.length);
      assert.ok(average !== null);
      const off = 2n * (average * BigInt(values.length) - sumOf(values));
      assert.ok(off <= BigInt(values.length) && off >= -BigInt(values.length));
    }),
  );
});
