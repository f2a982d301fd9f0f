/**
 * A session's life, as a table. The state itself is a generated column of its instants.
 *
 *     open ──▶ completed ──▶ processing ──▶ processed        deleted: from any
 *       └────▶ expired ─────────▲
 */
import type { Kysely } from "kysely";
import type { Schema } from "../store/schema.ts";
import { markSession, type Session, type SessionMark, type SessionState } from "../store/sessions.ts";
import { IntakeError } from "./errors.ts";

export type SessionStep = "complete" | "expire" | "request_processing" | "finish" | "delete";

const STEPS: Readonly<Record<SessionStep, { from: readonly SessionState[]; mark: SessionMark }>> = {
  complete: { from: ["open"], mark: "completed_at" },
  expire: { from: ["open"], mark: "expired_at" },
  request_processing: { from: ["completed", "expired"], mark: "processing_requested_at" },
  finish: { from: ["processing"], mark: "processed_at" },
  delete: { from: ["open", "completed", "expired", "processing", "processed"], mark: "deleted_at" },
};

type Request = "read_uploads" | "upload" | "initiate" | "read_progress" | "read_result";
type Refusal =
  | "SESSION_DELETED"
  | "SESSION_EXPIRED"
  | "DUPLICATE_PROCESSING_REQUEST"
  | "PROCESSING_NOT_REQUESTED"
  | "PROCESSING_NOT_COMPLETED";

/** What a state answers to a request; null is: go on. */
const ANSWERS: Readonly<Record<Request, Readonly<Record<SessionState, Refusal | null>>>> = {
  read_uploads: {
    open: null,
    completed: null,
    expired: null,
    processing: null,
    processed: null,
    deleted: "SESSION_DELETED",
  },
  upload: {
    open: null,
    // A completed session may be reopened for more uploads until it expires (reference §2).
    completed: null,
    expired: "SESSION_EXPIRED",
    processing: "SESSION_EXPIRED",
    processed: "SESSION_EXPIRED",
    deleted: "SESSION_DELETED",
  },
  initiate: {
    open: null,
    completed: null,
    // What was uploaded before the expiry can still be processed.
    expired: null,
    processing: "DUPLICATE_PROCESSING_REQUEST",
    processed: "DUPLICATE_PROCESSING_REQUEST",
    deleted: "SESSION_DELETED",
  },
  read_progress: {
    open: "PROCESSING_NOT_REQUESTED",
    completed: "PROCESSING_NOT_REQUESTED",
    expired: "PROCESSING_NOT_REQUESTED",
    processing: null,
    processed: null,
    deleted: "SESSION_DELETED",
  },
  read_result: {
    open: "PROCESSING_NOT_REQUESTED",
    completed: "PROCESSING_NOT_REQUESTED",
    expired: "PROCESSING_NOT_REQUESTED",
    processing: "PROCESSING_NOT_COMPLETED",
    processed: null,
    deleted: "SESSION_DELETED",
  },
};

/** Throws IntakeError where the state does not allow the request. */
export function assertAllows(state: SessionState, request: Request, sessionId: string): void {
  const code = ANSWERS[request][state];
  if (code) throw new IntakeError(code === "SESSION_DELETED" ? "session" : "state", code, { sessionId });
}

export function mayStep(state: SessionState, step: SessionStep): boolean {
  return STEPS[step].from.includes(state);
}

/** Takes the step of a session that the caller has locked. A step that the table lacks is a fault of this program. */
export async function takeStep(
  trx: Kysely<Schema>,
  session: Session,
  step: SessionStep,
  at: Temporal.Instant,
): Promise<Session> {
  const { from, mark } = STEPS[step];
  const after = mayStep(session.state, step) ? await markSession(trx, session, from, mark, at) : null;
  if (!after) throw new Error(`A session that is ${session.state} cannot ${step}.`);
  return after;
}

export type UploadStatusName = "NO_UPLOAD" | "IN_PROGRESS" | "COMPLETED" | "EXPIRED";

/** Reference §2.4, first match wins; `hasUploads`: any account or statement. */
export function uploadStatusOf(state: SessionState, hasUploads: boolean): UploadStatusName {
  switch (state) {
    case "completed":
    case "processing":
    case "processed":
      return "COMPLETED";
    case "expired":
      return "EXPIRED";
    case "open":
    case "deleted":
      return hasUploads ? "IN_PROGRESS" : "NO_UPLOAD";
  }
}
