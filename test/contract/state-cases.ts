/** What each call of a session answers in each state (reference §2): the table of §2.3 to §2.9 and §9-9, §9-10. */

export type State =
  | "unknown"
  | "malformed"
  | "another's"
  | "deleted"
  | "open"
  | "completed"
  | "expired"
  | "processing"
  | "processed";

export interface SessionCall {
  method: "GET" | "POST" | "DELETE";
  /** Below the session's path. */
  name: string;
  /** What is refused, by state; what is not named answers its success. */
  refuses: Partial<Record<State, keyof typeof REFUSALS>>;
  /** Changes the state: asked only where it is refused. */
  changes?: true;
}

export const REFUSALS = {
  absent: { status: 404, code: "SESSION_NOT_FOUND", message: "The provided session ID is invalid" },
  deleted: { status: 410, code: "SESSION_DELETED", message: "The provided session ID has been deleted" },
  duplicate: {
    status: 400,
    code: "DUPLICATE_PROCESSING_REQUEST",
    message: "Request for processing have already been initiated",
  },
  notRequested: {
    status: 400,
    code: "PROCESSING_NOT_REQUESTED",
    message: "Cannot proceed as the processing has not been requested yet",
  },
  notCompleted: {
    status: 400,
    code: "PROCESSING_NOT_COMPLETED",
    message: "The processing for this session is currently in progress",
  },
} as const;

/** Ruling 6: what is malformed is absent; and so is what belongs to somebody else. */
const ABSENT = { unknown: "absent", malformed: "absent", "another's": "absent", deleted: "deleted" } as const;
const NOT_YET = {
  ...ABSENT,
  open: "notRequested",
  completed: "notRequested",
  expired: "notRequested",
} as const;
const RESULT = { ...NOT_YET, processing: "notCompleted" } as const;

const result = (name: string): SessionCall => ({ method: "GET", name, refuses: RESULT });

export const CALLS: readonly SessionCall[] = [
  { method: "GET", name: "session_upload_status", refuses: ABSENT },
  { method: "GET", name: "get_pdfs", refuses: ABSENT },
  { method: "GET", name: "webhook_payloads", refuses: ABSENT },
  { method: "GET", name: "progress", refuses: NOT_YET },
  result("session_status"),
  result("insights"),
  result("transactions"),
  result("identity"),
  result("predictors"),
  result("eod_balances"),
  result("monthly_analysis_updated"),
  result("recurring_transactions"),
  result("xlsx_report"),
  {
    method: "POST",
    name: "initiate_processing",
    refuses: { ...ABSENT, processing: "duplicate", processed: "duplicate" },
    changes: true,
  },
  { method: "DELETE", name: "delete", refuses: ABSENT, changes: true },
];

export const STATES: readonly State[] = [
  "unknown",
  "malformed",
  "another's",
  "deleted",
  "open",
  "completed",
  "expired",
  "processing",
  "processed",
];

/** What `upload_status` says of the states in which it can be asked (§2.4). */
export const UPLOAD_STATUS_OF: Partial<Record<State, string>> = {
  open: "IN_PROGRESS",
  completed: "COMPLETED",
  expired: "EXPIRED",
  processing: "COMPLETED",
  processed: "COMPLETED",
};
