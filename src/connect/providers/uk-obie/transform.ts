/** From the UK standard's words to ours and back. Pure. */
import { minorDigits, toDecimal } from "../../../statement/currency.ts";
import type {
  BankPayment,
  BankPaymentStatus,
  PaymentInstruction,
  ProviderAccount,
  ProviderBalance,
  ProviderTransaction,
  Scope,
} from "../provider.ts";
import type { WireAccount, WireBalance, WirePayment, WireTransaction } from "./types.ts";

/** An amount that its currency cannot have. */
export class NoAmount extends Error {
  override name = "NoAmount";
}

/** What each scope needs; unmasked card numbers are never asked for. */
const PERMISSIONS: Readonly<Record<Scope, readonly string[]>> = {
  accounts: ["ReadAccountsBasic", "ReadAccountsDetail"],
  balance: ["ReadBalances"],
  transactions: [
    "ReadTransactionsBasic",
    "ReadTransactionsCredits",
    "ReadTransactionsDebits",
    "ReadTransactionsDetail",
  ],
};

/** Accounts are always among them: the others are read account by account. */
export const permissionsOf = (scopes: readonly Scope[]): string[] => [
  ...new Set([...PERMISSIONS.accounts, ...scopes.flatMap((scope) => PERMISSIONS[scope])]),
];

/** Minor units. `12.3` GBP is 1230n; zeros after them are let pass. Throws NoAmount. */
export function minorOf({ Amount, Currency }: { Amount: string; Currency: string }): bigint {
  const digits = minorDigits(Currency);
  const [whole = "", part = ""] = Amount.split(".");
  if (/[^0]/.test(part.slice(digits))) throw new NoAmount(`An amount is finer than ${Currency} goes.`);
  return BigInt(whole + part.slice(0, digits).padEnd(digits, "0"));
}

type Signed = { CreditDebitIndicator: "Credit" | "Debit"; Amount: { Amount: string; Currency: string } };

const signed = ({ CreditDebitIndicator, Amount }: Signed): bigint =>
  CreditDebitIndicator === "Debit" ? -minorOf(Amount) : minorOf(Amount);

const SUBTYPES: Readonly<Record<string, ProviderAccount["class"]>> = {
  CurrentAccount: "current",
  Savings: "savings",
  EMoney: "emoney",
  CreditCard: "credit_card",
  ChargeCard: "credit_card",
};

/** Null for one that is closed. */
export function accountOf(wire: WireAccount): ProviderAccount | null {
  if (wire.Status === "Deleted" || wire.Status === "Disabled") return null;
  const { AccountType: type } = wire;
  return {
    ref: wire.AccountId,
    currency: wire.Currency.toLowerCase(),
    holderName: wire.Account?.find(({ Name }) => Name)?.Name ?? null,
    nickname: wire.Nickname ?? null,
    identification: identificationOf(wire),
    type: type === "Personal" ? "personal" : type === "Business" ? "business" : "unknown",
    class: SUBTYPES[wire.AccountSubType ?? ""] ?? null,
  };
}

function identificationOf({ Account = [] }: WireAccount): ProviderAccount["identification"] {
  const found: ProviderAccount["identification"] = {};
  for (const { SchemeName, Identification } of Account) {
    const [, sort, number] = /^(\d{6})(\d{8})$/.exec(Identification.replace(/[\s-]/g, "")) ?? [];
    if (SchemeName.endsWith("SortCodeAccountNumber") && sort !== undefined && number !== undefined) {
      found.sort_code = sort.replace(/(\d\d)(?=\d)/g, "$1-");
      found.account_number = number;
    } else if (SchemeName.endsWith("IBAN")) found.iban = Identification.replace(/\s/g, "");
    else if (SchemeName.endsWith("PAN")) found.pan = Identification;
  }
  return found;
}

/** In the order of preference; what a bank books late in the day is `Interim`. */
const BOOKED = [
  "InterimBooked",
  "ClosingBooked",
  "OpeningBooked",
  "PreviouslyClosedBooked",
  "InterimCleared",
  "ClosingCleared",
  "OpeningCleared",
  "Information",
];
const AVAILABLE = [
  "InterimAvailable",
  "ClosingAvailable",
  "OpeningAvailable",
  "Expected",
  "ForwardAvailable",
];

/**
 * `actual`: booked, with what is available; `interim`: what is available alone. `actual` first. Of several currencies
 * only the one of `actual`: minor units of two do not stand beside each other.
 */
export function balancesOf(wire: readonly WireBalance[]): ProviderBalance[] {
  const first = (types: readonly string[], among = wire) =>
    types.map((type) => among.find((one) => one.Type === type)).find((one) => one !== undefined);
  const booked = first(BOOKED) ?? first(AVAILABLE) ?? wire[0];
  if (!booked) return [];
  const { Currency } = booked.Amount;
  const available = first(
    AVAILABLE,
    wire.filter(({ Amount }) => Amount.Currency === Currency),
  );
  const currency = Currency.toLowerCase();
  const overdraft = overdraftOf([booked, ...(available ? [available] : [])]);
  const left = available ? signed(available) : null;
  const actual: ProviderBalance = {
    type: "actual",
    current: withoutCredit(booked),
    available: left,
    currency,
    overdraft,
  };
  if (!available || available === booked) return [actual];
  return [
    actual,
    { type: "interim", current: withoutCredit(available), available: left, currency, overdraft },
  ];
}

/** What is the customer's own, where the bank counts a credit line as theirs. */
function withoutCredit(balance: WireBalance): bigint {
  const lent = (balance.CreditLine ?? [])
    .filter(({ Included, Amount }) => Included && Amount?.Currency === balance.Amount.Currency)
    .reduce((sum, { Amount }) => sum + (Amount ? minorOf(Amount) : 0n), 0n);
  return signed(balance) - lent;
}

function overdraftOf(balances: readonly WireBalance[]): ProviderBalance["overdraft"] {
  const lines = balances.flatMap(({ CreditLine = [], Amount: { Currency } }) =>
    CreditLine.filter(({ Amount }) => !Amount || Amount.Currency === Currency),
  );
  const line = lines.find(({ Type }) => Type === "Pre-Agreed") ?? lines.find(({ Amount }) => Amount);
  return line?.Amount ? { limit: minorOf(line.Amount), type: line.Type ?? "Available" } : null;
}

/** Null for what the bank has rejected: it never happened. */
export function transactionOf(wire: WireTransaction): ProviderTransaction | null {
  if (wire.Status === "Rejected") return null;
  const isDebit = wire.CreditDebitIndicator === "Debit";
  const merchant = wire.MerchantDetails?.MerchantName ?? null;
  const { TransactionInformation, TransactionReference, ProprietaryBankTransactionCode } = wire;
  return {
    ref: wire.TransactionId ?? null,
    status: wire.Status === "Booked" ? "booked" : "pending",
    at: wire.BookingDateTime,
    amount: signed(wire),
    currency: wire.Amount.Currency.toLowerCase(),
    description:
      TransactionInformation ??
      merchant ??
      TransactionReference ??
      ProprietaryBankTransactionCode?.Code ??
      "",
    reference: TransactionReference ?? null,
    merchant,
    balance: wire.Balance?.Amount.Currency === wire.Amount.Currency ? signed(wire.Balance) : null,
    partyName: (isDebit ? wire.CreditorAccount?.Name : wire.DebtorAccount?.Name) ?? null,
  };
}

const PAYMENT_STATUS: Readonly<Record<WirePayment["Data"]["Status"], BankPaymentStatus>> = {
  Pending: "executed",
  AcceptedSettlementInProcess: "executed",
  AcceptedSettlementCompleted: "completed",
  AcceptedCreditSettlementCompleted: "completed",
  AcceptedWithoutPosting: "completed",
  Rejected: "failed",
};

export const paymentOf = ({ Data }: WirePayment): BankPayment => ({
  bankPaymentId: Data.DomesticPaymentId,
  status: PAYMENT_STATUS[Data.Status],
  failureCode: Data.Status === "Rejected" ? "rejected" : null,
});

/** `Initiation` and `Risk`: the same instruction gives the same text, or an idempotency key would not hold. */
export function instructionBody(instruction: PaymentInstruction): { Initiation: object; Risk: object } {
  const { amount, currency, reference, recipient, debtor, endToEndId } = instruction;
  const domestic = recipient.sortCode !== null && recipient.accountNumber !== null;
  const creditor = domestic
    ? scheme(
        "SortCodeAccountNumber",
        digits(`${recipient.sortCode}${recipient.accountNumber}`),
        recipient.name,
      )
    : scheme("IBAN", recipient.iban ?? "", recipient.name);
  return {
    Initiation: {
      InstructionIdentification: endToEndId,
      EndToEndIdentification: endToEndId,
      ...(domestic ? { LocalInstrument: "UK.OBIE.FPS" } : {}),
      InstructedAmount: {
        Amount: toDecimal(amount, currency.toUpperCase()),
        Currency: currency.toUpperCase(),
      },
      ...(debtor
        ? {
            DebtorAccount: scheme(
              "SortCodeAccountNumber",
              digits(debtor.sortCode + debtor.accountNumber),
              debtor.name,
            ),
          }
        : {}),
      CreditorAccount: creditor,
      ...(reference === null
        ? {}
        : { RemittanceInformation: { Reference: reference, Unstructured: reference } }),
    },
    Risk: { PaymentContextCode: "Other" },
  };
}

const digits = (text: string): string => text.replace(/\D/g, "");

const scheme = (name: string, Identification: string, Name: string | null) => ({
  SchemeName: `UK.OBIE.${name}`,
  Identification,
  ...(Name === null ? {} : { Name }),
});
