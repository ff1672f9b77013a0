-- A message that came twice is known by its key, when the log is written.
alter table feed.batch add column keys bytea not null default '';
