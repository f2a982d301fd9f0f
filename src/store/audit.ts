import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface AuditEntry {
  envId: number;
  at: Temporal.Instant;
  /** `api_key:<public id>`, `user:<id>`, `job:<name>` or `operator`. */
  actor: string;
  /** Verb on a thing, such as `statement.upload`. */
  action: string;
  /** What it was done to, such as `session:<uuid>`. */
  target: string;
  /** Never personal data: ids, counts, names of settings. */
  detail?: Record<string, string | number | boolean | null>;
}

/** Written in the transaction of the change that it speaks of. */
export async function recordAudit(trx: Kysely<Schema>, entry: AuditEntry): Promise<void> {
  await trx
    .insertInto("audit")
    .values({
      env_id: entry.envId,
      at: entry.at,
      actor: entry.actor,
      action: entry.action,
      target: entry.target,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}
