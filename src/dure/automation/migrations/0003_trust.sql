-- Who changed what and why; what failed is found at once.
alter table automation.version add column name text not null default '';
alter table automation.version add column note text not null default '';

create index run_failed on automation.run (workspace, started_at desc) where status = 'failed';
