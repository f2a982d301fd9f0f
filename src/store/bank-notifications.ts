/** Security event tokens of banks, each taken once. */
import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** False where this one was taken before. A concurrent taker waits for this transaction's end. */
export async function takeNotification(
  trx: Kysely<Schema>,
  provider: string,
  jti: string,
  now: Temporal.Instant,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("bank_notifications")
    .values({ provider, jti, received_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** What is older is not believed anyway. */
export async function dropNotifications(db: Kysely<Schema>, before: Temporal.Instant): Promise<void> {
  await db.deleteFrom("bank_notifications").where("received_at", "<", before).execute();
}

/** Accounts that a bank knows by this reference, and that a consent gives access to now. */
export async function accountsByBankRef(
  db: Kysely<Schema>,
  provider: string,
  bankRef: string,
): Promise<{ env_id: number; public_id: string }[]> {
  const { rows } = await sql<{ env_id: number; public_id: string }>`
    select a.env_id, a.public_id from bank_accounts a
    join consents c on c.env_id = a.env_id and c.id = a.consent_id
    where a.provider = ${provider} and a.bank_ref = ${bankRef} and c.status = 'authorized'`.execute(db);
  return rows;
}
