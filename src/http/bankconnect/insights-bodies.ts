/** The body of the insights as zod schemas: keys and their order are those of the reference's §2.8. */
import { z } from "zod";
import { transactionItem, uuid } from "./bodies.ts";

const nullableText = z.string().nullable();
const nullableNumber = z.number().nullable();
/** `YYYY-MM-DD`; null where there is nothing. */
const ymdRange = z.object({ from_date: nullableText, to_date: nullableText });
/** Keys are data: months, or names that the documentation lists. */
const free = z.record(z.string(), z.unknown());

/** F */
const flatItem = transactionItem.omit({ metadata: true }).extend({
  transaction_channel: z.string(),
  merchant_category: z.string(),
  description: z.string(),
});

/** R */
const recurringItem = z.object({
  account_id: uuid,
  transaction_channel: z.string(),
  clean_transaction_note: z.string(),
  median: z.number(),
  start_date: z.string(),
  end_date: z.string(),
  transactions: z.array(flatItem.omit({ chq_num: true })),
});

export const recurring = z.object({
  debit_transactions: z.array(recurringItem),
  credit_transactions: z.array(recurringItem),
});

const fraud = z.object({
  statement_id: nullableText,
  fraud_type: z.string(),
  transaction_hash: nullableText,
  fraud_category: z.string(),
});
const fraudWithEvidence = fraud.extend({ evidence: free });

const accountDetails = z.object({
  name: z.string(),
  address: z.string(),
  account_number: nullableText,
  account_category: z.enum(["individual", "corporate"]),
  bank: z.string(),
  ifsc: nullableText,
  micr: nullableText,
  account_opening_date: nullableText,
  credit_limit: z.number(),
  od_limit: z.number(),
  salary_confidence: nullableNumber,
  statements: z.array(uuid),
  months: z.array(z.string()),
  uploaded_months: z.array(z.string()),
  missing_data: z.array(z.object({ from_date: z.string(), to_date: z.string() })),
  account_date_range: ymdRange,
  transaction_date_range: ymdRange,
  metadata_analysis: z.object({ name_matches: z.array(z.string()) }),
  country_code: z.string(),
  currency_code: z.string(),
  dob: z.string(),
  email: z.string(),
  pan_number: z.string(),
  phone_number: z.string(),
  account_status: z.string(),
  holder_type: z.string(),
});

const statementStats = z.object({
  session_id: uuid,
  account_id: uuid,
  statement_id: uuid,
  first_transaction_timestamp: nullableText,
  last_transaction_timestamp: nullableText,
  from_date: nullableText,
  to_date: nullableText,
  bank: z.string(),
  source: z.string(),
  upload_file_name: z.string(),
  page_count: z.int(),
  transaction_count: z.int(),
  is_scanned_pdf: z.boolean(),
});

const data = z.object({
  account_details: accountDetails,
  fraud: z.array(fraud),
  fraud_details: z.object({ statement: z.array(fraudWithEvidence), account: z.array(fraudWithEvidence) }),
  transactions: z.array(transactionItem),
  salary_transactions: z.array(
    transactionItem.extend({ employer_name: nullableText, salary_month: z.string() }),
  ),
  recurring_transactions: recurring,
  lender_transactions: z.array(flatItem),
  self_and_sister_transactions: z.array(flatItem),
  bounced_or_penal_transactions: z.array(flatItem),
  top_credits_debits: z.array(
    z.object({
      type: z.enum(["top_5_debit", "top_5_credit"]),
      data: z.array(z.object({ month: z.string(), data: z.array(transactionItem) })),
    }),
  ),
  statement_stats: z.array(statementStats),
  expense_categories: z.array(z.object({ category: z.string(), percentage: z.int() })),
  monthly_analysis: free.meta({ description: "Key → month → figure." }),
  predictors: free.meta({ description: "Flat: `_0` is the newest month." }),
  eod_balances: free.meta({
    description: "`Months_order`, `start_date`, `starting_balance`, and one list per month.",
  }),
  score: z.union([z.number(), z.array(z.number()).length(0), z.null()]).meta({
    description:
      "300 to 900, null where too little is known; `[]` unless the organisation has switched it on (`show_score`).",
  }),
  xlsx_report_url: z.string(),
  xml_report_url: z.null(),
});

export const insights = z.object({
  session_id: uuid,
  link_id: z.string(),
  session_date_range: ymdRange,
  accounts: z.array(z.object({ account_id: uuid, data })),
  aggregate_monthly_analysis: free,
  aggregate_xlsx_report_url: z.string(),
  aggregate_xml_report_url: z.null(),
});

export type InsightsBody = z.output<typeof insights>;
