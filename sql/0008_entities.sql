-- The entity flow: an entity is a session without a range and without an end. Its accounts, statements, files and
-- transactions are the same.

alter table sessions
  add column kind text not null default 'session' check (kind in ('session', 'entity')),
  -- What is open-ended has no range and no expiry of its own: the outermost days stand for it.
  add check (kind = 'session' or (completed_at is null and expired_at is null and processing_requested_at is null));

-- One link_id is one entity, also under many creations at once; '' is an entity without one.
create unique index entities_by_link on sessions (env_id, link_id)
  where kind = 'entity' and link_id <> '' and deleted_at is null;
create index entities_by_id on sessions (env_id, id) where kind = 'entity' and deleted_at is null;
