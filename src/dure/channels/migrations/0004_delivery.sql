-- What apps are told, a row for each app and event: it leaves by one of the app's sockets or to its address.
create table channels.delivery (
    id bigint generated always as identity primary key,  -- the order in which an app is told
    envelope uuid not null unique,
    app text not null,
    org text not null,
    workspace text not null,
    kind text not null check (kind in ('events_api', 'slash_commands', 'interactive')),
    way text not null check (way in ('socket', 'http')),
    event_id text not null default '',
    channel text not null default '',
    summary text not null,
    body text not null,       -- JSON, as the app gets it
    state text not null check (state in ('waiting', 'sent', 'acknowledged', 'failed', 'dropped')),
    attempts integer not null default 0,
    due_at timestamptz not null,  -- waiting: not before this; sent: unacknowledged after this
    created_at timestamptz not null,
    sent_at timestamptz,
    acknowledged_at timestamptz,
    finished_at timestamptz,
    why text not null default '',
    answer text               -- JSON, what the app said in its acknowledgement
);
create unique index delivery_event on channels.delivery (app, event_id) where event_id <> '';
create index delivery_waiting on channels.delivery (app, way, (kind = 'events_api'), id) where state = 'waiting';
create index delivery_sent on channels.delivery (due_at) where state = 'sent';
create index delivery_called on channels.delivery (due_at) where state = 'waiting' and way = 'http';
create index delivery_shown on channels.delivery (app, workspace, id);
create index delivery_finished on channels.delivery (finished_at) where finished_at is not null;

-- Sockets that are open, in whatever process; one that is not seen for a while died with its process.
create table channels.socket (
    id uuid primary key,
    app text not null,
    process uuid not null,
    opened_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp()
);
create index socket_app on channels.socket (app, opened_at);

-- A ticket opens one socket, once, within seconds. Its digest is SHA-256 of 256 random bits.
create table channels.ticket (
    digest bytea primary key,
    app text not null,
    token text not null,      -- the id of the token that asked for it
    expires_at timestamptz not null
);

-- How an app's address does, and how much it was told by the minute.
create table channels.hook (
    app text not null,
    workspace text not null,
    failures integer not null default 0,  -- since the last answer that was well
    failing_since timestamptz,
    disabled_at timestamptz,
    primary key (app, workspace)
);
create table channels.told (
    app text not null,
    workspace text not null,
    minute bigint not null,   -- since 1970
    events integer not null,
    primary key (app, workspace, minute)
);

-- A message as it was before an act (`act`: its transaction) changed or deleted it, until every app could be told.
create table channels.before (
    n bigint generated always as identity primary key,
    channel text not null,
    ts bigint not null,
    workspace text not null,  -- the conversation's home
    act bigint not null,
    body jsonb not null,      -- the row as it was
    kept_at timestamptz not null default clock_timestamp()
);
create index before_message on channels.before (channel, ts, n);
create index before_kept on channels.before (kept_at);
