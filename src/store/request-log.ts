/** What programs asked of the API, as people look through it. */
import { sql, type Kysely, type Selectable } from "kysely";
import type { RequestLog, Schema } from "./schema.ts";

export type RequestRow = Selectable<RequestLog>;
export type NewRequest = Omit<RequestRow, "id">;
/** A key that is revoked keeps its name. */
export type NamedRequest = RequestRow & { key_name: string | null };

/** One statement whatever their number. */
export async function insertRequests(db: Kysely<Schema>, rows: readonly NewRequest[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into request_log (env_id, at, req_id, method, route, target, status, total_us, outcome, key_id)
    select * from unnest(
      ${rows.map((row) => row.env_id)}::int[], ${rows.map((row) => row.at)}::timestamptz[],
      ${rows.map((row) => row.req_id)}::uuid[], ${rows.map((row) => row.method)}::text[],
      ${rows.map((row) => row.route)}::text[], ${rows.map((row) => row.target)}::text[],
      ${rows.map((row) => row.status)}::smallint[], ${rows.map((row) => row.total_us)}::int[],
      ${rows.map((row) => row.outcome)}::text[], ${rows.map((row) => row.key_id)}::text[])`.execute(db);
}

export interface RequestFilter {
  /** 2 to 5: the class of the status. */
  statusClass?: number | undefined;
  method?: string | undefined;
  keyId?: string | undefined;
  /** A part of the route, or the whole of what its path names. */
  search?: string | undefined;
}

/** Newest first. @param before the key of the last row of the page before */
export async function listRequests(
  db: Kysely<Schema>,
  envId: number,
  { statusClass, method, keyId, search }: RequestFilter,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<NamedRequest[]> {
  let query = db
    .selectFrom("request_log as r")
    .leftJoin("api_keys as k", (on) =>
      on.onRef("k.env_id", "=", "r.env_id").onRef("k.public_id", "=", "r.key_id"),
    )
    .selectAll("r")
    .select("k.name as key_name")
    .where("r.env_id", "=", envId);
  if (before !== null) query = query.where("r.id", "<", before);
  if (statusClass !== undefined) {
    query = query.where("r.status", ">=", statusClass * 100).where("r.status", "<", statusClass * 100 + 100);
  }
  if (method !== undefined) query = query.where("r.method", "=", method);
  if (keyId !== undefined) query = query.where("r.key_id", "=", keyId);
  if (search !== undefined && search !== "") {
    query = query.where((e) =>
      e.or([e("r.target", "=", search), sql<boolean>`strpos(r.route, ${search}::text) > 0`]),
    );
  }
  return query.orderBy("r.id", "desc").limit(limit).execute();
}

/** Answers how many. */
export async function dropOldRequests(db: Kysely<Schema>, before: Temporal.Instant): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom("request_log").where("at", "<", before).executeTakeFirst();
  return Number(numDeletedRows);
}
