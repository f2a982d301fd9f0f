-- The BankConnect contract: sessions, the accounts and statements below them, and their transactions.
-- Money is in minor units of the row's currency.

create table sessions (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id uuid not null,
  link_id text not null,
  from_date date not null,
  to_date date not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- What the caller asked for and the journey needs: redirect_url, logo_url, bank_name, mode, mobile_number,
  -- journey_mode, is_mobile_field_editable, aa_*, metadata.
  request jsonb not null default '{}',
  bank_name text,
  accept_anything boolean not null default false,
  -- The upload ended: by completion or by expiry, whichever came first. Never both.
  completed_at timestamptz,
  expired_at timestamptz,
  processing_requested_at timestamptz,
  processed_at timestamptz,
  deleted_at timestamptz,
  state text not null generated always as (
    case
      when deleted_at is not null then 'deleted'
      when processed_at is not null then 'processed'
      when processing_requested_at is not null then 'processing'
      when completed_at is not null then 'completed'
      when expired_at is not null then 'expired'
      else 'open'
    end) stored,
  primary key (env_id, id),
  unique (env_id, public_id),
  check (completed_at is null or expired_at is null)
);
create index sessions_by_link on sessions (env_id, link_id, id);

create table accounts (
  env_id int not null,
  id bigint generated always as identity,
  public_id uuid not null,
  session_id bigint not null,
  -- The contract's identifier in lower case, or other.
  bank_name text not null,
  account_number text,
  name text,
  address text,
  ifsc text,
  micr text,
  iban text,
  account_type text,
  account_category text not null default 'individual' check (account_category in ('individual', 'corporate')),
  credit_limit bigint not null default 0,
  od_limit bigint not null default 0,
  currency text not null,
  country text not null,
  -- Outcome of processing; null before it.
  status text check (status in ('completed', 'failed')),
  error_code text,
  error_message text,
  created_at timestamptz not null,
  last_updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, session_id) references sessions on delete cascade,
  check ((status = 'failed') = (error_code is not null))
);
create index accounts_by_session on accounts (env_id, session_id);

-- A file as it was uploaded, encrypted; several statements may stand in it.
create table files (
  env_id int not null,
  id bigint generated always as identity,
  session_id bigint not null,
  -- Where platform/blobs keeps it; null once it was deleted.
  blob_key text,
  sha256 bytea not null,
  bytes int not null,
  file_name text not null,
  -- Encrypted PDF password.
  password bytea,
  page_count int,
  created_at timestamptz not null,
  primary key (env_id, id),
  foreign key (env_id, session_id) references sessions on delete cascade
);
-- The same file twice in one session is a duplicate, whoever comes first.
create unique index files_by_session on files (env_id, session_id, sha256);

create table statements (
  env_id int not null,
  id bigint generated always as identity,
  public_id uuid not null,
  session_id bigint not null,
  account_id bigint,
  file_id bigint not null,
  source text not null default 'pdf' check (source in ('pdf', 'online', 'aa')),
  status text not null check (status in ('processing', 'completed', 'failed')),
  error_code text,
  error_message text,
  -- The four steps that progress names.
  identity_status text not null check (identity_status in ('processing', 'completed', 'failed')),
  transaction_status text not null check (transaction_status in ('processing', 'completed', 'failed')),
  processing_status text not null check (processing_status in ('processing', 'completed', 'failed')),
  fraud_status text not null check (fraud_status in ('processing', 'completed', 'failed')),
  -- As printed, and as the transactions say.
  period_from date,
  period_to date,
  first_transaction_on date,
  last_transaction_on date,
  opening_balance bigint,
  closing_balance bigint,
  currency text,
  page_count int not null,
  transaction_count int not null,
  verification text check (verification in ('proven', 'partly', 'rounding', 'broken', 'unverifiable')),
  -- {breaks: [{row, expected, printed}], totals: [{kind, printed, computed}]}, integers as strings.
  verification_detail jsonb not null default '{}',
  is_fraud boolean not null default false,
  fraud_type text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, session_id) references sessions on delete cascade,
  foreign key (env_id, account_id) references accounts on delete cascade,
  foreign key (env_id, file_id) references files on delete cascade,
  check ((status = 'failed') = (error_code is not null))
);
create index statements_by_session on statements (env_id, session_id, id);
create index statements_by_account on statements (env_id, account_id);

create table transactions (
  env_id int not null,
  id bigint generated always as identity,
  statement_id bigint not null,
  account_id bigint not null,
  -- 0-based place in its statement.
  row int not null,
  date date not null,
  value_date date,
  description text not null,
  reference text,
  direction text not null check (direction in ('debit', 'credit')),
  amount bigint not null check (amount >= 0),
  balance bigint,
  proof text not null check (proof in ('chain', 'totals', 'none')),
  page int not null,
  line int not null,
  -- Set on rows that another statement of the account already has.
  duplicate_of bigint,
  primary key (env_id, id),
  foreign key (env_id, statement_id) references statements on delete cascade,
  foreign key (env_id, account_id) references accounts on delete cascade
);
create index transactions_by_statement on transactions (env_id, statement_id, row);
-- Also for the cascade from accounts, so not partial; with duplicate_of the days of an account come from it alone.
create index transactions_by_account on transactions (env_id, account_id, date, id) include (duplicate_of);
