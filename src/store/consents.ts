/** Consents of the open-banking contract. What may follow what is `connect/consents/states.ts`' to say. */
import { sql, type Insertable, type Kysely, type Selectable, type Updateable } from "kysely";
import { listTotal } from "./list-counts.ts";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { Consents } from "./schema-openbanking.ts";
import type { Schema } from "./schema.ts";

export type ConsentRow = Selectable<Consents>;
export type NewConsent = Insertable<Consents>;
export type ConsentChange = Partial<Omit<Updateable<Consents>, "env_id" | "id" | "public_id">>;

/** A consent and what its object and its page name by id. */
export type Consent = ConsentRow & {
  owner_id: string;
  owner_kind: "customer" | "vendor";
  link_id: string | null;
};

export async function insertConsent(trx: Kysely<Schema>, row: NewConsent): Promise<bigint> {
  const { id } = await trx.insertInto("consents").values(row).returning("id").executeTakeFirstOrThrow();
  return id;
}

const consentQuery = (db: Kysely<Schema>, envId: number) =>
  db
    .selectFrom("consents as c")
    .innerJoin("customers as o", (join) =>
      join.onRef("o.env_id", "=", "c.env_id").onRef("o.id", "=", "c.customer_id"),
    )
    .leftJoin("consent_links as l", (join) =>
      join.onRef("l.env_id", "=", "c.env_id").onRef("l.id", "=", "c.consent_link_id"),
    )
    .selectAll("c")
    .select(["o.public_id as owner_id", "o.kind as owner_kind", "l.public_id as link_id"])
    .where("c.env_id", "=", envId);

/** By public id, or by its key. Null where this environment has none. */
export async function findConsent(
  db: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<Consent | null> {
  const query = consentQuery(db, envId).where(typeof id === "bigint" ? "c.id" : "c.public_id", "=", id);
  return (await query.executeTakeFirst()) ?? null;
}

/** As findConsent, and holds the row until the transaction ends: changes to one consent go one after the other. */
export async function lockConsent(
  trx: Kysely<Schema>,
  envId: number,
  id: string | bigint,
): Promise<Consent | null> {
  const query = consentQuery(trx, envId).where(typeof id === "bigint" ? "c.id" : "c.public_id", "=", id);
  return (await query.forUpdate("c").executeTakeFirst()) ?? null;
}

/** Whether it is authorized, and stays so until the transaction ends: whoever ends it waits. Readers do not. */
export async function holdAuthorized(trx: Kysely<Schema>, envId: number, id: bigint): Promise<boolean> {
  const row = await trx
    .selectFrom("consents")
    .select("status")
    .where("env_id", "=", envId)
    .where("id", "=", id)
    .forShare()
    .executeTakeFirst();
  return row?.status === "authorized";
}

/** Whose page this is, in whatever environment; null where the code is of no consent. */
export async function findConsentByCode(
  db: Kysely<Schema>,
  codeHash: Buffer,
): Promise<{ envId: number; id: bigint } | null> {
  const row = await db
    .selectFrom("consents")
    .select(["env_id", "id"])
    .where("code_hash", "=", codeHash)
    .executeTakeFirst();
  return row ? { envId: row.env_id, id: row.id } : null;
}

/** One of this link that still waits for this bank, of the same terms. */
export async function findWaitingOfLink(
  db: Kysely<Schema>,
  envId: number,
  linkId: bigint,
  terms: { customerId: bigint; provider: string; expiryDate: Temporal.PlainDate },
): Promise<Consent | null> {
  const { customerId, provider, expiryDate } = terms;
  const row = await consentQuery(db, envId)
    .where("c.customer_id", "=", customerId)
    .where("c.consent_link_id", "=", linkId)
    .where("c.status", "=", "pending")
    .where("c.provider", "=", provider)
    .where("c.expiry_date", "=", expiryDate)
    .orderBy("c.id", "desc")
    .executeTakeFirst();
  return row ?? null;
}

/** The one that holds this consent of a bank. */
export async function findConsentByBankId(
  db: Kysely<Schema>,
  provider: string,
  bankConsentId: string,
): Promise<{ envId: number; id: bigint } | null> {
  const row = await db
    .selectFrom("consents")
    .select(["env_id", "id"])
    .where("provider", "=", provider)
    .where("bank_consent_id", "=", bankConsentId)
    .executeTakeFirst();
  return row ? { envId: row.env_id, id: row.id } : null;
}

export async function changeConsent<T extends ConsentRow>(
  trx: Kysely<Schema>,
  consent: T,
  change: ConsentChange,
): Promise<T> {
  const after = await trx
    .updateTable("consents")
    .set(change)
    .where("env_id", "=", consent.env_id)
    .where("id", "=", consent.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...consent, ...after };
}

export interface ConsentFilter {
  customerId?: bigint;
  status?: ConsentRow["status"];
}

/** Newest first. */
export const CONSENTS_ORDER: Order = [["c.id", "bigint"]];

export async function listConsents(
  db: Kysely<Schema>,
  envId: number,
  { customerId, status }: ConsentFilter,
  page: PageRequest,
): Promise<PageRows<Consent>> {
  const { where, tail } = pageSql(page, CONSENTS_ORDER);
  const found = await consentQuery(db, envId)
    .$if(customerId !== undefined, (query) => query.where("c.customer_id", "=", customerId ?? 0n))
    .$if(status !== undefined, (query) => query.where("c.status", "=", status ?? "new"))
    .where(where)
    .modifyEnd(tail)
    .execute();
  return pageRows(found, page);
}

export async function countConsents(
  db: Kysely<Schema>,
  envId: number,
  { customerId, status }: ConsentFilter,
): Promise<number> {
  if (customerId === undefined && status === undefined) return listTotal(db, envId, "consents");
  const { n } = await db
    .selectFrom("consents")
    .select((eb) => eb.fn.countAll<bigint>().as("n"))
    .where("env_id", "=", envId)
    .$if(customerId !== undefined, (query) => query.where("customer_id", "=", customerId ?? 0n))
    .$if(status !== undefined, (query) => query.where("status", "=", status ?? "new"))
    .executeTakeFirstOrThrow();
  return Number(n);
}

export interface DueConsent {
  env_id: number;
  id: bigint;
}

/**
 * Waiting since before `untouchedSince`, or past their own end on some clock: whoever takes the step looks again. In pages
 * behind `after`: one that is not due in its own zone yet, or cannot be read, stands in nobody's way.
 */
export async function dueConsents(
  db: Kysely<Schema>,
  {
    untouchedSince,
    today,
    after,
    limit,
  }: { untouchedSince: Temporal.Instant; today: Temporal.PlainDate; after: DueConsent; limit: number },
): Promise<DueConsent[]> {
  const behind = sql`(env_id, id) > (${after.env_id}::int, ${after.id}::bigint) order by env_id, id limit ${limit}`;
  // `today` is UTC's: zones east of it have begun the next day, so one day more is looked at.
  const { rows } = await sql<DueConsent>`
    (select env_id, id from consents
      where status in ('new', 'pending') and updated_at <= ${untouchedSince}::timestamptz and ${behind})
    union all
    (select env_id, id from consents where status = 'authorized' and expiry_date <= ${today}::date and ${behind})
    order by env_id, id limit ${limit}`.execute(db);
  return rows;
}
