/** Answers of the console's API. `test/console-types.test.ts` holds them to the server's schemas. */

export type Role = "owner" | "developer" | "viewer";

export interface Page<T> {
  data: T[];
  next: string | null;
}

export interface Organisation {
  id: string;
  name: string;
  role: Role;
}

export interface Me {
  user: { id: string; name: string; email: string; two_factor: boolean };
  organisation: Organisation | null;
  organisations: Organisation[];
  sends_mail: boolean;
}

export type EndpointFormat = "entity" | "session" | "event";
export type EndpointStatus = "enabled" | "paused" | "disabled";

export interface Endpoint {
  id: string;
  url: string;
  format: EndpointFormat;
  contract_slot: "entity" | "session" | null;
  description: string;
  event_types: string[];
  status: EndpointStatus;
  status_reason: string | null;
  status_since: string;
  waiting: number;
  waiting_is_exact: boolean;
  lag_seconds: number;
  ordered: boolean;
  order_hold_seconds: number;
  preset: "standard" | "openbanking";
  schedule: number[];
  schedule_is_own: boolean;
  timeout_ms: number;
  max_in_flight: number;
  rate_limit: number | null;
  pause_after: number | null;
  pause_span_seconds: number;
  headers: Record<string, string>;
  has_secret_key: boolean;
  created_at: string;
  updated_at: string;
}

export interface EndpointHealth {
  endpoint_id: string;
  hours: { at: string; delivered: number; failed: number }[];
  is_complete: boolean;
}

export interface EventType {
  type: string;
  contract: "bankconnect" | "openbanking";
  format: EndpointFormat;
  when: string;
  description: string;
  named_only: boolean;
}

export interface Revealed {
  url: string;
  headers: Record<string, string>;
  secret_key: string | null;
  secrets: {
    kind: string;
    secret: string;
    public_key: string | null;
    created_at: string;
    expires_at: string | null;
  }[];
}

export interface TestResult {
  delivered: boolean;
  resumed: boolean;
  event_id: string;
  status: number | null;
  error: string | null;
  address: string | null;
  total_us: number;
  response_headers: Record<string, string>;
  response_body: string;
}

export interface BankbellEvent {
  id: string;
  type: string;
  resource: string;
  subject: string | null;
  created_at: string;
}

export type DeliveryStatus = "waiting" | "retrying" | "delivered" | "exhausted" | "expired" | "withdrawn";

export interface Delivery {
  event_id: string;
  endpoint_id: string;
  type: string;
  resource: string;
  subject: string | null;
  status: DeliveryStatus;
  attempts: number;
  last_attempt_at: string | null;
  last_status: number | null;
  last_error: string | null;
  next_attempt_at: string | null;
  recorded_at: string;
}

export interface EventDetail extends BankbellEvent {
  bodies: { format: EndpointFormat; body: string }[];
  deliveries: Delivery[];
}

export interface Attempt {
  id: string;
  event_id: string | null;
  endpoint_id: string | null;
  type: string | null;
  resource: string;
  attempt: number;
  at: string;
  outcome: "delivered" | "failed" | "exhausted" | "stale" | "expired";
  status: number | null;
  error: string | null;
  retry_at: string | null;
  address: string | null;
  timings_us: {
    dns: number | null;
    connect: number | null;
    tls: number | null;
    first_byte: number | null;
    total: number;
  };
}

export interface AttemptDetail extends Attempt {
  request: { method: "POST"; url: string | null; headers: Record<string, string>; body: string | null };
  response: {
    status: number;
    headers: Record<string, string>;
    body: string | null;
    body_encoding: "utf8" | "base64";
  } | null;
}

export interface Replay {
  id: string;
  endpoint_id: string;
  status: "running" | "completed" | "cancelled";
  filter: {
    types: string[] | null;
    resource: string | null;
    subject: string | null;
    from: string | null;
    to: string | null;
    only: "all" | "undelivered";
  };
  total: number | null;
  queued: number;
  skipped: number;
  created_at: string;
  ended_at: string | null;
}

export interface ApiKey {
  id: string;
  name: string;
  requires_server_hash: boolean;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

export interface MadeKey extends ApiKey {
  api_key: string;
  server_hash: string;
}

export interface Settings {
  time_zone: string;
  retention: 7 | 30 | 90 | 365;
  unknown_banks: "accept" | "refuse";
  mask_account_numbers: boolean;
  to_reject_account: boolean;
  session_minutes: number;
  accept_anything: boolean;
  allowed_modes: ("pdf" | "online" | "aa")[];
  max_pages: number | null;
  level_1: "months" | "dates" | "none";
  level_1_missing_days: number;
  level_2: "every_month" | "first_and_last_month" | "any" | "none";
  show_score: boolean;
}

export interface AuditRow {
  id: string;
  environment: "live" | "sandbox";
  at: string;
  actor: string;
  actor_name: string | null;
  action: string;
  target: string;
  detail: Record<string, unknown>;
}

export interface Team {
  members: {
    id: string;
    name: string;
    email: string;
    role: Role;
    two_factor: boolean;
    created_at: string;
    you: boolean;
  }[];
  invitations: {
    id: string;
    email: string;
    role: Role;
    inviter: string;
    expires_at: string;
    link: string;
  }[];
}

export interface SigninSession {
  id: string;
  user: { id: string; name: string; email: string };
  ip_address: string | null;
  user_agent: string | null;
  created_at: string;
  used_at: string;
  current: boolean;
}

export interface Invitation {
  organisation: string;
  email: string;
  role: Role;
  inviter: string;
  has_account: boolean;
  expires_at: string;
}
