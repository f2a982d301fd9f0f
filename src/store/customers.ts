/** Customers and vendors: whose data it is. Two kinds of one shape. */
import { sql, type Kysely, type Selectable } from "kysely";
import { newId } from "../platform/ids.ts";
import { listTotal } from "./list-counts.ts";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { Schema } from "./schema.ts";
import type { Customers } from "./schema-openbanking.ts";

export type CustomerRow = Selectable<Customers>;
export type CustomerKind = CustomerRow["kind"];

const PREFIXES = { customer: "cus", vendor: "vnd" } as const;

export const CUSTOMER_ORDER: Order = [["id", "bigint"]];

export interface NewCustomer {
  kind: CustomerKind;
  name: string;
  email: string | null;
  phone: string | null;
  currency: string | null;
  metadata: Readonly<Record<string, string>>;
}

export async function insertCustomer(
  trx: Kysely<Schema>,
  envId: number,
  { metadata, ...wanted }: NewCustomer,
  now: Temporal.Instant,
): Promise<CustomerRow> {
  return trx
    .insertInto("customers")
    .values({
      ...wanted,
      env_id: envId,
      public_id: newId(PREFIXES[wanted.kind]),
      metadata: JSON.stringify(metadata),
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Of one kind, or of either; locked until the transaction ends where `lock` says so. Null where there is none. */
export async function findCustomer(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
  { kind, lock = false }: { kind?: CustomerKind; lock?: boolean } = {},
): Promise<CustomerRow | null> {
  const row = await db
    .selectFrom("customers")
    .selectAll()
    .where("env_id", "=", envId)
    .where("public_id", "=", publicId)
    .$if(kind !== undefined, (query) => query.where("kind", "=", kind ?? "customer"))
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  return row ?? null;
}

export async function updateCustomer(
  trx: Kysely<Schema>,
  { env_id, id }: CustomerRow,
  { metadata, ...changes }: Partial<Omit<NewCustomer, "kind">>,
  now: Temporal.Instant,
): Promise<CustomerRow> {
  return trx
    .updateTable("customers")
    .set({
      ...changes,
      ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
      updated_at: now,
    })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export interface CustomerFilter {
  kind: CustomerKind;
  email: string | null;
}

/** Newest first. */
export async function listCustomers(
  db: Kysely<Schema>,
  envId: number,
  filter: CustomerFilter,
  page: PageRequest,
): Promise<PageRows<CustomerRow>> {
  const { where, tail } = pageSql(page, CUSTOMER_ORDER);
  const rows = await db
    .selectFrom("customers")
    .selectAll()
    .where("env_id", "=", envId)
    .where("kind", "=", filter.kind)
    .$if(filter.email !== null, (query) => query.where("email", "=", filter.email))
    .where(where)
    .modifyEnd(tail)
    .execute();
  return pageRows(rows, page);
}

export async function countCustomers(
  db: Kysely<Schema>,
  envId: number,
  { kind, email }: CustomerFilter,
): Promise<number> {
  if (email === null) return listTotal(db, envId, kind);
  const { rows } = await sql<{ count: bigint }>`select count(*) from customers
    where env_id = ${envId} and kind = ${kind} and email = ${email}`.execute(db);
  return Number(rows[0]?.count ?? 0);
}
