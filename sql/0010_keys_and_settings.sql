-- Keys that rotate, keys of clients that know no server hash, and what else an environment's owner may choose.

alter table api_keys
  -- False: the key alone is enough where both are asked for; a hash that is sent must still be right.
  add column requires_server_hash boolean not null default true,
  -- The end of a rotation's overlap.
  add column expires_at timestamptz;

alter table bankconnect_settings
  -- What a session that does not name accept_anything gets.
  add column accept_anything boolean not null default false,
  -- Of the modes that are built, those that a session may ask for.
  add column allowed_modes text[] not null default '{pdf,online,aa}'
    check (allowed_modes <@ '{pdf,online,aa}' and cardinality(allowed_modes) > 0),
  -- Pages of a file at most; null is the server's own limit, which holds in any case.
  add column max_pages int check (max_pages between 1 and 10000);
