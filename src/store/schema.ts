/**
 * The tables as Kysely sees them; `sql/` is the source. Type parsers (`types.ts`): int8 is bigint,
 * date is Temporal.PlainDate, timestamptz is Temporal.Instant, bytea is Buffer.
 */
import type { ColumnType, Generated, GeneratedAlways } from "kysely";
export type * from "./schema-bankconnect.ts";
import type { BankconnectSchema } from "./schema-bankconnect.ts";
import type { OpenBankingSchema } from "./schema-openbanking.ts";
import type { SigninSchema } from "./schema-signin.ts";

/** Read as parsed JSON, written as a string of JSON. */
type Json<T> = ColumnType<T, string, string>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type Instant = Temporal.Instant;

export type Retention = 0 | 7 | 30 | 90 | 365;
export type EndpointFormat = "entity" | "session" | "event";
export interface Organisations {
  id: GeneratedAlways<number>;
  public_id: string;
  name: string;
  time_zone: Generated<string>;
  created_at: Generated<Instant>;
}

export interface Environments {
  id: GeneratedAlways<number>;
  public_id: string;
  organisation_id: number;
  mode: "live" | "sandbox";
  data_key: Buffer;
  webhook_secret: Buffer | null;
  retention: Generated<Exclude<Retention, 0>>;
  created_at: Generated<Instant>;
}

export interface ApiKeys {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  name: string;
  key_hash: Buffer;
  server_hash_hash: Buffer;
  created_at: Generated<Instant>;
  revoked_at: Instant | null;
  requires_server_hash: Generated<boolean>;
  expires_at: Generated<Instant | null>;
  /** To the minute. */
  last_used_at: Generated<Instant | null>;
}

export interface Audit {
  env_id: number;
  id: GeneratedAlways<bigint>;
  at: Instant;
  actor: string;
  action: string;
  target: string;
  detail: JsonWithDefault<Record<string, unknown>>;
}

export interface Events {
  env_id: number;
  id: Generated<bigint>;
  public_id: string;
  xid: Generated<string>;
  type: string;
  resource: string;
  subject: string | null;
  retention: Retention;
  created_at: Instant;
  /** The class that it had before its day was dropped and it was undelivered. */
  kept_from: Exclude<Retention, 0> | null;
}

export interface EventBodies {
  env_id: number;
  event_id: bigint;
  format: EndpointFormat;
  public_id: string;
  type: string;
  body: Buffer;
  retention: Retention;
  created_at: Instant;
}

export interface EventKeys {
  env_id: number;
  key: string;
  event_id: bigint;
  created_at: Instant;
}

export interface Attempts {
  env_id: number;
  id: Generated<bigint>;
  endpoint_id: number;
  event_id: bigint;
  event_at: Instant;
  resource: string;
  attempt: number;
  at: Instant;
  outcome: "delivered" | "failed" | "exhausted" | "stale" | "expired";
  status: number | null;
  error: string | null;
  retry_at: Instant | null;
  address: string | null;
  dns_us: number | null;
  tls_us: number | null;
  connect_us: number | null;
  first_byte_us: number | null;
  total_us: number;
  request_headers: Json<Record<string, string>>;
  response_headers: Json<Record<string, string>> | null;
  response_body: Buffer | null;
  retention: Exclude<Retention, 0>;
}

export interface WebhookEndpoints {
  env_id: number;
  id: GeneratedAlways<number>;
  public_id: string;
  format: EndpointFormat;
  slot: "entity" | "session" | null;
  url: string;
  mode: Generated<number>;
  event_types: Generated<string[]>;
  status: Generated<"enabled" | "paused" | "disabled">;
  status_reason: string | null;
  status_since: Instant;
  ordered: Generated<boolean>;
  schedule: number[] | null;
  timeout_ms: Generated<number>;
  max_in_flight: Generated<number>;
  version: Generated<number>;
  created_at: Instant;
  updated_at: Instant;
  description: Generated<string>;
  order_hold_s: Generated<number>;
  preset: Generated<"standard" | "openbanking">;
  pause_after: ColumnType<number | null, number | null | undefined, number | null>;
  pause_span_s: Generated<number>;
  rate_limit: number | null;
  headers: Buffer | null;
  secret_key: Buffer | null;
  metadata: JsonWithDefault<Record<string, string>>;
}

export interface EndpointHealth {
  env_id: number;
  endpoint_id: number;
  failures: number;
  failing_since: Instant;
  probe_at: Instant | null;
}

export interface WebhookSecrets {
  env_id: number;
  endpoint_id: number;
  id: GeneratedAlways<bigint>;
  secret: Buffer;
  created_at: Instant;
  expires_at: Instant | null;
}

export interface Queue {
  env_id: number;
  endpoint_id: number;
  resource: string;
  event_id: bigint;
  event_at: Instant;
  retention: Retention;
  waiting: Generated<number>;
  attempt: Generated<number>;
  retry: GeneratedAlways<boolean>;
  due_at: Generated<Instant>;
  lease_until: Generated<Instant>;
  gen: Generated<number>;
  hold_until: Instant | null;
  held: GeneratedAlways<boolean>;
}

export interface QueueNext {
  env_id: number;
  endpoint_id: number;
  resource: string;
  seq: GeneratedAlways<bigint>;
  event_id: bigint;
  event_at: Instant;
  retention: Retention;
}

export interface ExhaustedDeliveries {
  env_id: number;
  endpoint_id: number;
  event_id: bigint;
  event_at: Instant;
  retention: Retention;
  resource: string;
  attempts: number;
  exhausted_at: Instant;
  announced: Generated<boolean>;
}

/** Instants as ISO 8601 text. */
export interface ReplayFilter {
  types?: string[];
  resource?: string;
  subject?: string;
  from?: string;
  to?: string;
  only: "all" | "undelivered";
}

export interface Replays {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  endpoint_id: number;
  filter: Json<ReplayFilter>;
  status: Generated<"running" | "completed" | "cancelled">;
  last_event_id: bigint;
  after_event_id: Generated<bigint>;
  total: bigint | null;
  queued: Generated<bigint>;
  skipped: Generated<bigint>;
  actor: string;
  created_at: Instant;
  ended_at: Instant | null;
}

export interface RequestLog {
  env_id: number;
  id: GeneratedAlways<bigint>;
  at: Instant;
  req_id: string;
  method: string;
  route: string;
  target: string | null;
  status: number;
  total_us: number;
  outcome: string | null;
  key_id: string;
}

export interface Schema extends BankconnectSchema, OpenBankingSchema, SigninSchema {
  organisations: Organisations;
  environments: Environments;
  api_keys: ApiKeys;
  audit: Audit;
  events: Events;
  event_bodies: EventBodies;
  event_keys: EventKeys;
  attempts: Attempts;
  webhook_endpoints: WebhookEndpoints;
  webhook_secrets: WebhookSecrets;
  endpoint_health: EndpointHealth;
  queue: Queue;
  queue_next: QueueNext;
  exhausted_deliveries: ExhaustedDeliveries;
  replays: Replays;
  request_log: RequestLog;
}
