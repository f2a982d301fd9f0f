/** How each bank answered last. Of the server, not of a tenant: nothing here is anybody's. */
import { sql, type Kysely, type Selectable } from "kysely";
import type { ProviderHealth } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type HealthRow = Selectable<ProviderHealth>;

/** Failures in a row until a bank that still answers some is called down. */
const DOWN_AFTER = 3;

export async function providerHealth(db: Kysely<Schema>): Promise<Map<string, HealthRow>> {
  const rows = await db.selectFrom("provider_health").selectAll().execute();
  return new Map(rows.map((row) => [row.provider, row]));
}

/** `reason`: a fault's name; null: it answered. One failure is `degraded`, three in a row are `down`. */
export async function noteHealth(
  db: Kysely<Schema>,
  provider: string,
  reason: string | null,
  now: Temporal.Instant,
): Promise<void> {
  const failures = reason === null ? 0 : 1;
  await db
    .insertInto("provider_health")
    .values({ provider, status: failures === 0 ? "healthy" : "degraded", failures, reason, checked_at: now })
    .onConflict((conflict) =>
      conflict.column("provider").doUpdateSet({
        failures: reason === null ? 0 : sql<number>`provider_health.failures + 1`,
        status:
          reason === null
            ? "healthy"
            : sql<"down">`case when provider_health.failures + 1 >= ${DOWN_AFTER}::int then 'down' else 'degraded' end`,
        reason,
        checked_at: now,
      }),
    )
    .execute();
}
