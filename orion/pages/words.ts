/** Permissions and money in the words of people. */
import type { Account } from "../data/users.ts";
import type { Permission } from "../schemas/accounts.ts";

/** In the order in which they are read; several codes may say the same to a customer. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^ReadAccountsDetail$/, "Your account names, sort codes and account numbers"],
  [/^ReadAccountsBasic$/, "Which accounts you have"],
  [/^ReadPAN$/, "Your full card numbers"],
  [/^ReadBalances$/, "Your balances"],
  [/^ReadTransactions/, "Your transactions"],
  [/^ReadParty/, "Your name"],
  [/^ReadBeneficiaries/, "Whom you have paid"],
  [/^ReadDirectDebits$/, "Your direct debits"],
  [/^ReadStandingOrders/, "Your standing orders"],
  [/^ReadScheduledPayments/, "Your scheduled payments"],
  [/^ReadStatements/, "Your statements"],
  [/^ReadProducts$/, "What kinds of account you have"],
  [/^ReadOffers$/, "Offers made to you"],
];

export function permissionWords(permissions: readonly Permission[]): string[] {
  const said = WORDS.filter(([pattern]) => permissions.some((permission) => pattern.test(permission)));
  return said.map(([, words]) => words);
}

/** Pence; a debt with a minus. */
export function pounds(minor: number): string {
  const whole = Math.trunc(Math.abs(minor) / 100).toLocaleString("en-GB");
  return `${minor < 0 ? "−" : ""}£${whole}.${String(Math.abs(minor) % 100).padStart(2, "0")}`;
}

export function numberWords(account: Account): string {
  if (account.kind === "CreditCard") return `Card ending ${account.number.slice(-4)}`;
  const pairs = account.sortCode.match(/../g) ?? [];
  return `${pairs.join("-")} · ${account.number}`;
}

/** For people: 21 November 2026. */
export const dayWords = (ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO("UTC")
    .toPlainDate()
    .toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric" });
