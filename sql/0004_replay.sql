-- Replays: what matches a filter, delivered again to one endpoint, in batches that survive a crash.

create table replays (
  env_id int not null references environments,
  id bigint generated always as identity,
  public_id text not null,
  endpoint_id int not null,
  -- {types, resource, subject, from, to, only}
  filter jsonb not null,
  status text not null default 'running' check (status in ('running', 'completed', 'cancelled')),
  -- Events up to this one: what is recorded later is delivered by itself.
  last_event_id bigint not null,
  -- How far it has come. It moves in the transaction that queues the batch.
  after_event_id bigint not null default 0,
  -- Events that match; null until they are counted.
  total bigint,
  queued bigint not null default 0,
  -- Waiting already, or without a body in the endpoint's format.
  skipped bigint not null default 0,
  actor text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (env_id, id),
  unique (env_id, public_id),
  foreign key (env_id, endpoint_id) references webhook_endpoints on delete cascade,
  check ((status = 'running') = (ended_at is null))
);
create index replays_by_endpoint on replays (env_id, endpoint_id, id);

-- Receivers log the webhook-id; it must lead back here.
create index events_by_public_id on events (env_id, public_id);
