import type { StepStatus } from "../store/schema.ts";
import type { Environment } from "../store/environments.ts";
import type { Intake } from "./context.ts";

export interface DateRange {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

export type UploadStatusName = "NO_UPLOAD" | "IN_PROGRESS" | "COMPLETED" | "EXPIRED";

export interface StatementView {
  statementId: string;
  status: StepStatus;
  /** Null where there is none; upload status writes `""`. */
  errorCode: string | null;
  errorMessage: string | null;
  source: "pdf" | "online" | "aa";
  /** Printed period, else first to last transaction; null where it has neither. */
  range: DateRange | null;
  createdAt: Temporal.Instant;
  fileName: string;
}

export interface AccountUploadView {
  accountId: string;
  /** Full; `accountNumberFor` of wire.ts masks it. */
  accountNumber: string | null;
  bankName: string;
  fullBankName: string;
  name: string | null;
  accountType: string | null;
  /** Whether the considered part of the session's range is covered without a gap. */
  status: "PARTIAL" | "COMPLETED";
  months: Temporal.PlainYearMonth[];
  missingData: DateRange[];
  createdAt: Temporal.Instant;
  lastUpdatedAt: Temporal.Instant;
  statements: StatementView[];
}

export interface UploadStatus {
  sessionId: string;
  range: DateRange;
  uploadStatus: UploadStatusName;
  expiresAt: Temporal.Instant;
  accounts: AccountUploadView[];
}

export interface ProgressItem {
  statementId: string;
  identityStatus: StepStatus;
  transactionStatus: StepStatus;
  processingStatus: StepStatus;
  fraudStatus: StepStatus;
  message: string | null;
  source: "pdf" | "online" | "aa";
}

export interface Progress {
  sessionId: string;
  sessionProgress: "processing" | "completed";
  items: ProgressItem[];
}

export interface AccountStatusView {
  accountId: string;
  accountNumber: string | null;
  bankName: string;
  fullBankName: string;
  name: string | null;
  accountCategory: "individual" | "corporate";
  accountType: string | null;
  status: "completed" | "failed";
  errorCode: string | null;
  errorMessage: string | null;
  createdAt: Temporal.Instant;
  lastUpdatedAt: Temporal.Instant;
  /** `["PDF"]`. */
  attemptTypes: string[];
  statements: StatementView[];
}

export interface SessionStatus {
  sessionId: string;
  insightsAvailable: boolean;
  accounts: AccountStatusView[];
}

/** Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED. */
export function readUploadStatus(
  _intake: Intake,
  _env: Environment,
  _sessionId: string,
): Promise<UploadStatus> {
  throw new Error("follows");
}

/** One round trip. Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, PROCESSING_NOT_REQUESTED. */
export function readProgress(_intake: Intake, _env: Environment, _sessionId: string): Promise<Progress> {
  throw new Error("follows");
}

/** Throws IntakeError as readProgress, and PROCESSING_NOT_COMPLETED. */
export function readSessionStatus(
  _intake: Intake,
  _env: Environment,
  _sessionId: string,
): Promise<SessionStatus> {
  throw new Error("follows");
}
