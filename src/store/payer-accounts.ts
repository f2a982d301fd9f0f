/** The account that a payment is made from, where the client names one. */
import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Null where it has no sort code and account number: then the customer chooses at the bank. */
export async function findAccountIdentification(
  db: Kysely<Schema>,
  envId: number,
  id: bigint,
): Promise<{ sortCode: string; accountNumber: string; name: string | null } | null> {
  const { identification, holder_name } = await db
    .selectFrom("bank_accounts")
    .select(["identification", "holder_name"])
    .where("env_id", "=", envId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const { sort_code: sortCode, account_number: accountNumber } = identification;
  return sortCode && accountNumber ? { sortCode, accountNumber, name: holder_name } : null;
}

/** Null where this customer has none of this public id. */
export async function findPayerAccount(
  db: Kysely<Schema>,
  envId: number,
  customerId: bigint,
  publicId: string,
): Promise<{ id: bigint; provider: string } | null> {
  const row = await db
    .selectFrom("bank_accounts")
    .select(["id", "provider"])
    .where("env_id", "=", envId)
    .where("customer_id", "=", customerId)
    .where("public_id", "=", publicId)
    .executeTakeFirst();
  return row ?? null;
}
