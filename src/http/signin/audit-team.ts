import type { Kysely } from "kysely";
import { recordAudit, type AuditEntry } from "../../store/audit.ts";
import type { Schema } from "../../store/schema.ts";

/**
 * What concerns an organisation as a whole is written beside its oldest environment: the audit log is read for all of
 * its environments together.
 */
export async function auditTeam(
  trx: Kysely<Schema>,
  organisationId: number,
  at: Temporal.Instant,
  entry: Pick<AuditEntry, "actor" | "action" | "target" | "detail">,
): Promise<void> {
  const env = await trx
    .selectFrom("environments")
    .select("id")
    .where("organisation_id", "=", organisationId)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  if (!env) throw new Error(`The organisation ${organisationId} has no environment.`);
  await recordAudit(trx, { envId: env.id, at, ...entry });
}
