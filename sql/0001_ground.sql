-- Who owns what, what happened, and whom to tell.
-- Every row carries env_id (organisation x live or sandbox), in every key and foreign key.

create table organisations (
  id int generated always as identity primary key,
  public_id text not null unique,
  name text not null,
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now()
);

create table environments (
  id int generated always as identity primary key,
  public_id text not null unique,
  organisation_id int not null references organisations,
  mode text not null check (mode in ('live', 'sandbox')),
  -- The environment's own data key, wrapped by BANKBELL_MASTER_KEY.
  data_key bytea not null,
  -- whsec_…, encrypted: what endpoints made through the BankConnect contract sign with.
  webhook_secret bytea,
  -- Days that history is kept: the retention class of its attempts and events.
  retention smallint not null default 30 check (retention in (7, 30, 90, 365)),
  created_at timestamptz not null default now(),
  unique (organisation_id, mode)
);

create table bankconnect_settings (
  env_id int primary key references environments,
  unknown_banks text not null default 'accept' check (unknown_banks in ('accept', 'refuse')),
  mask_account_numbers boolean not null default false,
  to_reject_account boolean not null default false,
  session_minutes int not null default 60 check (session_minutes between 5 and 43200),
  level_1 text not null default 'months' check (level_1 in ('months', 'dates', 'none')),
  level_1_missing_days int not null default 0 check (level_1_missing_days >= 0),
  level_2 text not null default 'every_month' check (level_2 in ('every_month', 'first_and_last_month', 'any', 'none'))
);

create table api_keys (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  name text not null,
  -- SHA-256 of at least 128 random bits: no slow hash is needed.
  key_hash bytea not null unique,
  server_hash_hash bytea not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (env_id, id),
  unique (env_id, public_id)
);

create table audit (
  env_id int not null references environments,
  id bigint generated always as identity,
  at timestamptz not null,
  -- Who: api_key:<public id>, job:<name> or operator.
  actor text not null,
  action text not null,
  target text not null,
  detail jsonb not null default '{}',
  primary key (env_id, id)
);
create index audit_by_time on audit (env_id, at);

-- History: retention class x day, dropped whole. Class 0 is kept as long as the session or entity it speaks of,
-- and is where the undelivered moves before its day is dropped.

create sequence events_id_seq;
create table events (
  env_id int not null references environments,
  id bigint not null default nextval('events_id_seq'),
  public_id text not null,
  -- So that a feed can serve only what no open transaction can still precede.
  xid xid8 not null default pg_current_xact_id(),
  type text not null,
  -- What order is kept for, such as session:<uuid>.
  resource text collate "C" not null,
  -- Whose it is: link_id or customer.
  subject text,
  retention smallint not null,
  created_at timestamptz not null,
  primary key (env_id, id, retention, created_at)
) partition by list (retention);
create index events_by_resource on events (env_id, resource, id);
create index events_by_subject on events (env_id, subject, id);
create index events_by_xid on events (env_id, xid, id);

-- The bytes that every attempt sends: rendered once per event and format.
-- Written in one statement with the event, whose foreign key speaks for all four tables: five checks per event, each
-- of which locks the environment's or endpoint's row, were a third of its cost (210 against 140 microseconds).
create table event_bodies (
  env_id int not null,
  event_id bigint not null,
  format text not null check (format in ('entity', 'session', 'event')),
  body bytea not null,
  retention smallint not null,
  created_at timestamptz not null,
  primary key (env_id, event_id, format, retention, created_at)
) partition by list (retention);

-- Recording the same thing twice yields one event. Unpartitioned, so that the key holds for ever.
create table event_keys (
  env_id int not null,
  key text collate "C" not null,
  event_id bigint not null,
  created_at timestamptz not null,
  primary key (env_id, key)
);

create sequence attempts_id_seq;
create table attempts (
  env_id int not null references environments,
  id bigint not null default nextval('attempts_id_seq'),
  endpoint_id int not null,
  event_id bigint not null,
  event_at timestamptz not null,
  resource text collate "C" not null,
  -- 1-based.
  attempt smallint not null,
  at timestamptz not null,
  outcome text not null check (outcome in ('delivered', 'failed', 'exhausted', 'stale')),
  -- HTTP status of the answer, null where none came.
  status smallint,
  -- Why there was no answer: timeout, refused, dns, tls, forbidden_address, …
  error text,
  retry_at timestamptz,
  address text,
  -- Microseconds from the start of the attempt: connected, first byte, end.
  connect_us int,
  first_byte_us int,
  total_us int not null,
  request_headers jsonb not null,
  response_headers jsonb,
  response_body bytea,
  retention smallint not null,
  primary key (env_id, id, retention, at)
) partition by list (retention);
create index attempts_by_endpoint on attempts (env_id, endpoint_id, at);
create index attempts_by_event on attempts (env_id, event_id);

do $$
declare
  parent text;
  class int;
begin
  foreach parent in array array['events', 'event_bodies', 'attempts'] loop
    execute format('create table %I partition of %I for values in (0)', parent || '_kept', parent);
    foreach class in array array[7, 30, 90, 365] loop
      execute format('create table %I partition of %I for values in (%s) partition by range (%I)',
        parent || '_' || class, parent, class, case parent when 'attempts' then 'at' else 'created_at' end);
      execute format('create table %I partition of %I default',
        parent || '_' || class || '_default', parent || '_' || class);
    end loop;
  end loop;
end $$;

-- Makes the day partitions of one class, named <table>_<class>_<yyyymmdd>; answers how many were new.
-- A day whose rows already lie in the default partition stays there.
create function make_day_partitions(class int, first date, days int) returns int language plpgsql as $$
declare
  parent text;
  day date;
  part text;
  made int := 0;
begin
  foreach parent in array array['events', 'event_bodies', 'attempts'] loop
    for day in select first + n from generate_series(0, days - 1) n loop
      part := format('%s_%s_%s', parent, class, to_char(day, 'YYYYMMDD'));
      if to_regclass(part) is null then
        begin
          execute format('create table %I partition of %I for values from (%L) to (%L)',
            part, parent || '_' || class, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
          made := made + 1;
        exception
          when check_violation or duplicate_table then null;
        end;
      end if;
    end loop;
  end loop;
  return made;
end $$;

create table webhook_endpoints (
  env_id int not null references environments,
  id int generated always as identity,
  public_id text not null,
  format text not null check (format in ('entity', 'session', 'event')),
  -- The one that update_webhook of this contract sets; null for endpoints made otherwise.
  slot text check (slot in ('entity', 'session')),
  url text not null,
  mode smallint not null default 0 check (mode between 0 and 3),
  event_types text[] not null default '{*}',
  status text not null default 'enabled' check (status in ('enabled', 'paused', 'disabled')),
  status_reason text,
  status_since timestamptz not null,
  ordered boolean not null default true,
  -- Seconds before each retry; null is the default schedule.
  schedule int[],
  timeout_ms int not null default 15000 check (timeout_ms between 1000 and 30000),
  max_in_flight int not null default 8 check (max_in_flight between 1 and 128),
  -- Counts every change of the row or of its secrets: a dispatcher that holds another one loads it again.
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (env_id, id),
  unique (id),
  unique (env_id, public_id),
  unique (env_id, slot)
);

create table webhook_secrets (
  env_id int not null,
  endpoint_id int not null,
  id bigint generated always as identity,
  -- Encrypted whsec_….
  secret bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (env_id, endpoint_id, id),
  foreign key (env_id, endpoint_id) references webhook_endpoints on delete cascade
);

-- One row per endpoint and resource: the head of its chain. What waits behind it lies in queue_next.
-- A claim touches no indexed column, so that updates stay on the page (HOT). No foreign key (see event_bodies): a claim
-- joins the endpoint, and who deletes an endpoint deletes its rows here.
create table queue (
  env_id int not null,
  endpoint_id int not null,
  resource text collate "C" not null,
  event_id bigint not null,
  event_at timestamptz not null,
  retention smallint not null,
  waiting int not null default 0,
  attempt smallint not null default 0,
  retry boolean generated always as (attempt > 0) stored,
  due_at timestamptz not null default now(),
  lease_until timestamptz not null default '-infinity',
  gen int not null default 0,
  primary key (env_id, endpoint_id, resource)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_cost_delay = 0);
create index queue_due on queue (env_id, endpoint_id, retry, due_at);

create table queue_next (
  env_id int not null,
  endpoint_id int not null,
  resource text collate "C" not null,
  seq bigint generated always as identity,
  event_id bigint not null,
  event_at timestamptz not null,
  retention smallint not null,
  primary key (env_id, endpoint_id, resource, seq)
);

-- Deliveries whose schedule ran out: kept until they are replayed or their event goes.
create table exhausted_deliveries (
  env_id int not null,
  endpoint_id int not null,
  event_id bigint not null,
  event_at timestamptz not null,
  retention smallint not null,
  resource text collate "C" not null,
  attempts smallint not null,
  exhausted_at timestamptz not null,
  primary key (env_id, endpoint_id, event_id),
  foreign key (env_id, endpoint_id) references webhook_endpoints on delete cascade
);
