/** Decimal numbers of machine-written files, to minor units. No float is ever involved. */

const DECIMAL = /^([+-]?)(\d*)(?:[.,](\d*))?$/;
/** What a spreadsheet adds to a number when it writes a binary fraction: 0.30000000000000004. */
const NOISE = 6;
/** Digits before the mark, zeros that fill a field included: MT940 writes `000000001000,00`. */
const LONGEST = 30;

/** No account holds more minor units; up to here a number of the wire is exact, too. */
const MOST = 10n ** 15n;

export function isPlausible(minor: bigint): boolean {
  return minor < MOST && minor > -MOST;
}

/**
 * `-1234.5`, `+12,30`, `.5`, `100` to minor units; null where it is no number, or holds more than the currency's
 * decimals (zeros behind them are nothing).
 * @param exponent decimal places of the currency's minor unit
 */
export function exactMinor(text: string, exponent: number): bigint | null {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return null;
  const [, sign = "", whole = "", part = ""] = match;
  if (whole.length > LONGEST || whole + part === "" || /[1-9]/.test(part.slice(exponent))) return null;
  const minor = BigInt(whole + part.slice(0, exponent).padEnd(exponent, "0") || "0");
  if (!isPlausible(minor)) return null;
  return sign === "-" ? -minor : minor;
}

const SCIENTIFIC = /^([+-]?)(\d+)(?:\.(\d*))?(?:E([+-]?\d{1,2}))?$/i;

/**
 * A number as a spreadsheet stores it, rounded where it is off by no more than the noise of a binary fraction:
 * `1234.5600000000001` is 123456, `0.125` is null.
 */
export function storedMinor(text: string, exponent: number): bigint | null {
  const match = SCIENTIFIC.exec(text.trim());
  if (match === null || text.length > 2 * LONGEST) return null;
  const [, sign = "", whole = "", part = "", power = "0"] = match;
  const digits = whole + part;
  const places = part.length - Number(power);
  const scaled = BigInt(digits) * 10n ** BigInt(Math.max(0, exponent + NOISE - places));
  const shrunk = divide(scaled, 10n ** BigInt(Math.max(0, places - exponent - NOISE)));
  const minor = divide(shrunk, 10n ** BigInt(NOISE));
  const off = shrunk - minor * 10n ** BigInt(NOISE);
  if (off > 100n || off < -100n || !isPlausible(minor)) return null;
  return sign === "-" ? -minor : minor;
}

/** To the nearest; halves go up. */
function divide(a: bigint, b: bigint): bigint {
  return (2n * a + b) / (2n * b);
}
