/** Webhook endpoints as the open-banking contract lists them: those of its own format. */
import { sql, type Kysely } from "kysely";
import type { EndpointRow } from "./endpoint-rows.ts";
import { pageRows, pageSql, type Order, type PageRequest, type PageRows } from "./paging.ts";
import type { Schema } from "./schema.ts";

export const WEBHOOK_ORDER: Order = [["e.id", "bigint"]];

export interface WebhookRow extends EndpointRow {
  /** In a row, up to now. */
  failure_count: number;
}

const webhooks = (db: Kysely<Schema>, envId: number) =>
  db
    .selectFrom("webhook_endpoints as e")
    .leftJoin("endpoint_health as h", (join) =>
      join.onRef("h.env_id", "=", "e.env_id").onRef("h.endpoint_id", "=", "e.id"),
    )
    .selectAll("e")
    .select((eb) => eb.fn.coalesce("h.failures", sql<number>`0`).as("failure_count"))
    .where("e.env_id", "=", envId)
    .where("e.format", "=", "event");

/** Newest first. */
export async function listWebhooks(
  db: Kysely<Schema>,
  envId: number,
  page: PageRequest,
): Promise<PageRows<WebhookRow>> {
  const { where, tail } = pageSql(page, WEBHOOK_ORDER);
  return pageRows(await webhooks(db, envId).where(where).modifyEnd(tail).execute(), page);
}

/** Null where there is none. */
export async function findWebhook(
  db: Kysely<Schema>,
  envId: number,
  publicId: string,
): Promise<WebhookRow | null> {
  return (await webhooks(db, envId).where("e.public_id", "=", publicId).executeTakeFirst()) ?? null;
}

/** An environment has few endpoints: they are counted. */
export async function countWebhooks(db: Kysely<Schema>, envId: number): Promise<number> {
  const { count } = await db
    .selectFrom("webhook_endpoints")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("env_id", "=", envId)
    .where("format", "=", "event")
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function setWebhookMetadata(
  trx: Kysely<Schema>,
  { env_id, id }: Pick<EndpointRow, "env_id" | "id">,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await trx
    .updateTable("webhook_endpoints")
    .set({ metadata: JSON.stringify(metadata) })
    .where("env_id", "=", env_id)
    .where("id", "=", id)
    .execute();
}
