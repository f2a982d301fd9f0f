/** Links that a customer opens to give consent; each authorized consent of a link points back to it. */
import type { Insertable, Kysely, Selectable } from "kysely";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { ConsentLinks } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type ConsentLink = Selectable<ConsentLinks> & {
  owner_id: string;
  owner_kind: "customer" | "vendor";
};

export async function insertConsentLink(trx: Kysely<Schema>, row: Insertable<ConsentLinks>): Promise<bigint> {
  const { id } = await trx.insertInto("consent_links").values(row).returning("id").executeTakeFirstOrThrow();
  return id;
}

const linkQuery = (db: Kysely<Schema>) =>
  db
    .selectFrom("consent_links as l")
    .innerJoin("customers as o", (join) =>
      join.onRef("o.env_id", "=", "l.env_id").onRef("o.id", "=", "l.customer_id"),
    )
    .selectAll("l")
    .select(["o.public_id as owner_id", "o.kind as owner_kind"]);

/** By public id, or by its key. Null where this environment has none. */
export async function findConsentLink(
  db: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<ConsentLink | null> {
  const row = await linkQuery(db)
    .where("l.env_id", "=", envId)
    .where(typeof id === "bigint" ? "l.id" : "l.public_id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/** Whose page this is, in whatever environment. */
export async function findLinkByCode(db: Kysely<Schema>, codeHash: Buffer): Promise<ConsentLink | null> {
  return (await linkQuery(db).where("l.code_hash", "=", codeHash).executeTakeFirst()) ?? null;
}

/** Held until the transaction ends. */
export async function lockConsentLink(
  trx: Kysely<Schema>,
  envId: number,
  id: bigint,
): Promise<ConsentLink | null> {
  const row = await linkQuery(trx)
    .where("l.env_id", "=", envId)
    .where("l.id", "=", id)
    .forUpdate("l")
    .executeTakeFirst();
  return row ?? null;
}

export async function setLinkStatus(
  trx: Kysely<Schema>,
  { env_id, id }: Pick<ConsentLink, "env_id" | "id">,
  status: ConsentLink["status"],
  at: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable("consent_links")
    .set({ status, updated_at: at })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .execute();
}

/** Newest first. */
export const LINKS_ORDER: Order = [["l.id", "bigint"]];

export async function listConsentLinks(
  db: Kysely<Schema>,
  envId: number,
  customerId: bigint | undefined,
  page: PageRequest,
): Promise<PageRows<ConsentLink>> {
  const { where, tail } = pageSql(page, LINKS_ORDER);
  const found = await linkQuery(db)
    .where("l.env_id", "=", envId)
    .$if(customerId !== undefined, (query) => query.where("l.customer_id", "=", customerId ?? 0n))
    .where(where)
    .modifyEnd(tail)
    .execute();
  return pageRows(found, page);
}

export async function countConsentLinks(
  db: Kysely<Schema>,
  envId: number,
  customerId: bigint | undefined,
): Promise<number> {
  const { n } = await db
    .selectFrom("consent_links")
    .select((eb) => eb.fn.countAll<bigint>().as("n"))
    .where("env_id", "=", envId)
    .$if(customerId !== undefined, (query) => query.where("customer_id", "=", customerId ?? 0n))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Those whose time has passed; answers how many. */
export async function expireLinks(db: Kysely<Schema>, now: Temporal.Instant): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("consent_links")
    .set({ status: "expired", updated_at: now })
    .where("status", "=", "active")
    .where("expires_at", "<=", now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
