/** Bank accounts as customers connected them. One real account is one row, whichever consent gives access now. */
import { sql, type Insertable, type Kysely, type Selectable } from "kysely";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { BankAccounts } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type BankAccountRow = Selectable<BankAccounts>;

/** An account and what its object names by id. */
export type BankAccount = BankAccountRow & {
  owner_id: string;
  owner_kind: "customer" | "vendor";
  consent_public_id: string | null;
};

const accountQuery = (db: Kysely<Schema>, envId: number) =>
  db
    .selectFrom("bank_accounts as a")
    .innerJoin("customers as o", (join) =>
      join.onRef("o.env_id", "=", "a.env_id").onRef("o.id", "=", "a.customer_id"),
    )
    .leftJoin("consents as k", (join) =>
      join.onRef("k.env_id", "=", "a.env_id").onRef("k.id", "=", "a.consent_id"),
    )
    .selectAll("a")
    .select(["o.public_id as owner_id", "o.kind as owner_kind", "k.public_id as consent_public_id"])
    .where("a.env_id", "=", envId);

/** By public id, or by its key. Null where this environment has none. */
export async function findBankAccount(
  db: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<BankAccount | null> {
  const query = accountQuery(db, envId).where(typeof id === "bigint" ? "a.id" : "a.public_id", "=", id);
  return (await query.executeTakeFirst()) ?? null;
}

export interface AccountFilter {
  /** Key of a customer or vendor. */
  customerId: bigint | null;
  consentId: bigint | null;
}

export const ACCOUNT_ORDER: Order = [["a.id", "bigint"]];

/** Newest first. */
export async function listBankAccounts(
  db: Kysely<Schema>,
  envId: number,
  { customerId, consentId }: AccountFilter,
  page: PageRequest,
): Promise<PageRows<BankAccount>> {
  const { where, tail } = pageSql(page, ACCOUNT_ORDER);
  const rows = await accountQuery(db, envId)
    .$if(customerId !== null, (query) => query.where("a.customer_id", "=", customerId))
    .$if(consentId !== null, (query) => query.where("a.consent_id", "=", consentId))
    .where(where)
    .modifyEnd(tail)
    .execute();
  return pageRows(rows, page);
}

/** A customer has few: they are counted. */
export async function countBankAccounts(
  db: Kysely<Schema>,
  envId: number,
  { customerId, consentId }: AccountFilter,
): Promise<number> {
  const { count } = await db
    .selectFrom("bank_accounts")
    .select((e) => e.fn.countAll<bigint>().as("count"))
    .where("env_id", "=", envId)
    .$if(customerId !== null, (query) => query.where("customer_id", "=", customerId))
    .$if(consentId !== null, (query) => query.where("consent_id", "=", consentId))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export type NewBankAccount = Pick<
  Insertable<BankAccounts>,
  "public_id" | "customer_id" | "consent_id" | "provider" | "bank_ref" | "fingerprint" | "holder_name"
> &
  Pick<BankAccountRow, "nickname" | "currency" | "identification" | "type" | "class">;

/**
 * Takes in an account that a consent gave access to: a new row, or the one with its fingerprint, which keeps its id and
 * what the client wrote on it. `created` says which. Two consents taking in one account at once wait for each other.
 */
export async function takeInBankAccount(
  trx: Kysely<Schema>,
  envId: number,
  account: NewBankAccount,
  now: Temporal.Instant,
): Promise<{ id: bigint; created: boolean }> {
  const { nickname, identification, ...rest } = account;
  return trx
    .insertInto("bank_accounts")
    .values({
      ...rest,
      env_id: envId,
      nickname,
      identification: JSON.stringify(identification),
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(["env_id", "customer_id", "fingerprint"]).doUpdateSet((e) => ({
        consent_id: e.ref("excluded.consent_id"),
        bank_ref: e.ref("excluded.bank_ref"),
        holder_name: e.ref("excluded.holder_name"),
        // The client may have named it.
        nickname: sql<string | null>`coalesce(bank_accounts.nickname, excluded.nickname)`,
        type: e.ref("excluded.type"),
        class: e.ref("excluded.class"),
        sync_failures: 0,
        sync_error: null,
        updated_at: now,
      })),
    )
    .returning(["id", sql<boolean>`xmax = 0`.as("created")])
    .executeTakeFirstOrThrow();
}

export interface BankAccountEdit {
  nickname?: string | null;
  metadata?: Record<string, string>;
  autoSyncInterval?: string | null;
  nextSyncAt?: Temporal.Instant | null;
}

/** What a client may write on it; fields that are absent stay. */
export async function editBankAccount(
  trx: Kysely<Schema>,
  { env_id, id }: Pick<BankAccountRow, "env_id" | "id">,
  edit: BankAccountEdit,
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable("bank_accounts")
    .set({
      updated_at: now,
      ...(edit.nickname !== undefined && { nickname: edit.nickname }),
      ...(edit.metadata !== undefined && { metadata: JSON.stringify(edit.metadata) }),
      ...(edit.autoSyncInterval !== undefined && { auto_sync_interval: edit.autoSyncInterval }),
      ...(edit.nextSyncAt !== undefined && { next_sync_at: edit.nextSyncAt }),
    })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .execute();
}

/** Accounts of a consent that are not among these: the customer has taken them out, or the bank has closed them. */
export async function releaseAccounts(
  trx: Kysely<Schema>,
  envId: number,
  consentId: bigint,
  kept: readonly bigint[],
): Promise<void> {
  await trx
    .updateTable("bank_accounts")
    .set({ consent_id: null, next_sync_at: null })
    .where("env_id", "=", envId)
    .where("consent_id", "=", consentId)
    .where((e) => e.not(e("id", "=", sql<bigint>`any(${[...kept]}::bigint[])`)))
    .execute();
}
