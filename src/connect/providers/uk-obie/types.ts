/**
 * What a bank of the UK Read/Write API 3.1 answers, as far as it is used: required members and formats are checked,
 * members that a bank adds are left alone.
 */
import { z } from "zod";

/** Before it lies the year 0, which PostgreSQL does not know. */
const FIRST = Temporal.Instant.from("0001-01-01T00:00:00Z");
const LAST = Temporal.Instant.from("9999-12-31T00:00:00Z");
const dateTime = z.iso
  .datetime({ offset: true })
  .transform((text) => Temporal.Instant.from(text))
  .refine((at) => Temporal.Instant.compare(FIRST, at) <= 0 && Temporal.Instant.compare(at, LAST) <= 0);
/** Minor units need the currency's digits: `transform.ts`. */
export const amount = z.object({
  Amount: z.string().regex(/^\d{1,13}$|^\d{1,13}\.\d{1,5}$/),
  Currency: z.string().regex(/^[A-Z]{3}$/),
});
const indicator = z.enum(["Credit", "Debit"]);
const text = z.string().max(1000);

export const errorAnswer = z.object({
  Errors: z.array(z.object({ ErrorCode: z.string().max(200) })).min(1),
});

export const accountConsent = z.object({
  Data: z.object({
    ConsentId: z.string().min(1).max(128),
    Status: z.enum(["AwaitingAuthorisation", "Authorised", "Rejected", "Revoked"]),
  }),
});

const links = z.object({ Next: z.url().optional() }).optional();

const account = z.object({
  AccountId: z.string().min(1).max(40),
  Status: z.string().optional(),
  Currency: z.string().regex(/^[A-Z]{3}$/),
  AccountType: z.string().optional(),
  AccountSubType: z.string().optional(),
  Nickname: text.optional(),
  Account: z
    .array(z.object({ SchemeName: z.string(), Identification: z.string().max(256), Name: text.optional() }))
    .optional(),
});
export type WireAccount = z.output<typeof account>;

export const accounts = z.object({
  Data: z.object({ Account: z.array(account).default([]) }),
  Links: links,
});

const balance = z.object({
  AccountId: z.string(),
  CreditDebitIndicator: indicator,
  Type: z.string(),
  Amount: amount,
  CreditLine: z
    .array(z.object({ Included: z.boolean(), Amount: amount.optional(), Type: z.string().optional() }))
    .optional(),
});
export type WireBalance = z.output<typeof balance>;

export const balances = z.object({ Data: z.object({ Balance: z.array(balance).min(1) }) });

const party = z.object({ Name: text.optional() }).optional();

export const transaction = z.object({
  AccountId: z.string(),
  TransactionId: z.string().min(1).max(210).optional(),
  TransactionReference: text.optional(),
  CreditDebitIndicator: indicator,
  Status: z.enum(["Booked", "Pending", "Rejected"]),
  BookingDateTime: dateTime,
  TransactionInformation: text.optional(),
  Amount: amount,
  ProprietaryBankTransactionCode: z.object({ Code: text }).optional(),
  Balance: z.object({ CreditDebitIndicator: indicator, Amount: amount }).optional(),
  MerchantDetails: z.object({ MerchantName: text.optional() }).optional(),
  CreditorAccount: party,
  DebtorAccount: party,
});
export type WireTransaction = z.output<typeof transaction>;

/** Its rows are checked one by one as they are read: a second copy of a page is what a long sync's memory is made of. */
export const transactions = z.object({
  Data: z.object({ Transaction: z.array(z.unknown()).default([]) }),
  Links: links,
});

export const paymentConsent = z.object({
  Data: z.object({
    ConsentId: z.string().min(1).max(128),
    Status: z.enum(["AwaitingAuthorisation", "Authorised", "Consumed", "Rejected"]),
  }),
});

export const payment = z.object({
  Data: z.object({
    DomesticPaymentId: z.string().min(1).max(40),
    ConsentId: z.string(),
    Status: z.enum([
      "Pending",
      "Rejected",
      "AcceptedSettlementInProcess",
      "AcceptedSettlementCompleted",
      "AcceptedWithoutPosting",
      "AcceptedCreditSettlementCompleted",
    ]),
  }),
});
export type WirePayment = z.output<typeof payment>;
