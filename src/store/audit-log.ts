/** The audit log as an owner reads it: of all environments of an organisation, newest first. */
import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface AuditRow {
  id: bigint;
  mode: "live" | "sandbox";
  at: Temporal.Instant;
  actor: string;
  /** The name of the person or of the key that the actor is; null for jobs, and for whoever has gone. */
  actorName: string | null;
  action: string;
  target: string;
  detail: Record<string, unknown>;
}

export interface AuditFilter {
  action?: string | undefined;
  actor?: string | undefined;
  from?: Temporal.Instant | undefined;
  to?: Temporal.Instant | undefined;
}

/** @param before rows with a smaller id alone */
export async function listAudit(
  db: Kysely<Schema>,
  organisationId: number,
  filter: AuditFilter,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<AuditRow[]> {
  let query = db
    .selectFrom("audit as a")
    .innerJoin("environments as e", "e.id", "a.env_id")
    .leftJoin("signin_users as u", (join) =>
      join.on((eb) => eb("a.actor", "=", sql<string>`'user:' || u.id`)),
    )
    .leftJoin("api_keys as k", (join) =>
      join
        .onRef("k.env_id", "=", "a.env_id")
        .on((eb) => eb("a.actor", "=", sql<string>`'api_key:' || k.public_id`)),
    )
    .select(["a.id", "e.mode", "a.at", "a.actor", "a.action", "a.target", "a.detail"])
    .select((eb) => eb.fn.coalesce("u.name", "k.name").as("actorName"))
    .where("e.organisation_id", "=", organisationId)
    .orderBy("a.id", "desc")
    .limit(limit);
  if (before !== null) query = query.where("a.id", "<", before);
  if (filter.action !== undefined) query = query.where("a.action", "like", `${filter.action}%`);
  if (filter.actor !== undefined) query = query.where("a.actor", "=", filter.actor);
  if (filter.from) query = query.where("a.at", ">=", filter.from);
  if (filter.to) query = query.where("a.at", "<", filter.to);
  return query.execute();
}
