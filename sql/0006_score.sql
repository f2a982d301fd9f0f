-- The score is an uncalibrated points model: whoever wants it switches it on.
alter table bankconnect_settings add column show_score boolean not null default false;
