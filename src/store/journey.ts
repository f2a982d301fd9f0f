/** The hosted journey: the session that a link names, how its environment dresses it, and files taken back. */
import { sql, type Kysely, type Selectable, type Updateable } from "kysely";
import { recordAudit } from "./audit.ts";
import type { JourneySettings, Schema } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export type JourneyDress = Omit<Selectable<JourneySettings>, "env_id"> & { name: string };

/** Of every environment: a link names the session alone. `publicId` must be a UUID. Null where there is none. */
export async function environmentOfSession(db: Kysely<Schema>, publicId: string): Promise<number | null> {
  const row = await db
    .selectFrom("sessions")
    .select("env_id")
    .where("public_id", "=", publicId)
    .where("kind", "=", "session")
    .executeTakeFirst();
  return row?.env_id ?? null;
}

/** As it was set, else plain, under the organisation's name. */
export async function journeyDress(db: Kysely<Schema>, envId: number): Promise<JourneyDress> {
  const row = await db
    .selectFrom("environments as e")
    .innerJoin("organisations as o", "o.id", "e.organisation_id")
    .leftJoin("journey_settings as j", "j.env_id", "e.id")
    .select(["o.name as organisation", "j.name", "j.origins", "j.color", "j.logo_url", "j.support_url"])
    .where("e.id", "=", envId)
    .executeTakeFirstOrThrow();
  const { organisation, name, origins, ...rest } = row;
  return { ...rest, name: name ?? organisation, origins: origins ?? [] };
}

/** What is not named stays. `change` has been validated; the schema checks again. */
export async function changeJourney(
  db: Kysely<Schema>,
  env: { id: number; publicId: string },
  change: Omit<Updateable<JourneySettings>, "env_id">,
  by: { actor: string; at: Temporal.Instant },
): Promise<void> {
  await inTransaction(db, async ({ trx }) => {
    await trx
      .insertInto("journey_settings")
      .values({ env_id: env.id, ...change })
      .onConflict((row) => row.column("env_id").doUpdateSet({ env_id: env.id, ...change }))
      .execute();
    await recordAudit(trx, {
      envId: env.id,
      ...by,
      action: "journey.update",
      target: `environment:${env.publicId}`,
      detail: { names: Object.keys(change).sort().join(" ") },
    });
  });
}

/**
 * Takes a file out of a session: its statements with their transactions, and accounts that are left without any.
 * Rows elsewhere that repeated its rows count from then on; of several that repeated the same one, the first.
 * Answers the blob's key (null: its bytes are gone), or undefined where the session has no such statement.
 */
export async function removeFileOf(
  trx: Kysely<Schema>,
  session: { env_id: number; id: bigint },
  statementId: string,
): Promise<string | null | undefined> {
  const found = await trx
    .selectFrom("statements")
    .select("file_id")
    .where("env_id", "=", session.env_id)
    .where("session_id", "=", session.id)
    .where("public_id", "=", statementId)
    .executeTakeFirst();
  if (!found) return undefined;
  await sql`
    with gone as (
      select t.id from transactions t join statements s on s.env_id = t.env_id and s.id = t.statement_id
      where s.env_id = ${session.env_id} and s.file_id = ${found.file_id}
    ), left_over as (
      select t.env_id, t.id, min(t.id) over (partition by t.duplicate_of) as first
      from transactions t join statements s on s.env_id = t.env_id and s.id = t.statement_id
      where s.env_id = ${session.env_id} and s.session_id = ${session.id} and s.file_id <> ${found.file_id}
        and t.duplicate_of in (select id from gone)
    )
    update transactions t set duplicate_of = nullif(l.first, t.id)
    from left_over l where t.env_id = l.env_id and t.id = l.id`.execute(trx);
  const file = await trx
    .deleteFrom("files")
    .where("env_id", "=", session.env_id)
    .where("id", "=", found.file_id)
    .returning("blob_key")
    .executeTakeFirstOrThrow();
  await sql`
    delete from accounts a where a.env_id = ${session.env_id} and a.session_id = ${session.id}
      and not exists (select from statements s where s.env_id = a.env_id and s.account_id = a.id)`.execute(
    trx,
  );
  return file.blob_key;
}
