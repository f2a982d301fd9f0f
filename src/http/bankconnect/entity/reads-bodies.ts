/** The bodies of the entity flow's reads as zod schemas: keys and their order are those of the reference's §5.3. */
import { z } from "zod";
import { uuid } from "../bodies.ts";

const nullableText = z.string().nullable();
const nullableNumber = z.number().nullable();
const category = z.enum(["individual", "corporate"]);
const step = z.enum(["processing", "completed", "failed"]);
/** Keys are data: months, notes, or names that the documentation lists. */
const free = z.record(z.string(), z.unknown());

const progressItem = z.object({
  status: step,
  message: nullableText,
  statement_id: uuid,
  source: z.enum(["pdf", "online", "aa"]),
});

const account = z.object({
  account_id: uuid,
  bank: z.string(),
  account_number: nullableText,
  ifsc: nullableText,
  micr: nullableText,
  account_category: category,
  credit_limit: z.number(),
  months: z.array(z.string()),
  statements: z.array(uuid),
  last_updated: z.string(),
});

const fraud = z.object({
  fraudulent_statements: z.array(uuid),
  fraud_type: z.array(
    z.object({
      statement_id: nullableText,
      fraud_type: z.string(),
      account_id: uuid,
      fraud_category: z.string(),
      transaction_hash: nullableText,
    }),
  ),
});

/** E */
const transaction = z.object({
  transaction_note: z.string(),
  hash: z.string(),
  description: z.string(),
  account_id: uuid,
  transaction_type: z.enum(["credit", "debit"]),
  amount: z.number(),
  date: z.string(),
  merchant_category: z.string(),
  balance: nullableNumber,
  transaction_channel: z.string(),
});
const notedTransaction = transaction.extend({ clean_transaction_note: z.string() });

/** S */
const recurringSet = z.object({
  account_id: uuid,
  start_date: z.string(),
  end_date: z.string(),
  transaction_channel: z.string(),
  median: z.number(),
  clean_transaction_note: z.string(),
  transactions: z.array(notedTransaction),
});

const head = z.object({ entity_id: uuid, progress: z.array(progressItem) });
const withAccounts = head.extend({ accounts: z.array(account) });
const common = withAccounts.extend({ fraud });

export const accounts = common;

export const identity = common.extend({
  progress: z.array(progressItem.extend({ transaction_status: step })),
  identity: z.array(
    z.object({
      account_id: uuid,
      name: nullableText,
      address: nullableText,
      account_number: nullableText,
      account_category: category,
      credit_limit: z.number(),
    }),
  ),
});

export const transactions = common.extend({ transactions: z.array(transaction) });

export const salary = common.extend({
  transactions: z.array(notedTransaction.extend({ month_year: z.string() })),
});

export const recurring = common.extend({
  transactions: z.object({
    credit_transactions: z.array(recurringSet),
    debit_transactions: z.array(recurringSet),
  }),
});

export const expenseCategories = head.extend({
  categories: z.array(z.object({ category: z.string(), percentage: z.int() })),
});

const monthlyTop = z.record(z.string(), z.record(z.string(), z.number()));
export const topCreditsDebits = head.extend({
  top_5_credit_debit: z.object({
    top_5_credit: monthlyTop.meta({ description: "Month → note → amount." }),
    top_5_debit: monthlyTop,
  }),
});

const monthly = free.meta({ description: "Key → month → figure." });
export const monthlyAnalysisUpdated = withAccounts.extend({
  monthly_analysis: z.object({
    account_id: z.array(z.record(z.string(), z.object({ monthly_analysis: monthly }))),
  }),
});

export const monthlyAnalysis = withAccounts.extend({ monthly_analysis: monthly });

export const reports = head.extend({
  reports: z.array(z.object({ link: z.string(), account_id: uuid })),
});

export const predictors = head.extend({
  predictors: z.array(z.object({ account_id: uuid, predictors: free })),
});

export const score = head.extend({
  score: z.array(z.object({ account_id: uuid, score: z.number() })),
});

export type ProgressBody = z.output<typeof progressItem>;
export type AccountBody = z.output<typeof account>;
export type FraudBody = z.output<typeof fraud>;
export type IdentityBody = z.output<typeof identity>;
export type TransactionBody = z.output<typeof transaction>;
export type RecurringSetBody = z.output<typeof recurringSet>;
