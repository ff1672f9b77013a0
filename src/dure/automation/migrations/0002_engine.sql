-- Runs within runs, limits, pausing, inbound webhooks, crossings, holidays, forms and votes.
alter table automation.run add column parent uuid;
alter table automation.run add column parent_visit int;
alter table automation.run add column number int;
alter table automation.run add column item jsonb;
alter table automation.run add column lineage text not null default '';
alter table automation.run add column started_by text not null default '';
alter table automation.run add column watched boolean not null default false;
create index run_parent on automation.run (parent, parent_visit) where parent is not null;
create index run_watched on automation.run (workspace, automation, subject, started_at) where watched;
create index run_open on automation.run (workspace, automation, subject) where watched and ended_at is null;
create index run_queued on automation.run (workspace, automation, started_at) where status = 'queued';

alter table automation.approval add column kind text not null default 'approve';
alter table automation.approval add column form jsonb;
alter table automation.approval add column whom text[] not null default '{}';
alter table automation.approval add column needed smallint not null default 1;
alter table automation.approval add column not_by text not null default '';
alter table automation.approval add column answer jsonb;

create table automation.vote (
    run uuid not null,
    visit int not null,
    workspace text not null,
    voter text not null,
    note text not null default '',
    at timestamptz not null,
    primary key (run, visit, voter)
);

create table automation.pause (
    workspace text primary key,
    paused_by text not null,
    paused_at timestamptz not null,
    reason text not null default ''
);

create table automation.hook (
    automation text primary key,
    workspace text not null,
    salt text not null,
    made_at timestamptz not null
);

create table automation.crossing (
    workspace text not null,
    automation text not null,
    subject text not null,
    value float8 not null,
    at timestamptz not null,
    primary key (workspace, automation, subject)
);

create table automation.holiday (
    workspace text not null,
    day date not null,
    name text not null,
    working boolean not null,
    primary key (workspace, day)
);
