/** Uploaded files afterwards: what is given out of them, and when their bytes go. */
import type { Blobs } from "../platform/blobs.ts";
import { addJob } from "../platform/jobs.ts";
import type { Environment } from "../store/environments.ts";
import type { Session } from "../store/sessions.ts";
import { fileOfStatement, filesOfSession, passwordOf, releaseFilesBefore } from "../store/stored-files.ts";
import type { StoredFile } from "../store/stored-files.ts";
import { inTransaction } from "../store/transaction.ts";
import type { Kysely } from "kysely";
import type { Schema } from "../store/schema.ts";
import type { Intake } from "./context.ts";

export const DROP_BLOBS_TASK = "drop_blobs";
export const DROP_OLD_FILES_TASK = "drop_old_files";
/** Reference §2.9. */
const KEPT_DAYS = 30;
const BATCH = 200;

export interface FileView {
  statementId: string;
  bankName: string;
  accountId: string | null;
  password: string | null;
  /** False: its days are over. */
  isKept: boolean;
  /** In the contract's words. */
  message: string;
}

/** Of a session or entity, statement by statement. Throws SealError where the data key is another. */
export async function readFiles(intake: Intake, env: Environment, session: Session): Promise<FileView[]> {
  const files = await filesOfSession(intake.db, env.id, session.id);
  return files.map((file) => ({
    statementId: file.statementId,
    bankName: file.bankName ?? "",
    accountId: file.accountId,
    password: passwordOf(env.dataKey, file),
    isKept: file.blobKey !== null,
    message: messageOf(file),
  }));
}

/** Reference §2.9: the words of `message`. What a code has no word for is no statement to the contract. */
const MESSAGES: Readonly<Record<string, string>> = {
  PASSWORD_INCORRECT: "Password Incorrect",
  PDF_IS_IMAGE: "Is Image",
  UNPARSABLE: "New Template",
  // Read without a fault; only not wanted here.
  STATEMENT_DUPLICATE: "Success",
  OUT_OF_DATE_RANGE: "Success",
};
const FRAUD_MESSAGES: Readonly<Record<string, string>> = {
  author_fraud: "Author Fraud",
  date_fraud: "Date Fraud",
};

function messageOf({ errorCode, fraudType }: StoredFile): string {
  if (errorCode !== null) return MESSAGES[errorCode] ?? "Not a Statement";
  return FRAUD_MESSAGES[fraudType ?? ""] ?? "Success";
}

/** Null where there is no such statement, or its bytes are gone. */
export async function readFile(
  intake: Intake,
  env: Environment,
  session: Session,
  statementId: string,
): Promise<{ bytes: Buffer; fileName: string } | null> {
  const file = await fileOfStatement(intake.db, env.id, session.id, statementId);
  if (!file || file.blobKey === null) return null;
  try {
    return { bytes: await intake.blobs.get(env.dataKey, file.blobKey), fileName: file.fileName };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    // Deleted in this very moment, or lost with the folder that was not backed up.
    intake.log.warn({ blob: file.blobKey, statement: statementId }, "the bytes of a file are gone");
    return null;
  }
}

/** Null where there is none. Throws SealError where the data key is another. */
export async function readFilePassword(
  intake: Pick<Intake, "db">,
  env: Environment,
  session: Session,
  statementId: string,
): Promise<string | null> {
  const file = await fileOfStatement(intake.db, env.id, session.id, statementId);
  return file && passwordOf(env.dataKey, file);
}

/** Planned in the transaction that lets go of them, so that no bytes outlive their row by a crash. */
export async function planBlobDrop(trx: Kysely<Schema>, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += BATCH) {
    await addJob(trx, { task: DROP_BLOBS_TASK, payload: { keys: keys.slice(at, at + BATCH).join(" ") } });
  }
}

/** Run twice it finds nothing left to do. Throws where the file system does; then it is tried again. */
export async function dropBlobs(blobs: Blobs, payload: unknown): Promise<void> {
  const keys = typeof payload === "object" && payload !== null && "keys" in payload ? payload.keys : null;
  if (typeof keys !== "string") throw new Error("The job names no blobs.");
  for (const key of keys.split(" ").filter(Boolean)) await blobs.delete(key);
}

/** Files older than 30 days: their bytes and passwords go, what was read from them stays. Answers how many. */
export async function dropOldFiles(intake: Pick<Intake, "db" | "clock">): Promise<number> {
  const before = intake.clock().subtract({ hours: 24 * KEPT_DAYS });
  let total = 0;
  for (;;) {
    const keys = await inTransaction(intake.db, async ({ trx }) => {
      const released = await releaseFilesBefore(trx, before, BATCH);
      await planBlobDrop(trx, released);
      return released;
    });
    total += keys.length;
    if (keys.length < BATCH) return total;
  }
}
