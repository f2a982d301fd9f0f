/** What an environment has set for the open-banking contract; an environment without a row has the defaults. */
import type { Insertable, Kysely } from "kysely";
import { recordAudit } from "./audit.ts";
import type { OpenbankingSettings } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export interface OpenBankingRules {
  /** Null: the organisation's name. */
  appName: string | null;
  organisation: string;
  supportUrl: string | null;
  /** Days until a consent ends when none is asked for; null is a calendar year. */
  consentDays: number | null;
  reminderDays: readonly number[];
}

/** Where an environment has no settings. */
export const REMINDER_DAYS: readonly number[] = [14, 7, 1];

/** Throws where there is no such environment. */
export async function loadOpenBankingRules(db: Kysely<Schema>, envId: number): Promise<OpenBankingRules> {
  const row = await db
    .selectFrom("environments as e")
    .innerJoin("organisations as o", "o.id", "e.organisation_id")
    .leftJoin("openbanking_settings as s", "s.env_id", "e.id")
    .select(["o.name", "s.app_name", "s.support_url", "s.consent_days", "s.reminder_days"])
    .where("e.id", "=", envId)
    .executeTakeFirstOrThrow();
  return {
    appName: row.app_name,
    organisation: row.name,
    supportUrl: row.support_url,
    consentDays: row.consent_days,
    reminderDays: row.reminder_days ?? REMINDER_DAYS,
  };
}

export type OpenBankingChange = Partial<
  Pick<Insertable<OpenbankingSettings>, "app_name" | "support_url" | "consent_days" | "reminder_days">
>;

/** What is not named stays. `change` has been validated; the schema checks again. */
export async function changeOpenBankingSettings(
  db: Kysely<Schema>,
  env: { id: number; publicId: string },
  change: OpenBankingChange,
  by: { actor: string; at: Temporal.Instant },
): Promise<void> {
  await inTransaction(db, async ({ trx }) => {
    await trx
      .insertInto("openbanking_settings")
      .values({ env_id: env.id, ...change })
      .onConflict((row) => row.column("env_id").doUpdateSet({ env_id: env.id, ...change }))
      .execute();
    await recordAudit(trx, {
      envId: env.id,
      ...by,
      action: "open_banking_settings.update",
      target: `environment:${env.publicId}`,
      detail: { names: Object.keys(change).sort().join(" ") },
    });
  });
}

export async function findRedirectSecret(db: Kysely<Schema>, envId: number): Promise<Buffer | null> {
  const row = await db
    .selectFrom("openbanking_settings")
    .select("redirect_secret")
    .where("env_id", "=", envId)
    .executeTakeFirst();
  return row?.redirect_secret ?? null;
}

/** Answers the one that is kept then. */
export async function keepRedirectSecret(
  db: Kysely<Schema>,
  envId: number,
  sealed: Buffer,
  when: "in any case" | "unless there is one",
): Promise<Buffer> {
  const row = await db
    .insertInto("openbanking_settings")
    .values({ env_id: envId, redirect_secret: sealed })
    .onConflict((conflict) =>
      conflict.column("env_id").doUpdateSet((eb) => ({
        redirect_secret:
          when === "in any case"
            ? sealed
            : eb.fn.coalesce("openbanking_settings.redirect_secret", "excluded.redirect_secret"),
      })),
    )
    .returning("redirect_secret")
    .executeTakeFirstOrThrow();
  if (row.redirect_secret === null) throw new Error("A secret was kept and is gone.");
  return row.redirect_secret;
}
