-- How an endpoint behaves when its receiver does not: order, pauses, cadence, limits, signing, and what is kept.

alter table webhook_endpoints
  add column description text not null default '',
  -- A head that keeps failing holds its resource at most so long; then it retries beside its successors.
  add column order_hold_s int not null default 3600 check (order_hold_s between 0 and 604800),
  -- The cadence where `schedule` is null.
  add column preset text not null default 'standard' check (preset in ('standard', 'openbanking')),
  -- So many failures in a row, over at least that span, pause it; null never does.
  add column pause_after int default 10 check (pause_after between 1 and 10000),
  add column pause_span_s int not null default 3600 check (pause_span_s between 0 and 604800),
  -- Requests per second; null is as fast as its cap lets it.
  add column rate_limit int check (rate_limit between 1 and 10000),
  -- Encrypted: JSON of custom headers, and the value of x-secret-key (BankConnect formats).
  add column headers bytea,
  add column secret_key bytea,
  add check (secret_key is null or format in ('entity', 'session'));

-- Only endpoints that fail, or that were paused for it, have a row: a healthy one costs nothing.
create table endpoint_health (
  env_id int not null,
  endpoint_id int not null,
  failures int not null,
  failing_since timestamptz not null,
  -- When a paused endpoint is tried with one event; null where it is not, or was paused by hand.
  probe_at timestamptz,
  primary key (env_id, endpoint_id),
  foreign key (env_id, endpoint_id) references webhook_endpoints on delete cascade
);

-- `held` is a column of its own so that counting `waiting` up on a healthy head stays on the page (HOT): an index whose
-- predicate named `waiting` would make every one of those updates write to all indexes.
alter table queue
  add column hold_until timestamptz,
  add column held boolean generated always as (hold_until is not null and waiting > 0) stored;
create index queue_held on queue (env_id, endpoint_id, hold_until) where held;

-- Its event webhook.exhausted is recorded after the settle; a crash between the two must not swallow it.
alter table exhausted_deliveries add column announced boolean not null default false;
create index exhausted_unannounced on exhausted_deliveries (env_id, endpoint_id, event_id) where not announced;

alter table attempts
  -- Microseconds of the look-up and of the TLS handshake; null on a connection that was kept.
  add column dns_us int,
  add column tls_us int,
  drop constraint attempts_outcome_check,
  -- expired: undelivered to an endpoint that was paused or disabled for 90 days.
  add constraint attempts_outcome_check
    check (outcome in ('delivered', 'failed', 'exhausted', 'stale', 'expired'));

-- The class that an undelivered event had before its day was dropped; null where class 0 is its own. What was moved goes
-- once nothing waits for it any more; what was class 0 from the start never does.
alter table events add column kept_from smallint;
create index events_kept_moved on events_kept (created_at) where kept_from is not null;
