import { sql, type Kysely } from "kysely";
import type { Schema } from "./schema.ts";

export interface EndpointOutcomes {
  /** `wh_…`. */
  endpoint: string;
  /** Oldest first, without those in which nothing was sent. */
  hours: { at: Temporal.Instant; delivered: number; failed: number }[];
  isComplete: boolean;
}

/** Of one endpoint: at a thousand a second a day would be 86 million rows, and the picture has 24 bars. */
const MOST_ATTEMPTS = 2000;

/** Attempts of the last 24 hours by endpoint and hour, from the newest 2,000 of each endpoint. */
export async function recentOutcomes(
  db: Kysely<Schema>,
  envId: number,
  now: Temporal.Instant,
): Promise<EndpointOutcomes[]> {
  const { rows } = await sql<{
    endpoint: string;
    at: Temporal.Instant;
    delivered: number;
    failed: number;
  }>`
    select e.public_id as endpoint, date_trunc('hour', a.at, 'UTC') as at,
      count(*) filter (where a.outcome = 'delivered')::int as delivered,
      count(*) filter (where a.outcome in ('failed', 'exhausted'))::int as failed
    from webhook_endpoints e
    cross join lateral (
      select at, outcome from attempts
      where env_id = e.env_id and endpoint_id = e.id and at > ${now.subtract({ hours: 24 })}
      order by at desc limit ${MOST_ATTEMPTS}
    ) a
    where e.env_id = ${envId}
    group by 1, 2 order by 1, 2
  `.execute(db);
  return [...Map.groupBy(rows, ({ endpoint }) => endpoint)].map(([endpoint, hours]) => ({
    endpoint,
    hours: hours.map(({ at, delivered, failed }) => ({ at, delivered, failed })),
    isComplete: hours.reduce((sum, { delivered, failed }) => sum + delivered + failed, 0) < MOST_ATTEMPTS,
  }));
}
