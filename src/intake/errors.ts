/** Refusals of this room, named by stage. One place in `http/bankconnect` gives each its status and message. */

/**
 * Stages in the order in which a request is checked (reference §9-25): the session is found, its state allows the
 * step, the fields mean something, the file can be read, the bank is right, the statement is new and in range.
 */
export type IntakeStage = "session" | "state" | "fields" | "file" | "bank" | "format" | "duplicate" | "range";

export type IntakeErrorCode =
  // session
  | "SESSION_NOT_FOUND"
  | "SESSION_DELETED"
  | "ENTITY_NOT_FOUND"
  // state
  | "SESSION_EXPIRED"
  | "DUPLICATE_PROCESSING_REQUEST"
  | "UNPARSABLE_STATEMENTS"
  | "PROCESSING_NOT_REQUESTED"
  | "PROCESSING_NOT_COMPLETED"
  // fields
  | "MISSING_DATE_FIELD"
  | "INVALID_DATE_RANGE"
  | "INVALID_BANK_NAME"
  | "MISSING_BANK_NAME"
  | "MODE_NOT_AVAILABLE"
  | "MODE_NOT_ENABLED"
  | "INVALID_MOBILE_NUMBER"
  | "INVALID_SESSION_EXPIRY"
  | "INVALID_AA_PARAMETER"
  | "MISSING_AA_PARAMETER"
  | "INVALID_ACCOUNT_CATEGORY"
  /** An upload's `bank_name` that is no identifier: on the wire the list of identifiers, without a code. */
  | "UNKNOWN_BANK_NAME"
  // file
  | "EMPTY_FILE"
  | "INVALID_FILE_OBJECT"
  | "PASSWORD_INCORRECT"
  | "PDF_IS_IMAGE"
  | "STATEMENT_TOO_MANY_PAGES"
  | "EXTRACTION_FAILED"
  // bank
  | "BANK_NAME_MISMATCH"
  | "BANK_NAME_UNDETECTED"
  // format
  | "STATEMENT_UNSUPPORTED_FORMAT"
  | "STATEMENT_NO_TRANSACTIONS"
  | "UNPARSABLE"
  // duplicate, range
  | "STATEMENT_DUPLICATE"
  | "OUT_OF_DATE_RANGE";

/** Which of a code's messages is meant, where the contract has several. */
export type IntakeErrorAbout = "tenure" | "frequency" | "bank_and_mode" | "max_dates" | "too_long";

export interface IntakeErrorFacts {
  /** Known so far; the upload's error body carries them. */
  sessionId?: string;
  statementId?: string;
  /** The identifier that the caller named, lower case: for `Not {bank} bank statement`. */
  bank?: string;
  about?: IntakeErrorAbout;
  cause?: unknown;
}

export class IntakeError extends Error {
  override name = "IntakeError";
  readonly stage: IntakeStage;
  readonly code: IntakeErrorCode;
  readonly sessionId: string | null;
  readonly statementId: string | null;
  readonly bank: string | null;
  readonly about: IntakeErrorAbout | null;

  constructor(stage: IntakeStage, code: IntakeErrorCode, facts: IntakeErrorFacts = {}) {
    super(code, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.stage = stage;
    this.code = code;
    this.sessionId = facts.sessionId ?? null;
    this.statementId = facts.statementId ?? null;
    this.bank = facts.bank ?? null;
    this.about = facts.about ?? null;
  }
}
