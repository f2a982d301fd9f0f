-- What programs asked of the API, for people to look through: seven days, without bodies, queries or names.
create table request_log (
  env_id int not null references environments,
  id bigint generated always as identity,
  at timestamptz not null,
  req_id uuid not null,
  method text not null,
  -- The route's pattern, such as /bank-connect/v1/session_data/:session_id/progress.
  route text not null,
  -- The session or object that the path names.
  target text,
  status smallint not null,
  total_us int not null,
  -- The contract's error code.
  outcome text,
  -- The API key's public id.
  key_id text not null,
  primary key (env_id, id)
);
create index request_log_by_age on request_log (at);
