/** Whole-number arithmetic of the figures. What is divided is rounded half away from zero: 2.5 → 3, −2.5 → −3. */

const absolute = (n: bigint): bigint => (n < 0n ? -n : n);

/** `a / b`, to the whole number. `b` must not be 0: who divides knows what no data mean. */
export function divideRounded(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new RangeError("Division by zero.");
  const quotient = (2n * absolute(a) + absolute(b)) / (2n * absolute(b));
  return a < 0n === b < 0n ? quotient : -quotient;
}

/** Mean of `count` values; null where there are none. */
export const mean = (sum: bigint, count: number): bigint | null =>
  count === 0 ? null : divideRounded(sum, BigInt(count));

/** `a / b` as a number with that many decimals; null where `b` is 0. */
export function ratio(a: bigint, b: bigint, decimals: number): number | null {
  if (b === 0n) return null;
  const scale = 10 ** decimals;
  return Number(divideRounded(a * BigInt(scale), b)) / scale;
}

/** Share of `b` in whole per cent, more than 100 where `a` is more; null where `b` is 0. */
export const percentOf = (a: bigint, b: bigint): number | null => ratio(100n * a, b, 0);

export const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

export const greatest = (values: readonly bigint[]): bigint | null =>
  values.reduce<bigint | null>((best, value) => (best === null || value > best ? value : best), null);

export const least = (values: readonly bigint[]): bigint | null =>
  values.reduce<bigint | null>((best, value) => (best === null || value < best ? value : best), null);

export const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** The middle value; of an even number the mean of the two middle ones. */
export function median(values: readonly bigint[]): bigint | null {
  const sorted = values.toSorted(ascending);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : divideRounded(low + high, 2n);
}

/** The value that is there most often; among equals the lowest, which promises least. */
export function mode(values: readonly bigint[]): bigint | null {
  const counts = new Map<bigint, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: { value: bigint; count: number } | null = null;
  for (const [value, count] of counts) {
    if (!best || count > best.count || (count === best.count && value < best.value)) best = { value, count };
  }
  return best?.value ?? null;
}
