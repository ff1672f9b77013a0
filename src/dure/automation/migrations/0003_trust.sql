-- Who changed what and why, and the switch that stops everything of a workspace at once.
alter table automation.version add column name text not null default '';
alter table automation.version add column note text not null default '';

-- While a row is here, nothing of the workspace starts or moves.
create table if not exists automation.pause (
    workspace text primary key,
    paused_by text not null,
    paused_at timestamptz not null,
    reason text not null default ''
);

create index run_failed on automation.run (workspace, started_at desc) where status = 'failed';
