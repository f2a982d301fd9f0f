import type { Insertable, Kysely } from "kysely";
import { sealText, type SealKey } from "../platform/crypto.ts";
import type { Files, Schema } from "./schema.ts";

/** Answers the row's id. Throws a unique violation where the session has the same file already. */
export async function insertFile(trx: Kysely<Schema>, row: Insertable<Files>): Promise<bigint> {
  const { id } = await trx.insertInto("files").values(row).returning("id").executeTakeFirstOrThrow();
  return id;
}

export async function hasFile(
  trx: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
  hash: Buffer,
): Promise<boolean> {
  const row = await trx
    .selectFrom("files")
    .select("id")
    .where("env_id", "=", envId)
    .where("session_id", "=", sessionId)
    .where("sha256", "=", hash)
    .executeTakeFirst();
  return row !== undefined;
}

/** The first statement that was read from this file, and its account; null where there is none. */
export async function statementOfFile(
  db: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
  hash: Buffer,
): Promise<string | null> {
  const row = await db
    .selectFrom("files as f")
    .innerJoin("statements as t", (join) =>
      join.onRef("t.env_id", "=", "f.env_id").onRef("t.file_id", "=", "f.id"),
    )
    .select("t.public_id")
    .where("f.env_id", "=", envId)
    .where("f.session_id", "=", sessionId)
    .where("f.sha256", "=", hash)
    .where("t.status", "=", "completed")
    .orderBy("t.id")
    .executeTakeFirst();
  return row?.public_id ?? null;
}

/** The blob's key stands for the row: it is as unique, and known before the row is. */
export const passwordPlace = (blobKey: string) => ({ table: "files", column: "password", row: blobKey });

export const sealPassword = (key: SealKey, password: string, blobKey: string): Buffer =>
  sealText(key, password, passwordPlace(blobKey));
