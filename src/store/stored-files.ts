/** Uploaded files as they are kept, given out, and dropped. A file whose bytes are gone has no blob key. */
import { sql, type Kysely } from "kysely";
import { openText, type SealKey } from "../platform/crypto.ts";
import { passwordPlace } from "./files.ts";
import type { Schema } from "./schema.ts";

export interface StoredFile {
  statementId: string;
  bankName: string | null;
  accountId: string | null;
  errorCode: string | null;
  fraudType: string | null;
  fileName: string;
  /** Null: its bytes are gone. */
  blobKey: string | null;
  password: Buffer | null;
}

const storedFiles = (db: Kysely<Schema>, envId: number, sessionId: bigint) =>
  db
    .selectFrom("statements as t")
    .innerJoin("files as f", (join) =>
      join.onRef("f.env_id", "=", "t.env_id").onRef("f.id", "=", "t.file_id"),
    )
    .leftJoin("accounts as a", (join) =>
      join.onRef("a.env_id", "=", "t.env_id").onRef("a.id", "=", "t.account_id"),
    )
    .select([
      "t.public_id as statementId",
      "a.bank_name as bankName",
      "a.public_id as accountId",
      "t.error_code as errorCode",
      "t.fraud_type as fraudType",
      "f.file_name as fileName",
      "f.blob_key as blobKey",
      "f.password",
    ])
    .where("t.env_id", "=", envId)
    .where("t.session_id", "=", sessionId);

/** Uploaded ones, one per statement, in the order of upload: two statements of one file name the same bytes. */
export async function filesOfSession(
  db: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
): Promise<StoredFile[]> {
  return storedFiles(db, envId, sessionId).where("t.source", "=", "pdf").orderBy("t.id").execute();
}

export async function fileOfStatement(
  db: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
  statementId: string,
): Promise<StoredFile | null> {
  const row = await storedFiles(db, envId, sessionId)
    .where("t.public_id", "=", statementId)
    .executeTakeFirst();
  return row ?? null;
}

/** Throws SealError where key or row is another. */
export function passwordOf(key: SealKey, { password, blobKey }: StoredFile): string | null {
  return password && blobKey !== null ? openText(key, password, passwordPlace(blobKey)) : null;
}

/** Takes every file and account of a session out, with their statements and transactions. Answers the blobs' keys. */
export async function removeContents(
  trx: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
): Promise<string[]> {
  const gone = await trx
    .deleteFrom("files")
    .where("env_id", "=", envId)
    .where("session_id", "=", sessionId)
    .returning("blob_key")
    .execute();
  await trx.deleteFrom("accounts").where("env_id", "=", envId).where("session_id", "=", sessionId).execute();
  return gone.flatMap(({ blob_key: key }) => (key === null ? [] : [key]));
}

/** Lets go of the bytes of up to `limit` files from before that moment, with their passwords. Answers the keys. */
export async function releaseFilesBefore(
  trx: Kysely<Schema>,
  before: Temporal.Instant,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ blob_key: string }>`
    with old as (
      select env_id, id, blob_key from files
      where created_at < ${before}::timestamptz and blob_key is not null
      order by created_at limit ${limit}::int for update skip locked
    ), released as (
      update files f set blob_key = null, password = null from old o where f.env_id = o.env_id and f.id = o.id
    )
    select blob_key from old`.execute(trx);
  return rows.map(({ blob_key: key }) => key);
}
