/** The BankConnect contract's tables as Kysely sees them; `sql/` is the source. */
import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** Read as parsed JSON, written as a string of JSON. */
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type Instant = Temporal.Instant;
type PlainDate = Temporal.PlainDate;

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

export type StepStatus = "processing" | "completed" | "failed";

export interface BankconnectSchema {
  bankconnect_settings: BankconnectSettings;
  sessions: Sessions;
  accounts: Accounts;
  files: Files;
  statements: Statements;
  transactions: Transactions;
  journey_settings: JourneySettings;
}
