/**
 * A customer's visit of a bank for a session or entity: granted, its data is fetched by a job and becomes statements;
 * refused, it has failed, and an entity's webhook says so. Each is one transaction of whoever brings the bank's answer.
 */
import type { Kysely } from "kysely";
import { addJob } from "../../platform/jobs.ts";
import { newUuid } from "../../platform/ids.ts";
import { recordAudit } from "../../store/audit.ts";
import type { Environment } from "../../store/environments.ts";
import type { Lane } from "../../store/events.ts";
import {
  visitOfConsent,
  insertVisit,
  sealAccess,
  updateVisit,
  visitsOfSession,
  type Visit,
} from "../../store/net-banking.ts";
import type { Schema } from "../../store/schema.ts";
import { findSessionRow, lockSessionRow, type Session } from "../../store/sessions.ts";
import type { Intake } from "../context.ts";
import { tellOfFailedVisit } from "../entities.ts";
import { resourceOf } from "../upload-end.ts";
import type { FetchFault } from "./reach.ts";

/** Payload `{ env, visit }`. */
export const FETCH_TASK = "fetch_net_banking";
export const END_ACCESS_TASK = "end_net_banking_access";
const ACTOR = "job:net_banking";

/** What came back from a bank, and for which session. */
export interface VisitOf {
  /** Internal key. */
  sessionId: bigint;
  /** The contract's identifier, where the session names none. */
  bank: string;
  provider: string;
  bankConsentId: string;
}

/** Reference §6. */
const FAILURES: Readonly<Record<FetchFault, { type: string; reason: string }>> = {
  wrong_credentials: { type: "NB003", reason: "The user name or the password was wrong" },
  access_denied: { type: "NB000", reason: "Access was refused at the bank" },
  ended: { type: "NB005", reason: "The bank ended the access" },
  again: { type: "NB000", reason: "The bank could not be reached" },
  broken: { type: "NB000", reason: "The bank's answer could not be used" },
};

export const failureOf = (fault: FetchFault) => FAILURES[fault];

/** True while a bank's answer would change something. */
export async function awaitsVisit(
  { db, clock }: Pick<Intake, "db" | "clock">,
  envId: number,
  { sessionId, provider, bankConsentId }: Omit<VisitOf, "bank">,
): Promise<boolean> {
  const session = await findSessionRow(db, envId, sessionId);
  if (!session || !takesStatements(session, clock())) return false;
  return (await visitOfConsent(db, envId, { provider, bankConsentId })) === null;
}

/** As an upload: while the session is open or completed, and its time has not passed. An entity has no end. */
export function takesStatements(session: Session, now: Temporal.Instant): boolean {
  if (session.kind === "entity") return session.state !== "deleted";
  const isOpen = session.state === "open" || session.state === "completed";
  return isOpen && Temporal.Instant.compare(now, session.expires_at) < 0;
}

/** The bank said yes: plans the fetching. A session that takes nothing any more is left as it is. */
export async function recordGranted(
  trx: Kysely<Schema>,
  env: Environment,
  visit: VisitOf & { access: string; at: Temporal.Instant },
): Promise<void> {
  const { access, at } = visit;
  const session = await lockSessionRow(trx, env.id, visit.sessionId);
  if (!session || !takesStatements(session, at)) return;
  const publicId = newUuid();
  await insertVisit(trx, {
    ...columnsOf(env, session, visit, publicId),
    status: "fetching",
    access: sealAccess(env.dataKey, access, publicId),
  });
  await addJob(trx, {
    task: FETCH_TASK,
    payload: { env: env.id, visit: publicId },
    key: `visit:${publicId}`,
    // Somebody sits before the page and waits; whoever syncs at night does not.
    priority: -1,
  });
  await audit(trx, env, session, at, "net_banking.granted", { provider: visit.provider });
}

/** The bank, or the customer there, said no. Answers the lanes of the entity's event. */
export async function recordRefused(
  trx: Kysely<Schema>,
  env: Environment,
  visit: VisitOf & { fault: FetchFault; at: Temporal.Instant },
): Promise<Lane[]> {
  const { fault, at } = visit;
  const session = await lockSessionRow(trx, env.id, visit.sessionId);
  if (!session || !takesStatements(session, at)) return [];
  const { type, reason } = failureOf(fault);
  const publicId = newUuid();
  await insertVisit(trx, {
    ...columnsOf(env, session, visit, publicId),
    status: "failed",
    error_type: type,
    reason,
    access: null,
  });
  await audit(trx, env, session, at, "net_banking.refused", { provider: visit.provider, error_type: type });
  return tell(trx, env, session, { visitId: publicId, reason, at });
}

/** Fetching came to nothing. */
export async function recordFailed(
  trx: Kysely<Schema>,
  env: Environment,
  session: Session,
  visit: Visit,
  { fault, at }: { fault: FetchFault; at: Temporal.Instant },
): Promise<Lane[]> {
  const { type, reason } = failureOf(fault);
  await updateVisit(trx, visit, {
    status: "failed",
    error_type: type,
    reason,
    access: null,
    updated_at: at,
  });
  await planEndOfAccess(trx, visit);
  await audit(trx, env, session, at, "net_banking.failed", { provider: visit.provider, error_type: type });
  return tell(trx, env, session, { visitId: visit.public_id, reason, at });
}

/** What was granted is given back as soon as it is not needed: the visit was for one look. */
export const planEndOfAccess = (trx: Kysely<Schema>, { env_id, public_id }: Visit): Promise<void> =>
  addJob(trx, { task: END_ACCESS_TASK, payload: { env: env_id, visit: public_id } });

/** With a deleted session go the tokens of its visits; the bank is told. */
export async function dropVisits(trx: Kysely<Schema>, session: Session, at: Temporal.Instant): Promise<void> {
  for (const visit of await visitsOfSession(trx, session.env_id, session.id)) {
    if (visit.status !== "fetching") continue;
    const { type, reason } = failureOf("ended");
    const end = { status: "failed" as const, error_type: type, reason, access: null, updated_at: at };
    await updateVisit(trx, visit, end);
    await planEndOfAccess(trx, visit);
  }
}

const tell = async (
  trx: Kysely<Schema>,
  env: Environment,
  session: Session,
  failure: { visitId: string; reason: string; at: Temporal.Instant },
): Promise<Lane[]> => (session.kind === "entity" ? tellOfFailedVisit(trx, env.id, session, failure) : []);

const columnsOf = (
  env: Environment,
  session: Session,
  { bank, provider, bankConsentId, at }: VisitOf & { at: Temporal.Instant },
  publicId: string,
) => ({
  env_id: env.id,
  public_id: publicId,
  session_id: session.id,
  bank_name: session.bank_name ?? bank,
  provider,
  bank_consent_id: bankConsentId,
  created_at: at,
  updated_at: at,
});

const audit = (
  trx: Kysely<Schema>,
  env: Environment,
  session: Session,
  at: Temporal.Instant,
  action: string,
  detail: Record<string, string>,
): Promise<void> =>
  recordAudit(trx, { envId: env.id, at, actor: ACTOR, action, target: resourceOf(session), detail });
