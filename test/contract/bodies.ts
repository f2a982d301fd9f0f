/** The bodies of the reference's §2 and §3 as shapes: every key that it names, with the format that it gives. */
import type { Shape } from "./shape.ts";

const DMY_RANGE = { from_date: "DMY", to_date: "DMY" };
const YMD_RANGE = { from_date: "YMD", to_date: "YMD" };

export const CREATED: Shape = { session_id: "uuid", redirect_url: "url" };

export const UPLOADED: Shape = {
  status: "int",
  session_id: "uuid",
  statement_id: "uuid",
  account_id: "uuid",
  bank_name: "str+",
  masked_account_number: "masked",
};

export const UPLOADED_WITH_IDENTITY: Shape = {
  ...UPLOADED,
  page_count: "int",
  date_range: { from_date: "YMD?", to_date: "YMD?" },
  extracted_date_range: { from_date: "YMD?", to_date: "YMD?" },
  opening_date: "str?",
  opening_bal: "num?",
  closing_bal: "num?",
  is_fraud: "bool",
  fraud_type: "str?",
  metadata_analysis: { name_matches: ["str", "or none"] },
  country_code: "=IN",
  currency_code: "=INR",
  months: ["YYYY-MM"],
  missing_months: ["YYYY-MM", "or none"],
  identity: {
    account_number: "str?",
    name: "str?",
    address: "str?",
    ifsc: "str?",
    micr: "str?",
    account_category: "=individual|corporate",
    credit_limit: "num",
    od_limit: "num",
    account_id: "uuid",
    bank_name: "str+",
  },
};

const PROGRESS_ITEM: Shape = {
  statement_id: "uuid",
  identity_status: "=completed|processing|failed",
  transaction_status: "=completed|processing|failed",
  processing_status: "=completed|processing|failed",
  fraud_status: "=completed|processing|failed",
  message: "str?",
  source: "=pdf",
};

export const UPLOADED_WITH_PROGRESS: Shape = { ...UPLOADED, progress: [PROGRESS_ITEM] };

/** `created_at` and what stands for no error differ by body: rulings 2 and 4. */
const statementOf = (created_at: string, error: string): Shape => ({
  statement_id: "uuid",
  statement_status: "=completed|failed|processing",
  error_code: error,
  error_message: error,
  source: "=pdf",
  statement_date_range: DMY_RANGE,
  created_at,
  upload_file_name: "=statement.pdf",
});

export const UPLOAD_STATUS: Shape = {
  session_id: "uuid",
  session_date_range: DMY_RANGE,
  upload_status: "=COMPLETED|EXPIRED|NO_UPLOAD|IN_PROGRESS",
  session_expiry_timestamp: "TS",
  error: {},
  accounts: [
    {
      account_id: "uuid",
      account_number: "masked",
      bank_name: "str+",
      full_bank_name: "str",
      name: "str",
      account_type: "=SAVINGS|CURRENT|OVERDRAFT|",
      account_status: "=PARTIAL|COMPLETED",
      months: ["YYYY-MM"],
      missing_data: [YMD_RANGE, "or none"],
      created_at: "TS",
      last_updated_at: "TS",
      statements: [statementOf("ISO", "=")],
    },
    "or none",
  ],
};

export const STARTED: Shape = { session_id: "uuid", message: "=success" };

export const PROGRESS: Shape = {
  session_id: "uuid",
  session_progress: "=processing|completed",
  progress: [PROGRESS_ITEM],
};

export const SESSION_STATUS: Shape = {
  session_id: "uuid",
  insights_available: "bool",
  accounts: [
    {
      account_id: "uuid",
      account_number: "masked",
      bank_name: "str+",
      full_bank_name: "str",
      name: "str",
      account_category: "=individual|corporate",
      account_type: "=SAVINGS|CURRENT|OVERDRAFT|",
      account_status: "=completed|failed",
      error_code: "str?",
      error_message: "str?",
      created_at: "TS",
      last_updated_at: "TS",
      attempt_types: ["=PDF"],
      statements: [statementOf("ISO", "str?")],
    },
  ],
};

/** Ruling 3: the full number; ruling 2: null for no error; ruling 4: `created_at` with its offset. */
const uploadEnd = (event: string, message: string, accounts: "or none" | null): Shape => ({
  session_id: "uuid",
  event_name: `=${event}`,
  message: `=${message}`,
  session_date_range: DMY_RANGE,
  accounts: ((): Shape => {
    const account: Shape = {
      account_id: "uuid",
      account_number: "number",
      bank_name: "str+",
      created_at: "TS",
      last_updated_at: "TS",
      account_status: "=PARTIAL|COMPLETED",
      months: ["YYYY-MM"],
      missing_data: [YMD_RANGE, "or none"],
      statements: [statementOf("TS+off", "null")],
    };
    return accounts ? [account, accounts] : [account];
  })(),
});

export const COMPLETION = uploadEnd("SESSION_REQUIREMENT_COMPLETION_NOTIFICATION", "Upload Completed", null);
export const EXPIRY = uploadEnd("SESSION_EXPIRY_NOTIFICATION", "Session expired", "or none");

export const ENRICHMENT: Shape = {
  session_id: "uuid",
  event_name: "=ENRICHMENT_NOTIFICATION",
  insights_available: "bool",
  accounts: [
    {
      bank_name: "str+",
      account_id: "uuid",
      account_status: "=completed|failed",
      error_code: "str?",
      error_message: "str?",
      name: "str?",
      account_category: "=individual|corporate",
      attempt_types: ["=PDF"],
    },
  ],
};

export const SESSION_PDFS: Shape = {
  statements: [
    {
      statement_id: "uuid",
      bank_name: "str+",
      pdf_password: "str?",
      pdf_url: "url",
      account_id: "uuid",
      source: "=PDF",
      message:
        "=Success|Password Incorrect|Is Image|Author Fraud|Date Fraud|Not a Statement|Keyword Not Present|New Template",
    },
  ],
};

export const CATALOGUE: Shape = {
  count: "int",
  banks: [
    {
      name: "str+",
      full_name: "str",
      npci_code: "str?",
      logo_url: "str",
      is_pdf_upload_available: "bool",
      is_net_banking_available: "bool",
      is_aa_available: "bool",
    },
  ],
};

export const XLSX_REPORTS: Shape = { session_id: "uuid", reports: [{ link: "url", account_id: "uuid" }] };
