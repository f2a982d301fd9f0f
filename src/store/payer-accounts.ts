/** The account that a payment is made from, where the client names one. */
import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface PayerAccount {
  id: bigint;
  provider: string;
  /** Null where it has no sort code and account number: then the customer chooses at the bank. */
  payer: { sortCode: string; accountNumber: string; name: string | null } | null;
}

/** Null where this customer has none of this public id. */
export async function findPayerAccount(
  db: Kysely<Schema>,
  envId: number,
  customerId: bigint,
  publicId: string,
): Promise<PayerAccount | null> {
  const row = await db
    .selectFrom("bank_accounts")
    .select(["id", "provider", "identification", "holder_name"])
    .where("env_id", "=", envId)
    .where("customer_id", "=", customerId)
    .where("public_id", "=", publicId)
    .executeTakeFirst();
  if (!row) return null;
  const { id, provider, identification, holder_name: name } = row;
  const { sort_code: sortCode, account_number: accountNumber } = identification;
  return { id, provider, payer: sortCode && accountNumber ? { sortCode, accountNumber, name } : null };
}
