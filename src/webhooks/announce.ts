/** Tells of deliveries whose retries ran out. The settle marks them; the event follows, once, whatever crashes between. */
import { sql, type Kysely } from "kysely";
import { envelope, seconds } from "../events/envelope.ts";
import { recordEvent } from "../events/outbox.ts";
import type { Lane } from "../store/events.ts";
import type { Retention, Schema } from "../store/schema.ts";
import { inTransaction } from "../store/transaction.ts";
import { endpointObject, type ToldEndpoint } from "./pausing.ts";

const BATCH = 100;

interface ExhaustedRow extends ToldEndpoint {
  env_id: number;
  endpoint_id: number;
  event_id: bigint;
  attempts: number;
  exhausted_at: Temporal.Instant;
  /** Null where the event was erased. */
  event: string | null;
  type: string | null;
  class: Retention;
}

/**
 * Records `webhook.exhausted` for up to a hundred. That one of these events is itself exhausted is told to nobody: it would
 * go round for ever.
 */
export async function announceExhausted(db: Kysely<Schema>): Promise<Lane[]> {
  return inTransaction(db, async ({ trx }) => {
    const { rows } = await sql<ExhaustedRow>`
      select x.env_id, x.endpoint_id, x.event_id, x.attempts, x.exhausted_at, v.public_id as event, v.type,
        e.public_id, e.created_at, e.updated_at, e.url, e.event_types, e.status, e.status_since, e.metadata,
        n.retention as class
      from exhausted_deliveries x
      join webhook_endpoints e on e.env_id = x.env_id and e.id = x.endpoint_id
      join environments n on n.id = x.env_id
      left join events v on v.env_id = x.env_id and v.id = x.event_id
        and v.retention = x.retention and v.created_at = x.event_at
      where not x.announced order by x.env_id, x.endpoint_id, x.event_id limit ${BATCH}
      for update of x skip locked`.execute(trx);
    const lanes: Lane[] = [];
    for (const row of rows) {
      if (row.type !== null && !row.type.startsWith("webhook.")) lanes.push(...(await announce(trx, row)));
      await trx
        .updateTable("exhausted_deliveries")
        .set({ announced: true })
        .where("env_id", "=", row.env_id)
        .where("endpoint_id", "=", row.endpoint_id)
        .where("event_id", "=", row.event_id)
        .execute();
    }
    return lanes;
  });
}

async function announce(trx: Kysely<Schema>, row: ExhaustedRow): Promise<Lane[]> {
  const { lanes } = await recordEvent(trx, {
    envId: row.env_id,
    key: `webhook.exhausted:${row.public_id}:${row.event_id}:${row.exhausted_at.epochMilliseconds}`,
    type: "webhook.exhausted",
    resource: `webhook_endpoint:${row.public_id}`,
    subject: null,
    retention: row.class,
    at: row.exhausted_at,
    except: row.endpoint_id,
    bodies: (id) => ({
      event: envelope(id, "webhook.exhausted", row.exhausted_at, {
        ...endpointObject(row),
        event: { id: row.event, type: row.type },
        attempts: row.attempts,
        exhausted_at: seconds(row.exhausted_at),
      }),
    }),
  });
  return lanes;
}
