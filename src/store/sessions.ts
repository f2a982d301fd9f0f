/**
 * Sessions of the BankConnect contract, and its entities (`entities.ts`), which are rows of the same table. What may follow
 * what is `intake/states.ts`' to say.
 */
import { sql, type Insertable, type Kysely, type Selectable } from "kysely";
import type { Environment } from "./environments.ts";
import type { Schema, Sessions, Statements } from "./schema.ts";

export type Session = Selectable<Sessions>;
export type SessionState = Session["state"];
export type SessionKind = Session["kind"];

/** The instants that make a session's state. */
export type SessionMark =
  | "completed_at"
  | "expired_at"
  | "processing_requested_at"
  | "processed_at"
  | "deleted_at";

export async function insertSession(trx: Kysely<Schema>, row: Insertable<Sessions>): Promise<void> {
  await trx.insertInto("sessions").values(row).execute();
}

/** `publicId` must be a UUID. Null where this environment has none of that kind. */
export async function findSession(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
  kind: SessionKind = "session",
): Promise<Session | null> {
  return (await sessionQuery(db, envId, publicId, kind).executeTakeFirst()) ?? null;
}

/** As findSession, and holds the row until the transaction ends: changes to one session go one after the other. */
export async function lockSession(
  trx: Kysely<Schema>,
  envId: number,
  publicId: string,
  kind: SessionKind = "session",
): Promise<Session | null> {
  return (await sessionQuery(trx, envId, publicId, kind).forUpdate().executeTakeFirst()) ?? null;
}

/** By its internal key, session or entity; holds the row until the transaction ends. */
export async function lockSessionRow(
  trx: Kysely<Schema>,
  envId: number,
  id: bigint,
): Promise<Session | null> {
  return (await sessionRow(trx, envId, id).forUpdate().executeTakeFirst()) ?? null;
}

/** By its internal key, session or entity. */
export async function findSessionRow(db: Kysely<Schema>, envId: number, id: bigint): Promise<Session | null> {
  return (await sessionRow(db, envId, id).executeTakeFirst()) ?? null;
}

const sessionRow = (db: Kysely<Schema>, envId: number, id: bigint) =>
  db.selectFrom("sessions").selectAll().where("env_id", "=", envId).where("id", "=", id);

const sessionQuery = (db: Kysely<Schema>, envId: number, publicId: string, kind: SessionKind) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .where("kind", "=", kind);

/** Answers the session as it is then, or null where it was not in one of the states. */
export async function markSession(
  trx: Kysely<Schema>,
  session: Session,
  from: readonly SessionState[],
  mark: SessionMark,
  at: Temporal.Instant,
): Promise<Session | null> {
  const row = await trx
    .updateTable("sessions")
    .set({ [mark]: at })
    .where("env_id", "=", session.env_id)
    .where("id", "=", session.id)
    .where("state", "in", [...from])
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** What of a deleted session is personal: who it was of, and what was asked for it. */
export async function clearSession(trx: Kysely<Schema>, { env_id, id }: Session): Promise<void> {
  await trx
    .updateTable("sessions")
    .set({ link_id: "", request: "{}" })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .execute();
}

/** Where the customer of an entity comes back to. The row must be locked. */
export async function keepRedirect(
  trx: Kysely<Schema>,
  { env_id, id, request }: Session,
  redirectUrl: string,
): Promise<void> {
  await trx
    .updateTable("sessions")
    .set({ request: JSON.stringify({ ...request, redirect_url: redirectUrl }) })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .execute();
}

type ProgressColumns =
  | "public_id"
  | "source"
  | "identity_status"
  | "transaction_status"
  | "processing_status"
  | "fraud_status"
  | "error_message";

export interface ProgressRow {
  state: SessionState;
  /** Null in the one row of a session without statements. */
  statement: Pick<Selectable<Statements>, ProgressColumns> | null;
}

/**
 * A session and its statements in one round trip by two indexes; empty where there is no such session.
 * Clients poll it every 2 s per session. `offset 0` holds the planner to the index by session: a plain join read every
 * statement of the environment where statistics were missing.
 */
export async function progressRows(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
): Promise<ProgressRow[]> {
  const { rows } = await sql<{ state: SessionState } & Pick<Selectable<Statements>, ProgressColumns>>`
    select s.state, t.public_id, t.source, t.identity_status, t.transaction_status,
           t.processing_status, t.fraud_status, t.error_message
    from sessions s
    left join lateral (
      select * from statements where env_id = s.env_id and session_id = s.id order by id offset 0
    ) t on true
    where s.env_id = ${envId} and s.public_id = ${publicId} and s.kind = 'session'`.execute(db);
  return rows.map(({ state, ...statement }) => ({
    state,
    statement: hasStatement(statement) ? statement : null,
  }));
}

const hasStatement = ({ public_id }: { public_id: string | null }): boolean => public_id !== null;

/** What decisions need of an environment: jobs know only its id, and have no use for its keys. */
export type Rules = Pick<Environment, "id" | "timeZone" | "settings">;

/** Throws where there is no such environment: they are never deleted. */
export async function loadRules(db: Kysely<Schema>, envId: number): Promise<Rules> {
  const { env_id, time_zone, ...settings } = await db
    .selectFrom("environments as e")
    .innerJoin("organisations as o", "o.id", "e.organisation_id")
    .innerJoin("bankconnect_settings as s", "s.env_id", "e.id")
    .selectAll("s")
    .select("o.time_zone")
    .where("e.id", "=", envId)
    .executeTakeFirstOrThrow();
  return { id: env_id, timeZone: time_zone, settings };
}
