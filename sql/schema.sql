-- Dumped by `npm run schema` from what the migrations make; not to be edited.

CREATE FUNCTION public.add_to_list(env integer, name text, n bigint) RETURNS void
    LANGUAGE sql
    AS $$
  insert into list_counts as c (env_id, list, slot, count) values (env, name, pg_backend_pid() % 16, n)
  on conflict (env_id, list, slot) do update set count = c.count + excluded.count
$$;

CREATE FUNCTION public.count_customer() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op = 'DELETE' then
    perform add_to_list(old.env_id, old.kind, -1);
  else
    perform add_to_list(new.env_id, new.kind, 1);
  end if;
  return null;
end $$;

CREATE FUNCTION public.count_list() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform add_to_list(env_id, tg_table_name::text, case tg_op when 'DELETE' then -count(*) else count(*) end)
  from changed group by env_id;
  return null;
end $$;

CREATE FUNCTION public.make_day_partitions(class integer, first date, days integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.accounts (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    session_id bigint NOT NULL,
    bank_name text NOT NULL,
    account_number text,
    name text,
    address text,
    ifsc text,
    micr text,
    iban text,
    account_type text,
    account_category text DEFAULT 'individual'::text NOT NULL,
    credit_limit bigint DEFAULT 0 NOT NULL,
    od_limit bigint DEFAULT 0 NOT NULL,
    currency text NOT NULL,
    country text NOT NULL,
    status text,
    error_code text,
    error_message text,
    created_at timestamp with time zone NOT NULL,
    last_updated_at timestamp with time zone NOT NULL,
    CONSTRAINT accounts_account_category_check CHECK ((account_category = ANY (ARRAY['individual'::text, 'corporate'::text]))),
    CONSTRAINT accounts_check CHECK (((status = 'failed'::text) = (error_code IS NOT NULL))),
    CONSTRAINT accounts_status_check CHECK ((status = ANY (ARRAY['completed'::text, 'failed'::text])))
);

ALTER TABLE public.accounts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_keys (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    server_hash_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    requires_server_hash boolean DEFAULT true NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone
);

ALTER TABLE public.api_keys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.app_files (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    file_name text NOT NULL,
    content_type text NOT NULL,
    bytes bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.app_files ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.app_files_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.app_templates (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    name text NOT NULL,
    app_name text,
    file_id bigint,
    css text,
    header_html text,
    footer_html text,
    is_default boolean DEFAULT false NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

ALTER TABLE public.app_templates ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.app_templates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE public.attempts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.attempts (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
)
PARTITION BY LIST (retention);

CREATE TABLE public.attempts_30 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
)
PARTITION BY RANGE (at);

CREATE TABLE public.attempts_30_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
);

CREATE TABLE public.attempts_365 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
)
PARTITION BY RANGE (at);

CREATE TABLE public.attempts_365_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
);

CREATE TABLE public.attempts_7 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
)
PARTITION BY RANGE (at);

CREATE TABLE public.attempts_7_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
);

CREATE TABLE public.attempts_90 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
)
PARTITION BY RANGE (at);

CREATE TABLE public.attempts_90_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
);

CREATE TABLE public.attempts_kept (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.attempts_id_seq'::regclass) NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempt smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status smallint,
    error text,
    retry_at timestamp with time zone,
    address text,
    connect_us integer,
    first_byte_us integer,
    total_us integer NOT NULL,
    request_headers json NOT NULL,
    response_headers json,
    response_body bytea,
    retention smallint NOT NULL,
    dns_us integer,
    tls_us integer,
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'failed'::text, 'exhausted'::text, 'stale'::text, 'expired'::text])))
);

CREATE TABLE public.audit (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bank_accounts (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    customer_id bigint NOT NULL,
    consent_id bigint,
    provider text NOT NULL,
    bank_ref text NOT NULL,
    fingerprint text NOT NULL,
    holder_name text,
    nickname text,
    currency text NOT NULL,
    identification jsonb DEFAULT '{}'::jsonb NOT NULL,
    type text DEFAULT 'unknown'::text NOT NULL,
    class text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    sync_status text DEFAULT 'idle'::text NOT NULL,
    synced_from timestamp with time zone,
    synced_to timestamp with time zone,
    auto_sync_interval text DEFAULT 'PT24H'::text,
    next_sync_at timestamp with time zone,
    asked_at timestamp with time zone,
    sync_lease_until timestamp with time zone,
    sync_generation integer DEFAULT 0 NOT NULL,
    sync_failures integer DEFAULT 0 NOT NULL,
    sync_error text,
    booked_count bigint DEFAULT 0 NOT NULL,
    pending_count bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_accounts_class_check CHECK ((class = ANY (ARRAY['current'::text, 'savings'::text, 'emoney'::text, 'credit_card'::text]))),
    CONSTRAINT bank_accounts_sync_status_check CHECK ((sync_status = ANY (ARRAY['idle'::text, 'running'::text]))),
    CONSTRAINT bank_accounts_type_check CHECK ((type = ANY (ARRAY['personal'::text, 'business'::text, 'unknown'::text])))
);

ALTER TABLE public.bank_accounts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bank_accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bank_balances (
    env_id integer NOT NULL,
    bank_account_id bigint NOT NULL,
    type text NOT NULL,
    current bigint NOT NULL,
    available bigint,
    currency text NOT NULL,
    overdraft_limit bigint,
    overdraft_type text,
    synced_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_balances_type_check CHECK ((type = ANY (ARRAY['actual'::text, 'interim'::text])))
);

CREATE TABLE public.bank_notifications (
    provider text NOT NULL,
    jti text NOT NULL,
    received_at timestamp with time zone NOT NULL
);

CREATE TABLE public.bank_transactions (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    bank_account_id bigint NOT NULL,
    status text NOT NULL,
    at timestamp with time zone NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    description text NOT NULL,
    reference text,
    category text,
    merchant text,
    balance bigint,
    bank_ref text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_transactions_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'pending'::text])))
);

ALTER TABLE public.bank_transactions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bank_transactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bank_trips (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    state_hash bytea NOT NULL,
    browser_hash bytea NOT NULL,
    secrets bytea NOT NULL,
    provider text NOT NULL,
    consent_id bigint,
    payment_id bigint,
    batch_payment_id bigint,
    session_id bigint,
    bank_consent_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT bank_trips_check CHECK ((num_nonnulls(consent_id, payment_id, batch_payment_id, session_id) = 1))
);

ALTER TABLE public.bank_trips ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bank_trips_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bankconnect_settings (
    env_id integer NOT NULL,
    unknown_banks text DEFAULT 'accept'::text NOT NULL,
    mask_account_numbers boolean DEFAULT false NOT NULL,
    to_reject_account boolean DEFAULT false NOT NULL,
    session_minutes integer DEFAULT 60 NOT NULL,
    level_1 text DEFAULT 'months'::text NOT NULL,
    level_1_missing_days integer DEFAULT 0 NOT NULL,
    level_2 text DEFAULT 'every_month'::text NOT NULL,
    show_score boolean DEFAULT false NOT NULL,
    accept_anything boolean DEFAULT false NOT NULL,
    allowed_modes text[] DEFAULT '{pdf,online,aa}'::text[] NOT NULL,
    max_pages integer,
    CONSTRAINT bankconnect_settings_allowed_modes_check CHECK (((allowed_modes <@ '{pdf,online,aa}'::text[]) AND (cardinality(allowed_modes) > 0))),
    CONSTRAINT bankconnect_settings_level_1_check CHECK ((level_1 = ANY (ARRAY['months'::text, 'dates'::text, 'none'::text]))),
    CONSTRAINT bankconnect_settings_level_1_missing_days_check CHECK ((level_1_missing_days >= 0)),
    CONSTRAINT bankconnect_settings_level_2_check CHECK ((level_2 = ANY (ARRAY['every_month'::text, 'first_and_last_month'::text, 'any'::text, 'none'::text]))),
    CONSTRAINT bankconnect_settings_max_pages_check CHECK (((max_pages >= 1) AND (max_pages <= 10000))),
    CONSTRAINT bankconnect_settings_session_minutes_check CHECK (((session_minutes >= 5) AND (session_minutes <= 43200))),
    CONSTRAINT bankconnect_settings_unknown_banks_check CHECK ((unknown_banks = ANY (ARRAY['accept'::text, 'refuse'::text])))
);

CREATE TABLE public.batch_payments (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    customer_id bigint NOT NULL,
    provider text,
    currency text NOT NULL,
    total_amount bigint NOT NULL,
    count integer NOT NULL,
    return_url text NOT NULL,
    status text NOT NULL,
    failure_code text,
    failure_message text,
    code_hash bytea,
    code bytea,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT batch_payments_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'authorized'::text, 'processing'::text, 'completed'::text, 'partially_completed'::text, 'failed'::text, 'canceled'::text, 'expired'::text])))
);

ALTER TABLE public.batch_payments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.batch_payments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consent_links (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    code_hash bytea NOT NULL,
    code bytea NOT NULL,
    customer_id bigint NOT NULL,
    type text NOT NULL,
    scopes text[] NOT NULL,
    expiry_days integer,
    retro_days integer,
    return_url text,
    status text DEFAULT 'active'::text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_links_status_check CHECK ((status = ANY (ARRAY['active'::text, 'used'::text, 'expired'::text]))),
    CONSTRAINT consent_links_type_check CHECK ((type = ANY (ARRAY['single'::text, 'multiple'::text])))
);

ALTER TABLE public.consent_links ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.consent_links_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consent_reminders (
    env_id integer NOT NULL,
    consent_id bigint NOT NULL,
    expiry_date date NOT NULL,
    days integer NOT NULL,
    claimed_until timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    error text
);

CREATE TABLE public.consents (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    customer_id bigint NOT NULL,
    consent_link_id bigint,
    provider text,
    scopes text[] NOT NULL,
    status text NOT NULL,
    failure_code text,
    failure_message text,
    retro_date date,
    expiry_date date NOT NULL,
    return_url text,
    code_hash bytea,
    code bytea,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    bank_consent_id text,
    tokens bytea,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    authed_at timestamp with time zone,
    renewed_at timestamp with time zone,
    reconfirm_by date,
    CONSTRAINT consents_check CHECK (((status = 'failed'::text) OR ((failure_code IS NULL) AND (failure_message IS NULL)))),
    CONSTRAINT consents_check1 CHECK (((tokens IS NULL) OR (status = 'authorized'::text))),
    CONSTRAINT consents_status_check CHECK ((status = ANY (ARRAY['new'::text, 'pending'::text, 'authorized'::text, 'failed'::text, 'expired'::text, 'canceled'::text])))
);

ALTER TABLE public.consents ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.consents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.customers (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    kind text DEFAULT 'customer'::text NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    currency text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT customers_kind_check CHECK ((kind = ANY (ARRAY['customer'::text, 'vendor'::text])))
);

ALTER TABLE public.customers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.customers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.endpoint_health (
    env_id integer NOT NULL,
    endpoint_id integer NOT NULL,
    failures integer NOT NULL,
    failing_since timestamp with time zone NOT NULL,
    probe_at timestamp with time zone
);

CREATE TABLE public.environments (
    id integer NOT NULL,
    public_id text NOT NULL,
    organisation_id integer NOT NULL,
    mode text NOT NULL,
    data_key bytea NOT NULL,
    webhook_secret bytea,
    retention smallint DEFAULT 30 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT environments_mode_check CHECK ((mode = ANY (ARRAY['live'::text, 'sandbox'::text]))),
    CONSTRAINT environments_retention_check CHECK ((retention = ANY (ARRAY[7, 30, 90, 365])))
);

ALTER TABLE public.environments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.environments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.event_bodies (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
)
PARTITION BY LIST (retention);

CREATE TABLE public.event_bodies_30 (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.event_bodies_30_default (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
);

CREATE TABLE public.event_bodies_365 (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.event_bodies_365_default (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
);

CREATE TABLE public.event_bodies_7 (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.event_bodies_7_default (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
);

CREATE TABLE public.event_bodies_90 (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.event_bodies_90_default (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
);

CREATE TABLE public.event_bodies_kept (
    env_id integer NOT NULL,
    event_id bigint NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    public_id text NOT NULL,
    type text NOT NULL,
    CONSTRAINT event_bodies_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text])))
);

CREATE TABLE public.event_keys (
    env_id integer NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    event_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE public.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.events (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
)
PARTITION BY LIST (retention);

CREATE TABLE public.events_30 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.events_30_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
);

CREATE TABLE public.events_365 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.events_365_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
);

CREATE TABLE public.events_7 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.events_7_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
);

CREATE TABLE public.events_90 (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.events_90_default (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
);

CREATE TABLE public.events_kept (
    env_id integer NOT NULL,
    id bigint DEFAULT nextval('public.events_id_seq'::regclass) NOT NULL,
    public_id text NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    type text NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    subject text,
    retention smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kept_from smallint
);

CREATE TABLE public.exhausted_deliveries (
    env_id integer NOT NULL,
    endpoint_id integer NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    retention smallint NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    attempts smallint NOT NULL,
    exhausted_at timestamp with time zone NOT NULL,
    announced boolean DEFAULT false NOT NULL
);

CREATE TABLE public.files (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    session_id bigint NOT NULL,
    blob_key text,
    sha256 bytea NOT NULL,
    bytes integer NOT NULL,
    file_name text NOT NULL,
    password bytea,
    page_count integer,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.files ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.files_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.idempotency_keys (
    env_id integer NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer,
    body bytea,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.journey_settings (
    env_id integer NOT NULL,
    origins text[] DEFAULT '{}'::text[] NOT NULL,
    name text,
    color text,
    logo_url text,
    support_url text,
    CONSTRAINT journey_settings_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT journey_settings_logo_url_check CHECK (((logo_url ~ '^https://'::text) AND (length(logo_url) <= 2048))),
    CONSTRAINT journey_settings_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
    CONSTRAINT journey_settings_support_url_check CHECK (((support_url ~ '^(https://|mailto:)'::text) AND (length(support_url) <= 2048)))
);

CREATE TABLE public.list_counts (
    env_id integer NOT NULL,
    list text NOT NULL,
    slot smallint NOT NULL,
    count bigint NOT NULL
);

CREATE TABLE public.net_banking_visits (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    session_id bigint NOT NULL,
    bank_name text NOT NULL,
    provider text NOT NULL,
    status text NOT NULL,
    error_type text,
    reason text,
    bank_consent_id text NOT NULL,
    access bytea,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT net_banking_visits_check CHECK (((status = 'failed'::text) = (error_type IS NOT NULL))),
    CONSTRAINT net_banking_visits_status_check CHECK ((status = ANY (ARRAY['fetching'::text, 'completed'::text, 'failed'::text])))
);

ALTER TABLE public.net_banking_visits ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.net_banking_visits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.openbanking_settings (
    env_id integer NOT NULL,
    app_name text,
    support_url text,
    consent_days integer,
    reminder_days integer[] DEFAULT '{14,7,1}'::integer[] NOT NULL,
    redirect_secret bytea,
    CONSTRAINT openbanking_settings_consent_days_check CHECK (((consent_days >= 1) AND (consent_days <= 3650))),
    CONSTRAINT openbanking_settings_reminder_days_check CHECK ((cardinality(reminder_days) <= 10))
);

CREATE TABLE public.organisations (
    id integer NOT NULL,
    public_id text NOT NULL,
    name text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.organisations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.organisations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.payments (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    customer_id bigint NOT NULL,
    batch_payment_id bigint,
    bank_account_id bigint,
    provider text,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reference text,
    description text,
    recipient bytea NOT NULL,
    return_url text,
    status text NOT NULL,
    failure_code text,
    failure_message text,
    code_hash bytea,
    code bytea,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    consent_key text NOT NULL,
    payment_key text NOT NULL,
    bank_consent_id text,
    bank_payment_id text,
    tokens bytea,
    submitted_at timestamp with time zone,
    check_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    authed_at timestamp with time zone,
    executed_at timestamp with time zone,
    completed_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT payments_amount_check CHECK ((amount > 0)),
    CONSTRAINT payments_check CHECK (((status = 'failed'::text) OR ((failure_code IS NULL) AND (failure_message IS NULL)))),
    CONSTRAINT payments_check1 CHECK (((tokens IS NULL) OR (status = 'authorized'::text))),
    CONSTRAINT payments_check2 CHECK (((submitted_at IS NOT NULL) OR ((bank_payment_id IS NULL) AND (status <> ALL (ARRAY['executed'::text, 'completed'::text]))))),
    CONSTRAINT payments_status_check CHECK ((status = ANY (ARRAY['new'::text, 'pending'::text, 'authorized'::text, 'executed'::text, 'completed'::text, 'failed'::text, 'canceled'::text, 'expired'::text])))
);

ALTER TABLE public.payments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.provider_health (
    provider text NOT NULL,
    status text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    reason text,
    checked_at timestamp with time zone NOT NULL,
    CONSTRAINT provider_health_status_check CHECK ((status = ANY (ARRAY['healthy'::text, 'degraded'::text, 'down'::text])))
);

CREATE TABLE public.queue (
    env_id integer NOT NULL,
    endpoint_id integer NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    retention smallint NOT NULL,
    waiting integer DEFAULT 0 NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    retry boolean GENERATED ALWAYS AS ((attempt > 0)) STORED,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    gen integer DEFAULT (floor((random() * (1000000000)::double precision)))::integer NOT NULL,
    hold_until timestamp with time zone,
    held boolean GENERATED ALWAYS AS (((hold_until IS NOT NULL) AND (waiting > 0))) STORED
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='20000', autovacuum_vacuum_cost_delay='0');

CREATE TABLE public.queue_next (
    env_id integer NOT NULL,
    endpoint_id integer NOT NULL,
    resource text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    event_id bigint NOT NULL,
    event_at timestamp with time zone NOT NULL,
    retention smallint NOT NULL
);

ALTER TABLE public.queue_next ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.queue_next_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.replays (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id text NOT NULL,
    endpoint_id integer NOT NULL,
    filter jsonb NOT NULL,
    status text DEFAULT 'running'::text NOT NULL,
    last_event_id bigint NOT NULL,
    after_event_id bigint DEFAULT 0 NOT NULL,
    total bigint,
    queued bigint DEFAULT 0 NOT NULL,
    skipped bigint DEFAULT 0 NOT NULL,
    actor text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT replays_check CHECK (((status = 'running'::text) = (ended_at IS NULL))),
    CONSTRAINT replays_status_check CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'cancelled'::text])))
);

ALTER TABLE public.replays ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.replays_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.request_log (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    req_id uuid NOT NULL,
    method text NOT NULL,
    route text NOT NULL,
    target text,
    status smallint NOT NULL,
    total_us integer NOT NULL,
    outcome text,
    key_id text NOT NULL
);

ALTER TABLE public.request_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.request_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    hash text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.sessions (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    link_id text NOT NULL,
    from_date date NOT NULL,
    to_date date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    request jsonb DEFAULT '{}'::jsonb NOT NULL,
    bank_name text,
    accept_anything boolean DEFAULT false NOT NULL,
    completed_at timestamp with time zone,
    expired_at timestamp with time zone,
    processing_requested_at timestamp with time zone,
    processed_at timestamp with time zone,
    deleted_at timestamp with time zone,
    state text GENERATED ALWAYS AS (
CASE
    WHEN (deleted_at IS NOT NULL) THEN 'deleted'::text
    WHEN (processed_at IS NOT NULL) THEN 'processed'::text
    WHEN (processing_requested_at IS NOT NULL) THEN 'processing'::text
    WHEN (completed_at IS NOT NULL) THEN 'completed'::text
    WHEN (expired_at IS NOT NULL) THEN 'expired'::text
    ELSE 'open'::text
END) STORED NOT NULL,
    kind text DEFAULT 'session'::text NOT NULL,
    CONSTRAINT sessions_check CHECK (((completed_at IS NULL) OR (expired_at IS NULL))),
    CONSTRAINT sessions_check1 CHECK (((kind = 'session'::text) OR ((completed_at IS NULL) AND (expired_at IS NULL) AND (processing_requested_at IS NULL)))),
    CONSTRAINT sessions_kind_check CHECK ((kind = ANY (ARRAY['session'::text, 'entity'::text])))
);

ALTER TABLE public.sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.signin_accounts (
    id text NOT NULL,
    account_id text NOT NULL,
    provider_id text NOT NULL,
    user_id text NOT NULL,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamp with time zone,
    refresh_token_expires_at timestamp with time zone,
    scope text,
    password text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.signin_first_links (
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.signin_invitations (
    id text NOT NULL,
    organization_id text NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    status text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    inviter_id text NOT NULL,
    CONSTRAINT signin_invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'developer'::text, 'viewer'::text]))),
    CONSTRAINT signin_invitations_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'accepted'::text, 'rejected'::text, 'canceled'::text])))
);

CREATE TABLE public.signin_members (
    id text NOT NULL,
    organization_id text NOT NULL,
    user_id text NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT signin_members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'developer'::text, 'viewer'::text])))
);

CREATE VIEW public.signin_organisations AS
 SELECT organisations.public_id AS id,
    organisations.name,
    organisations.public_id AS slug,
    NULL::text AS logo,
    NULL::text AS metadata,
    organisations.created_at
   FROM public.organisations;

CREATE TABLE public.signin_sessions (
    id text NOT NULL,
    user_id text NOT NULL,
    token text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    ip_address text,
    user_agent text,
    active_organization_id text
);

CREATE TABLE public.signin_two_factors (
    id text NOT NULL,
    user_id text NOT NULL,
    secret text NOT NULL,
    backup_codes text NOT NULL,
    verified boolean,
    failed_verification_count integer,
    locked_until timestamp with time zone
);

CREATE TABLE public.signin_users (
    id text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    email_verified boolean NOT NULL,
    image text,
    two_factor_enabled boolean,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.signin_verifications (
    id text NOT NULL,
    identifier text NOT NULL,
    value text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.statements (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    session_id bigint NOT NULL,
    account_id bigint,
    file_id bigint NOT NULL,
    source text DEFAULT 'pdf'::text NOT NULL,
    status text NOT NULL,
    error_code text,
    error_message text,
    identity_status text NOT NULL,
    transaction_status text NOT NULL,
    processing_status text NOT NULL,
    fraud_status text NOT NULL,
    period_from date,
    period_to date,
    first_transaction_on date,
    last_transaction_on date,
    opening_balance bigint,
    closing_balance bigint,
    currency text,
    page_count integer NOT NULL,
    transaction_count integer NOT NULL,
    verification text,
    verification_detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_fraud boolean DEFAULT false NOT NULL,
    fraud_type text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    fraud_findings jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT statements_check CHECK (((status = 'failed'::text) = (error_code IS NOT NULL))),
    CONSTRAINT statements_fraud_status_check CHECK ((fraud_status = ANY (ARRAY['processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT statements_identity_status_check CHECK ((identity_status = ANY (ARRAY['processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT statements_processing_status_check CHECK ((processing_status = ANY (ARRAY['processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT statements_source_check CHECK ((source = ANY (ARRAY['pdf'::text, 'online'::text, 'aa'::text]))),
    CONSTRAINT statements_status_check CHECK ((status = ANY (ARRAY['processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT statements_transaction_status_check CHECK ((transaction_status = ANY (ARRAY['processing'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT statements_verification_check CHECK ((verification = ANY (ARRAY['proven'::text, 'partly'::text, 'rounding'::text, 'broken'::text, 'unverifiable'::text])))
);

ALTER TABLE public.statements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.statements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.transactions (
    env_id integer NOT NULL,
    id bigint NOT NULL,
    statement_id bigint NOT NULL,
    account_id bigint NOT NULL,
    "row" integer NOT NULL,
    date date NOT NULL,
    value_date date,
    description text NOT NULL,
    reference text,
    direction text NOT NULL,
    amount bigint NOT NULL,
    balance bigint,
    proof text NOT NULL,
    page integer NOT NULL,
    line integer NOT NULL,
    duplicate_of bigint,
    CONSTRAINT transactions_amount_check CHECK ((amount >= 0)),
    CONSTRAINT transactions_direction_check CHECK ((direction = ANY (ARRAY['debit'::text, 'credit'::text]))),
    CONSTRAINT transactions_proof_check CHECK ((proof = ANY (ARRAY['chain'::text, 'totals'::text, 'none'::text])))
);

ALTER TABLE public.transactions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.transactions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.webhook_endpoints (
    env_id integer NOT NULL,
    id integer NOT NULL,
    public_id text NOT NULL,
    format text NOT NULL,
    slot text,
    url text NOT NULL,
    mode smallint DEFAULT 0 NOT NULL,
    event_types text[] DEFAULT '{*}'::text[] NOT NULL,
    status text DEFAULT 'enabled'::text NOT NULL,
    status_reason text,
    status_since timestamp with time zone NOT NULL,
    ordered boolean DEFAULT true NOT NULL,
    schedule integer[],
    timeout_ms integer DEFAULT 15000 NOT NULL,
    max_in_flight integer DEFAULT 8 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    order_hold_s integer DEFAULT 3600 NOT NULL,
    preset text DEFAULT 'standard'::text NOT NULL,
    pause_after integer DEFAULT 10,
    pause_span_s integer DEFAULT 3600 NOT NULL,
    rate_limit integer,
    headers bytea,
    secret_key bytea,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT webhook_endpoints_check CHECK (((secret_key IS NULL) OR (format = ANY (ARRAY['entity'::text, 'session'::text])))),
    CONSTRAINT webhook_endpoints_format_check CHECK ((format = ANY (ARRAY['entity'::text, 'session'::text, 'event'::text]))),
    CONSTRAINT webhook_endpoints_max_in_flight_check CHECK (((max_in_flight >= 1) AND (max_in_flight <= 128))),
    CONSTRAINT webhook_endpoints_mode_check CHECK (((mode >= 0) AND (mode <= 3))),
    CONSTRAINT webhook_endpoints_order_hold_s_check CHECK (((order_hold_s >= 0) AND (order_hold_s <= 604800))),
    CONSTRAINT webhook_endpoints_pause_after_check CHECK (((pause_after >= 1) AND (pause_after <= 10000))),
    CONSTRAINT webhook_endpoints_pause_span_s_check CHECK (((pause_span_s >= 0) AND (pause_span_s <= 604800))),
    CONSTRAINT webhook_endpoints_preset_check CHECK ((preset = ANY (ARRAY['standard'::text, 'openbanking'::text]))),
    CONSTRAINT webhook_endpoints_rate_limit_check CHECK (((rate_limit >= 1) AND (rate_limit <= 10000))),
    CONSTRAINT webhook_endpoints_slot_check CHECK ((slot = ANY (ARRAY['entity'::text, 'session'::text]))),
    CONSTRAINT webhook_endpoints_status_check CHECK ((status = ANY (ARRAY['enabled'::text, 'paused'::text, 'disabled'::text]))),
    CONSTRAINT webhook_endpoints_timeout_ms_check CHECK (((timeout_ms >= 1000) AND (timeout_ms <= 30000)))
);

ALTER TABLE public.webhook_endpoints ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.webhook_endpoints_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.webhook_secrets (
    env_id integer NOT NULL,
    endpoint_id integer NOT NULL,
    id bigint NOT NULL,
    secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone
);

ALTER TABLE public.webhook_secrets ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.webhook_secrets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_30 FOR VALUES IN ('30');

ALTER TABLE ONLY public.attempts_30 ATTACH PARTITION public.attempts_30_default DEFAULT;

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_365 FOR VALUES IN ('365');

ALTER TABLE ONLY public.attempts_365 ATTACH PARTITION public.attempts_365_default DEFAULT;

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_7 FOR VALUES IN ('7');

ALTER TABLE ONLY public.attempts_7 ATTACH PARTITION public.attempts_7_default DEFAULT;

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_90 FOR VALUES IN ('90');

ALTER TABLE ONLY public.attempts_90 ATTACH PARTITION public.attempts_90_default DEFAULT;

ALTER TABLE ONLY public.attempts ATTACH PARTITION public.attempts_kept FOR VALUES IN ('0');

ALTER TABLE ONLY public.event_bodies ATTACH PARTITION public.event_bodies_30 FOR VALUES IN ('30');

ALTER TABLE ONLY public.event_bodies_30 ATTACH PARTITION public.event_bodies_30_default DEFAULT;

ALTER TABLE ONLY public.event_bodies ATTACH PARTITION public.event_bodies_365 FOR VALUES IN ('365');

ALTER TABLE ONLY public.event_bodies_365 ATTACH PARTITION public.event_bodies_365_default DEFAULT;

ALTER TABLE ONLY public.event_bodies ATTACH PARTITION public.event_bodies_7 FOR VALUES IN ('7');

ALTER TABLE ONLY public.event_bodies_7 ATTACH PARTITION public.event_bodies_7_default DEFAULT;

ALTER TABLE ONLY public.event_bodies ATTACH PARTITION public.event_bodies_90 FOR VALUES IN ('90');

ALTER TABLE ONLY public.event_bodies_90 ATTACH PARTITION public.event_bodies_90_default DEFAULT;

ALTER TABLE ONLY public.event_bodies ATTACH PARTITION public.event_bodies_kept FOR VALUES IN ('0');

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_30 FOR VALUES IN ('30');

ALTER TABLE ONLY public.events_30 ATTACH PARTITION public.events_30_default DEFAULT;

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_365 FOR VALUES IN ('365');

ALTER TABLE ONLY public.events_365 ATTACH PARTITION public.events_365_default DEFAULT;

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_7 FOR VALUES IN ('7');

ALTER TABLE ONLY public.events_7 ATTACH PARTITION public.events_7_default DEFAULT;

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_90 FOR VALUES IN ('90');

ALTER TABLE ONLY public.events_90 ATTACH PARTITION public.events_90_default DEFAULT;

ALTER TABLE ONLY public.events ATTACH PARTITION public.events_kept FOR VALUES IN ('0');

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.app_files
    ADD CONSTRAINT app_files_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.app_files
    ADD CONSTRAINT app_files_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.app_templates
    ADD CONSTRAINT app_templates_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.app_templates
    ADD CONSTRAINT app_templates_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_30
    ADD CONSTRAINT attempts_30_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_30_default
    ADD CONSTRAINT attempts_30_default_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_365
    ADD CONSTRAINT attempts_365_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_365_default
    ADD CONSTRAINT attempts_365_default_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_7
    ADD CONSTRAINT attempts_7_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_7_default
    ADD CONSTRAINT attempts_7_default_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_90
    ADD CONSTRAINT attempts_90_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_90_default
    ADD CONSTRAINT attempts_90_default_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.attempts_kept
    ADD CONSTRAINT attempts_kept_pkey PRIMARY KEY (env_id, endpoint_id, at, id, retention);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_env_id_customer_id_fingerprint_key UNIQUE (env_id, customer_id, fingerprint);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.bank_balances
    ADD CONSTRAINT bank_balances_pkey PRIMARY KEY (env_id, bank_account_id, type);

ALTER TABLE ONLY public.bank_notifications
    ADD CONSTRAINT bank_notifications_pkey PRIMARY KEY (provider, jti);

ALTER TABLE ONLY public.bank_transactions
    ADD CONSTRAINT bank_transactions_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.bank_trips
    ADD CONSTRAINT bank_trips_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.bank_trips
    ADD CONSTRAINT bank_trips_state_hash_key UNIQUE (state_hash);

ALTER TABLE ONLY public.bankconnect_settings
    ADD CONSTRAINT bankconnect_settings_pkey PRIMARY KEY (env_id);

ALTER TABLE ONLY public.batch_payments
    ADD CONSTRAINT batch_payments_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.batch_payments
    ADD CONSTRAINT batch_payments_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.batch_payments
    ADD CONSTRAINT batch_payments_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.consent_links
    ADD CONSTRAINT consent_links_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.consent_links
    ADD CONSTRAINT consent_links_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.consent_links
    ADD CONSTRAINT consent_links_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.consent_reminders
    ADD CONSTRAINT consent_reminders_pkey PRIMARY KEY (env_id, consent_id, expiry_date, days);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.endpoint_health
    ADD CONSTRAINT endpoint_health_pkey PRIMARY KEY (env_id, endpoint_id);

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_organisation_id_mode_key UNIQUE (organisation_id, mode);

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY public.event_bodies
    ADD CONSTRAINT event_bodies_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_30
    ADD CONSTRAINT event_bodies_30_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_30_default
    ADD CONSTRAINT event_bodies_30_default_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_365
    ADD CONSTRAINT event_bodies_365_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_365_default
    ADD CONSTRAINT event_bodies_365_default_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_7
    ADD CONSTRAINT event_bodies_7_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_7_default
    ADD CONSTRAINT event_bodies_7_default_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_90
    ADD CONSTRAINT event_bodies_90_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_90_default
    ADD CONSTRAINT event_bodies_90_default_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_bodies_kept
    ADD CONSTRAINT event_bodies_kept_pkey PRIMARY KEY (env_id, event_id, format, retention, created_at);

ALTER TABLE ONLY public.event_keys
    ADD CONSTRAINT event_keys_pkey PRIMARY KEY (env_id, key);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_30
    ADD CONSTRAINT events_30_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_30_default
    ADD CONSTRAINT events_30_default_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_365
    ADD CONSTRAINT events_365_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_365_default
    ADD CONSTRAINT events_365_default_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_7
    ADD CONSTRAINT events_7_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_7_default
    ADD CONSTRAINT events_7_default_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_90
    ADD CONSTRAINT events_90_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_90_default
    ADD CONSTRAINT events_90_default_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.events_kept
    ADD CONSTRAINT events_kept_pkey PRIMARY KEY (env_id, id, retention, created_at);

ALTER TABLE ONLY public.exhausted_deliveries
    ADD CONSTRAINT exhausted_deliveries_pkey PRIMARY KEY (env_id, endpoint_id, event_id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (env_id, key);

ALTER TABLE ONLY public.journey_settings
    ADD CONSTRAINT journey_settings_pkey PRIMARY KEY (env_id);

ALTER TABLE ONLY public.list_counts
    ADD CONSTRAINT list_counts_pkey PRIMARY KEY (env_id, list, slot);

ALTER TABLE ONLY public.net_banking_visits
    ADD CONSTRAINT net_banking_visits_env_id_provider_bank_consent_id_key UNIQUE (env_id, provider, bank_consent_id);

ALTER TABLE ONLY public.net_banking_visits
    ADD CONSTRAINT net_banking_visits_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.net_banking_visits
    ADD CONSTRAINT net_banking_visits_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.openbanking_settings
    ADD CONSTRAINT openbanking_settings_pkey PRIMARY KEY (env_id);

ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT organisations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT organisations_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_code_hash_key UNIQUE (code_hash);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.provider_health
    ADD CONSTRAINT provider_health_pkey PRIMARY KEY (provider);

ALTER TABLE ONLY public.queue_next
    ADD CONSTRAINT queue_next_pkey PRIMARY KEY (env_id, endpoint_id, resource, seq);

ALTER TABLE ONLY public.queue
    ADD CONSTRAINT queue_pkey PRIMARY KEY (env_id, endpoint_id, resource);

ALTER TABLE ONLY public.replays
    ADD CONSTRAINT replays_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.replays
    ADD CONSTRAINT replays_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.request_log
    ADD CONSTRAINT request_log_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.signin_accounts
    ADD CONSTRAINT signin_accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signin_first_links
    ADD CONSTRAINT signin_first_links_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.signin_invitations
    ADD CONSTRAINT signin_invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signin_members
    ADD CONSTRAINT signin_members_organization_id_user_id_key UNIQUE (organization_id, user_id);

ALTER TABLE ONLY public.signin_members
    ADD CONSTRAINT signin_members_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signin_sessions
    ADD CONSTRAINT signin_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signin_sessions
    ADD CONSTRAINT signin_sessions_token_key UNIQUE (token);

ALTER TABLE ONLY public.signin_two_factors
    ADD CONSTRAINT signin_two_factors_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signin_users
    ADD CONSTRAINT signin_users_email_key UNIQUE (email);

ALTER TABLE ONLY public.signin_users
    ADD CONSTRAINT signin_users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signin_verifications
    ADD CONSTRAINT signin_verifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.transactions
    ADD CONSTRAINT transactions_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_env_id_public_id_key UNIQUE (env_id, public_id);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_env_id_slot_key UNIQUE (env_id, slot);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_id_key UNIQUE (id);

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (env_id, id);

ALTER TABLE ONLY public.webhook_secrets
    ADD CONSTRAINT webhook_secrets_pkey PRIMARY KEY (env_id, endpoint_id, id);

CREATE INDEX accounts_by_session ON public.accounts USING btree (env_id, session_id);

CREATE INDEX attempts_by_event ON ONLY public.attempts USING btree (env_id, event_id);

CREATE INDEX attempts_30_env_id_event_id_idx ON ONLY public.attempts_30 USING btree (env_id, event_id);

CREATE INDEX attempts_30_default_env_id_event_id_idx ON public.attempts_30_default USING btree (env_id, event_id);

CREATE INDEX attempts_365_env_id_event_id_idx ON ONLY public.attempts_365 USING btree (env_id, event_id);

CREATE INDEX attempts_365_default_env_id_event_id_idx ON public.attempts_365_default USING btree (env_id, event_id);

CREATE INDEX attempts_7_env_id_event_id_idx ON ONLY public.attempts_7 USING btree (env_id, event_id);

CREATE INDEX attempts_7_default_env_id_event_id_idx ON public.attempts_7_default USING btree (env_id, event_id);

CREATE INDEX attempts_90_env_id_event_id_idx ON ONLY public.attempts_90 USING btree (env_id, event_id);

CREATE INDEX attempts_90_default_env_id_event_id_idx ON public.attempts_90_default USING btree (env_id, event_id);

CREATE INDEX attempts_kept_env_id_event_id_idx ON public.attempts_kept USING btree (env_id, event_id);

CREATE INDEX audit_by_time ON public.audit USING btree (env_id, at);

CREATE INDEX bank_accounts_by_consent ON public.bank_accounts USING btree (env_id, consent_id, id);

CREATE INDEX bank_accounts_due ON public.bank_accounts USING btree (next_sync_at) WHERE (next_sync_at IS NOT NULL);

CREATE UNIQUE INDEX bank_transactions_by_ref ON public.bank_transactions USING btree (env_id, bank_account_id, status, bank_ref);

CREATE INDEX bank_transactions_newest ON public.bank_transactions USING btree (env_id, bank_account_id, status, at DESC, id DESC);

CREATE INDEX batch_payments_by_customer ON public.batch_payments USING btree (env_id, customer_id, id);

CREATE INDEX batch_payments_by_status ON public.batch_payments USING btree (env_id, status, id);

CREATE INDEX consents_by_bank_id ON public.consents USING btree (env_id, provider, bank_consent_id);

CREATE INDEX consents_by_customer ON public.consents USING btree (env_id, customer_id, id);

CREATE INDEX consents_by_status ON public.consents USING btree (env_id, status, id);

CREATE INDEX consents_running ON public.consents USING btree (expiry_date) WHERE (status = 'authorized'::text);

CREATE INDEX consents_to_reconfirm ON public.consents USING btree (reconfirm_by) WHERE (status = 'authorized'::text);

CREATE INDEX consents_waiting ON public.consents USING btree (updated_at) WHERE (status = ANY (ARRAY['new'::text, 'pending'::text]));

CREATE INDEX customers_by_kind ON public.customers USING btree (env_id, kind, id);

CREATE INDEX entities_by_id ON public.sessions USING btree (env_id, id) WHERE ((kind = 'entity'::text) AND (deleted_at IS NULL));

CREATE UNIQUE INDEX entities_by_link ON public.sessions USING btree (env_id, link_id) WHERE ((kind = 'entity'::text) AND (link_id <> ''::text) AND (deleted_at IS NULL));

CREATE INDEX events_by_public_id ON ONLY public.events USING btree (env_id, public_id);

CREATE INDEX events_30_env_id_public_id_idx ON ONLY public.events_30 USING btree (env_id, public_id);

CREATE INDEX events_30_default_env_id_public_id_idx ON public.events_30_default USING btree (env_id, public_id);

CREATE INDEX events_by_resource ON ONLY public.events USING btree (env_id, resource, id);

CREATE INDEX events_30_env_id_resource_id_idx ON ONLY public.events_30 USING btree (env_id, resource, id);

CREATE INDEX events_30_default_env_id_resource_id_idx ON public.events_30_default USING btree (env_id, resource, id);

CREATE INDEX events_by_subject ON ONLY public.events USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_30_env_id_subject_id_idx ON ONLY public.events_30 USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_30_default_env_id_subject_id_idx ON public.events_30_default USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_by_xid ON ONLY public.events USING btree (env_id, xid, id);

CREATE INDEX events_30_env_id_xid_id_idx ON ONLY public.events_30 USING btree (env_id, xid, id);

CREATE INDEX events_30_default_env_id_xid_id_idx ON public.events_30_default USING btree (env_id, xid, id);

CREATE INDEX events_365_env_id_public_id_idx ON ONLY public.events_365 USING btree (env_id, public_id);

CREATE INDEX events_365_default_env_id_public_id_idx ON public.events_365_default USING btree (env_id, public_id);

CREATE INDEX events_365_env_id_resource_id_idx ON ONLY public.events_365 USING btree (env_id, resource, id);

CREATE INDEX events_365_default_env_id_resource_id_idx ON public.events_365_default USING btree (env_id, resource, id);

CREATE INDEX events_365_env_id_subject_id_idx ON ONLY public.events_365 USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_365_default_env_id_subject_id_idx ON public.events_365_default USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_365_env_id_xid_id_idx ON ONLY public.events_365 USING btree (env_id, xid, id);

CREATE INDEX events_365_default_env_id_xid_id_idx ON public.events_365_default USING btree (env_id, xid, id);

CREATE INDEX events_7_env_id_public_id_idx ON ONLY public.events_7 USING btree (env_id, public_id);

CREATE INDEX events_7_default_env_id_public_id_idx ON public.events_7_default USING btree (env_id, public_id);

CREATE INDEX events_7_env_id_resource_id_idx ON ONLY public.events_7 USING btree (env_id, resource, id);

CREATE INDEX events_7_default_env_id_resource_id_idx ON public.events_7_default USING btree (env_id, resource, id);

CREATE INDEX events_7_env_id_subject_id_idx ON ONLY public.events_7 USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_7_default_env_id_subject_id_idx ON public.events_7_default USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_7_env_id_xid_id_idx ON ONLY public.events_7 USING btree (env_id, xid, id);

CREATE INDEX events_7_default_env_id_xid_id_idx ON public.events_7_default USING btree (env_id, xid, id);

CREATE INDEX events_90_env_id_public_id_idx ON ONLY public.events_90 USING btree (env_id, public_id);

CREATE INDEX events_90_default_env_id_public_id_idx ON public.events_90_default USING btree (env_id, public_id);

CREATE INDEX events_90_env_id_resource_id_idx ON ONLY public.events_90 USING btree (env_id, resource, id);

CREATE INDEX events_90_default_env_id_resource_id_idx ON public.events_90_default USING btree (env_id, resource, id);

CREATE INDEX events_90_env_id_subject_id_idx ON ONLY public.events_90 USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_90_default_env_id_subject_id_idx ON public.events_90_default USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_90_env_id_xid_id_idx ON ONLY public.events_90 USING btree (env_id, xid, id);

CREATE INDEX events_90_default_env_id_xid_id_idx ON public.events_90_default USING btree (env_id, xid, id);

CREATE INDEX events_kept_env_id_public_id_idx ON public.events_kept USING btree (env_id, public_id);

CREATE INDEX events_kept_env_id_resource_id_idx ON public.events_kept USING btree (env_id, resource, id);

CREATE INDEX events_kept_env_id_subject_id_idx ON public.events_kept USING btree (env_id, subject, id) WHERE (subject IS NOT NULL);

CREATE INDEX events_kept_env_id_xid_id_idx ON public.events_kept USING btree (env_id, xid, id);

CREATE INDEX events_kept_moved ON public.events_kept USING btree (created_at) WHERE (kept_from IS NOT NULL);

CREATE INDEX exhausted_unannounced ON public.exhausted_deliveries USING btree (env_id, endpoint_id, event_id) WHERE (NOT announced);

CREATE UNIQUE INDEX files_by_session ON public.files USING btree (env_id, session_id, sha256);

CREATE INDEX files_with_bytes ON public.files USING btree (created_at) WHERE (blob_key IS NOT NULL);

CREATE INDEX idempotency_keys_by_end ON public.idempotency_keys USING btree (expires_at);

CREATE INDEX net_banking_visits_by_session ON public.net_banking_visits USING btree (env_id, session_id, id);

CREATE UNIQUE INDEX one_default_template ON public.app_templates USING btree (env_id) WHERE is_default;

CREATE INDEX payments_by_bank_consent ON public.payments USING btree (provider, bank_consent_id) WHERE (bank_consent_id IS NOT NULL);

CREATE INDEX payments_by_bank_id ON public.payments USING btree (provider, bank_payment_id) WHERE (bank_payment_id IS NOT NULL);

CREATE INDEX payments_by_batch ON public.payments USING btree (env_id, batch_payment_id, id) WHERE (batch_payment_id IS NOT NULL);

CREATE INDEX payments_by_customer ON public.payments USING btree (env_id, customer_id, id);

CREATE INDEX payments_by_status ON public.payments USING btree (env_id, status, id);

CREATE INDEX payments_to_check ON public.payments USING btree (check_at) WHERE (check_at IS NOT NULL);

CREATE INDEX payments_to_expire ON public.payments USING btree (expires_at) WHERE (status = ANY (ARRAY['new'::text, 'pending'::text]));

CREATE INDEX queue_due ON public.queue USING btree (env_id, endpoint_id, retry, due_at);

CREATE INDEX queue_held ON public.queue USING btree (env_id, endpoint_id, hold_until) WHERE held;

CREATE INDEX replays_by_endpoint ON public.replays USING btree (env_id, endpoint_id, id);

CREATE INDEX request_log_by_age ON public.request_log USING btree (at);

CREATE INDEX sessions_by_link ON public.sessions USING btree (env_id, link_id, id);

CREATE INDEX sessions_by_public_id ON public.sessions USING btree (public_id) WHERE (kind = 'session'::text);

CREATE INDEX signin_accounts_by_user ON public.signin_accounts USING btree (user_id);

CREATE INDEX signin_invitations_by_organization ON public.signin_invitations USING btree (organization_id, created_at);

CREATE INDEX signin_members_by_user ON public.signin_members USING btree (user_id);

CREATE INDEX signin_sessions_by_user ON public.signin_sessions USING btree (user_id);

CREATE INDEX signin_two_factors_by_user ON public.signin_two_factors USING btree (user_id);

CREATE INDEX signin_verifications_by_identifier ON public.signin_verifications USING btree (identifier);

CREATE INDEX statements_by_account ON public.statements USING btree (env_id, account_id);

CREATE INDEX statements_by_session ON public.statements USING btree (env_id, session_id, id);

CREATE INDEX transactions_by_account ON public.transactions USING btree (env_id, account_id, date, id) INCLUDE (duplicate_of);

CREATE INDEX transactions_by_statement ON public.transactions USING btree (env_id, statement_id, "row");

ALTER INDEX public.attempts_30_env_id_event_id_idx ATTACH PARTITION public.attempts_30_default_env_id_event_id_idx;

ALTER INDEX public.attempts_30_pkey ATTACH PARTITION public.attempts_30_default_pkey;

ALTER INDEX public.attempts_by_event ATTACH PARTITION public.attempts_30_env_id_event_id_idx;

ALTER INDEX public.attempts_pkey ATTACH PARTITION public.attempts_30_pkey;

ALTER INDEX public.attempts_365_env_id_event_id_idx ATTACH PARTITION public.attempts_365_default_env_id_event_id_idx;

ALTER INDEX public.attempts_365_pkey ATTACH PARTITION public.attempts_365_default_pkey;

ALTER INDEX public.attempts_by_event ATTACH PARTITION public.attempts_365_env_id_event_id_idx;

ALTER INDEX public.attempts_pkey ATTACH PARTITION public.attempts_365_pkey;

ALTER INDEX public.attempts_7_env_id_event_id_idx ATTACH PARTITION public.attempts_7_default_env_id_event_id_idx;

ALTER INDEX public.attempts_7_pkey ATTACH PARTITION public.attempts_7_default_pkey;

ALTER INDEX public.attempts_by_event ATTACH PARTITION public.attempts_7_env_id_event_id_idx;

ALTER INDEX public.attempts_pkey ATTACH PARTITION public.attempts_7_pkey;

ALTER INDEX public.attempts_90_env_id_event_id_idx ATTACH PARTITION public.attempts_90_default_env_id_event_id_idx;

ALTER INDEX public.attempts_90_pkey ATTACH PARTITION public.attempts_90_default_pkey;

ALTER INDEX public.attempts_by_event ATTACH PARTITION public.attempts_90_env_id_event_id_idx;

ALTER INDEX public.attempts_pkey ATTACH PARTITION public.attempts_90_pkey;

ALTER INDEX public.attempts_by_event ATTACH PARTITION public.attempts_kept_env_id_event_id_idx;

ALTER INDEX public.attempts_pkey ATTACH PARTITION public.attempts_kept_pkey;

ALTER INDEX public.event_bodies_30_pkey ATTACH PARTITION public.event_bodies_30_default_pkey;

ALTER INDEX public.event_bodies_pkey ATTACH PARTITION public.event_bodies_30_pkey;

ALTER INDEX public.event_bodies_365_pkey ATTACH PARTITION public.event_bodies_365_default_pkey;

ALTER INDEX public.event_bodies_pkey ATTACH PARTITION public.event_bodies_365_pkey;

ALTER INDEX public.event_bodies_7_pkey ATTACH PARTITION public.event_bodies_7_default_pkey;

ALTER INDEX public.event_bodies_pkey ATTACH PARTITION public.event_bodies_7_pkey;

ALTER INDEX public.event_bodies_90_pkey ATTACH PARTITION public.event_bodies_90_default_pkey;

ALTER INDEX public.event_bodies_pkey ATTACH PARTITION public.event_bodies_90_pkey;

ALTER INDEX public.event_bodies_pkey ATTACH PARTITION public.event_bodies_kept_pkey;

ALTER INDEX public.events_30_env_id_public_id_idx ATTACH PARTITION public.events_30_default_env_id_public_id_idx;

ALTER INDEX public.events_30_env_id_resource_id_idx ATTACH PARTITION public.events_30_default_env_id_resource_id_idx;

ALTER INDEX public.events_30_env_id_subject_id_idx ATTACH PARTITION public.events_30_default_env_id_subject_id_idx;

ALTER INDEX public.events_30_env_id_xid_id_idx ATTACH PARTITION public.events_30_default_env_id_xid_id_idx;

ALTER INDEX public.events_30_pkey ATTACH PARTITION public.events_30_default_pkey;

ALTER INDEX public.events_by_public_id ATTACH PARTITION public.events_30_env_id_public_id_idx;

ALTER INDEX public.events_by_resource ATTACH PARTITION public.events_30_env_id_resource_id_idx;

ALTER INDEX public.events_by_subject ATTACH PARTITION public.events_30_env_id_subject_id_idx;

ALTER INDEX public.events_by_xid ATTACH PARTITION public.events_30_env_id_xid_id_idx;

ALTER INDEX public.events_pkey ATTACH PARTITION public.events_30_pkey;

ALTER INDEX public.events_365_env_id_public_id_idx ATTACH PARTITION public.events_365_default_env_id_public_id_idx;

ALTER INDEX public.events_365_env_id_resource_id_idx ATTACH PARTITION public.events_365_default_env_id_resource_id_idx;

ALTER INDEX public.events_365_env_id_subject_id_idx ATTACH PARTITION public.events_365_default_env_id_subject_id_idx;

ALTER INDEX public.events_365_env_id_xid_id_idx ATTACH PARTITION public.events_365_default_env_id_xid_id_idx;

ALTER INDEX public.events_365_pkey ATTACH PARTITION public.events_365_default_pkey;

ALTER INDEX public.events_by_public_id ATTACH PARTITION public.events_365_env_id_public_id_idx;

ALTER INDEX public.events_by_resource ATTACH PARTITION public.events_365_env_id_resource_id_idx;

ALTER INDEX public.events_by_subject ATTACH PARTITION public.events_365_env_id_subject_id_idx;

ALTER INDEX public.events_by_xid ATTACH PARTITION public.events_365_env_id_xid_id_idx;

ALTER INDEX public.events_pkey ATTACH PARTITION public.events_365_pkey;

ALTER INDEX public.events_7_env_id_public_id_idx ATTACH PARTITION public.events_7_default_env_id_public_id_idx;

ALTER INDEX public.events_7_env_id_resource_id_idx ATTACH PARTITION public.events_7_default_env_id_resource_id_idx;

ALTER INDEX public.events_7_env_id_subject_id_idx ATTACH PARTITION public.events_7_default_env_id_subject_id_idx;

ALTER INDEX public.events_7_env_id_xid_id_idx ATTACH PARTITION public.events_7_default_env_id_xid_id_idx;

ALTER INDEX public.events_7_pkey ATTACH PARTITION public.events_7_default_pkey;

ALTER INDEX public.events_by_public_id ATTACH PARTITION public.events_7_env_id_public_id_idx;

ALTER INDEX public.events_by_resource ATTACH PARTITION public.events_7_env_id_resource_id_idx;

ALTER INDEX public.events_by_subject ATTACH PARTITION public.events_7_env_id_subject_id_idx;

ALTER INDEX public.events_by_xid ATTACH PARTITION public.events_7_env_id_xid_id_idx;

ALTER INDEX public.events_pkey ATTACH PARTITION public.events_7_pkey;

ALTER INDEX public.events_90_env_id_public_id_idx ATTACH PARTITION public.events_90_default_env_id_public_id_idx;

ALTER INDEX public.events_90_env_id_resource_id_idx ATTACH PARTITION public.events_90_default_env_id_resource_id_idx;

ALTER INDEX public.events_90_env_id_subject_id_idx ATTACH PARTITION public.events_90_default_env_id_subject_id_idx;

ALTER INDEX public.events_90_env_id_xid_id_idx ATTACH PARTITION public.events_90_default_env_id_xid_id_idx;

ALTER INDEX public.events_90_pkey ATTACH PARTITION public.events_90_default_pkey;

ALTER INDEX public.events_by_public_id ATTACH PARTITION public.events_90_env_id_public_id_idx;

ALTER INDEX public.events_by_resource ATTACH PARTITION public.events_90_env_id_resource_id_idx;

ALTER INDEX public.events_by_subject ATTACH PARTITION public.events_90_env_id_subject_id_idx;

ALTER INDEX public.events_by_xid ATTACH PARTITION public.events_90_env_id_xid_id_idx;

ALTER INDEX public.events_pkey ATTACH PARTITION public.events_90_pkey;

ALTER INDEX public.events_by_public_id ATTACH PARTITION public.events_kept_env_id_public_id_idx;

ALTER INDEX public.events_by_resource ATTACH PARTITION public.events_kept_env_id_resource_id_idx;

ALTER INDEX public.events_by_subject ATTACH PARTITION public.events_kept_env_id_subject_id_idx;

ALTER INDEX public.events_by_xid ATTACH PARTITION public.events_kept_env_id_xid_id_idx;

ALTER INDEX public.events_pkey ATTACH PARTITION public.events_kept_pkey;

CREATE TRIGGER count_added AFTER INSERT ON public.batch_payments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_list();

CREATE TRIGGER count_added AFTER INSERT ON public.consents REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_list();

CREATE TRIGGER count_added AFTER INSERT ON public.payments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_list();

CREATE TRIGGER count_customers AFTER INSERT OR DELETE ON public.customers FOR EACH ROW EXECUTE FUNCTION public.count_customer();

CREATE TRIGGER count_removed AFTER DELETE ON public.batch_payments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_list();

CREATE TRIGGER count_removed AFTER DELETE ON public.consents REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_list();

CREATE TRIGGER count_removed AFTER DELETE ON public.payments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_list();

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_env_id_session_id_fkey FOREIGN KEY (env_id, session_id) REFERENCES public.sessions(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.app_files
    ADD CONSTRAINT app_files_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.app_templates
    ADD CONSTRAINT app_templates_env_id_file_id_fkey FOREIGN KEY (env_id, file_id) REFERENCES public.app_files(env_id, id);

ALTER TABLE ONLY public.app_templates
    ADD CONSTRAINT app_templates_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE public.attempts
    ADD CONSTRAINT attempts_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_env_id_consent_id_fkey FOREIGN KEY (env_id, consent_id) REFERENCES public.consents(env_id, id);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_env_id_customer_id_fkey FOREIGN KEY (env_id, customer_id) REFERENCES public.customers(env_id, id);

ALTER TABLE ONLY public.bank_accounts
    ADD CONSTRAINT bank_accounts_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.bank_balances
    ADD CONSTRAINT bank_balances_env_id_bank_account_id_fkey FOREIGN KEY (env_id, bank_account_id) REFERENCES public.bank_accounts(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bank_transactions
    ADD CONSTRAINT bank_transactions_env_id_bank_account_id_fkey FOREIGN KEY (env_id, bank_account_id) REFERENCES public.bank_accounts(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bank_trips
    ADD CONSTRAINT bank_trips_env_id_batch_payment_id_fkey FOREIGN KEY (env_id, batch_payment_id) REFERENCES public.batch_payments(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bank_trips
    ADD CONSTRAINT bank_trips_env_id_consent_id_fkey FOREIGN KEY (env_id, consent_id) REFERENCES public.consents(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bank_trips
    ADD CONSTRAINT bank_trips_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.bank_trips
    ADD CONSTRAINT bank_trips_env_id_payment_id_fkey FOREIGN KEY (env_id, payment_id) REFERENCES public.payments(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bank_trips
    ADD CONSTRAINT bank_trips_env_id_session_id_fkey FOREIGN KEY (env_id, session_id) REFERENCES public.sessions(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bankconnect_settings
    ADD CONSTRAINT bankconnect_settings_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.batch_payments
    ADD CONSTRAINT batch_payments_env_id_customer_id_fkey FOREIGN KEY (env_id, customer_id) REFERENCES public.customers(env_id, id);

ALTER TABLE ONLY public.batch_payments
    ADD CONSTRAINT batch_payments_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.consent_links
    ADD CONSTRAINT consent_links_env_id_customer_id_fkey FOREIGN KEY (env_id, customer_id) REFERENCES public.customers(env_id, id);

ALTER TABLE ONLY public.consent_links
    ADD CONSTRAINT consent_links_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.consent_reminders
    ADD CONSTRAINT consent_reminders_env_id_consent_id_fkey FOREIGN KEY (env_id, consent_id) REFERENCES public.consents(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_env_id_consent_link_id_fkey FOREIGN KEY (env_id, consent_link_id) REFERENCES public.consent_links(env_id, id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_env_id_customer_id_fkey FOREIGN KEY (env_id, customer_id) REFERENCES public.customers(env_id, id);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.endpoint_health
    ADD CONSTRAINT endpoint_health_env_id_endpoint_id_fkey FOREIGN KEY (env_id, endpoint_id) REFERENCES public.webhook_endpoints(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);

ALTER TABLE public.events
    ADD CONSTRAINT events_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.exhausted_deliveries
    ADD CONSTRAINT exhausted_deliveries_env_id_endpoint_id_fkey FOREIGN KEY (env_id, endpoint_id) REFERENCES public.webhook_endpoints(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_env_id_session_id_fkey FOREIGN KEY (env_id, session_id) REFERENCES public.sessions(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.journey_settings
    ADD CONSTRAINT journey_settings_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.list_counts
    ADD CONSTRAINT list_counts_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.net_banking_visits
    ADD CONSTRAINT net_banking_visits_env_id_session_id_fkey FOREIGN KEY (env_id, session_id) REFERENCES public.sessions(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.openbanking_settings
    ADD CONSTRAINT openbanking_settings_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_env_id_bank_account_id_fkey FOREIGN KEY (env_id, bank_account_id) REFERENCES public.bank_accounts(env_id, id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_env_id_batch_payment_id_fkey FOREIGN KEY (env_id, batch_payment_id) REFERENCES public.batch_payments(env_id, id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_env_id_customer_id_fkey FOREIGN KEY (env_id, customer_id) REFERENCES public.customers(env_id, id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.replays
    ADD CONSTRAINT replays_env_id_endpoint_id_fkey FOREIGN KEY (env_id, endpoint_id) REFERENCES public.webhook_endpoints(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.replays
    ADD CONSTRAINT replays_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.request_log
    ADD CONSTRAINT request_log_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.signin_accounts
    ADD CONSTRAINT signin_accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.signin_users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signin_invitations
    ADD CONSTRAINT signin_invitations_inviter_id_fkey FOREIGN KEY (inviter_id) REFERENCES public.signin_users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signin_invitations
    ADD CONSTRAINT signin_invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organisations(public_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signin_members
    ADD CONSTRAINT signin_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organisations(public_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signin_members
    ADD CONSTRAINT signin_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.signin_users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signin_sessions
    ADD CONSTRAINT signin_sessions_active_organization_id_fkey FOREIGN KEY (active_organization_id) REFERENCES public.organisations(public_id) ON DELETE SET NULL;

ALTER TABLE ONLY public.signin_sessions
    ADD CONSTRAINT signin_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.signin_users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.signin_two_factors
    ADD CONSTRAINT signin_two_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.signin_users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_env_id_account_id_fkey FOREIGN KEY (env_id, account_id) REFERENCES public.accounts(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_env_id_file_id_fkey FOREIGN KEY (env_id, file_id) REFERENCES public.files(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_env_id_session_id_fkey FOREIGN KEY (env_id, session_id) REFERENCES public.sessions(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.transactions
    ADD CONSTRAINT transactions_env_id_account_id_fkey FOREIGN KEY (env_id, account_id) REFERENCES public.accounts(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.transactions
    ADD CONSTRAINT transactions_env_id_statement_id_fkey FOREIGN KEY (env_id, statement_id) REFERENCES public.statements(env_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_env_id_fkey FOREIGN KEY (env_id) REFERENCES public.environments(id);

ALTER TABLE ONLY public.webhook_secrets
    ADD CONSTRAINT webhook_secrets_env_id_endpoint_id_fkey FOREIGN KEY (env_id, endpoint_id) REFERENCES public.webhook_endpoints(env_id, id) ON DELETE CASCADE;
