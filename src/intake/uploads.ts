import type { Environment } from "../store/environments.ts";
import type { Intake } from "./context.ts";
import type { DateRange, ProgressItem } from "./reads.ts";

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

/**
 * The checks that come before the file is looked at (or fetched): session known, not deleted, open for uploads.
 * uploadStatement makes them again. Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, SESSION_EXPIRED.
 */
export function checkUploadAllowed(_intake: Intake, _env: Environment, _sessionId: string): Promise<void> {
  throw new Error("follows");
}

/**
 * Reads the file and records its statements. A file may hold several: all that are acceptable are recorded, the
 * answer speaks of the first of them. Throws IntakeError; a refused upload leaves no row and no file.
 */
export function uploadStatement(
  _intake: Intake,
  _env: Environment,
  _actor: string,
  _upload: Upload,
): Promise<UploadResult> {
  throw new Error("follows");
}
