-- The hosted journey: who may frame it, and what it looks like.

create table journey_settings (
  env_id int primary key references environments,
  -- Origins (https://app.example.com) that may put the journey into a frame, and are told how it ends.
  origins text[] not null default '{}',
  -- Null: the organisation's name.
  name text check (length(name) between 1 and 80),
  color text check (color ~ '^#[0-9a-f]{6}$'),
  logo_url text check (logo_url ~ '^https://' and length(logo_url) <= 2048),
  support_url text check (support_url ~ '^(https://|mailto:)' and length(support_url) <= 2048)
);

-- redirect_url names the session alone, without its environment.
create index sessions_by_public_id on sessions (public_id) where kind = 'session';
