/**
 * Labelled transactions and accounts for tests, in one line each. All data is invented.
 *
 * Amounts are minor units and read as `1_250_00n` for 1,250.00; dates are ISO. A hash is unique within the process,
 * so that relations may name the transactions of several accounts.
 */
import * as fc from "fast-check";
import type {
  Account,
  AccountProfile,
  AnalysisTransaction,
  Channel,
  Counterparty,
  Direction,
  KnownParties,
  Label,
  LabelledTransaction,
  RecurringSet,
  Relations,
  SalaryPayment,
} from "./types.ts";

export const ACCOUNT_ID = "3f0f1c52-8d4e-4f7a-9a55-0c2b6f1d7e10";

export const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
export const month = (text: string): Temporal.PlainYearMonth => Temporal.PlainYearMonth.from(text);

export const NOBODY: Counterparty = { name: null, vpa: null, iban: null, account: null };

/** What a transaction is called when nobody could tell. */
export const UNLABELLED: Label = {
  channel: "Others",
  description: "",
  merchantCategory: "",
  category: "Others",
  cleanNote: "",
  counterparty: NOBODY,
  scheme: null,
  schemeReference: null,
};

let made = 0;
const nextHash = (): string => (made += 1).toString(16).padStart(32, "0");

/** Without a balance unless `withBalances` or `more` gives it one. */
export function transaction(
  direction: Direction,
  date: string,
  amount: bigint,
  more: Partial<LabelledTransaction> = {},
): LabelledTransaction {
  return {
    ...UNLABELLED,
    hash: nextHash(),
    accountId: ACCOUNT_ID,
    date: day(date),
    narration: "",
    reference: null,
    direction,
    amount,
    balance: null,
    ...more,
  };
}

/** `credit("2024-01-05", 500_00n, { channel: "upi" })` */
export const credit = (date: string, amount: bigint, more?: Partial<LabelledTransaction>) =>
  transaction("credit", date, amount, more);

export const debit = (date: string, amount: bigint, more?: Partial<LabelledTransaction>) =>
  transaction("debit", date, amount, more);

/** The same transactions before anybody labelled them: input of the labelling. */
export const unlabelled = (
  direction: Direction,
  date: string,
  amount: bigint,
  narration: string,
): AnalysisTransaction => ({
  hash: nextHash(),
  accountId: ACCOUNT_ID,
  date: day(date),
  narration,
  reference: null,
  direction,
  amount,
  balance: null,
});

/** The balance after each, counted on from `opening`. */
export function withBalances(
  opening: bigint,
  transactions: readonly LabelledTransaction[],
): LabelledTransaction[] {
  let balance = opening;
  return transactions.map((each) => {
    balance += each.direction === "credit" ? each.amount : -each.amount;
    return { ...each, balance };
  });
}

export const PROFILE: AccountProfile = {
  id: ACCOUNT_ID,
  bank: "other",
  country: "IN",
  currency: "INR",
  holder: "ASHA RAO",
  accountNumber: "000111222333",
  category: "individual",
  limit: null,
  openingBalance: null,
};

/** An account as its document says it; with `openingBalance` in `profile` it gets running balances. */
export function account(
  transactions: readonly LabelledTransaction[],
  profile: Partial<AccountProfile> = {},
): Account {
  const full = { ...PROFILE, ...profile };
  const own = transactions.map((each) => ({ ...each, accountId: full.id }));
  const opening = full.openingBalance;
  return { profile: full, transactions: opening === null ? own : withBalances(opening, own) };
}

export const NOBODY_KNOWN: KnownParties = { ownNames: [], employers: [], companies: [] };

/** Relations in which nothing is related, but for `more`. */
export const relations = (more: Partial<Relations> = {}): Relations => ({
  salary: [],
  recurring: { credits: [], debits: [] },
  lender: new Set(),
  loanCredits: new Set(),
  emiDebits: new Set(),
  selfTransfers: new Set(),
  sisterTransfers: new Set(),
  bouncedOrPenal: new Set(),
  reversals: new Map(),
  ...more,
});

export const hashes = (...transactions: readonly LabelledTransaction[]): Set<string> =>
  new Set(transactions.map(({ hash }) => hash));

export const salaryOf = (
  transaction: LabelledTransaction,
  more: Partial<SalaryPayment> = {},
): SalaryPayment => ({
  transaction,
  employer: null,
  month: transaction.date.toPlainYearMonth(),
  confidence: 100,
  reasons: ["narration says SALARY"],
  ...more,
});

/** `transactions`: at least one, oldest first. */
export function recurringOf(transactions: readonly LabelledTransaction[]): RecurringSet {
  const [first, last] = [transactions[0], transactions.at(-1)];
  if (!first || !last) throw new Error("A recurring set has transactions.");
  const amounts = transactions.map(({ amount }) => amount).toSorted((a, b) => (a < b ? -1 : 1));
  return {
    accountId: first.accountId,
    direction: first.direction,
    channel: first.channel,
    cleanNote: first.cleanNote,
    counterparty: first.counterparty,
    median: amounts[Math.floor((amounts.length - 1) / 2)] ?? 0n,
    start: first.date,
    end: last.date,
    transactions: [...transactions],
  };
}

const CHANNELS: readonly Channel[] = [
  "upi",
  "salary",
  "refund",
  "net_banking_transfer",
  "debit_card",
  "chq",
  "cash_withdrawl",
  "cash_deposit",
  "bill_payment",
  "bank_charge",
  "auto_debit_payment",
  "auto_debit_payment_bounce",
  "inward_cheque_bounce",
  "outward_cheque_bounce",
  "investment",
  "Others",
];

/** For properties: an account of up to 14 months whose rows print balances, or none of them does. */
export const anyAccount: fc.Arbitrary<Account> = fc
  .record({
    rows: fc.array(
      fc.record({
        offset: fc.nat(420),
        direction: fc.constantFrom("credit" as const, "debit" as const),
        amount: fc.bigInt(0n, 10_000_000n),
        channel: fc.constantFrom(...CHANNELS),
        merchantCategory: fc.constantFrom("" as const, "food" as const, "fuel" as const, "loans" as const),
        narration: fc.constantFrom("UPI/CAFE", "NEFT/RENT", "ATM"),
      }),
      { maxLength: 60 },
    ),
    opening: fc.option(fc.bigInt(-1_000_000n, 100_000_000n), { nil: null }),
  })
  .map(({ rows, opening }) => {
    const start = day("2023-01-10");
    const sorted = rows.toSorted((a, b) => a.offset - b.offset);
    const transactions = sorted.map(({ offset, direction, amount, ...more }) =>
      transaction(direction, start.add({ days: offset }).toString(), amount, more),
    );
    return account(transactions, { openingBalance: opening });
  });
