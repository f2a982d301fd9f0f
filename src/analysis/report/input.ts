/** What a report is made of: accounts with what was found of them. */
import type { Span } from "../coverage.ts";
import type { AccountFigures, AggregateFigures } from "../figures/types.ts";
import type { Account, FraudFinding, LabelledTransaction, Relations } from "../types.ts";
import { moneyStyle, type MoneyStyle } from "./cells.ts";

export interface ReportAccount {
  account: Account;
  /** For people, such as `Kotak Mahindra Bank`. */
  bankName: string;
  /** As it may be shown: masked where the organisation wants it. */
  accountNumber: string | null;
  /** Of the account's currency: 2 for INR. */
  digits: number;
  findings: readonly FraudFinding[];
  figures: AccountFigures;
}

export interface ReportInput {
  /** In the organisation's time zone. */
  today: Temporal.PlainDate;
  /** What the session asked for; null where nothing was asked for. */
  range: Span | null;
  accounts: readonly ReportAccount[];
  /** Of all accounts of the session. */
  relations: Relations;
  aggregate: AggregateFigures;
  /** Whether the organisation wants the score. */
  showScore: boolean;
}

/** An account as each line of a sheet refers to it. */
export interface Owner {
  id: string;
  label: string;
  currency: string;
  money: MoneyStyle;
}

export const ownerOf = ({ account, bankName, accountNumber, digits }: ReportAccount): Owner => ({
  id: account.profile.id,
  label: [bankName, accountNumber].filter(Boolean).join(" ") || account.profile.id,
  currency: account.profile.currency ?? "",
  money: moneyStyle(account.profile.currency, digits),
});

/** ` (INR)`, for heads of columns with amounts. */
export const inCurrency = ({ currency }: Pick<Owner, "currency">): string =>
  currency === "" ? "" : ` (${currency})`;

/** One line of a sheet of transactions. */
export interface Line {
  owner: Owner;
  transaction: LabelledTransaction;
}

export const linesOf = (accounts: readonly ReportAccount[]): Line[] =>
  accounts.flatMap((account) => {
    const owner = ownerOf(account);
    return account.account.transactions.map((transaction) => ({ owner, transaction }));
  });

/** Of a set of hashes. */
export const linesIn = (lines: readonly Line[], hashes: ReadonlySet<string>): Line[] =>
  lines.filter(({ transaction }) => hashes.has(transaction.hash));

/** What relations say of one transaction, in words. */
export function marksOf(relations: Relations): (hash: string) => string {
  const salary = new Set(relations.salary.map(({ transaction }) => transaction.hash));
  const reversals = new Set(relations.reversals.values());
  const marks: [string, { has(hash: string): boolean }][] = [
    ["salary", salary],
    ["loan credit", relations.loanCredits],
    ["EMI", relations.emiDebits],
    ["lender", relations.lender],
    ["self transfer", relations.selfTransfers],
    ["sister company", relations.sisterTransfers],
    ["bounce or penalty", relations.bouncedOrPenal],
    ["reversed", relations.reversals],
    ["reversal", reversals],
  ];
  return (hash) =>
    marks
      .filter(([, hashes]) => hashes.has(hash))
      .map(([mark]) => mark)
      .join(", ");
}
