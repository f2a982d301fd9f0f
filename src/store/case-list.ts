/** Sessions and entities as a list for people: newest first, with how much is in them. */
import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema.ts";
import type { Session, SessionKind } from "./sessions.ts";

export interface CaseFilter {
  kind?: SessionKind | undefined;
  state?: readonly Session["state"][] | undefined;
  /** An id, or how a link_id begins. */
  search?: string | undefined;
}

export interface CaseRow {
  id: bigint;
  public_id: string;
  kind: SessionKind;
  /** `""`: an entity without one, or deleted. */
  link_id: string;
  state: Session["state"];
  from_date: Temporal.PlainDate;
  to_date: Temporal.PlainDate;
  created_at: Temporal.Instant;
  expires_at: Temporal.Instant;
  accounts: number;
  statements: number;
  failed: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @param before the key of the last row of the page before */
export async function listCases(
  db: Kysely<Schema>,
  envId: number,
  { kind, state, search }: CaseFilter,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select s.id, s.public_id, s.kind, s.link_id, s.state, s.from_date, s.to_date, s.created_at, s.expires_at,
      (select count(*)::int from accounts a where a.env_id = s.env_id and a.session_id = s.id) as accounts,
      t.statements, t.failed
    from (
      select * from sessions
      where env_id = ${envId}
        and (${before}::bigint is null or id < ${before}::bigint)
        and (${kind ?? null}::text is null or kind = ${kind ?? null}::text)
        and (${state ? [...state] : null}::text[] is null or state = any(${state ? [...state] : null}::text[]))
        and ${matching(search)}
      order by id desc limit ${limit}::int
    ) s
    left join lateral (
      select count(*)::int as statements, (count(*) filter (where t.status = 'failed'))::int as failed
      from statements t where t.env_id = s.env_id and t.session_id = s.id
    ) t on true
    order by s.id desc`.execute(db);
  return rows;
}

function matching(search: string | undefined) {
  const text = search?.trim() ?? "";
  if (text === "") return sql`true`;
  return UUID.test(text) ? sql`public_id = ${text}::uuid` : sql`starts_with(link_id, ${text}::text)`;
}

/** Session or entity; null where this environment has none, or it was deleted. */
export async function findCase(db: Kysely<Schema>, envId: number, publicId: string): Promise<Session | null> {
  if (!UUID.test(publicId)) return null;
  const row = await db
    .selectFrom("sessions")
    .selectAll()
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return row ?? null;
}
