/** What banks said happened on connected accounts. Lists read newest first by (at, id), which is how an index lies. */
import { CompiledQuery, sql, type Kysely, type Selectable } from "kysely";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { BankTransactions } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type BankTransactionRow = Selectable<BankTransactions>;

/** A row as it is written. `bankRef` is the bank's TransactionId, or a hash of what it says. */
export interface NewBankTransaction {
  publicId: string;
  status: "booked" | "pending";
  bankRef: string;
  at: Temporal.Instant;
  amount: bigint;
  currency: string;
  description: string;
  reference: string | null;
  category: string | null;
  merchant: string | null;
  balance: bigint | null;
  metadata: Record<string, string>;
}

export interface AccountKey {
  envId: number;
  accountId: bigint;
}

/**
 * $1 environment, $2 account, $3 now, $4… one array per column. What is there and alike is not written; what the bank
 * has corrected is. The label is left alone where the words are the same: neighbours may have improved it.
 */
const WRITE = `-- prepared: write_bank_transactions
  insert into bank_transactions as b (env_id, bank_account_id, created_at, public_id, status, bank_ref, at, amount,
                                      currency, description, reference, category, merchant, balance, metadata)
  select $1::int, $2::bigint, $3::timestamptz, t.*
  from unnest($4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bigint[], $9::text[], $10::text[],
              $11::text[], $12::text[], $13::text[], $14::bigint[], $15::jsonb[]) as t
  on conflict (env_id, bank_account_id, status, bank_ref) do update set
    at = excluded.at, amount = excluded.amount, currency = excluded.currency, reference = excluded.reference,
    balance = excluded.balance, metadata = excluded.metadata, description = excluded.description,
    category = case when b.description = excluded.description then b.category else excluded.category end,
    merchant = case when b.description = excluded.description then b.merchant else excluded.merchant end
  where (b.at, b.amount, b.currency, b.description, b.reference, b.balance, b.metadata) is distinct from
    (excluded.at, excluded.amount, excluded.currency, excluded.description, excluded.reference, excluded.balance,
     excluded.metadata)
  returning b.id, b.public_id, b.status, xmax = 0 as inserted`;

export interface WrittenTransaction {
  id: bigint;
  public_id: string;
  status: "booked" | "pending";
  /** False: it was there, and the bank now says otherwise of it. */
  inserted: boolean;
}

/** One statement whatever their number; ids follow the order given. No status and reference twice. Answers what changed. */
export async function writeBankTransactions(
  trx: Kysely<Schema>,
  { envId, accountId }: AccountKey,
  rows: readonly NewBankTransaction[],
  now: Temporal.Instant,
): Promise<WrittenTransaction[]> {
  if (rows.length === 0) return [];
  const query = CompiledQuery.raw(WRITE, [
    envId,
    accountId,
    now,
    rows.map((row) => row.publicId),
    rows.map((row) => row.status),
    rows.map((row) => row.bankRef),
    rows.map((row) => row.at),
    rows.map((row) => row.amount),
    rows.map((row) => row.currency),
    rows.map((row) => row.description),
    rows.map((row) => row.reference),
    rows.map((row) => row.category),
    rows.map((row) => row.merchant),
    rows.map((row) => row.balance),
    rows.map((row) => JSON.stringify(row.metadata)),
  ]);
  return (await trx.executeQuery<WrittenTransaction>(query)).rows;
}

/** Pending rows whose reference is not among these are gone at the bank, or booked by now. Answers how many went and stay. */
export async function keepPending(
  trx: Kysely<Schema>,
  { envId, accountId }: AccountKey,
  bankRefs: readonly string[],
): Promise<{ removed: number; kept: number }> {
  const { rows } = await sql<{ removed: bigint; kept: bigint }>`
    with gone as (
      delete from bank_transactions
      where env_id = ${envId} and bank_account_id = ${accountId} and status = 'pending'
        and not (bank_ref = any(${[...bankRefs]}::text[]))
      returning 1
    )
    select (select count(*) from gone) as removed, count(*) as kept from bank_transactions
    where env_id = ${envId} and bank_account_id = ${accountId} and status = 'pending'
      and bank_ref = any(${[...bankRefs]}::text[])`.execute(trx);
  const [counted] = rows;
  return { removed: Number(counted?.removed ?? 0n), kept: Number(counted?.kept ?? 0n) };
}

/** When the oldest pending row that is not older than `since` was made; null where there is none. */
export async function oldestPending(
  db: Kysely<Schema>,
  { envId, accountId }: AccountKey,
  since: Temporal.Instant,
): Promise<Temporal.Instant | null> {
  const row = await db
    .selectFrom("bank_transactions")
    .select("at")
    .where("env_id", "=", envId)
    .where("bank_account_id", "=", accountId)
    .where("status", "=", "pending")
    .where("at", ">=", since)
    .orderBy("at")
    .limit(1)
    .executeTakeFirst();
  return row?.at ?? null;
}

export interface TransactionFilter {
  status: "booked" | "pending";
  /** Inclusive. */
  from: Temporal.Instant | null;
  /** Exclusive. */
  before: Temporal.Instant | null;
}

export const TRANSACTION_ORDER: Order = [
  ["at", "timestamptz"],
  ["id", "bigint"],
];

/** Newest first: a page by its key costs the same wherever it lies. */
export async function listBankTransactions(
  db: Kysely<Schema>,
  { envId, accountId }: AccountKey,
  { status, from, before }: TransactionFilter,
  page: PageRequest,
): Promise<PageRows<BankTransactionRow>> {
  const { where, tail } = pageSql(page, TRANSACTION_ORDER);
  const rows = await db
    .selectFrom("bank_transactions")
    .selectAll()
    .where("env_id", "=", envId)
    .where("bank_account_id", "=", accountId)
    .where("status", "=", status)
    .$if(from !== null, (query) => query.where("at", ">=", from))
    .$if(before !== null, (query) => query.where("at", "<", before))
    .where(where)
    .modifyEnd(tail)
    .execute();
  return pageRows(rows, page);
}

/** For a list under a filter of time; without one the account's counters say it. */
export async function countBankTransactions(
  db: Kysely<Schema>,
  { envId, accountId }: AccountKey,
  { status, from, before }: TransactionFilter,
): Promise<number> {
  const { count } = await db
    .selectFrom("bank_transactions")
    .select((e) => e.fn.countAll<bigint>().as("count"))
    .where("env_id", "=", envId)
    .where("bank_account_id", "=", accountId)
    .where("status", "=", status)
    .$if(from !== null, (query) => query.where("at", ">=", from))
    .$if(before !== null, (query) => query.where("at", "<", before))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What a label is read from; for `relabel`. */
export type LabelledRow = Pick<
  BankTransactionRow,
  | "id"
  | "bank_ref"
  | "status"
  | "at"
  | "amount"
  | "description"
  | "reference"
  | "balance"
  | "category"
  | "merchant"
>;

/** Oldest first, from `from` on (inclusive) or after a row; `limit` rows at most. */
export async function oldestFirst(
  db: Kysely<Schema>,
  { envId, accountId }: AccountKey,
  start: { from: Temporal.Instant } | { after: { at: Temporal.Instant; id: bigint } },
  limit: number,
): Promise<LabelledRow[]> {
  return db
    .selectFrom("bank_transactions")
    .select([
      "id",
      "bank_ref",
      "status",
      "at",
      "amount",
      "description",
      "reference",
      "balance",
      "category",
      "merchant",
    ])
    .where("env_id", "=", envId)
    .where("bank_account_id", "=", accountId)
    .where("status", "=", "booked")
    .where(
      "from" in start
        ? sql<boolean>`at >= ${start.from}::timestamptz`
        : sql<boolean>`(at, id) > (${start.after.at}::timestamptz, ${start.after.id}::bigint)`,
    )
    .orderBy("at")
    .orderBy("id")
    .limit(limit)
    .execute();
}

export interface StoredLabel {
  id: bigint;
  category: string | null;
  merchant: string | null;
}

/** One statement whatever their number. */
export async function writeLabels(
  db: Kysely<Schema>,
  { envId, accountId }: AccountKey,
  labels: readonly StoredLabel[],
): Promise<void> {
  if (labels.length === 0) return;
  await sql`
    update bank_transactions b set category = l.category, merchant = l.merchant
    from unnest(${labels.map(({ id }) => id)}::bigint[], ${labels.map(({ category }) => category)}::text[],
                ${labels.map(({ merchant }) => merchant)}::text[]) as l (id, category, merchant)
    where b.env_id = ${envId} and b.bank_account_id = ${accountId} and b.id = l.id`.execute(db);
}
