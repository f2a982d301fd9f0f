/** What goes in and out of this room, as values: HTTP and webhooks write them in the contract's formats (wire.ts). */
import type { LabelledTransaction } from "../analysis/types.ts";
import type { StepStatus } from "../store/schema.ts";
import type { UploadStatusName } from "./states.ts";

export interface DateRange {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

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

export interface TransactionView {
  transaction: LabelledTransaction;
  currency: string;
  proof: "chain" | "totals" | "none";
}

export interface SessionTransactions {
  sessionId: string;
  transactions: TransactionView[];
}

export interface Upload {
  sessionId: string;
  bytes: Uint8Array;
  fileName: string;
  password: string | null;
  /** As sent; compared case-insensitively. Null is: detect (or the bank that the session names). */
  bankName: string | null;
  /** `SAVINGS`, `CURRENT`, `OVERDRAFT`, `individual` or `corporate`, as sent. */
  accountCategory?: string | null;
}

export interface UploadResult {
  sessionId: string;
  statementId: string;
  accountId: string;
  bankName: string;
  /** Full; `maskAccountNumber` of wire.ts masks it. */
  accountNumber: string | null;
  pageCount: number;
  /** Printed period, else the transactions'. */
  dateRange: DateRange | null;
  /** First to last transaction. */
  extractedDateRange: DateRange | null;
  /** The account's opening day: no statement states it yet, so null. */
  openingDate: Temporal.PlainDate | null;
  /** Minor units of `currency`; `wireAmount` of wire.ts writes them. */
  openingBalance: bigint | null;
  closingBalance: bigint | null;
  currency: string;
  country: string;
  isFraud: boolean;
  fraudType: string | null;
  /** Of the account, over all its statements in the session. */
  months: Temporal.PlainYearMonth[];
  missingMonths: Temporal.PlainYearMonth[];
  identity: {
    accountId: string;
    bankName: string;
    accountNumber: string | null;
    name: string | null;
    address: string | null;
    ifsc: string | null;
    micr: string | null;
    accountCategory: "individual" | "corporate";
    /** Minor units. */
    creditLimit: bigint;
    odLimit: bigint;
  };
  /** Of every statement in the session, in the order of upload. */
  progress: ProgressItem[];
}
