/**
 * The tables as Kysely sees them; `sql/` is the source. Type parsers (`types.ts`): int8 is bigint,
 * date is Temporal.PlainDate, timestamptz is Temporal.Instant, bytea is Buffer.
 */
import type { ColumnType, Generated, GeneratedAlways } from "kysely";
import type { OpenBankingSchema } from "./schema-openbanking.ts";
import type { SigninSchema } from "./schema-signin.ts";

/** Read as parsed JSON, written as a string of JSON. */
type Json<T> = ColumnType<T, string, string>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type Instant = Temporal.Instant;
type PlainDate = Temporal.PlainDate;

export type Retention = 0 | 7 | 30 | 90 | 365;
export type EndpointFormat = "entity" | "session" | "event";
export type StepStatus = "processing" | "completed" | "failed";

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

export interface BankconnectSettings {
  env_id: number;
  unknown_banks: Generated<"accept" | "refuse">;
  mask_account_numbers: Generated<boolean>;
  to_reject_account: Generated<boolean>;
  session_minutes: Generated<number>;
  level_1: Generated<"months" | "dates" | "none">;
  level_1_missing_days: Generated<number>;
  level_2: Generated<"every_month" | "first_and_last_month" | "any" | "none">;
  show_score: Generated<boolean>;
  accept_anything: Generated<boolean>;
  allowed_modes: Generated<("pdf" | "online" | "aa")[]>;
  /** Pages of a file; null: the server's own limit. */
  max_pages: Generated<number | null>;
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

export interface Sessions {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  /** An entity is a session without a range and without an end. */
  kind: Generated<"session" | "entity">;
  /** `""`: an entity without one. */
  link_id: string;
  from_date: PlainDate;
  to_date: PlainDate;
  created_at: Instant;
  expires_at: Instant;
  request: JsonWithDefault<Record<string, unknown>>;
  bank_name: string | null;
  accept_anything: Generated<boolean>;
  completed_at: Instant | null;
  expired_at: Instant | null;
  processing_requested_at: Instant | null;
  processed_at: Instant | null;
  deleted_at: Instant | null;
  state: GeneratedAlways<"open" | "completed" | "expired" | "processing" | "processed" | "deleted">;
}

export interface Accounts {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  session_id: bigint;
  bank_name: string;
  account_number: string | null;
  name: string | null;
  address: string | null;
  ifsc: string | null;
  micr: string | null;
  iban: string | null;
  account_type: string | null;
  account_category: Generated<"individual" | "corporate">;
  credit_limit: Generated<bigint>;
  od_limit: Generated<bigint>;
  currency: string;
  country: string;
  status: "completed" | "failed" | null;
  error_code: string | null;
  error_message: string | null;
  created_at: Instant;
  last_updated_at: Instant;
}

export interface Files {
  env_id: number;
  id: GeneratedAlways<bigint>;
  session_id: bigint;
  blob_key: string | null;
  sha256: Buffer;
  bytes: number;
  file_name: string;
  password: Buffer | null;
  page_count: number | null;
  created_at: Instant;
}

export interface StatementVerificationDetail {
  breaks?: { row: number; expected: string; printed: string }[];
  totals?: { kind: string; printed: string; computed: string; includesOpening: boolean }[];
  /** Numbers of pages that the file counts and lacks. */
  missingPages?: number[];
  /** What the document says otherwise elsewhere. */
  disagreements?: { kind: string; printed: string }[];
  /** Ends that neither a printed balance nor totals hold. */
  openEnds?: ("opening" | "closing")[];
  /** Rows that repeat those right before them and come to nothing with them. */
  repeatedRows?: number[];
}

/** What the file's making says against a statement: `MetadataFinding` of the statement room. */
export interface StatementFinding {
  type: string;
  reason: string;
  weight: "accuses" | "notes";
  row: number | null;
  evidence: Record<string, string | number | boolean | string[]>;
}

export interface Statements {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  session_id: bigint;
  account_id: bigint | null;
  file_id: bigint;
  source: Generated<"pdf" | "online" | "aa">;
  status: StepStatus;
  error_code: string | null;
  error_message: string | null;
  identity_status: StepStatus;
  transaction_status: StepStatus;
  processing_status: StepStatus;
  fraud_status: StepStatus;
  period_from: PlainDate | null;
  period_to: PlainDate | null;
  first_transaction_on: PlainDate | null;
  last_transaction_on: PlainDate | null;
  opening_balance: bigint | null;
  closing_balance: bigint | null;
  currency: string | null;
  page_count: number;
  transaction_count: number;
  verification: "proven" | "partly" | "rounding" | "broken" | "unverifiable" | null;
  verification_detail: JsonWithDefault<StatementVerificationDetail>;
  is_fraud: Generated<boolean>;
  fraud_type: string | null;
  fraud_findings: JsonWithDefault<StatementFinding[]>;
  created_at: Instant;
  updated_at: Instant;
}

export interface Transactions {
  env_id: number;
  id: GeneratedAlways<bigint>;
  statement_id: bigint;
  account_id: bigint;
  row: number;
  date: PlainDate;
  value_date: PlainDate | null;
  description: string;
  reference: string | null;
  direction: "debit" | "credit";
  amount: bigint;
  balance: bigint | null;
  proof: "chain" | "totals" | "none";
  page: number;
  line: number;
  duplicate_of: bigint | null;
}

/** What is not given is plain: no origins, the organisation's name. */
export interface JourneySettings {
  env_id: number;
  origins: Generated<string[]>;
  name: string | null;
  /** `#rrggbb`. */
  color: string | null;
  logo_url: string | null;
  support_url: string | null;
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

export interface Schema extends OpenBankingSchema, SigninSchema {
  organisations: Organisations;
  environments: Environments;
  bankconnect_settings: BankconnectSettings;
  journey_settings: JourneySettings;
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
  sessions: Sessions;
  accounts: Accounts;
  files: Files;
  statements: Statements;
  transactions: Transactions;
  request_log: RequestLog;
}
