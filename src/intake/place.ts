import type { Statement } from "../statement/types.ts";

/** What the contract takes for granted (`country_code` `IN`, `currency_code` `INR`) where a statement says nothing. */
const DEFAULT = { currency: "INR", country: "IN" } as const;

/** ISO 4217 and ISO 3166-1 of a statement. A currency names its country by its first two letters, those of unions aside. */
export function placeOf(statement: Pick<Statement, "bank" | "currency" | "identity">): {
  currency: string;
  country: string;
} {
  const { bank, identity } = statement;
  const currency = statement.currency ?? DEFAULT.currency;
  const country =
    bank?.country ??
    identity.iban?.slice(0, 2) ??
    (identity.ifsc !== null || /^(EUR|X)/.test(currency) ? DEFAULT.country : currency.slice(0, 2));
  return { currency, country: country.toUpperCase() };
}
