import type { Kysely } from "kysely";
import { DatabaseError } from "pg";
import { missingMonths, monthsOf } from "../analysis/coverage.ts";
import { sha256 } from "../platform/crypto.ts";
import type { Statement } from "../statement/types.ts";
import type { Account } from "../store/accounts.ts";
import { recordAudit } from "../store/audit.ts";
import type { Environment } from "../store/environments.ts";
import { hasFile, insertFile, sealPassword } from "../store/files.ts";
import type { Lane } from "../store/events.ts";
import type { Schema } from "../store/schema.ts";
import type { Session } from "../store/sessions.ts";
import { inTransaction } from "../store/transaction.ts";
import { readCandidates, readFields } from "./candidates.ts";
import type { Candidate, ReadFile, UploadFields } from "./candidates.ts";
import type { Intake } from "./context.ts";
import { IntakeError } from "./errors.ts";
import { recordCandidate, recordRefused } from "./record.ts";
import { loadSnapshot, meetsLevel1, printedPeriod, progressItem, transactionSpan } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";
import { assertAllows, mayStep } from "./states.ts";
import { currentSession, endUploads, lockKnownSession, resourceOf, type Act } from "./upload-end.ts";
import type { Upload, UploadResult } from "./views.ts";

export type { Upload, UploadResult } from "./views.ts";

/**
 * The checks that come before the file is looked at (or fetched): session known, not deleted, open for uploads.
 * uploadStatement makes them again. Throws IntakeError SESSION_NOT_FOUND, SESSION_DELETED, SESSION_EXPIRED.
 */
export async function checkUploadAllowed(intake: Intake, env: Environment, sessionId: string): Promise<void> {
  await sessionForUpload(intake, env, sessionId);
}

/**
 * Reads the file and records its statements. A file may hold several: all that are acceptable are recorded, the
 * answer speaks of the first of them. Throws IntakeError; a refused upload leaves no row and no file.
 */
export async function uploadStatement(
  intake: Intake,
  env: Environment,
  actor: string,
  upload: Upload,
): Promise<UploadResult> {
  const session = await sessionForUpload(intake, env, upload.sessionId);
  return uploadInto(intake, { env, actor, upload, session, flow: SESSION_FLOW });
}

/** As uploadStatement, but that in the hosted journey the customer says when it is enough (ruling 9). */
export async function uploadInJourney(
  intake: Intake,
  env: Environment,
  actor: string,
  upload: Upload,
): Promise<UploadResult> {
  const session = await sessionForUpload(intake, env, upload.sessionId);
  return uploadInto(intake, {
    env,
    actor,
    upload,
    session,
    flow: { ...SESSION_FLOW, after: async () => [] },
  });
}

/** What differs between the session flow and the entity flow. */
export interface UploadFlow {
  /** Holds the row until the transaction ends. Throws IntakeError where it takes no uploads. */
  lock(trx: Kysely<Schema>, env: Environment, id: string, at: Temporal.Instant): Promise<Session>;
  /** What follows from the uploads as they are now; answers the lanes of its events. */
  after(trx: Kysely<Schema>, env: Environment, snapshot: Snapshot, act: UploadAct): Promise<Lane[]>;
}

export interface UploadAct extends Act {
  /** The statements that were taken, and those that were refused beside them, but for what was known before. */
  statementIds: readonly string[];
}

export const SESSION_FLOW: UploadFlow = {
  async lock(trx, env, id, at) {
    const locked = await lockKnownSession(trx, env, id);
    assertOpen(locked, at);
    return locked;
  },
  async after(trx, env, snapshot, act) {
    const { session } = snapshot;
    if (!mayStep(session.state, "complete") || !meetsLevel1(snapshot, env)) return [];
    return (await endUploads(trx, env, session, "complete", act)).lanes;
  },
};

/** Throws IntakeError as uploadStatement. */
export async function uploadInto(
  intake: Intake,
  {
    env,
    actor,
    upload,
    session,
    flow,
  }: Pick<Work, "env" | "actor" | "flow"> & { upload: Upload; session: Session },
): Promise<UploadResult> {
  const fields = readFields(upload, session);
  const file = await readCandidates(intake, env, upload, fields.bank);
  return recordFileOf({ intake, env, actor, upload, flow, fields, file, source: "pdf" });
}

/**
 * Keeps the bytes and records what was read from them, with what `also` does in the same transaction. Throws IntakeError
 * where nothing of it can be taken; then no row and no file is left.
 */
export async function recordFileOf(
  work: Omit<Work, "blobKey">,
  also: (trx: Kysely<Schema>) => Promise<unknown> = async () => undefined,
): Promise<UploadResult> {
  const { intake, env, upload } = work;
  const blobKey = await intake.blobs.put(env.dataKey, upload.bytes);
  let recorded: Recorded;
  try {
    recorded = await inTransaction(intake.db, async ({ trx }) => {
      const done = await recordUpload(trx, { ...work, blobKey });
      await also(trx);
      return done;
    });
  } catch (error) {
    await dropBlob(intake, blobKey, error);
    throw error;
  }
  intake.wake(recorded.lanes);
  return recorded.result;
}

async function sessionForUpload(intake: Intake, env: Environment, sessionId: string): Promise<Session> {
  const session = await currentSession(intake, env, sessionId);
  assertOpen(session, intake.clock());
  return session;
}

/** A completed session stays open until its time has passed, too. */
function assertOpen(session: Session, now: Temporal.Instant): void {
  const sessionId = session.public_id;
  assertAllows(session.state, "upload", sessionId);
  if (Temporal.Instant.compare(now, session.expires_at) >= 0) {
    throw new IntakeError("state", "SESSION_EXPIRED", { sessionId });
  }
}

interface Work {
  intake: Intake;
  env: Environment;
  actor: string;
  upload: Pick<Upload, "sessionId" | "bytes" | "fileName" | "password">;
  flow: UploadFlow;
  fields: UploadFields;
  file: ReadFile;
  /** A file that somebody uploaded, or what a bank answered. */
  source: "pdf" | "online";
  blobKey: string;
}

interface Recorded {
  result: UploadResult;
  lanes: Lane[];
}

/** Everything that an accepted upload changes. The session's row is held, so uploads of one session take turns. */
async function recordUpload(trx: Kysely<Schema>, work: Work): Promise<Recorded> {
  const { intake, env, actor, upload, flow, file } = work;
  const at = intake.clock();
  const locked = await flow.lock(trx, env, upload.sessionId, at);
  const context = {
    session: locked,
    fileId: await recordFile(trx, work, locked, at),
    fields: work.fields,
    source: work.source,
    at,
  };

  const refused: { candidate: Candidate; account: Account | null; refusal: IntakeError }[] = [];
  const taken: { statementId: string; account: Account; statement: Statement }[] = [];
  for (const candidate of file.candidates) {
    const { statement } = candidate;
    const recorded = await recordCandidate(trx, context, candidate);
    if (recorded.refusal) refused.push({ ...recorded, candidate });
    else taken.push({ ...recorded, statement });
  }
  const [first] = taken;
  if (!first) throw refused[0]?.refusal ?? new Error("A file without statements was taken.");
  const statementIds = taken.map(({ statementId }) => statementId);
  for (const { candidate, account, refusal } of refused) {
    const statementId = await recordRefused(trx, context, candidate, account, refusal);
    if (refusal.code !== "STATEMENT_DUPLICATE") statementIds.push(statementId);
  }
  await recordAudit(trx, {
    envId: env.id,
    at,
    actor,
    action: work.source === "online" ? "statement.fetch" : "statement.upload",
    target: resourceOf(locked),
    detail: { statement: first.statementId, taken: taken.length, refused: refused.length },
  });
  const snapshot = await loadSnapshot(trx, env, locked, at);
  const lanes = await flow.after(trx, env, snapshot, { actor, at, statementIds });
  return { result: resultOf(first, file.pageCount, snapshot), lanes };
}

async function recordFile(
  trx: Kysely<Schema>,
  { env, upload, file, blobKey }: Work,
  session: Session,
  at: Temporal.Instant,
): Promise<bigint> {
  const hash = sha256(upload.bytes);
  if (await hasFile(trx, env.id, session.id, hash)) {
    throw new IntakeError("duplicate", "STATEMENT_DUPLICATE", { sessionId: session.public_id });
  }
  return insertFile(trx, {
    env_id: env.id,
    session_id: session.id,
    blob_key: blobKey,
    sha256: hash,
    bytes: upload.bytes.length,
    file_name: upload.fileName,
    password: upload.password ? sealPassword(env.dataKey, upload.password, blobKey) : null,
    page_count: file.pageCount,
    created_at: at,
  });
}

/**
 * Only where the transaction is known to be rolled back: a refusal, or an error that the server answered with.
 * A lost connection may have committed, and a blob without a row does no harm.
 */
async function dropBlob(intake: Intake, blobKey: string, reason: unknown): Promise<void> {
  if (!(reason instanceof IntakeError || reason instanceof DatabaseError)) return;
  try {
    await intake.blobs.delete(blobKey);
  } catch (error) {
    intake.log.warn({ err: error, blob: blobKey }, "the file of a refused upload could not be deleted");
  }
}

/** What an upload answers of its first statement. */
export function resultOf(
  first: { statementId: string; account: Account },
  pageCount: number,
  snapshot: Snapshot,
): UploadResult {
  const { session, considered, accounts, statements } = snapshot;
  const account = accounts.find(({ row }) => row.id === first.account.id);
  const stored = statements.find((row) => row.public_id === first.statementId);
  if (!account || !stored) throw new Error("What was just recorded is not there.");
  const { row, covered } = account;
  const extracted = transactionSpan(stored);
  return {
    sessionId: session.public_id,
    statementId: stored.public_id,
    accountId: row.public_id,
    bankName: row.bank_name,
    accountNumber: row.account_number,
    pageCount,
    dateRange: printedPeriod(stored) ?? extracted,
    extractedDateRange: extracted,
    openingDate: null,
    openingBalance: stored.opening_balance,
    closingBalance: stored.closing_balance,
    currency: row.currency,
    country: row.country,
    isFraud: stored.is_fraud,
    fraudType: stored.fraud_type,
    months: monthsOf(covered),
    missingMonths: considered ? missingMonths(considered, covered) : [],
    identity: {
      accountId: row.public_id,
      bankName: row.bank_name,
      accountNumber: row.account_number,
      name: row.name,
      address: row.address,
      ifsc: row.ifsc,
      micr: row.micr,
      accountCategory: row.account_category,
      creditLimit: row.credit_limit,
      odLimit: row.od_limit,
    },
    progress: statements.map((statement) => progressItem(statement.public_id, statement)),
  };
}
