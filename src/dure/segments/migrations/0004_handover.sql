-- Handing over grown up: from whom, for which goal, how it ended, and what left the house.
alter table segments.handover
    add column from_function text not null default 'product',
    add column goal jsonb,
    add column "window" text not null default '14d',
    add column score text not null default '',
    add column model text not null default '',
    add column refused int not null default 0,
    add column ended_at timestamptz,
    add column outcome jsonb;
create index handover_open on segments.handover (expires_at) where ended_at is null;

alter table segments.handover_person
    add column decile smallint,
    add column reasons jsonb not null default '[]';

-- What was sent out of a handover, written before anything leaves; the control is never in it.
create table segments.handover_export (
    workspace text not null,
    id text not null,
    handover text not null,
    kind text not null,                  -- csv, webhook, s3
    form text not null,                  -- contract, google, meta
    place text not null,
    state text not null,                 -- sending, done, failed, unknown
    people int not null default 0,
    without_consent int not null default 0,
    without_address int not null default 0,
    sha256 text not null default '',
    said text not null default '',
    by text not null,
    at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, handover) references segments.handover
);
create index handover_export_of on segments.handover_export (workspace, handover, at);
