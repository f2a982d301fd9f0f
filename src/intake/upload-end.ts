/**
 * The end of a session's uploads: completed or expired, whichever comes first, once. Mark, event and audit are one
 * transaction; both share one event key, so that the database too allows only one.
 */
import type { Kysely } from "kysely";
import { recordEvent } from "../events/outbox.ts";
import { addJob, removeJob } from "../platform/jobs.ts";
import { isUuidV4 } from "../platform/ids.ts";
import { recordAudit } from "../store/audit.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import { findSession, lockSession, type Rules, type Session } from "../store/sessions.ts";
import { inTransaction } from "../store/transaction.ts";
import type { Intake } from "./context.ts";
import { IntakeError } from "./errors.ts";
import { UPLOAD_END, uploadEndBody } from "./notifications.ts";
import { loadSnapshot } from "./snapshot.ts";
import { mayStep, takeStep } from "./states.ts";

export const EXPIRE_TASK = "expire_session";
const EXPIRE_ACTOR = "job:expire_session";

const expiryKey = (sessionId: string): string => `expire:${sessionId}`;
/** `session:<uuid>` or `entity:<uuid>`. */
export const resourceOf = (session: Session): string => `${session.kind}:${session.public_id}`;

export interface Act {
  actor: string;
  at: Temporal.Instant;
}

/** Planned with the session, so that it survives a restart. */
export async function planExpiry(
  trx: Kysely<Schema>,
  envId: number,
  sessionId: string,
  expiresAt: Temporal.Instant,
): Promise<void> {
  await addJob(trx, {
    task: EXPIRE_TASK,
    payload: { env: envId, session: sessionId },
    runAt: expiresAt,
    key: expiryKey(sessionId),
  });
}

export interface Ended {
  session: Session;
  /** To wake after the commit. */
  lanes: Lane[];
}

export const cancelExpiry = (trx: Kysely<Schema>, sessionId: string) => removeJob(trx, expiryKey(sessionId));

/** The session must be locked and open. */
export async function endUploads(
  trx: Kysely<Schema>,
  rules: Rules,
  session: Session,
  step: "complete" | "expire",
  { actor, at }: Act,
): Promise<Ended> {
  const ended = await takeStep(trx, session, step, at);
  const snapshot = await loadSnapshot(trx, rules, ended, at);
  const { recorded, lanes } = await recordEvent(trx, {
    envId: rules.id,
    key: `${resourceOf(session)}:upload_end`,
    type: UPLOAD_END[step].type,
    resource: resourceOf(session),
    subject: session.link_id,
    retention: 0,
    at,
    bodies: () => ({ session: uploadEndBody(step, snapshot, rules) }),
  });
  if (!recorded) throw new Error(`The uploads of ${resourceOf(session)} have ended before.`);
  await recordAudit(trx, {
    envId: rules.id,
    at,
    actor,
    action: `session.${step}`,
    target: resourceOf(session),
    detail: { accounts: snapshot.accounts.length, statements: snapshot.statements.length },
  });
  if (step === "complete") await cancelExpiry(trx, session.public_id);
  return { session: ended, lanes };
}

export const isExpiryDue = (session: Session, now: Temporal.Instant): boolean =>
  mayStep(session.state, "expire") && Temporal.Instant.compare(now, session.expires_at) >= 0;

/** Expires the session where its time has come and its uploads have not ended; else changes nothing. */
export async function expireIfDue(intake: Intake, rules: Rules, sessionId: string): Promise<void> {
  const expired = await inTransaction(intake.db, async ({ trx }): Promise<Ended | null> => {
    const session = await lockSession(trx, rules.id, sessionId);
    const at = intake.clock();
    if (!session || !isExpiryDue(session, at)) return null;
    return endUploads(trx, rules, session, "expire", { actor: EXPIRE_ACTOR, at });
  });
  if (expired) intake.wake(expired.lanes);
}

/**
 * The session as it is now: one whose time has passed is expired first, so that no answer depends on how quickly
 * the job ran. Throws IntakeError SESSION_NOT_FOUND.
 */
export async function currentSession(intake: Intake, rules: Rules, sessionId: string): Promise<Session> {
  const session = await knownSession(intake.db, rules, sessionId);
  if (!isExpiryDue(session, intake.clock())) return session;
  await expireIfDue(intake, rules, sessionId);
  return knownSession(intake.db, rules, sessionId);
}

async function knownSession(db: Kysely<Schema>, rules: Rules, sessionId: string): Promise<Session> {
  const session = isUuidV4(sessionId) ? await findSession(db, rules.id, sessionId) : null;
  if (!session) throw new IntakeError("session", "SESSION_NOT_FOUND");
  return session;
}

/** Throws IntakeError SESSION_NOT_FOUND. */
export async function lockKnownSession(
  trx: Kysely<Schema>,
  rules: Rules,
  sessionId: string,
): Promise<Session> {
  const session = isUuidV4(sessionId) ? await lockSession(trx, rules.id, sessionId) : null;
  if (!session) throw new IntakeError("session", "SESSION_NOT_FOUND");
  return session;
}
