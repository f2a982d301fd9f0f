/**
 * Minor units by ISO 4217 (list one of 2024). `Intl.NumberFormat` must not be asked: it answers with what
 * people print in cash, 0 for PKR, IDR, HUF, COP and a dozen more whose statements do print two decimals.
 */

const NOT_TWO: [digits: number, currencies: string][] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];

const DIGITS = new Map(
  NOT_TWO.flatMap(([digits, currencies]) => currencies.split(" ").map((currency) => [currency, digits])),
);

/** Decimal places of the currency's minor unit; 2 where the currency is unknown. */
export function minorDigits(currency: string | null): number {
  return DIGITS.get(currency ?? "") ?? 2;
}

/** Minor units as a decimal string: `-123456n` INR is `-1234.56`, JPY `-123456`. */
export function toDecimal(minor: bigint, currency: string | null): string {
  const digits = minorDigits(currency);
  const sign = minor < 0n ? "-" : "";
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
