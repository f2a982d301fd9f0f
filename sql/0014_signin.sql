-- People who use the console: better-auth's tables (its names in snake case; ids are ours, prefix and 22 letters).
-- Checks and foreign keys are ours. A person may belong to several organisations, so these tables have no env_id.

create table signin_users (
  id text primary key,
  name text not null,
  -- In lower case.
  email text not null unique,
  email_verified boolean not null,
  image text,
  two_factor_enabled boolean,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table signin_sessions (
  id text primary key,
  user_id text not null references signin_users on delete cascade,
  -- Of no use without the server's signature beside it in the cookie.
  token text not null unique,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null,
  ip_address text,
  user_agent text,
  active_organization_id text references organisations (public_id) on delete set null
);
create index signin_sessions_by_user on signin_sessions (user_id);

create table signin_accounts (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references signin_users on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  -- scrypt, with its salt.
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null
);
create index signin_accounts_by_user on signin_accounts (user_id);

create table signin_verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index signin_verifications_by_identifier on signin_verifications (identifier);

create table signin_two_factors (
  id text primary key,
  user_id text not null references signin_users on delete cascade,
  -- Both encrypted.
  secret text not null,
  backup_codes text not null,
  verified boolean,
  failed_verification_count int,
  locked_until timestamptz
);
create index signin_two_factors_by_user on signin_two_factors (user_id);

-- better-auth reads organisations and never writes them.
create view signin_organisations as
  select public_id as id, name, public_id as slug, null::text as logo, null::text as metadata, created_at
  from organisations;

create table signin_members (
  id text primary key,
  organization_id text not null references organisations (public_id) on delete cascade,
  user_id text not null references signin_users on delete cascade,
  role text not null check (role in ('owner', 'developer', 'viewer')),
  created_at timestamptz not null,
  unique (organization_id, user_id)
);
create index signin_members_by_user on signin_members (user_id);

create table signin_invitations (
  id text primary key,
  organization_id text not null references organisations (public_id) on delete cascade,
  email text not null,
  role text not null check (role in ('owner', 'developer', 'viewer')),
  status text not null check (status in ('pending', 'accepted', 'rejected', 'canceled')),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  inviter_id text not null references signin_users on delete cascade
);
create index signin_invitations_by_organization on signin_invitations (organization_id, created_at);

-- The links that create the first owner: each start prints one until one is used.
create table signin_first_links (
  -- SHA-256 of 190 random bits.
  token_hash bytea primary key,
  expires_at timestamptz not null
);

-- When a key was last seen, to the minute.
alter table api_keys add column last_used_at timestamptz;
