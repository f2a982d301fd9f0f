import type { Insertable, Kysely, Selectable, Updateable } from "kysely";
import type { Accounts, Schema } from "./schema.ts";

export type Account = Selectable<Accounts>;

export async function insertAccount(trx: Kysely<Schema>, row: Insertable<Accounts>): Promise<Account> {
  return trx.insertInto("accounts").values(row).returningAll().executeTakeFirstOrThrow();
}

/** In the order in which they were first seen. */
export async function accountsOfSession(
  db: Kysely<Schema>,
  envId: number,
  sessionId: bigint,
): Promise<Account[]> {
  return db
    .selectFrom("accounts")
    .selectAll()
    .where("env_id", "=", envId)
    .where("session_id", "=", sessionId)
    .orderBy("id")
    .execute();
}

export async function updateAccount(
  trx: Kysely<Schema>,
  account: Account,
  change: Updateable<Accounts>,
): Promise<Account> {
  return trx
    .updateTable("accounts")
    .set(change)
    .where("env_id", "=", account.env_id)
    .where("id", "=", account.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
