/** Every path and every code that the reference names: each is served, or explained in `docs/compatibility.md`. */

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const sessionData = words(
  "session_upload_status initiate_processing progress session_status insights get_pdfs delete xlsx_report identity " +
    "transactions predictors eod_balances monthly_analysis_updated recurring_transactions webhook_payloads",
);
const entityReads = words(
  "accounts identity transactions lender_transactions salary recurring_transactions get_expense_categories " +
    "top_credits_debits monthly_analysis_updated monthly_analysis rolling_monthly_analysis xlsx_report raw_excel_report " +
    "predictors score get_pdfs",
);

/** Below `/bank-connect/`, as the OpenAPI document writes them. */
export const PATHS: readonly string[] = [
  ...words(
    "v1/session/ v2/session/ v1/statement/upload_session/ v1/session_data/update_webhook/ v1/banks/catalogue/ " +
      "v1/account_aggregator/get_recurring_consent_details/ v1/account_aggregator/fetch_recurring_aa_data/ " +
      "v1/entity/ v1/entity/{entity_id}/ v1/entity/update_webhook/ v1/entity/webhook_payloads/ " +
      "v1/statement/upload/ v1/statement/bankless_upload/ v1/statement/upload_base64/ " +
      "v1/statement/bankless_upload_base64/ v1/net_banking_health/",
  ),
  ...sessionData.map((name) => `v1/session_data/{session_id}/${name}/`),
  ...entityReads.map((name) => `v1/entity/{entity_id}/${name}/`),
];

/** §2.1, §2.3 to §2.10. `METHOD_NOT_ALLOWED` is said once for every path. */
export const CODES: readonly string[] = words(
  "INVALID_REQUEST INVALID_BANK_NAME MISSING_BANK_NAME MODE_NOT_AVAILABLE MODE_NOT_ENABLED INVALID_DATE_FORMAT " +
    "INVALID_DATE_RANGE MISSING_DATE_FIELD INVALID_MOBILE_NUMBER INVALID_SESSION_EXPIRY INVALID_AA_PARAMETER " +
    "MISSING_AA_PARAMETER INVALID_URL INVALID_LENGTH INVALID_PARAMETER_COUNT AUTHENTICATION_CREDENTIALS_NOT_PROVIDED " +
    "PAYMENT_REQUIRED METHOD_NOT_ALLOWED UNSUPPORTED_MEDIA_TYPE SESSION_NOT_FOUND SESSION_DELETED ACCESS_DENIED " +
    "SESSION_EXPIRED TRIAL_PERIOD_EXPIRED INVALID_API_KEY MISSING_FILE_OBJECT INVALID_FILE_OBJECT EMPTY_FILE " +
    "INVALID_FILE_URL INVALID_BASE_64 PASSWORD_INCORRECT PDF_IS_IMAGE STATEMENT_UNSUPPORTED_FORMAT STATEMENT_DUPLICATE " +
    "OUT_OF_DATE_RANGE BANK_NAME_UNDETECTED BANK_NAME_MISMATCH INVALID_ACCOUNT_CATEGORY KEY_REQUIRED " +
    "DUPLICATE_PROCESSING_REQUEST UNPARSABLE_STATEMENTS PROCESSING_NOT_REQUESTED PROCESSING_NOT_COMPLETED " +
    "INVALID_SESSION_ID INVALID_CONSENT_ID CONSENT_REVOKED CONSENT_OVERUSED NO_TRANSACTIONS_FROM_AA",
);
