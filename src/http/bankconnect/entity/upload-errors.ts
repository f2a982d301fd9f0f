/** The entity flow's uploads answer by a number (reference §5.2): one table of what each code is there. Pure. */
import type { Detail, ErrorAnswer, ErrorCode } from "../errors.ts";

type Message = string | ((detail: Detail) => string);

const UNSUPPORTED = "Unsupported Bank Statement Format. It should have balance, date and amount columns.";

/** Clients compare these messages word for word (§5.4). */
const NUMBERED: Partial<Record<ErrorCode, { status: number; message: Message }>> = {
  PASSWORD_INCORRECT: { status: 3, message: "Password incorrect" },
  BANK_NAME_MISMATCH: { status: 4, message: ({ bank }) => `Not ${bank} statement` },
  BANK_NAME_UNDETECTED: { status: 5, message: "Unable to detect bank. Please provide BANK NAME." },
  PDF_IS_IMAGE: { status: 6, message: "PDF is not parsable" },
  UNPARSABLE: { status: 6, message: "PDF is not parsable" },
  EXTRACTION_FAILED: { status: 6, message: "PDF is not parsable" },
  INVALID_FILE_OBJECT: { status: 6, message: "PDF is not parsable" },
  STATEMENT_UNSUPPORTED_FORMAT: { status: 7, message: UNSUPPORTED },
  STATEMENT_NO_TRANSACTIONS: { status: 7, message: UNSUPPORTED },
};

/** Status 0: which field is at fault, and in which words; null takes the code's own message. */
const FIELDS: Partial<Record<ErrorCode, { field: string; reason: string | null }>> = {
  MISSING_FILE_OBJECT: { field: "file", reason: "This field is required." },
  NOT_A_FORM: {
    field: "file",
    reason:
      "This field must be present as a form field. Send request with content type x-www-form-urlencoded or form-data",
  },
  EMPTY_FILE: { field: "file", reason: "The submitted file is empty." },
  INVALID_BASE_64: { field: "file", reason: null },
  INVALID_FILE_URL: { field: "file_url", reason: "Enter a valid URL." },
  STATEMENT_TOO_MANY_PAGES: { field: "file", reason: null },
  STATEMENT_DUPLICATE: { field: "file", reason: null },
  UNKNOWN_BANK_NAME: { field: "bank_name", reason: null },
};

/** Null where the code is none of an upload's own. */
export function uploadStatusAnswer(
  code: ErrorCode,
  text: string,
  detail: Detail,
  entityId: string,
): ErrorAnswer | null {
  if (code === "INVALID_REQUEST" && detail.field !== undefined) {
    return { status: 400, body: { [detail.field]: [detail.reason ?? text], status: 0 } };
  }
  // Bytes beyond the limit were never looked at: there is no telling what they are.
  if (detail.why !== undefined && code === "INVALID_FILE_OBJECT") {
    return { status: 400, body: { file: ["The submitted file is too large."], status: 0 } };
  }
  const atFault = FIELDS[code];
  if (atFault) return { status: 400, body: { [atFault.field]: [atFault.reason ?? text], status: 0 } };
  const numbered = NUMBERED[code];
  if (!numbered) return null;
  const message = typeof numbered.message === "string" ? numbered.message : numbered.message(detail);
  return { status: 400, body: { entity_id: entityId, message, status: numbered.status } };
}
