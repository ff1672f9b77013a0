-- How long a side keeps a channel, where it says so itself. Null: as its workspace keeps such a channel.
alter table channels.share add column keep_days integer check (keep_days between 1 and 36499);

-- What is held for the law: of these people (empty: everybody), in these channels (empty: all), between two moments.
create table channels.hold (
    id text primary key,
    org text not null,
    name text not null,
    note text not null default '',
    people text[] not null default '{}',
    channels text[] not null default '{}',
    from_ts bigint not null default 0,
    until_ts bigint not null default 9223372036854775807,
    made_by text not null,
    made_at timestamptz not null,
    released_by text not null default '',
    released_at timestamptz
);
create index hold_open on channels.hold (org) where released_at is null;

-- What somebody deleted or changed while it was held, as it was.
create table channels.held (
    n bigint generated always as identity primary key,
    org text not null,         -- the author's
    workspace text not null,   -- the author's
    channel text not null,
    ts bigint not null,
    account text not null,
    why text not null check (why in ('deleted', 'changed')),
    body jsonb not null,       -- the row as it was
    kept_at timestamptz not null
);
create index held_message on channels.held (channel, ts);
create index held_org on channels.held (org, n);

create table channels.held_file (
    file text primary key,
    org text not null,
    workspace text not null,
    account text not null,
    sha256 text references channels.blob,
    body jsonb not null,
    created_at timestamptz not null,
    kept_at timestamptz not null
);
create index held_file_blob on channels.held_file (sha256) where sha256 is not null;
create index held_file_org on channels.held_file (org);

-- The log still holds the words of what was purged or deleted; they leave it together.
create table channels.log_purge (
    workspace text not null,   -- whose log
    org text not null,
    channel text not null,
    before bigint not null default 0,  -- everything of these authors' team said before this
    team text not null,
    until bigint,              -- where the feed stood when it was asked for
    at timestamptz not null,
    primary key (workspace, channel, team)
);

-- How the purge goes: one round through the channels at a time.
create table channels.purge (
    one boolean primary key default true check (one),
    channel text not null default '',
    began_at timestamptz,
    ended_at timestamptz,
    messages bigint not null default 0,
    files bigint not null default 0
);

-- An export: asked for, made by whichever process holds it, fetched for a while, then gone.
create table channels.takeout (
    id text primary key,
    org text not null,
    workspace text not null,
    kind text not null check (kind in ('compliance', 'leaving')),
    asked jsonb not null,      -- people, channels, from and until
    state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'gone')),
    why text not null default '',
    channels_done integer not null default 0,
    channels_all integer not null default 0,
    messages bigint not null default 0,
    files bigint not null default 0,
    size bigint not null default 0,
    sha256 text not null default '',
    attempt integer not null default 0,
    lease_until timestamptz,
    made_by text not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    gone_at timestamptz        -- when its file is taken away
);
create index takeout_org on channels.takeout (org, workspace, made_at desc);
create index takeout_open on channels.takeout (made_at) where state in ('waiting', 'running');
