/**
 * The bodies that this contract answers, as zod schemas. Keys and their order are those of the contract's samples;
 * every field is named in the reference's §2.
 */
import { z } from "zod";

export const uuid = z.uuid({ version: "v4" });
const nullableText = z.string().nullable();
const step = z.enum(["processing", "completed", "failed"]);
const source = z.enum(["pdf", "online", "aa"]);

/** `DD/MM/YYYY`, blank where a statement has neither period nor transactions. */
const dmyRange = z.object({ from_date: z.string(), to_date: z.string() });
/** `YYYY-MM-DD` */
const ymdRange = z.object({ from_date: z.string(), to_date: z.string() });
const nullableYmdRange = z.object({ from_date: nullableText, to_date: nullableText });

export const sessionCreated = z.object({ session_id: uuid, redirect_url: z.string() });

export const success = z.object({ message: z.literal("success") });

export const processingStarted = z.object({ session_id: uuid, message: z.literal("success") });

export const progressItem = z.object({
  identity_status: step,
  transaction_status: step,
  processing_status: step,
  fraud_status: step,
  statement_id: uuid,
  message: nullableText,
  source,
});

export const progress = z.object({
  session_id: uuid,
  session_progress: z.enum(["processing", "completed"]),
  progress: z.array(progressItem),
});

/** Error fields are `""` in upload status, null in session_status (rulings 1 and 2). */
export const statement = z.object({
  statement_id: uuid,
  statement_status: step,
  error_code: nullableText,
  error_message: nullableText,
  source,
  statement_date_range: dmyRange,
  created_at: z.string(),
  upload_file_name: z.string(),
});

export const uploadStatus = z.object({
  session_id: uuid,
  session_date_range: dmyRange,
  upload_status: z.enum(["NO_UPLOAD", "IN_PROGRESS", "COMPLETED", "EXPIRED"]),
  session_expiry_timestamp: z.string(),
  accounts: z.array(
    z.object({
      account_id: uuid,
      account_number: nullableText,
      bank_name: z.string(),
      full_bank_name: z.string(),
      name: z.string(),
      account_type: z.string(),
      account_status: z.enum(["PARTIAL", "COMPLETED"]),
      months: z.array(z.string()),
      missing_data: z.array(ymdRange),
      created_at: z.string(),
      last_updated_at: z.string(),
      statements: z.array(statement),
    }),
  ),
  error: z.object({}),
});

export const sessionStatus = z.object({
  session_id: uuid,
  insights_available: z.boolean(),
  accounts: z.array(
    z.object({
      account_id: uuid,
      account_number: nullableText,
      bank_name: z.string(),
      full_bank_name: z.string(),
      name: z.string(),
      account_category: z.enum(["individual", "corporate"]),
      account_type: z.string(),
      account_status: z.enum(["completed", "failed"]),
      error_code: nullableText,
      error_message: nullableText,
      created_at: z.string(),
      last_updated_at: z.string(),
      attempt_types: z.array(z.string()),
      statements: z.array(statement),
    }),
  ),
});

const transactionMetadata = z.object({
  unclean_merchant: z.string(),
  transaction_channel: z.string(),
  description: z.string(),
});

/** T of the insights (§2.8). */
export const transactionItem = z.object({
  transaction_type: z.enum(["debit", "credit"]),
  transaction_note: z.string(),
  chq_num: z.string(),
  amount: z.number(),
  balance: z.number().nullable(),
  date: z.string(),
  hash: z.string(),
  category: z.string(),
  metadata: transactionMetadata,
});

/** With `proof`: how arithmetic vouches for the row (an extension). */
export const transactions = z.object({
  session_id: uuid,
  transactions: z.array(
    z.object({ account_id: uuid, ...transactionItem.shape, proof: z.enum(["chain", "totals", "none"]) }),
  ),
});

const identity = z.object({
  account_number: nullableText,
  name: nullableText,
  address: nullableText,
  ifsc: nullableText,
  micr: nullableText,
  account_category: z.enum(["individual", "corporate"]),
  credit_limit: z.number(),
  od_limit: z.number(),
  account_id: uuid,
  bank_name: z.string(),
});

/** From `page_count` on only with `?identity=true`, `progress` only with `?progress=true` (§9-21). */
export const uploaded = z.object({
  status: z.literal(1),
  session_id: uuid,
  statement_id: uuid,
  account_id: uuid,
  bank_name: z.string(),
  masked_account_number: z.string(),
  page_count: z.int().optional(),
  date_range: nullableYmdRange.optional(),
  extracted_date_range: nullableYmdRange.optional(),
  opening_date: nullableText.optional(),
  opening_bal: z.number().nullable().optional(),
  closing_bal: z.number().nullable().optional(),
  is_fraud: z.boolean().optional(),
  fraud_type: nullableText.optional(),
  metadata_analysis: z.object({ name_matches: z.array(z.string()) }).optional(),
  country_code: z.string().optional(),
  currency_code: z.string().optional(),
  months: z.array(z.string()).optional(),
  missing_months: z.array(z.string()).optional(),
  identity: identity.optional(),
  progress: z.array(progressItem).optional(),
});

export type Uploaded = z.output<typeof uploaded>;
export type UploadStatusBody = z.output<typeof uploadStatus>;
export type SessionStatusBody = z.output<typeof sessionStatus>;
export type TransactionsBody = z.output<typeof transactions>;
export type ProgressBody = z.output<typeof progress>;
export type ProgressItemBody = z.output<typeof progressItem>;
export type StatementBody = z.output<typeof statement>;
