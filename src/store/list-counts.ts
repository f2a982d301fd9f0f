import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** Lists whose rows triggers count (`sql/0013_open_banking.sql`). */
export type CountedList = "customer" | "vendor" | "consents" | "payments" | "batch_payments";

/** How many rows a list has without a filter; quick however many they are. */
export async function listTotal(db: Kysely<Schema>, envId: number, list: CountedList): Promise<number> {
  const { total } = await db
    .selectFrom("list_counts")
    .select((eb) => eb.fn.sum<string | null>("count").as("total"))
    .where("env_id", "=", envId)
    .where("list", "=", list)
    .executeTakeFirstOrThrow();
  return Number(total ?? 0);
}
