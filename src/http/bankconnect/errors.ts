/**
 * The one table of this contract's errors: code → HTTP status, exact message. And the shapes they are put in.
 *
 *   envelope  {"error": {"code", "message"}}                                   session creation, session_data
 *   upload    {"session_id", "statement_id", "error": {"code", "message"}}     upload_session
 *   detail    {"detail": "…"}, or {"<field>": ["…"]}                           the entity flow
 *   status    {"entity_id", "message", "status"} (`entity/upload-errors.ts`)    its uploads
 */
import { uploadStatusAnswer } from "./entity/upload-errors.ts";

export type Shape = "envelope" | "upload" | "detail" | "status";

/** Of a path that no route serves, by the flow that it lies in. */
export function shapeOf(url: string): Shape {
  const path = url.replace(/^\/bank-connect(\/v\d+)?/, "");
  if (path.startsWith("/statement/upload_session")) return "upload";
  return path.startsWith("/entity") || path.startsWith("/statement") ? "detail" : "envelope";
}

/** What a message may need to know. */
export interface Detail {
  /** The field at fault and the reason, as in `link_id, This field is required.` */
  field?: string;
  reason?: string;
  bank?: string;
  method?: string;
  mediaType?: string;
  /** Seconds. */
  retryAfter?: number;
  bankNames?: readonly string[];
  /** For the log only: what the contract's code does not tell, such as `too_large`. Never from the request itself. */
  why?: string;
  /** Which of a code's messages is meant, where the contract has several. */
  about?: "tenure" | "frequency" | "bank_and_mode" | "max_dates" | "too_long" | null;
}

interface Entry {
  status: number;
  message: string | ((detail: Detail) => string);
  /** What goes out as the code where it is not the name here. Null: the contract prints none. */
  code?: string | null;
}

const entry = (status: number, message: Entry["message"]): Entry => ({ status, message });

const max = (about: Detail["about"]) => (about === "max_dates" ? "max_" : "");

const ACCESS_DENIED = "Authentication credentials were not provided";

export const ERRORS = {
  // Session creation (§2.1)
  INVALID_REQUEST: entry(400, ({ field, reason }) =>
    field === undefined ? "Something went wrong" : `${field}, ${reason ?? "Something went wrong"}`,
  ),
  INVALID_BANK_NAME: entry(400, "Invalid bank identifier."),
  MISSING_BANK_NAME: entry(400, "`bank_name` is required with `mode`."),
  MODE_NOT_AVAILABLE: entry(400, "Specified mode not available for this bank."),
  MODE_NOT_ENABLED: entry(403, "Specified mode not enabled. Contact FinBox Admin."),
  INVALID_DATE_FORMAT: entry(
    400,
    ({ about }) =>
      `Invalid \`${max(about)}from_date\` or \`${max(about)}to_date\` format. Use \`DD/MM/YYYY\`.`,
  ),
  INVALID_DATE_RANGE: entry(400, ({ about }) =>
    // The contract's other wording: the first would say what is not the case.
    about === "too_long"
      ? "Invalid date range"
      : `\`${max(about)}from_date\` cannot be greater or equal to \`${max(about)}to_date\`.`,
  ),
  MISSING_DATE_FIELD: entry(
    400,
    ({ about }) => `\`${max(about)}from_date\` and \`${max(about)}to_date\` are required.`,
  ),
  INVALID_MOBILE_NUMBER: entry(400, "Invalid mobile number."),
  INVALID_SESSION_EXPIRY: entry(
    400,
    "Session expiry should be int, Min value is 5 and Max is 43200 in minutes",
  ),
  INVALID_AA_PARAMETER: entry(400, ({ about }) =>
    about === "tenure" ? "Tenure must be between 1 and 84" : "Invalid AA parameter",
  ),
  MISSING_AA_PARAMETER: entry(400, ({ about }) => {
    if (about === "frequency") return "Frequency unit/value required";
    return about === "bank_and_mode" ? "`bank_name` and `mode` required" : "Required AA parameter is missing";
  }),
  AUTHENTICATION_CREDENTIALS_NOT_PROVIDED: entry(401, ACCESS_DENIED),
  METHOD_NOT_ALLOWED: entry(405, ({ method }) => `Method ${method} not allowed.`),
  UNSUPPORTED_MEDIA_TYPE: entry(415, ({ mediaType }) => `Unsupported media type \`${mediaType}\``),

  // session_data (§2.4 to §2.7)
  SESSION_NOT_FOUND: entry(404, "The provided session ID is invalid"),
  SESSION_DELETED: entry(410, "The provided session ID has been deleted"),
  ACCESS_DENIED: entry(403, ACCESS_DENIED),
  DUPLICATE_PROCESSING_REQUEST: entry(400, "Request for processing have already been initiated"),
  UNPARSABLE_STATEMENTS: entry(400, "The uploaded statements are not parsable"),
  PROCESSING_NOT_REQUESTED: entry(400, "Cannot proceed as the processing has not been requested yet"),
  PROCESSING_NOT_COMPLETED: entry(400, "The processing for this session is currently in progress"),

  // upload_session (§2.3)
  SESSION_EXPIRED: entry(400, "This session has expired"),
  INVALID_API_KEY: entry(403, `${ACCESS_DENIED}.`),
  MISSING_FILE_OBJECT: entry(400, "This file object is required"),
  NOT_A_FORM: {
    ...entry(400, "This field must be present as a form field. Send request with correct content type"),
    code: "INVALID_FILE_OBJECT",
  },
  INVALID_FILE_OBJECT: entry(400, "File object is invalid"),
  EMPTY_FILE: entry(400, "File object is empty"),
  INVALID_FILE_URL: entry(400, "This file url is invalid"),
  INVALID_BASE_64: entry(400, "Invalid Base 64 string"),
  PASSWORD_INCORRECT: entry(400, "The provided password is incorrect"),
  PDF_IS_IMAGE: entry(400, "Scanned images are not supported"),
  STATEMENT_UNSUPPORTED_FORMAT: entry(400, "The statement format is not supported"),
  STATEMENT_DUPLICATE: entry(400, "A duplicate statement has been detected"),
  OUT_OF_DATE_RANGE: entry(400, "No transactions in expected date range"),
  BANK_NAME_UNDETECTED: entry(400, "Unable to detect bank. Please provide BANK NAME."),
  BANK_NAME_MISMATCH: entry(400, ({ bank }) => `Not ${bank} bank statement`),
  INVALID_ACCOUNT_CATEGORY: entry(400, "Account category is invalid"),
  UNKNOWN_BANK_NAME: {
    ...entry(400, ({ bankNames }) => `Please use following bank strings: ${JSON.stringify(bankNames)}`),
    code: null,
  },
  // Inner codes (§4) that an upload can meet before there is a statement to put them on.
  STATEMENT_TOO_MANY_PAGES: entry(400, "The statement exceeds the allowed page limit"),
  STATEMENT_NO_TRANSACTIONS: entry(400, "No transactions were identified in the uploaded statement"),
  EXTRACTION_FAILED: entry(400, "Failed to extract information from the statement"),
  UNPARSABLE: entry(400, "Failed to process because of an unparsable statement"),

  // Account Aggregator (§2.10): the sources name the code alone.
  INVALID_SESSION_ID: entry(400, "Invalid session ID"),

  // The entity flow (§5)
  ENTITY_NOT_FOUND: entry(404, "Not found."),

  // Not the contract's own
  NOT_FOUND: entry(404, "Not found."),
  HTTPS_REQUIRED: { ...entry(403, "HTTPS is required."), code: "ACCESS_DENIED" },
  REQUEST_TIMEOUT: entry(408, "The request took too long."),
  HEADERS_TOO_LARGE: entry(431, "The headers are too large."),
  TOO_MANY_REQUESTS: entry(429, "Request was throttled."),
  SERVICE_UNAVAILABLE: entry(503, "Service unavailable"),
  INTERNAL_ERROR: entry(500, "Something went wrong"),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

/** Thrown anywhere in a request; the error handler alone answers it. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: ErrorCode;
  readonly detail: Detail;
  constructor(code: ErrorCode, detail: Detail = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }
}

/** A `why`: the contract has no answer of its own for what is too large. */
export const TOO_LARGE = "too_large";

/** The ids that an upload's error names once they are known; blank before. */
export interface UploadIds {
  session_id: string;
  statement_id: string;
}

/** What stands as the code on the wire; null where the contract prints none. */
export function sentCode(code: ErrorCode): string | null {
  const { code: sent }: Entry = ERRORS[code];
  return sent === undefined ? code : sent;
}

const NO_IDS: UploadIds = { session_id: "", statement_id: "" };

/** The pages about uploads write `Session ID`, the others `session ID`. */
const UPLOAD_MESSAGES: Partial<Record<ErrorCode, string>> = {
  SESSION_NOT_FOUND: "The provided Session ID is invalid",
};

export interface ErrorAnswer {
  status: number;
  body: Record<string, unknown>;
}

export function answerError(
  code: ErrorCode,
  shape: Shape,
  detail: Detail = {},
  ids: UploadIds = NO_IDS,
): ErrorAnswer {
  const { status, message }: Entry = ERRORS[code];
  const text = typeof message === "string" ? message : message(detail);
  if (shape === "status") {
    const answer = uploadStatusAnswer(code, text, detail, ids.session_id);
    if (answer) return answer;
  }
  if (shape === "detail" || shape === "status") return { status, body: detailBody(code, text, detail) };
  const sent = sentCode(code);
  const error = {
    ...(sent === null ? {} : { code: sent }),
    message: shape === "upload" ? (UPLOAD_MESSAGES[code] ?? text) : text,
  };
  return { status, body: shape === "upload" ? { ...ids, error } : { error } };
}

function detailBody(code: ErrorCode, text: string, { field, reason }: Detail): Record<string, unknown> {
  if (code === "INVALID_REQUEST" && field !== undefined) return { [field]: [reason ?? text] };
  return { detail: text === ACCESS_DENIED ? `${text}.` : text };
}
