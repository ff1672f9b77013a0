-- What was refused of a chunk, so that a run that goes on where another stopped lists it too.
alter table ingest.import_chunk add column refused jsonb not null default '[]';
