/** App templates, and the files that they show as logos. */
import { type Insertable, type Kysely, type Selectable } from "kysely";
import { newId } from "../platform/ids.ts";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { AppFiles, AppTemplates } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type TemplateRow = Selectable<AppTemplates> & {
  /** The logo's public id. */
  file: string | null;
};
export type TemplateChange = Partial<
  Omit<Insertable<AppTemplates>, "env_id" | "public_id" | "created_at" | "metadata">
> & { metadata?: string };
export type FileRow = Selectable<AppFiles>;

export const TEMPLATES_ORDER: Order = [["t.id", "bigint"]];

const templateQuery = (db: Kysely<Schema>, envId: number) =>
  db
    .selectFrom("app_templates as t")
    .leftJoin("app_files as f", (join) =>
      join.onRef("f.env_id", "=", "t.env_id").onRef("f.id", "=", "t.file_id"),
    )
    .selectAll("t")
    .select("f.public_id as file")
    .where("t.env_id", "=", envId);

/** By public id, or the default one. Null where this environment has none. */
export async function findTemplate(
  db: Kysely<Schema>,
  envId: number,
  id: string | { default: true },
): Promise<TemplateRow | null> {
  const row = await templateQuery(db, envId)
    .where((eb) => (typeof id === "string" ? eb("t.public_id", "=", id) : eb("t.is_default", "=", true)))
    .executeTakeFirst();
  return row ?? null;
}

export async function listTemplates(
  db: Kysely<Schema>,
  envId: number,
  page: PageRequest,
): Promise<PageRows<TemplateRow>> {
  const { where, tail } = pageSql(page, TEMPLATES_ORDER);
  return pageRows(await templateQuery(db, envId).where(where).modifyEnd(tail).execute(), page);
}

export async function countTemplates(db: Kysely<Schema>, envId: number): Promise<number> {
  const { n } = await db
    .selectFrom("app_templates")
    .select((eb) => eb.fn.countAll<bigint>().as("n"))
    .where("env_id", "=", envId)
    .executeTakeFirstOrThrow();
  return Number(n);
}

export async function insertTemplate(trx: Kysely<Schema>, row: Insertable<AppTemplates>): Promise<void> {
  if (row.is_default) await clearDefault(trx, row.env_id);
  await trx.insertInto("app_templates").values(row).execute();
}

/** False where there is none. */
export async function changeTemplate(
  trx: Kysely<Schema>,
  envId: number,
  publicId: string,
  change: TemplateChange,
): Promise<boolean> {
  if (change.is_default) await clearDefault(trx, envId);
  const { numUpdatedRows } = await trx
    .updateTable("app_templates")
    .set(change)
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** One default per environment. */
async function clearDefault(trx: Kysely<Schema>, envId: number): Promise<void> {
  // Two that make a default at once go one after the other: the second clears the first's.
  await trx.selectFrom("environments").select("id").where("id", "=", envId).forUpdate().execute();
  await trx
    .updateTable("app_templates")
    .set({ is_default: false })
    .where("env_id", "=", envId)
    .where("is_default", "=", true)
    .execute();
}

/** False where there was none. */
export async function deleteTemplate(trx: Kysely<Schema>, envId: number, publicId: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom("app_templates")
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export type FileFacts = Omit<FileRow, "bytes"> & { size: number };

export async function insertFile(
  trx: Kysely<Schema>,
  file: Omit<Insertable<AppFiles>, "public_id">,
): Promise<FileFacts> {
  const { bytes, ...row } = await trx
    .insertInto("app_files")
    .values({ ...file, public_id: newId("file") })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...row, size: bytes.length };
}

/** By public id, or by its key. Null where this environment has none. */
export async function findFile(
  db: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<FileRow | null> {
  const row = await db
    .selectFrom("app_files")
    .selectAll()
    .where("env_id", "=", envId)
    .where(typeof id === "bigint" ? "id" : "public_id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}
