/** What waits for endpoints, and for how long: read for a list of them at once. */
import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface EndpointLoad {
  id: number;
  publicId: string;
  /** Deliveries that are not over, of the first 10,000 resources. */
  waiting: number;
  /** False where there are more. */
  isExact: boolean;
  /** How long its oldest delivery has been due; 0 where none is. */
  lagSeconds: number;
}

export interface LoadFilter {
  publicId?: string | undefined;
  status?: "enabled" | "paused" | "disabled" | undefined;
  /** Endpoints with an id below it. */
  before: number | null;
  limit: number;
}

/** Counting a million takes 100 ms, and a dashboard asks every few seconds. */
const MOST_COUNTED = 10_000;

interface LoadRow {
  id: number;
  public_id: string;
  waiting: number;
  resources: number;
  lag_s: number;
}

/** Newest endpoint first. Ordered where it counts, so that no plan reads the whole queue for each endpoint. */
export async function endpointLoads(
  db: Kysely<Schema>,
  envId: number,
  { publicId, status, before, limit }: LoadFilter,
): Promise<EndpointLoad[]> {
  const { rows } = await sql<LoadRow>`
    select e.id, e.public_id, w.waiting, w.resources, coalesce(l.lag_s, 0)::float8 as lag_s
    from (
      select env_id, id, public_id from webhook_endpoints
      where env_id = ${envId} ${publicId === undefined ? sql`` : sql`and public_id = ${publicId}`}
        ${status === undefined ? sql`` : sql`and status = ${status}`}
        ${before === null ? sql`` : sql`and id < ${before}`}
      order by id desc limit ${limit}) e
    cross join lateral (
      select coalesce(sum(1 + q.waiting), 0)::int as waiting, count(*)::int as resources
      from (select waiting from queue where env_id = e.env_id and endpoint_id = e.id
        order by resource limit ${MOST_COUNTED}) q) w
    cross join lateral (
      select extract(epoch from now() - min(d.due_at)) as lag_s
      from (values (false), (true)) r (retry)
      cross join lateral (
        select due_at from queue q
        where q.env_id = e.env_id and q.endpoint_id = e.id and q.retry = r.retry and q.due_at <= now()
        order by q.due_at limit 1) d) l
    order by e.id desc`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    publicId: row.public_id,
    waiting: row.waiting,
    isExact: row.resources < MOST_COUNTED,
    lagSeconds: row.lag_s,
  }));
}
