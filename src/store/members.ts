/** Who may use an organisation's console: members, invitations and their sessions. better-auth writes most of them. */
import type { Kysely } from "kysely";
import type { MemberRole } from "./schema-signin.ts";
import type { Schema } from "./schema.ts";

export interface Membership {
  organisationId: number;
  /** `org_…`. */
  organisation: string;
  name: string;
  role: MemberRole;
}

/** Of one person, oldest organisation first. */
export async function membershipsOf(db: Kysely<Schema>, userId: string): Promise<Membership[]> {
  return db
    .selectFrom("signin_members as m")
    .innerJoin("organisations as o", "o.public_id", "m.organization_id")
    .select(["o.id as organisationId", "o.public_id as organisation", "o.name", "m.role"])
    .where("m.user_id", "=", userId)
    .orderBy("o.id")
    .execute();
}

export async function countUsers(db: Kysely<Schema>): Promise<number> {
  const { count } = await db
    .selectFrom("signin_users")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export interface Member {
  id: string;
  userId: string;
  name: string;
  email: string;
  role: MemberRole;
  hasTwoFactor: boolean;
  createdAt: Temporal.Instant;
}

/** Oldest first. */
export async function listMembers(db: Kysely<Schema>, organisation: string): Promise<Member[]> {
  const rows = await db
    .selectFrom("signin_members as m")
    .innerJoin("signin_users as u", "u.id", "m.user_id")
    .select([
      "m.id",
      "m.role",
      "m.created_at",
      "u.id as user_id",
      "u.name",
      "u.email",
      "u.two_factor_enabled",
    ])
    .where("m.organization_id", "=", organisation)
    .orderBy("m.created_at")
    .orderBy("m.id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    hasTwoFactor: row.two_factor_enabled === true,
    createdAt: row.created_at,
  }));
}

export interface Invitation {
  id: string;
  email: string;
  role: MemberRole;
  inviter: string;
  expiresAt: Temporal.Instant;
}

/** Those that can still be accepted, newest first. */
export async function pendingInvitations(
  db: Kysely<Schema>,
  organisation: string,
  now: Temporal.Instant,
): Promise<Invitation[]> {
  return db
    .selectFrom("signin_invitations as i")
    .innerJoin("signin_users as u", "u.id", "i.inviter_id")
    .select(["i.id", "i.email", "i.role", "u.name as inviter", "i.expires_at as expiresAt"])
    .where("i.organization_id", "=", organisation)
    .where("i.status", "=", "pending")
    .where("i.expires_at", ">", now)
    .orderBy("i.created_at", "desc")
    .execute();
}

export interface OpenInvitation extends Invitation {
  organisation: string;
  organisationName: string;
  /** Whether somebody with this e-mail address can sign in already. */
  hasAccount: boolean;
}

/** Null where it is unknown, taken back, accepted or over: who holds the link is not told which. */
export async function openInvitation(
  db: Kysely<Schema>,
  id: string,
  now: Temporal.Instant,
): Promise<OpenInvitation | null> {
  const row = await db
    .selectFrom("signin_invitations as i")
    .innerJoin("signin_users as u", "u.id", "i.inviter_id")
    .innerJoin("organisations as o", "o.public_id", "i.organization_id")
    .leftJoin("signin_users as invited", "invited.email", "i.email")
    .select([
      "i.id",
      "i.email",
      "i.role",
      "u.name as inviter",
      "i.expires_at as expiresAt",
      "o.public_id as organisation",
      "o.name as organisationName",
      "invited.id as invitedId",
    ])
    .where("i.id", "=", id)
    .where("i.status", "=", "pending")
    .where("i.expires_at", ">", now)
    .executeTakeFirst();
  if (!row) return null;
  const { invitedId, ...invitation } = row;
  return { ...invitation, hasAccount: invitedId !== null };
}

export interface SigninSession {
  id: string;
  userId: string;
  user: string;
  email: string;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Temporal.Instant;
  usedAt: Temporal.Instant;
}

type Whose = { user: string } | { organisation: string };

/** Those that are not over, last used first: of one person, or of all members of an organisation. */
export async function listSessions(
  db: Kysely<Schema>,
  whose: Whose,
  now: Temporal.Instant,
): Promise<SigninSession[]> {
  const rows = await db
    .selectFrom("signin_sessions as s")
    .innerJoin("signin_users as u", "u.id", "s.user_id")
    .select(["s.id", "s.ip_address", "s.user_agent", "s.created_at", "s.updated_at", "u.name", "u.email"])
    .select("u.id as user_id")
    .where("s.expires_at", ">", now)
    .where("s.user_id", "in", usersOf(db, whose))
    .orderBy("s.updated_at", "desc")
    .limit(500)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    user: row.name,
    email: row.email,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    usedAt: row.updated_at,
  }));
}

/** Answers whose it was; null where there is no such session of theirs. */
export async function endSession(trx: Kysely<Schema>, whose: Whose, id: string): Promise<string | null> {
  const row = await trx
    .deleteFrom("signin_sessions")
    .where("id", "=", id)
    .where("user_id", "in", usersOf(trx, whose))
    .returning("user_id")
    .executeTakeFirst();
  return row?.user_id ?? null;
}

function usersOf(db: Kysely<Schema>, whose: Whose) {
  const users = db.selectFrom("signin_users as w").select("w.id");
  if ("user" in whose) return users.where("w.id", "=", whose.user);
  return users.where("w.id", "in", (inner) =>
    inner
      .selectFrom("signin_members as m")
      .select("m.user_id")
      .where("m.organization_id", "=", whose.organisation),
  );
}

/** The organisation's environments are locked for what needs its owners to stay as they are. */
export async function lockOrganisation(trx: Kysely<Schema>, organisation: string): Promise<void> {
  await trx
    .selectFrom("organisations")
    .select("id")
    .where("public_id", "=", organisation)
    .forUpdate()
    .executeTakeFirstOrThrow();
}
