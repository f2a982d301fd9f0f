/** Entities of the BankConnect contract: rows of `sessions` that have neither a range nor an end. */
import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";
import { findSession, type Session } from "./sessions.ts";

export type Entity = Session;

export interface NewEntity {
  envId: number;
  publicId: string;
  /** `""`: none. */
  linkId: string;
  metaData: Record<string, unknown> | null;
  at: Temporal.Instant;
}

/** Statements of any day belong to it. */
const FIRST_DAY = Temporal.PlainDate.from("1900-01-01");
const LAST_DAY = Temporal.PlainDate.from("2199-12-31");
const NEVER = Temporal.Instant.from("9999-12-31T00:00:00Z");

/**
 * The entity of this link_id, made where there is none. Of many at once one makes it, the others wait for it and get the
 * same. Without a link_id each call makes one.
 */
export async function findOrCreateEntity(
  db: Kysely<Schema>,
  { envId, publicId, linkId, metaData, at }: NewEntity,
): Promise<{ entity: Entity; created: boolean }> {
  const known = linkId === "" ? null : await findEntityByLink(db, envId, linkId);
  if (known) return { entity: known, created: false };
  const made = await db
    .insertInto("sessions")
    .values({
      env_id: envId,
      public_id: publicId,
      kind: "entity",
      link_id: linkId,
      from_date: FIRST_DAY,
      to_date: LAST_DAY,
      created_at: at,
      expires_at: NEVER,
      request: JSON.stringify({ meta_data: metaData }),
      bank_name: null,
      // Neither a range nor acceptance criteria: proof alone decides.
      accept_anything: true,
      completed_at: null,
      expired_at: null,
      processing_requested_at: null,
      processed_at: null,
      deleted_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["env_id", "link_id"])
        .where("kind", "=", "entity")
        .where("link_id", "<>", "")
        .where("deleted_at", "is", null)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
  if (made) return { entity: made, created: true };
  const other = await findEntityByLink(db, envId, linkId);
  if (!other) throw new Error("An entity was there and is gone.");
  return { entity: other, created: false };
}

export async function findEntity(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
): Promise<Entity | null> {
  const entity = await findSession(db, envId, publicId, "entity");
  return entity?.state === "deleted" ? null : entity;
}

export async function findEntityByLink(
  db: Kysely<Schema>,
  envId: number,
  linkId: string,
): Promise<Entity | null> {
  const row = await liveEntities(db, envId, linkId).selectAll().executeTakeFirst();
  return row ?? null;
}

/** Oldest first. `linkId` null: of every link_id. */
export async function listEntities(
  db: Kysely<Schema>,
  envId: number,
  linkId: string | null,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ count: number; entities: Entity[] }> {
  const { count } = await liveEntities(db, envId, linkId)
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .executeTakeFirstOrThrow();
  const page = liveEntities(db, envId, linkId).selectAll().orderBy("id").offset(offset).limit(limit);
  return { count: Number(count), entities: await page.execute() };
}

const liveEntities = (db: Kysely<Schema>, envId: number, linkId: string | null) =>
  db
    .selectFrom("sessions")
    .where("env_id", "=", envId)
    .where("kind", "=", "entity")
    .where("deleted_at", "is", null)
    .$if(linkId !== null, (query) => query.where("link_id", "=", linkId ?? ""));
