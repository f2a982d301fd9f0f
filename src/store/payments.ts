/** Payments. What may follow what is `connect/payments/states.ts`' to say. */
import {
  sql,
  type Insertable,
  type Kysely,
  type RawBuilder,
  type Selectable,
  type SqlBool,
  type Updateable,
} from "kysely";
import { listTotal } from "./list-counts.ts";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { Payments } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type PaymentRow = Selectable<Payments>;
export type NewPayment = Insertable<Payments>;
export type PaymentChange = Partial<Omit<Updateable<Payments>, "env_id" | "id" | "public_id">>;

/** A payment and what its object names by id. */
export type Payment = PaymentRow & {
  owner_id: string;
  owner_kind: "customer" | "vendor";
  batch_id: string | null;
  account_id: string | null;
};

export async function insertPayment(trx: Kysely<Schema>, row: NewPayment): Promise<bigint> {
  const { id } = await trx.insertInto("payments").values(row).returning("id").executeTakeFirstOrThrow();
  return id;
}

const paymentQuery = (db: Kysely<Schema>, envId: number) =>
  db
    .selectFrom("payments as p")
    .innerJoin("customers as o", (join) =>
      join.onRef("o.env_id", "=", "p.env_id").onRef("o.id", "=", "p.customer_id"),
    )
    .leftJoin("batch_payments as b", (join) =>
      join.onRef("b.env_id", "=", "p.env_id").onRef("b.id", "=", "p.batch_payment_id"),
    )
    .leftJoin("bank_accounts as a", (join) =>
      join.onRef("a.env_id", "=", "p.env_id").onRef("a.id", "=", "p.bank_account_id"),
    )
    .selectAll("p")
    .select([
      "o.public_id as owner_id",
      "o.kind as owner_kind",
      "b.public_id as batch_id",
      "a.public_id as account_id",
    ])
    .where("p.env_id", "=", envId);

/** By public id, or by its key. Null where this environment has none. */
export async function findPayment(
  db: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<Payment | null> {
  const query = paymentQuery(db, envId).where(typeof id === "bigint" ? "p.id" : "p.public_id", "=", id);
  return (await query.executeTakeFirst()) ?? null;
}

/** As findPayment, and holds the row until the transaction ends: changes to one payment go one after the other. */
export async function lockPayment(
  trx: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<Payment | null> {
  const query = paymentQuery(trx, envId).where(typeof id === "bigint" ? "p.id" : "p.public_id", "=", id);
  return (await query.forNoKeyUpdate("p").executeTakeFirst()) ?? null;
}

/** Of a batch, in the order in which they were asked for. */
export async function paymentsOfBatch(
  trx: Kysely<Schema>,
  envId: number,
  batchId: bigint,
): Promise<Payment[]> {
  return paymentQuery(trx, envId).where("p.batch_payment_id", "=", batchId).orderBy("p.id").execute();
}

/** As paymentsOfBatch, and holds the rows. */
export async function lockPaymentsOfBatch(
  trx: Kysely<Schema>,
  envId: number,
  batchId: bigint,
): Promise<Payment[]> {
  const query = paymentQuery(trx, envId).where("p.batch_payment_id", "=", batchId).orderBy("p.id");
  return query.forNoKeyUpdate("p").execute();
}

/** Whose page this is, in whatever environment; null where the code is of no payment. */
export async function findPaymentByCode(
  db: Kysely<Schema>,
  codeHash: Buffer,
): Promise<{ envId: number; id: bigint } | null> {
  const row = await db
    .selectFrom("payments")
    .select(["env_id", "id"])
    .where("code_hash", "=", codeHash)
    .executeTakeFirst();
  return row ? { envId: row.env_id, id: row.id } : null;
}

export async function changePayment<T extends PaymentRow>(
  trx: Kysely<Schema>,
  payment: T,
  change: PaymentChange,
): Promise<T> {
  const after = await trx
    .updateTable("payments")
    .set(change)
    .where("env_id", "=", payment.env_id)
    .where("id", "=", payment.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...payment, ...after };
}

export interface PaymentFilter {
  customerId?: bigint | undefined;
  status?: PaymentRow["status"] | undefined;
  batchId?: bigint | undefined;
  /** Of creation. */
  from?: Temporal.Instant | null;
  /** Exclusive. */
  before?: Temporal.Instant | null;
}

/** Newest first. */
export const PAYMENT_ORDER: Order = [["p.id", "bigint"]];

export async function listPayments(
  db: Kysely<Schema>,
  envId: number,
  filter: PaymentFilter,
  request: PageRequest,
): Promise<PageRows<Payment>> {
  const page = pageSql(request, PAYMENT_ORDER);
  const rows = await paymentQuery(db, envId)
    .where(matches(filter, "p"))
    .where(page.where)
    .modifyEnd(page.tail)
    .execute();
  return pageRows(rows, request);
}

export async function countPayments(
  db: Kysely<Schema>,
  envId: number,
  filter: PaymentFilter,
): Promise<number> {
  if (isAll(filter)) return listTotal(db, envId, "payments");
  const { count } = await db
    .selectFrom("payments as p")
    .select((e) => e.fn.countAll<bigint>().as("count"))
    .where("p.env_id", "=", envId)
    .where(matches(filter, "p"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Nothing is left out: the list's counter says how many there are. */
export const isAll = (filter: object): boolean =>
  Object.values(filter).every((value) => value === undefined || value === null);

/** `table`: the alias of payments, or of batches, which have the same columns but for the batch. */
export function matches(
  filter: Omit<PaymentFilter, "status"> & { status?: string | undefined },
  table: "p" | "b",
): RawBuilder<SqlBool> {
  const at = (column: string) => sql.ref(`${table}.${column}`);
  const { customerId, status, batchId, from = null, before = null } = filter;
  const parts = [
    customerId === undefined ? null : sql<SqlBool>`${at("customer_id")} = ${customerId}`,
    status === undefined ? null : sql<SqlBool>`${at("status")} = ${status}`,
    batchId === undefined ? null : sql<SqlBool>`${at("batch_payment_id")} = ${batchId}`,
    from === null ? null : sql<SqlBool>`${at("created_at")} >= ${from}`,
    before === null ? null : sql<SqlBool>`${at("created_at")} < ${before}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? sql<SqlBool>`true` : sql.join<SqlBool>(parts, sql` and `);
}

export interface Due {
  envId: number;
  id: string;
}

/** Those whose bank is to be asked, in every environment; the longest overdue first. */
export async function paymentsToCheck(
  db: Kysely<Schema>,
  now: Temporal.Instant,
  limit: number,
): Promise<Due[]> {
  const rows = await db
    .selectFrom("payments")
    .select(["env_id as envId", "public_id as id"])
    .where("check_at", "<=", now)
    .orderBy("check_at")
    .limit(limit)
    .execute();
  return rows;
}

/** Those that nobody authorized in time. */
export async function paymentsToExpire(
  db: Kysely<Schema>,
  now: Temporal.Instant,
  limit: number,
): Promise<Due[]> {
  return db
    .selectFrom("payments")
    .select(["env_id as envId", "public_id as id"])
    .where("status", "in", ["new", "pending"])
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
}

/** Those at the bank that its notification speaks of. */
export async function paymentsAtBank(
  db: Kysely<Schema>,
  provider: string,
  { bankPaymentId, bankConsentId }: { bankPaymentId: string | null; bankConsentId: string | null },
): Promise<Due[]> {
  if (bankPaymentId === null && bankConsentId === null) return [];
  return db
    .selectFrom("payments")
    .select(["env_id as envId", "public_id as id"])
    .where("provider", "=", provider)
    .where((e) =>
      e.or([e("bank_payment_id", "=", bankPaymentId ?? ""), e("bank_consent_id", "=", bankConsentId ?? "")]),
    )
    .where("status", "in", ["authorized", "executed"])
    .execute();
}
