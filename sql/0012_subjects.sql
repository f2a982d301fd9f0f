-- Events of nobody in particular are found by resource: an index of their nulls cost 3 % of each recording.
drop index events_by_subject;
create index events_by_subject on events (env_id, subject, id) where subject is not null;
