/** Account information of 3.1.11: consents, accounts, balances, transactions, party. */
import { z } from "zod";
import { accountRisk, amount, answer, dateTime, indicator, links, meta, schemeName, text } from "./common.ts";

export const PERMISSIONS = [
  "ReadAccountsBasic",
  "ReadAccountsDetail",
  "ReadBalances",
  "ReadBeneficiariesBasic",
  "ReadBeneficiariesDetail",
  "ReadDirectDebits",
  "ReadOffers",
  "ReadPAN",
  "ReadParty",
  "ReadPartyPSU",
  "ReadProducts",
  "ReadScheduledPaymentsBasic",
  "ReadScheduledPaymentsDetail",
  "ReadStandingOrdersBasic",
  "ReadStandingOrdersDetail",
  "ReadStatementsBasic",
  "ReadStatementsDetail",
  "ReadTransactionsBasic",
  "ReadTransactionsCredits",
  "ReadTransactionsDebits",
  "ReadTransactionsDetail",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const consentDates = {
  ExpirationDateTime: dateTime.optional(),
  TransactionFromDateTime: dateTime.optional(),
  TransactionToDateTime: dateTime.optional(),
};

/** OBReadConsent1. */
export const accountConsentRequest = z.strictObject({
  Data: z.strictObject({ Permissions: z.array(z.enum(PERMISSIONS)).min(1), ...consentDates }),
  Risk: accountRisk,
});

export type AccountConsentRequest = z.infer<typeof accountConsentRequest>;

/** OBReadConsentResponse1. */
export const accountConsentAnswer = z.strictObject({
  Data: z.strictObject({
    ConsentId: text(128),
    CreationDateTime: dateTime,
    Status: z.enum(["AwaitingAuthorisation", "Authorised", "Rejected", "Revoked"]),
    StatusUpdateDateTime: dateTime,
    Permissions: z.array(z.enum(PERMISSIONS)).min(1),
    ...consentDates,
  }),
  Risk: accountRisk,
  Links: links.optional(),
  Meta: meta.optional(),
});

const identification = z.strictObject({
  SchemeName: schemeName,
  Identification: text(256),
  Name: text(350).optional(),
  SecondaryIdentification: text(34).optional(),
});

const account = z.strictObject({
  AccountId: text(40),
  Status: z.enum(["Enabled", "Disabled", "Deleted", "ProForma", "Pending"]).optional(),
  StatusUpdateDateTime: dateTime.optional(),
  Currency: z.string().regex(/^[A-Z]{3}$/),
  AccountType: z.enum(["Business", "Personal"]),
  AccountSubType: z.enum([
    "ChargeCard",
    "CreditCard",
    "CurrentAccount",
    "EMoney",
    "Loan",
    "Mortgage",
    "PrePaidCard",
    "Savings",
  ]),
  Description: text(35).optional(),
  Nickname: text(70).optional(),
  OpeningDate: dateTime.optional(),
  Account: z.array(identification).optional(),
  Servicer: z.strictObject({ SchemeName: z.enum(["UK.OBIE.BICFI"]), Identification: text(35) }).optional(),
});

export type WireAccount = z.infer<typeof account>;

/** OBReadAccount6. */
export const accountsAnswer = answer(z.strictObject({ Account: z.array(account) }));

export const BALANCE_TYPES = [
  "ClosingAvailable",
  "ClosingBooked",
  "ClosingCleared",
  "Expected",
  "ForwardAvailable",
  "Information",
  "InterimAvailable",
  "InterimBooked",
  "InterimCleared",
  "OpeningAvailable",
  "OpeningBooked",
  "OpeningCleared",
  "PreviouslyClosedBooked",
] as const;

const balance = z.strictObject({
  AccountId: text(40),
  CreditDebitIndicator: indicator,
  Type: z.enum(BALANCE_TYPES),
  DateTime: dateTime,
  Amount: amount,
  CreditLine: z
    .array(
      z.strictObject({
        Included: z.boolean(),
        Amount: amount.optional(),
        Type: z.enum(["Available", "Credit", "Emergency", "Pre-Agreed", "Temporary"]).optional(),
      }),
    )
    .optional(),
});

export type WireBalance = z.infer<typeof balance>;

/** OBReadBalance1. */
export const balancesAnswer = answer(z.strictObject({ Balance: z.array(balance).min(1) }));

const transaction = z.strictObject({
  AccountId: text(40),
  TransactionId: text(210).optional(),
  TransactionReference: text(210).optional(),
  CreditDebitIndicator: indicator,
  Status: z.enum(["Booked", "Pending", "Rejected"]),
  TransactionMutability: z.enum(["Mutable", "Immutable"]).optional(),
  BookingDateTime: dateTime,
  ValueDateTime: dateTime.optional(),
  TransactionInformation: text(500).optional(),
  Amount: amount,
  BankTransactionCode: z.strictObject({ Code: text(35), SubCode: text(35) }).optional(),
  ProprietaryBankTransactionCode: z.strictObject({ Code: text(35), Issuer: text(35).optional() }).optional(),
  Balance: z
    .strictObject({ CreditDebitIndicator: indicator, Type: z.enum(BALANCE_TYPES), Amount: amount })
    .optional(),
  MerchantDetails: z
    .strictObject({
      MerchantName: text(350).optional(),
      MerchantCategoryCode: z.string().min(3).max(4).optional(),
    })
    .optional(),
});

export type WireTransaction = z.infer<typeof transaction>;

/** OBReadTransaction6. */
export const transactionsAnswer = answer(z.strictObject({ Transaction: z.array(transaction) }));

/** OBReadParty2. */
export const partyAnswer = answer(
  z.strictObject({
    Party: z.strictObject({
      PartyId: text(40),
      PartyNumber: text(35).optional(),
      PartyType: z.enum(["Delegate", "Joint", "Sole"]).optional(),
      Name: text(350).optional(),
      FullLegalName: text(350).optional(),
      EmailAddress: text(256).optional(),
    }),
  }),
);
