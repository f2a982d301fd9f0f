/**
 * Amounts on the wire of the open-banking contract: JSON numbers, or texts in forms, in major units. Ours are minor
 * units. Neither way goes through binary fractions: digits are moved, by the currency's exponent (ISO 4217).
 */
import { minorDigits, toDecimal } from "../statement/currency.ts";

/**
 * `12.5` gbp is 1250n, `500` jpy 500n. Null for what is no plain decimal (`1e3`, `1,000`, `-1`), or finer than the
 * currency's minor unit. A JSON number counts as its shortest decimal: 0.1 + 0.2 has 17 digits and is refused.
 * @param currency lower case
 */
export function toMinor(major: string | number, currency: string): bigint | null {
  const [, whole, part = ""] = /^(\d{1,15})(?:\.(\d+))?$/.exec(String(major).trim()) ?? [];
  const digits = minorDigits(currency.toUpperCase());
  if (whole === undefined || part.length > digits) return null;
  return BigInt(whole + part.padEnd(digits, "0"));
}

/** 1250n gbp is 12.5. Exact up to 15 digits: JSON has no more. */
export const toMajor = (minor: bigint, currency: string): number =>
  Number(toDecimal(minor, currency.toUpperCase()));
