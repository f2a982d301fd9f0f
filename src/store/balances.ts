import { sql, type Kysely, type Selectable } from "kysely";
import type { BankBalances } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type BalanceRow = Selectable<BankBalances>;
export type NewBalance = Omit<BalanceRow, "env_id" | "bank_account_id" | "synced_at">;

/** `actual` first: clients read the first. */
export async function balancesOf(
  db: Kysely<Schema>,
  envId: number,
  accountId: bigint,
): Promise<BalanceRow[]> {
  return db
    .selectFrom("bank_balances")
    .selectAll()
    .where("env_id", "=", envId)
    .where("bank_account_id", "=", accountId)
    .orderBy("type")
    .execute();
}

/** Puts these in place of what there is; true where any figure is another. At most one of each type. */
export async function replaceBalances(
  trx: Kysely<Schema>,
  envId: number,
  accountId: bigint,
  balances: readonly NewBalance[],
  now: Temporal.Instant,
): Promise<boolean> {
  const before = await balancesOf(trx, envId, accountId);
  await trx
    .deleteFrom("bank_balances")
    .where("env_id", "=", envId)
    .where("bank_account_id", "=", accountId)
    .where((e) => e.not(e("type", "=", sql<"actual">`any(${balances.map(({ type }) => type)}::text[])`)))
    .execute();
  for (const balance of balances) {
    const { type, ...figures } = balance;
    await trx
      .insertInto("bank_balances")
      .values({ env_id: envId, bank_account_id: accountId, type, ...figures, synced_at: now })
      .onConflict((conflict) =>
        conflict.columns(["env_id", "bank_account_id", "type"]).doUpdateSet({ ...figures, synced_at: now }),
      )
      .execute();
  }
  return before.length !== balances.length || !balances.every((one) => before.some((old) => same(old, one)));
}

const FIGURES = [
  "type",
  "current",
  "available",
  "currency",
  "overdraft_limit",
  "overdraft_type",
] as const satisfies readonly (keyof NewBalance)[];

const same = (a: NewBalance, b: NewBalance): boolean => FIGURES.every((figure) => a[figure] === b[figure]);
