/** `upload_session` (reference §2.3): what is sent to an open session, and the error. Order of checks: §9-25. */

export interface UploadCase {
  what: string;
  /** A file's name in `files.ts`; absent: no file. */
  file?: string;
  /** A file's name in `files.ts`: the receiver gives it out at `file_url`. */
  fetched?: string;
  /** How it is sent; a part where it is absent. */
  by?: "base64 form" | "base64 parts" | "text";
  fields?: Record<string, string>;
  /** Of the session's creation. */
  session?: Record<string, unknown>;
  error: Fault | null;
}

export interface Fault {
  status: number;
  /** Null: the contract prints none. */
  code: string | null;
  /** A pattern where the message holds a list. */
  message: string | RegExp;
}

const fault = (code: string, message: string): Fault => ({ status: 400, code, message });
const MISSING = fault("MISSING_FILE_OBJECT", "This file object is required");
const CORRUPT = fault("INVALID_FILE_OBJECT", "File object is invalid");
const EMPTY = fault("EMPTY_FILE", "File object is empty");
const BAD_URL = fault("INVALID_FILE_URL", "This file url is invalid");
const BAD_BASE64 = fault("INVALID_BASE_64", "Invalid Base 64 string");
const PASSWORD = fault("PASSWORD_INCORRECT", "The provided password is incorrect");
const IMAGE = fault("PDF_IS_IMAGE", "Scanned images are not supported");
const RANGE = fault("OUT_OF_DATE_RANGE", "No transactions in expected date range");
const UNDETECTED = fault("BANK_NAME_UNDETECTED", "Unable to detect bank. Please provide BANK NAME.");
const UNSUPPORTED = fault("STATEMENT_UNSUPPORTED_FORMAT", "The statement format is not supported");
const NO_TRANSACTIONS = fault(
  "STATEMENT_NO_TRANSACTIONS",
  "No transactions were identified in the uploaded statement",
);
const CATEGORY = fault("INVALID_ACCOUNT_CATEGORY", "Account category is invalid");
const mismatch = (bank: string) => fault("BANK_NAME_MISMATCH", `Not ${bank} bank statement`);
const STRINGS: Fault = {
  status: 400,
  code: null,
  message: /^Please use following bank strings: \[.*"axis".*\]$/,
};

const KOTAK = "kotak-january";
const HDFC = "hdfc-3-months";
const LOCKED = "hdfc-encrypted";
const LONG_AGO = { from_date: "01/01/2019", to_date: "31/03/2019" };

export const UPLOADS: readonly UploadCase[] = [
  { what: "a file_url", fetched: KOTAK, error: null },
  { what: "a file_url with nothing there", fetched: "no-such-file", error: BAD_URL },
  { what: "a statement", file: KOTAK, error: null },
  { what: "Base64 in a form", file: KOTAK, by: "base64 form", fields: { upload_type: "BASE64" }, error: null },
  { what: "Base64 in multipart", file: KOTAK, by: "base64 parts", fields: { upload_type: "BASE64" }, error: null },
  { what: "its bank named", file: KOTAK, fields: { bank_name: "kotak" }, error: null },
  { what: "its bank named in upper case", file: KOTAK, fields: { bank_name: "KOTAK" }, error: null },
  { what: "its account_category", file: KOTAK, fields: { account_category: "SAVINGS" }, error: null },
  { what: "a password that no file needs", file: KOTAK, fields: { pdf_password: "x" }, error: null },
  { what: "the password", file: LOCKED, fields: { pdf_password: "AARA1990" }, error: null },
  { what: "the bank of the session", file: KOTAK, session: { bank_name: "kotak", mode: "pdf" }, error: null },
  { what: "its range within the session's", file: KOTAK, session: { from_date: "01/01/2024", to_date: "31/01/2024" }, error: null },
  { what: "no file", error: MISSING },
  { what: "no file, as a form", by: "base64 form", error: MISSING },
  { what: "an empty file", file: "empty", error: EMPTY },
  { what: "noise", file: "noise", error: CORRUPT },
  { what: "a part of a PDF", file: "damaged", error: CORRUPT },
  { what: "Base64 that is none", by: "text", fields: { upload_type: "BASE64", file: "this is not base64!" }, error: BAD_BASE64 },
  { what: "a file_url that is none", fields: { file_url: "nope" }, error: BAD_URL },
  { what: "a file_url of another scheme", fields: { file_url: "ftp://example.com/a.pdf" }, error: BAD_URL },
  { what: "a file_url into a private network", fields: { file_url: "http://10.1.2.3/a.pdf" }, error: BAD_URL },
  { what: "a wrong password", file: LOCKED, fields: { pdf_password: "wrong" }, error: PASSWORD },
  { what: "an empty password", file: LOCKED, fields: { pdf_password: "" }, error: PASSWORD },
  { what: "no password", file: LOCKED, error: PASSWORD },
  { what: "a scan", file: "scanned", error: IMAGE },
  { what: "a scan, its bank named", file: "scanned", fields: { bank_name: "axis" }, error: IMAGE },
  { what: "another bank named", file: KOTAK, fields: { bank_name: "axis" }, error: mismatch("axis") },
  { what: "another bank than the session's", file: KOTAK, session: { bank_name: "axis", mode: "pdf" }, error: mismatch("axis") },
  { what: "a bank that nobody knows, and no proof", file: "other-broken", error: UNDETECTED },
  // §2.3 does not list it; docs/compatibility.md says why an upload answers it.
  { what: "a letter", file: "letter", error: NO_TRANSACTIONS },
  { what: "a page of the web", file: "page", error: UNSUPPORTED },
  { what: "a range long ago", file: KOTAK, session: LONG_AGO, error: RANGE },
  { what: "a range long ago, where anything is accepted", file: KOTAK, session: { ...LONG_AGO, accept_anything: true }, error: null },
  { what: "an account_category that is none", file: KOTAK, fields: { account_category: "PENSION" }, error: CATEGORY },
  { what: "an unknown bank_name", file: KOTAK, fields: { bank_name: "no_such_bank" }, error: STRINGS },
  { what: "upload_type in lower case (§9-18)", file: KOTAK, fields: { upload_type: "pdf" }, error: null },
  // Each pair of neighbours in the order of checks: the earlier one answers.
  { what: "fields before file: a bank that is unknown, no file", fields: { bank_name: "no_such_bank" }, error: STRINGS },
  { what: "fields before file: a category that is none, an empty file", file: "empty", fields: { account_category: "PENSION" }, error: CATEGORY },
  { what: "file before bank: a damaged one, another bank named", file: "damaged", fields: { bank_name: "axis" }, error: CORRUPT },
  { what: "password before bank", file: LOCKED, fields: { bank_name: "axis", pdf_password: "wrong" }, error: PASSWORD },
  { what: "text layer before bank", file: "scanned", fields: { bank_name: "hdfc" }, error: IMAGE },
  { what: "bank before date range", file: KOTAK, fields: { bank_name: "axis" }, session: LONG_AGO, error: mismatch("axis") },
  { what: "bank before date range, undetected", file: "other-broken", session: LONG_AGO, error: UNDETECTED },
]; // prettier-ignore

export const DUPLICATE = {
  file: HDFC,
  error: fault("STATEMENT_DUPLICATE", "A duplicate statement has been detected"),
};

/** Sent with a content type that is no form's. */
export const NOT_A_FORM = fault(
  "INVALID_FILE_OBJECT",
  "This field must be present as a form field. Send request with correct content type",
);
