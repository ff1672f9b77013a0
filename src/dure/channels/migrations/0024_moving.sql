-- What a company said in Slack, brought in from its export.
alter table channels.message add column brought text;

create table channels.moving (
    id text primary key,
    org text not null,
    workspace text not null,
    name text not null,
    size bigint not null,
    sha256 text not null,
    state text not null check (state in ('reading', 'ready', 'waiting', 'running', 'done', 'failed', 'cancelled', 'gone')),
    why text not null default '',
    preview jsonb,
    choices jsonb not null default '{}',
    progress jsonb not null default '{}',
    attempt integer not null default 0,
    lease_until timestamptz,
    made_by text not null,
    made_at timestamptz not null,
    began_by text not null default '',
    ended_at timestamptz,
    gone_at timestamptz
);
create index moving_workspace on channels.moving (workspace, made_at desc);
create index moving_open on channels.moving (made_at) where state in ('reading', 'waiting', 'running');
create index moving_blob on channels.moving (sha256) where sha256 <> '';

create table channels.moving_name (
    workspace text not null,
    kind text not null check (kind in ('person', 'room')),
    theirs text not null,
    ours text not null,
    primary key (workspace, kind, theirs)
);

create table channels.moving_day (
    moving text not null references channels.moving on delete cascade,
    room text not null,
    day text not null,
    messages integer not null,
    files integer not null,
    held integer not null,
    primary key (moving, room, day)
);

create table channels.moving_left (
    moving text not null references channels.moving on delete cascade,
    workspace text not null,
    n bigint generated always as identity,
    room text not null default '',
    day text not null default '',
    ts text not null default '',
    what text not null,
    why text not null,
    about text not null default '',
    primary key (moving, n)
);
create index moving_left_day on channels.moving_left (moving, room, day);

create table channels.moving_shifted (
    channel text not null references channels.conversation on delete cascade,
    brought text not null,
    theirs bigint not null,
    ours bigint not null,
    primary key (channel, brought, theirs)
);

create table channels.moving_held (
    channel text not null references channels.conversation on delete cascade,
    brought text not null,
    workspace text not null,
    theirs bigint not null,
    violation text not null,
    message jsonb,
    primary key (channel, brought, theirs)
);
create index moving_held_violation on channels.moving_held (violation);
