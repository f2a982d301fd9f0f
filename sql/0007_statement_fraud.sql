-- What a file's making says against a statement: [{type, reason, weight, row, evidence}]. is_fraud and fraud_type say
-- the first that accuses.
alter table statements add column fraud_findings jsonb not null default '[]';
