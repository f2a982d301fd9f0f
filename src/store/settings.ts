/** The BankConnect settings of an environment, how long it keeps history, its organisation's time zone: read and changed. */
import type { Kysely } from "kysely";
import { recordAudit } from "./audit.ts";
import type { Environment, Settings } from "./environments.ts";
import type { Schema } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export type SettingValues = Settings & {
  time_zone: string;
  /** Days that deliveries and their answers are kept, from the change on. */
  retention: Environment["retention"];
};

export interface EnvironmentSettings {
  envId: number;
  publicId: string;
  mode: "live" | "sandbox";
  organisation: { id: number; name: string };
  values: SettingValues;
}

/** An IANA name as it is written; null where there is no such zone. */
export function timeZoneNamed(text: string): string | null {
  if (!/^[A-Za-z]/.test(text)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return null;
  }
}

/** The environment with this public id, or the oldest sandbox. Null where there is none. */
export async function findSettings(
  db: Kysely<Schema>,
  publicId: string | null,
): Promise<EnvironmentSettings | null> {
  const row = await db
    .selectFrom("environments as e")
    .innerJoin("organisations as o", "o.id", "e.organisation_id")
    .innerJoin("bankconnect_settings as s", "s.env_id", "e.id")
    .selectAll("s")
    .select([
      "e.public_id",
      "e.mode",
      "e.retention",
      "o.id as organisation_id",
      "o.name as organisation_name",
      "o.time_zone",
    ])
    .where((where) =>
      publicId === null ? where("e.mode", "=", "sandbox") : where("e.public_id", "=", publicId),
    )
    .orderBy("e.id")
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const { env_id: envId, public_id, mode, organisation_id, organisation_name, ...values } = row;
  const organisation = { id: organisation_id, name: organisation_name };
  return { envId, publicId: public_id, mode, organisation, values };
}

/**
 * Changes what differs, in one transaction with its audit rows (`settings.update`), and answers the names changed.
 * Servers read an environment again after three seconds at most. `change` has been validated; the schema checks again.
 */
export async function changeSettings(
  db: Kysely<Schema>,
  publicId: string,
  change: Partial<SettingValues>,
  by: { actor: string; at: Temporal.Instant },
): Promise<string[]> {
  return inTransaction(db, async ({ trx }) => {
    const { id: envId } = await trx
      .selectFrom("environments")
      .select("id")
      .where("public_id", "=", publicId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const before = await findSettings(trx, publicId);
    if (!before) throw new Error(`${publicId} has no settings.`);
    const old = new Map<string, unknown>(Object.entries(before.values));
    const changed = Object.entries(change).filter(([name, value]) => String(old.get(name)) !== String(value));
    if (changed.length === 0) return [];

    const { time_zone, retention, ...settings } = change;
    if (time_zone !== undefined) {
      const { id } = before.organisation;
      await trx.updateTable("organisations").set({ time_zone }).where("id", "=", id).execute();
    }
    if (retention !== undefined) {
      await trx.updateTable("environments").set({ retention }).where("id", "=", envId).execute();
      // Dispatchers know it with the endpoint, until its version changes.
      await trx
        .updateTable("webhook_endpoints")
        .set((eb) => ({ version: eb("version", "+", 1) }))
        .where("env_id", "=", envId)
        .execute();
    }
    if (Object.keys(settings).length > 0)
      await trx.updateTable("bankconnect_settings").set(settings).where("env_id", "=", envId).execute();
    for (const [name, value] of changed) {
      await recordAudit(trx, {
        envId,
        ...by,
        action: "settings.update",
        target: `environment:${publicId}`,
        detail: { name, from: String(old.get(name)), to: String(value) },
      });
    }
    return changed.map(([name]) => name);
  });
}
