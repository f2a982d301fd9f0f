/** Batches of payments. What may follow what is `connect/payments/states.ts`' to say. */
import type { Insertable, Kysely, Selectable, Updateable } from "kysely";
import { listTotal } from "./list-counts.ts";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import { isAll, matches, type PaymentFilter, type PaymentRow } from "./payments.ts";
import type { BatchPayments } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type BatchRow = Selectable<BatchPayments>;
export type BatchChange = Partial<Omit<Updateable<BatchPayments>, "env_id" | "id" | "public_id">>;

/** A batch and what its object names by id. */
export type Batch = BatchRow & { owner_id: string; owner_kind: "customer" | "vendor" };

export async function insertBatch(trx: Kysely<Schema>, row: Insertable<BatchPayments>): Promise<bigint> {
  const { id } = await trx.insertInto("batch_payments").values(row).returning("id").executeTakeFirstOrThrow();
  return id;
}

const batchQuery = (db: Kysely<Schema>, envId: number) =>
  db
    .selectFrom("batch_payments as b")
    .innerJoin("customers as o", (join) =>
      join.onRef("o.env_id", "=", "b.env_id").onRef("o.id", "=", "b.customer_id"),
    )
    .selectAll("b")
    .select(["o.public_id as owner_id", "o.kind as owner_kind"])
    .where("b.env_id", "=", envId);

/** By public id, or by its key. Null where this environment has none. */
export async function findBatch(
  db: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<Batch | null> {
  const query = batchQuery(db, envId).where(typeof id === "bigint" ? "b.id" : "b.public_id", "=", id);
  return (await query.executeTakeFirst()) ?? null;
}

/**
 * Whoever locks its payments, too, locks them first. Not `for update`: the second update of a payment in one transaction
 * checks its foreign key, which shares the batch's key; two such would wait for each other.
 */
export async function lockBatch(trx: Kysely<Schema>, envId: number, id: bigint): Promise<Batch> {
  return batchQuery(trx, envId).where("b.id", "=", id).forNoKeyUpdate("b").executeTakeFirstOrThrow();
}

/** Whose page this is, in whatever environment; null where the code is of no batch. */
export async function findBatchByCode(
  db: Kysely<Schema>,
  codeHash: Buffer,
): Promise<{ envId: number; id: bigint } | null> {
  const row = await db
    .selectFrom("batch_payments")
    .select(["env_id", "id"])
    .where("code_hash", "=", codeHash)
    .executeTakeFirst();
  return row ? { envId: row.env_id, id: row.id } : null;
}

export async function changeBatch<T extends BatchRow>(
  trx: Kysely<Schema>,
  batch: T,
  change: BatchChange,
): Promise<T> {
  const after = await trx
    .updateTable("batch_payments")
    .set(change)
    .where("env_id", "=", batch.env_id)
    .where("id", "=", batch.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...batch, ...after };
}

export type BatchFilter = Pick<PaymentFilter, "customerId" | "from" | "before"> & {
  status?: BatchRow["status"] | undefined;
};

/** Newest first. */
export const BATCH_ORDER: Order = [["b.id", "bigint"]];

export async function listBatches(
  db: Kysely<Schema>,
  envId: number,
  filter: BatchFilter,
  request: PageRequest,
): Promise<PageRows<Batch>> {
  const page = pageSql(request, BATCH_ORDER);
  const rows = await batchQuery(db, envId)
    .where(matches(filter, "b"))
    .where(page.where)
    .modifyEnd(page.tail)
    .execute();
  return pageRows(rows, request);
}

export async function countBatches(db: Kysely<Schema>, envId: number, filter: BatchFilter): Promise<number> {
  if (isAll(filter)) return listTotal(db, envId, "batch_payments");
  const { count } = await db
    .selectFrom("batch_payments as b")
    .select((e) => e.fn.countAll<bigint>().as("count"))
    .where("b.env_id", "=", envId)
    .where(matches(filter, "b"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The statuses of the payments of these batches, in the order in which they were asked for. */
export async function statusesOfBatches(
  db: Kysely<Schema>,
  envId: number,
  ids: readonly bigint[],
): Promise<Map<bigint, PaymentRow["status"][]>> {
  const statuses = new Map<bigint, PaymentRow["status"][]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return statuses;
  const rows = await db
    .selectFrom("payments")
    .select(["batch_payment_id", "status"])
    .where("env_id", "=", envId)
    .where("batch_payment_id", "in", [...ids])
    .orderBy("id")
    .execute();
  for (const { batch_payment_id, status } of rows)
    if (batch_payment_id !== null) statuses.get(batch_payment_id)?.push(status);
  return statuses;
}
