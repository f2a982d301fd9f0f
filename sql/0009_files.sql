-- For the daily job that lets go of the bytes of old files.
create index files_with_bytes on files (created_at) where blob_key is not null;
