/** The console's bodies: their schemas, and how they are made of rows. Instants are ISO 8601 in UTC. */
import { z } from "zod";
import type { AttemptKey, HistoryAttempt } from "../../store/attempt-history.ts";
import { DELIVERY_STATUSES, type Delivery, type HistoryEvent } from "../../store/history.ts";

const nullable = <T extends z.ZodType>(type: T) => type.nullable();
export const instant = z.string();

export const eventView = z.object({
  id: z.string(),
  type: z.string(),
  resource: z.string(),
  subject: nullable(z.string()),
  created_at: instant,
});

export const EVENT_EXAMPLE = {
  id: "evt_7HdkF2qLw9sXzP0bNcRt1V",
  type: "ENRICHMENT_NOTIFICATION",
  resource: "session:409ed817-b824-4818-a7f7-dc532ce0d8fc",
  subject: "customer-17",
  created_at: "2026-01-31T12:26:27.806223Z",
};

export const viewEvent = (event: HistoryEvent) => ({
  id: event.publicId,
  type: event.type,
  resource: event.resource,
  subject: event.subject,
  created_at: event.at.toString(),
});

export const deliveryView = z.object({
  event_id: z.string(),
  endpoint_id: z.string(),
  type: z.string(),
  resource: z.string(),
  subject: nullable(z.string()),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int(),
  last_attempt_at: nullable(instant),
  last_status: nullable(z.int()),
  last_error: nullable(z.string()),
  next_attempt_at: nullable(instant),
  recorded_at: instant,
});

export const DELIVERY_EXAMPLE = {
  event_id: EVENT_EXAMPLE.id,
  endpoint_id: "wh_2aUyqjCzEIiEcYMKj7TZtw",
  type: EVENT_EXAMPLE.type,
  resource: EVENT_EXAMPLE.resource,
  subject: EVENT_EXAMPLE.subject,
  status: "retrying",
  attempts: 2,
  last_attempt_at: "2026-01-31T12:26:33.102000Z",
  last_status: 502,
  last_error: null,
  next_attempt_at: "2026-01-31T12:27:01.504000Z",
  recorded_at: EVENT_EXAMPLE.created_at,
};

export const viewDelivery = (delivery: Delivery) => ({
  event_id: delivery.eventPublicId,
  endpoint_id: delivery.endpointPublicId,
  type: delivery.type,
  resource: delivery.resource,
  subject: delivery.subject,
  status: delivery.status,
  attempts: delivery.attempts,
  last_attempt_at: delivery.lastAttemptAt?.toString() ?? null,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  next_attempt_at: delivery.nextAttemptAt?.toString() ?? null,
  recorded_at: delivery.recordedAt.toString(),
});

export const OUTCOMES = ["delivered", "failed", "exhausted", "stale", "expired"] as const;

export const attemptView = z.object({
  id: z.string(),
  event_id: nullable(z.string()),
  endpoint_id: nullable(z.string()),
  type: nullable(z.string()),
  resource: z.string(),
  attempt: z.int(),
  at: instant,
  outcome: z.enum(OUTCOMES),
  status: nullable(z.int()),
  error: nullable(z.string()),
  retry_at: nullable(instant),
  address: nullable(z.string()),
  timings_us: z.object({
    dns: nullable(z.int()),
    connect: nullable(z.int()),
    tls: nullable(z.int()),
    first_byte: nullable(z.int()),
    total: z.int(),
  }),
});

export const ATTEMPT_EXAMPLE = {
  id: "att_1769862393102000_17_4711",
  event_id: EVENT_EXAMPLE.id,
  endpoint_id: DELIVERY_EXAMPLE.endpoint_id,
  type: EVENT_EXAMPLE.type,
  resource: EVENT_EXAMPLE.resource,
  attempt: 2,
  at: "2026-01-31T12:26:33.102000Z",
  outcome: "failed",
  status: 502,
  error: null,
  retry_at: "2026-01-31T12:27:01.504000Z",
  address: "203.0.113.7",
  timings_us: { dns: 1200, connect: 9800, tls: 21000, first_byte: 64000, total: 65100 },
};

export const viewAttempt = (row: HistoryAttempt) => ({
  id: attemptId(row),
  event_id: row.event,
  endpoint_id: row.endpoint,
  type: row.type,
  resource: row.resource,
  attempt: row.attempt,
  at: row.at.toString(),
  outcome: row.outcome,
  status: row.status,
  error: row.error,
  retry_at: row.retry_at?.toString() ?? null,
  address: row.address,
  timings_us: {
    dns: row.dns_us,
    connect: row.connect_us,
    tls: row.tls_us,
    first_byte: row.first_byte_us,
    total: row.total_us,
  },
});

/** Its key: microseconds since 1970, which lead to its partition, its endpoint's number and its own. */
const attemptId = ({ at, endpoint_id, id }: HistoryAttempt) =>
  `att_${at.epochNanoseconds / 1000n}_${endpoint_id}_${id}`;

/** Null where it is no attempt's id. */
export function readAttemptId(text: string): AttemptKey | null {
  const [, micros, endpoint, id] = /^att_(\d{1,17})_(\d{1,9})_(\d{1,18})$/.exec(text) ?? [];
  if (micros === undefined || endpoint === undefined || id === undefined) return null;
  const nanoseconds = BigInt(micros) * 1000n;
  // Temporal's last instant is 275760-09-13.
  if (nanoseconds > 8_640_000_000_000_000_000_000n) return null;
  const at = Temporal.Instant.fromEpochNanoseconds(nanoseconds);
  return { at, endpoint_id: Number(endpoint), id: BigInt(id) };
}
