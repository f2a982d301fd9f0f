-- The open-banking contract: whose data (customers), by what right (consents), what the bank says (accounts, balances,
-- transactions), and what is paid. Money is in minor units of the row's currency; currencies are lower case.

create table openbanking_settings (
  env_id int primary key references environments,
  -- Shown on the hosted page unless a template says otherwise.
  app_name text,
  support_url text,
  -- Days until a consent ends when none is asked for; null is a calendar year.
  consent_days int check (consent_days between 1 and 3650),
  -- Days before expiry on which the customer is reminded.
  reminder_days int[] not null default '{14,7,1}' check (cardinality(reminder_days) <= 10),
  -- Signs the way back to return_url; encrypted.
  redirect_secret bytea
);

-- Customers and vendors: two kinds of owner with one shape.
create table customers (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  kind text not null default 'customer' check (kind in ('customer', 'vendor')),
  name text not null,
  email text,
  phone text,
  currency text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id)
);
create index customers_by_kind on customers (env_id, kind, id);

create table app_files (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  file_name text not null,
  content_type text not null,
  bytes bytea not null,
  created_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id)
);

create table app_templates (
  env_id int not null references environments,
  id bigint generated always as identity,
  -- 12 alphanumerics without a prefix.
  public_id text not null,
  name text not null,
  app_name text,
  file_id bigint,
  css text,
  header_html text,
  footer_html text,
  is_default boolean not null default false,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, file_id) references app_files
);
create unique index one_default_template on app_templates (env_id) where is_default;

create table consent_links (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  -- SHA-256 of the code in /c/<code>; the code itself, encrypted, so that reading the link can say it again.
  code_hash bytea not null unique,
  code bytea not null,
  customer_id bigint not null,
  type text not null check (type in ('single', 'multiple')),
  scopes text[] not null,
  expiry_days int,
  retro_days int,
  return_url text,
  status text not null default 'active' check (status in ('active', 'used', 'expired')),
  expires_at timestamptz not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, customer_id) references customers
);

create table consents (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  customer_id bigint not null,
  consent_link_id bigint,
  -- Id of a configured provider; null until the hosted page asks.
  provider text,
  scopes text[] not null,
  status text not null check (status in ('new', 'pending', 'authorized', 'failed', 'expired', 'canceled')),
  failure_code text,
  failure_message text,
  retro_date date,
  expiry_date date not null,
  return_url text,
  -- SHA-256 of the code in the hosted page's address; the code itself, encrypted.
  code_hash bytea unique,
  code bytea,
  metadata jsonb not null default '{}',
  -- The bank's own consent id (ConsentId).
  bank_consent_id text,
  -- Tokens of the bank as one JSON, encrypted; null before authorization and after the end.
  tokens bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  authed_at timestamptz,
  renewed_at timestamptz,
  -- By when the customer has to confirm again (90 days after authed_at or renewed_at).
  reconfirm_by date,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, customer_id) references customers,
  foreign key (env_id, consent_link_id) references consent_links,
  check ((status = 'failed') or (failure_code is null and failure_message is null)),
  check (tokens is null or status = 'authorized')
);
create index consents_by_customer on consents (env_id, customer_id, id);
create index consents_by_status on consents (env_id, status, id);
create index consents_by_bank_id on consents (env_id, provider, bank_consent_id);
-- What the timers look for, in every environment at once.
create index consents_waiting on consents (updated_at) where status in ('new', 'pending');
create index consents_running on consents (expiry_date) where status = 'authorized';
create index consents_to_reconfirm on consents (reconfirm_by) where status = 'authorized';

-- Mails sent before access ends, once per consent, end and day. `expiry_date` is the end that the mail speaks of: the
-- consent's, or the day by which the customer has to confirm again.
create table consent_reminders (
  env_id int not null,
  consent_id bigint not null,
  expiry_date date not null,
  days int not null,
  -- Whoever sends holds it until then.
  claimed_until timestamptz not null,
  sent_at timestamptz,
  error text,
  primary key (env_id, consent_id, expiry_date, days),
  foreign key (env_id, consent_id) references consents on delete cascade
);

-- A browser's trip to a bank: bound to it by a cookie, used once.
create table bank_trips (
  env_id int not null references environments,
  id bigint generated always as identity,
  state_hash bytea not null unique,
  -- SHA-256 of the cookie of the browser that began.
  browser_hash bytea not null,
  -- Nonce, PKCE verifier: JSON, encrypted.
  secrets bytea not null,
  provider text not null,
  -- What for: exactly one. A session is net banking of the BankConnect contract.
  consent_id bigint,
  payment_id bigint,
  batch_payment_id bigint,
  session_id bigint,
  bank_consent_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (env_id, id),
  foreign key (env_id, consent_id) references consents on delete cascade,
  foreign key (env_id, session_id) references sessions on delete cascade,
  check (num_nonnulls(consent_id, payment_id, batch_payment_id, session_id) = 1)
);

create table bank_accounts (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  customer_id bigint not null,
  -- The consent that gives access now: the latest.
  consent_id bigint,
  provider text not null,
  -- The bank's AccountId under that consent.
  bank_ref text not null,
  -- The same for one real account across consents: keyed hash of provider and identification, base64url.
  fingerprint text not null,
  holder_name text,
  nickname text,
  currency text not null,
  -- {sort_code?, account_number?, iban?, pan?}
  identification jsonb not null default '{}',
  type text not null default 'unknown' check (type in ('personal', 'business', 'unknown')),
  class text check (class in ('current', 'savings', 'emoney', 'credit_card')),
  metadata jsonb not null default '{}',
  -- What GET …/sync says.
  sync_status text not null default 'idle' check (sync_status in ('idle', 'running')),
  synced_from timestamptz,
  synced_to timestamptz,
  -- ISO 8601 duration such as PT24H; null: only by hand.
  auto_sync_interval text default 'PT24H',
  next_sync_at timestamptz,
  asked_at timestamptz,
  -- Who syncs holds the lease; a commit of an older generation is refused.
  sync_lease_until timestamptz,
  sync_generation int not null default 0,
  -- In a row, until one succeeds; the fault of the last.
  sync_failures int not null default 0,
  sync_error text,
  -- Counters, so that lists name totals without counting.
  booked_count bigint not null default 0,
  pending_count bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  unique (env_id, customer_id, fingerprint),
  foreign key (env_id, customer_id) references customers,
  foreign key (env_id, consent_id) references consents
);
create index bank_accounts_by_consent on bank_accounts (env_id, consent_id, id);
create index bank_accounts_due on bank_accounts (next_sync_at) where next_sync_at is not null;

create table bank_balances (
  env_id int not null,
  bank_account_id bigint not null,
  type text not null check (type in ('actual', 'interim')),
  current bigint not null,
  available bigint,
  currency text not null,
  overdraft_limit bigint,
  overdraft_type text,
  synced_at timestamptz not null,
  primary key (env_id, bank_account_id, type),
  foreign key (env_id, bank_account_id) references bank_accounts on delete cascade
);

-- Newest first by (at, id): what lists page by. A pending row goes when its booked form comes.
create table bank_transactions (
  env_id int not null,
  id bigint generated always as identity,
  public_id text not null,
  bank_account_id bigint not null,
  status text not null check (status in ('booked', 'pending')),
  at timestamptz not null,
  -- Negative for a debit.
  amount bigint not null,
  currency text not null,
  description text not null,
  reference text,
  category text,
  merchant text,
  balance bigint,
  -- The bank's TransactionId, or a hash of what it says where it gives none.
  bank_ref text not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (env_id, id),
  foreign key (env_id, bank_account_id) references bank_accounts on delete cascade
);
create unique index bank_transactions_by_ref on bank_transactions (env_id, bank_account_id, status, bank_ref);
create index bank_transactions_newest on bank_transactions (env_id, bank_account_id, status, at desc, id desc);

create table batch_payments (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  customer_id bigint not null,
  provider text,
  currency text not null,
  total_amount bigint not null,
  count int not null,
  return_url text not null,
  status text not null check (status in
    ('pending', 'authorized', 'processing', 'completed', 'partially_completed', 'failed', 'canceled', 'expired')),
  failure_code text,
  failure_message text,
  code_hash bytea unique,
  code bytea,
  metadata jsonb not null default '{}',
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, customer_id) references customers
);
create index batch_payments_by_customer on batch_payments (env_id, customer_id, id);
create index batch_payments_by_status on batch_payments (env_id, status, id);

create table payments (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  customer_id bigint not null,
  batch_payment_id bigint,
  -- The payer's account, where it is known before.
  bank_account_id bigint,
  provider text,
  amount bigint not null check (amount > 0),
  currency text not null,
  reference text,
  description text,
  -- {recipient: {name, sort_code?, account_number?, iban?}, payer}, encrypted: other people's accounts.
  recipient bytea not null,
  return_url text,
  status text not null check (status in
    ('new', 'pending', 'authorized', 'executed', 'completed', 'failed', 'canceled', 'expired')),
  failure_code text,
  failure_message text,
  code_hash bytea unique,
  code bytea,
  metadata jsonb not null default '{}',
  -- Fixed before the bank is first asked, and the same on every repetition: at most 40 characters each.
  consent_key text not null,
  payment_key text not null,
  bank_consent_id text,
  bank_payment_id text,
  -- Access for this one payment, encrypted; null once the bank has taken it.
  tokens bytea,
  -- The bank was asked to pay, the answer is not yet known.
  submitted_at timestamptz,
  -- When to ask the bank again; null once it is final.
  check_at timestamptz,
  checks int not null default 0,
  authed_at timestamptz,
  executed_at timestamptz,
  completed_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, customer_id) references customers,
  foreign key (env_id, batch_payment_id) references batch_payments,
  foreign key (env_id, bank_account_id) references bank_accounts,
  check ((status = 'failed') or (failure_code is null and failure_message is null)),
  check (tokens is null or status = 'authorized'),
  -- A bank that was never asked has taken nothing.
  check (submitted_at is not null or (bank_payment_id is null and status not in ('executed', 'completed')))
);
create index payments_by_customer on payments (env_id, customer_id, id);
create index payments_by_batch on payments (env_id, batch_payment_id, id) where batch_payment_id is not null;
create index payments_by_status on payments (env_id, status, id);
create index payments_to_check on payments (check_at) where check_at is not null;
create index payments_to_expire on payments (expires_at) where status in ('new', 'pending');
-- A bank's notification names its own ids, and no environment.
create index payments_by_bank_id on payments (provider, bank_payment_id) where bank_payment_id is not null;
create index payments_by_bank_consent on payments (provider, bank_consent_id) where bank_consent_id is not null;

alter table bank_trips
  add foreign key (env_id, payment_id) references payments on delete cascade,
  add foreign key (env_id, batch_payment_id) references batch_payments on delete cascade;

-- Idempotency-Key of any POST: the first answer is given again for 24 hours.
create table idempotency_keys (
  env_id int not null references environments,
  key text not null,
  -- SHA-256 of method, path and body.
  request_hash bytea not null,
  -- Null while the first request runs.
  status int,
  -- The answer's body, encrypted.
  body bytea,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (env_id, key)
);
create index idempotency_keys_by_end on idempotency_keys (expires_at);

-- Security event tokens of banks, each taken once.
create table bank_notifications (
  provider text not null,
  jti text not null,
  received_at timestamptz not null,
  primary key (provider, jti)
);

-- What a provider's last answers were, for `health_status` and net_banking_health. Of the server, not of a tenant.
create table provider_health (
  provider text primary key,
  status text not null check (status in ('healthy', 'degraded', 'down')),
  failures int not null default 0,
  reason text,
  checked_at timestamptz not null
);

-- Net banking of the BankConnect contract: one visit of a bank for a session or entity, from the way back to its
-- statements.
create table net_banking_visits (
  env_id int not null,
  id bigint generated always as identity,
  public_id uuid not null,
  session_id bigint not null,
  -- The contract's identifier in lower case.
  bank_name text not null,
  provider text not null,
  status text not null check (status in ('fetching', 'completed', 'failed')),
  -- NB000, NB003 ... of the hosted journey; with a reason in plain words.
  error_type text,
  reason text,
  bank_consent_id text not null,
  -- The bank's tokens as one JSON, encrypted; null once the bank was told that they are not needed.
  access bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (env_id, public_id),
  unique (env_id, provider, bank_consent_id),
  foreign key (env_id, session_id) references sessions on delete cascade,
  check ((status = 'failed') = (error_type is not null))
);
create index net_banking_visits_by_session on net_banking_visits (env_id, session_id, id);

-- What a client keeps beside a webhook endpoint.
alter table webhook_endpoints add column metadata jsonb not null default '{}';

-- How many rows a list has, so that its first page does not count them: 16 slots, so that transactions which add to one
-- list seldom wait for one another. The total is the slots' sum.
create table list_counts (
  env_id int not null references environments,
  -- customer, vendor, or the table's name
  list text not null,
  slot smallint not null,
  count bigint not null,
  primary key (env_id, list, slot)
);

create function add_to_list(env int, name text, n bigint) returns void language sql as $$
  insert into list_counts as c (env_id, list, slot, count) values (env, name, pg_backend_pid() % 16, n)
  on conflict (env_id, list, slot) do update set count = c.count + excluded.count
$$;

create function count_customer() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform add_to_list(old.env_id, old.kind, -1);
  else
    perform add_to_list(new.env_id, new.kind, 1);
  end if;
  return null;
end $$;
create trigger count_customers after insert or delete on customers for each row execute function count_customer();

create function count_list() returns trigger language plpgsql as $$
begin
  perform add_to_list(env_id, tg_table_name::text, case tg_op when 'DELETE' then -count(*) else count(*) end)
  from changed group by env_id;
  return null;
end $$;
create trigger count_added after insert on consents
  referencing new table as changed for each statement execute function count_list();
create trigger count_removed after delete on consents
  referencing old table as changed for each statement execute function count_list();
create trigger count_added after insert on payments
  referencing new table as changed for each statement execute function count_list();
create trigger count_removed after delete on payments
  referencing old table as changed for each statement execute function count_list();
create trigger count_added after insert on batch_payments
  referencing new table as changed for each statement execute function count_list();
create trigger count_removed after delete on batch_payments
  referencing old table as changed for each statement execute function count_list();
