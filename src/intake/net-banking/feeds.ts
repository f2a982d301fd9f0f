/** What a bank answered, as statements that may be recorded. Pure. */
import { statementOfFeed, type FeedRow } from "../../statement/feed.ts";
import type { Identity, Period } from "../../statement/types.ts";
import type { Candidate } from "../candidates.ts";
import type { FetchedAccount, FetchedRow } from "./reach.ts";

const ACCOUNT_TYPES = {
  current: "CURRENT",
  savings: "SAVINGS",
  credit_card: "CREDIT_CARD",
  emoney: null,
} as const;

const CATEGORIES = { personal: "individual", business: "corporate", unknown: null } as const;

/**
 * One candidate per account that has rows. Days follow the organisation's time zone.
 * @param bank the contract's identifier: whoever signed in has said which bank it is, so nothing is detected
 */
export function candidatesOf(
  accounts: readonly FetchedAccount[],
  { bank, period, timeZone, isToday }: { bank: string; period: Period; timeZone: string; isToday: boolean },
): Candidate[] {
  return accounts.flatMap((account): Candidate[] => {
    const statement = statementOfFeed({
      identity: identityOf(account),
      currency: account.currency,
      period,
      // The balance is of the moment: it closes a period only where that ends today.
      closing: isToday ? account.balance : null,
      rows: inOrder(account.rows).map((row) => feedRow(row, timeZone)),
    });
    return statement ? [{ statement, findings: [], bank, refusal: null }] : [];
  });
}

const identityOf = ({ accountNumber, sortCode, iban, holderName, type, ...account }: FetchedAccount) =>
  ({
    accountNumber: accountNumber ?? iban,
    sortCode,
    iban,
    name: holderName,
    accountType: account.class && ACCOUNT_TYPES[account.class],
    accountCategory: CATEGORIES[type],
  }) satisfies Partial<Identity>;

/** Oldest first. Banks list either way; rows of one instant keep the bank's order, turned round with the rest. */
function inOrder(rows: readonly FetchedRow[]): FetchedRow[] {
  const [first, last] = [rows[0], rows.at(-1)];
  const newestFirst = first && last && Temporal.Instant.compare(first.at, last.at) > 0;
  const forwards = newestFirst ? [...rows].reverse() : [...rows];
  return forwards.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
}

const feedRow = ({ at, amount, description, reference, balance }: FetchedRow, timeZone: string): FeedRow => ({
  date: at.toZonedDateTimeISO(timeZone).toPlainDate(),
  description,
  reference,
  minor: amount,
  balance,
});
