/** The open-banking contract's tables as Kysely sees them; `sql/0013_open_banking.sql` is the source. */
import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** Read as parsed JSON, written as a string of JSON. */
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type Instant = Temporal.Instant;
type PlainDate = Temporal.PlainDate;

export interface OpenbankingSettings {
  env_id: number;
  app_name: string | null;
  support_url: string | null;
  consent_days: number | null;
  reminder_days: Generated<number[]>;
  redirect_secret: Buffer | null;
}

export interface Customers {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  kind: Generated<"customer" | "vendor">;
  name: string;
  email: string | null;
  phone: string | null;
  currency: string | null;
  metadata: JsonWithDefault<Record<string, string>>;
  created_at: Instant;
  updated_at: Instant;
}

export interface AppFiles {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  file_name: string;
  content_type: string;
  bytes: Buffer;
  created_at: Instant;
}

export interface AppTemplates {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  name: string;
  app_name: string | null;
  file_id: bigint | null;
  css: string | null;
  header_html: string | null;
  footer_html: string | null;
  is_default: Generated<boolean>;
  metadata: JsonWithDefault<Record<string, string>>;
  created_at: Instant;
  updated_at: Instant;
}

export interface ConsentLinks {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  code_hash: Buffer;
  code: Buffer;
  customer_id: bigint;
  type: "single" | "multiple";
  scopes: string[];
  expiry_days: number | null;
  retro_days: number | null;
  return_url: string | null;
  status: Generated<"active" | "used" | "expired">;
  expires_at: Instant;
  metadata: JsonWithDefault<Record<string, string>>;
  created_at: Instant;
  updated_at: Instant;
}

export interface Consents {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  customer_id: bigint;
  consent_link_id: bigint | null;
  provider: string | null;
  scopes: string[];
  status: "new" | "pending" | "authorized" | "failed" | "expired" | "canceled";
  failure_code: string | null;
  failure_message: string | null;
  retro_date: PlainDate | null;
  expiry_date: PlainDate;
  return_url: string | null;
  code_hash: Buffer | null;
  code: Buffer | null;
  metadata: JsonWithDefault<Record<string, string>>;
  bank_consent_id: string | null;
  tokens: Buffer | null;
  created_at: Instant;
  updated_at: Instant;
  authed_at: Instant | null;
  renewed_at: Instant | null;
  reconfirm_by: PlainDate | null;
}

export interface ConsentReminders {
  env_id: number;
  consent_id: bigint;
  expiry_date: PlainDate;
  days: number;
  claimed_until: Instant;
  sent_at: Instant | null;
  error: string | null;
}

export interface BankTrips {
  env_id: number;
  id: GeneratedAlways<bigint>;
  state_hash: Buffer;
  browser_hash: Buffer;
  secrets: Buffer;
  provider: string;
  consent_id: bigint | null;
  payment_id: bigint | null;
  batch_payment_id: bigint | null;
  session_id: bigint | null;
  bank_consent_id: string;
  created_at: Instant;
  expires_at: Instant;
  used_at: Instant | null;
}

export interface BankAccounts {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  customer_id: bigint;
  consent_id: bigint | null;
  provider: string;
  bank_ref: string;
  fingerprint: string;
  holder_name: string | null;
  nickname: string | null;
  currency: string;
  identification: JsonWithDefault<Record<string, string>>;
  type: Generated<"personal" | "business" | "unknown">;
  class: "current" | "savings" | "emoney" | "credit_card" | null;
  metadata: JsonWithDefault<Record<string, string>>;
  sync_status: Generated<"idle" | "running">;
  synced_from: Instant | null;
  synced_to: Instant | null;
  auto_sync_interval: Generated<string | null>;
  next_sync_at: Instant | null;
  asked_at: Instant | null;
  sync_lease_until: Instant | null;
  sync_generation: Generated<number>;
  sync_failures: Generated<number>;
  sync_error: string | null;
  booked_count: Generated<bigint>;
  pending_count: Generated<bigint>;
  created_at: Instant;
  updated_at: Instant;
}

export interface BankBalances {
  env_id: number;
  bank_account_id: bigint;
  type: "actual" | "interim";
  current: bigint;
  available: bigint | null;
  currency: string;
  overdraft_limit: bigint | null;
  overdraft_type: string | null;
  synced_at: Instant;
}

export interface BankTransactions {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  bank_account_id: bigint;
  status: "booked" | "pending";
  at: Instant;
  amount: bigint;
  currency: string;
  description: string;
  reference: string | null;
  category: string | null;
  merchant: string | null;
  balance: bigint | null;
  bank_ref: string;
  metadata: JsonWithDefault<Record<string, string>>;
  created_at: Instant;
}

export interface BatchPayments {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  customer_id: bigint;
  provider: string | null;
  currency: string;
  total_amount: bigint;
  count: number;
  return_url: string;
  status:
    | "pending"
    | "authorized"
    | "processing"
    | "completed"
    | "partially_completed"
    | "failed"
    | "canceled"
    | "expired";
  failure_code: string | null;
  failure_message: string | null;
  code_hash: Buffer | null;
  code: Buffer | null;
  metadata: JsonWithDefault<Record<string, string>>;
  expires_at: Instant;
  created_at: Instant;
  updated_at: Instant;
}

export interface Payments {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  customer_id: bigint;
  batch_payment_id: bigint | null;
  bank_account_id: bigint | null;
  provider: string | null;
  amount: bigint;
  currency: string;
  reference: string | null;
  description: string | null;
  recipient: Buffer;
  return_url: string | null;
  status: "new" | "pending" | "authorized" | "executed" | "completed" | "failed" | "canceled" | "expired";
  failure_code: string | null;
  failure_message: string | null;
  code_hash: Buffer | null;
  code: Buffer | null;
  metadata: JsonWithDefault<Record<string, string>>;
  consent_key: string;
  payment_key: string;
  bank_consent_id: string | null;
  bank_payment_id: string | null;
  tokens: Buffer | null;
  submitted_at: Instant | null;
  check_at: Instant | null;
  checks: Generated<number>;
  authed_at: Instant | null;
  executed_at: Instant | null;
  completed_at: Instant | null;
  expires_at: Instant;
  created_at: Instant;
  updated_at: Instant;
}

export interface IdempotencyKeys {
  env_id: number;
  key: string;
  request_hash: Buffer;
  status: number | null;
  body: Buffer | null;
  created_at: Instant;
  expires_at: Instant;
}

export interface BankNotifications {
  provider: string;
  jti: string;
  received_at: Instant;
}

export interface ProviderHealth {
  provider: string;
  status: "healthy" | "degraded" | "down";
  failures: Generated<number>;
  reason: string | null;
  checked_at: Instant;
}

export interface NetBankingVisits {
  env_id: number;
  id: GeneratedAlways<bigint>;
  public_id: string;
  session_id: bigint;
  bank_name: string;
  provider: string;
  status: "fetching" | "completed" | "failed";
  error_type: string | null;
  reason: string | null;
  bank_consent_id: string;
  access: Buffer | null;
  created_at: Instant;
  updated_at: Instant;
}

/** Kept by triggers. */
export interface ListCounts {
  env_id: number;
  list: string;
  slot: number;
  count: bigint;
}

export interface OpenBankingSchema {
  openbanking_settings: OpenbankingSettings;
  customers: Customers;
  app_files: AppFiles;
  app_templates: AppTemplates;
  consent_links: ConsentLinks;
  consents: Consents;
  consent_reminders: ConsentReminders;
  bank_trips: BankTrips;
  bank_accounts: BankAccounts;
  bank_balances: BankBalances;
  bank_transactions: BankTransactions;
  batch_payments: BatchPayments;
  payments: Payments;
  idempotency_keys: IdempotencyKeys;
  bank_notifications: BankNotifications;
  provider_health: ProviderHealth;
  list_counts: ListCounts;
  net_banking_visits: NetBankingVisits;
}
