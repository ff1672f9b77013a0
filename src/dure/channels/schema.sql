-- Conversations, who is in them, what was said, and with whom they are shared.
create schema channels;

-- A conversation lives in its home workspace; what a workspace calls it and how it keeps it is its `share`.
create table channels.conversation (
    id text primary key,
    workspace text not null,
    org text not null,
    kind text not null check (kind in ('channel', 'im', 'mpim')),
    people text unique,  -- of a direct conversation: its people's ids, so that it is found again
    topic text not null default '',
    topic_by text not null default '',
    topic_at timestamptz,
    purpose text not null default '',
    purpose_by text not null default '',
    purpose_at timestamptz,
    creator text not null,
    created_at timestamptz not null,
    last_ts bigint not null default 0,  -- the newest `ts` ever given out here, deleted ones included
    response_minutes integer check (response_minutes > 0)  -- null: nobody is timed here
);
create index conversation_workspace on channels.conversation (workspace);

-- One side of a conversation. The home side is a row too, so access is one rule: my workspace's row is connected.
create table channels.share (
    channel text not null references channels.conversation on delete cascade,
    workspace text not null,
    org text not null,
    home boolean not null,
    name text not null,
    private boolean not null,
    archived boolean not null default false,
    state text not null check (state in ('invited', 'connected', 'declined', 'disconnected')),
    invited_by text not null default '',
    changed_at timestamptz not null,
    primary key (channel, workspace)
);
create unique index share_name on channels.share (workspace, name) where name <> '' and state = 'connected';

create table channels.membership (
    channel text not null references channels.conversation on delete cascade,
    account text not null,
    workspace text not null,  -- the member's own
    joined_at timestamptz not null,
    last_read bigint not null default 0,
    primary key (channel, account)
);
create index membership_account on channels.membership (workspace, account);

-- `ts` and `thread` are Slack's timestamps in microseconds; as text they are `1763866800.000100`.
create table channels.message (
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    workspace text not null,  -- the conversation's home
    thread bigint,            -- of a reply: the ts of what it answers
    broadcast boolean not null default false,
    account text not null,
    app text not null default '',
    team text not null,       -- the author's workspace
    username text not null default '',
    subtype text not null default '',
    text text not null,
    blocks jsonb,
    attachments jsonb,
    metadata jsonb,
    client_msg_id text,
    edited_at timestamptz,
    edited_by text,
    deleted boolean not null default false,
    reply_count integer not null default 0,
    latest_reply bigint,
    reply_users text[] not null default '{}',
    primary key (channel, ts)
);
create index message_thread on channels.message (channel, thread, ts) where thread is not null;
create unique index message_client on channels.message (channel, client_msg_id) where client_msg_id is not null;

create table channels.reaction (
    channel text not null,
    ts bigint not null,
    name text not null,
    account text not null,
    workspace text not null,  -- the conversation's home
    reacted_at timestamptz not null,
    primary key (channel, ts, name, account),
    foreign key (channel, ts) references channels.message on delete cascade
);

-- How long somebody from outside has waited for the home side. `thread` 0 is the conversation itself.
create table channels.response (
    id uuid primary key,
    workspace text not null,
    channel text not null references channels.conversation on delete cascade,
    thread bigint not null,
    asked bigint not null,
    asked_by text not null,
    minutes integer not null,
    warn_at timestamptz not null,
    due_at timestamptz not null,
    state text not null check (state in ('waiting', 'warned', 'overdue', 'answered')),
    answered_at timestamptz,
    answered_by text,
    seconds double precision
);
create unique index response_open on channels.response (channel, thread) where state <> 'answered';
create index response_due on channels.response
    ((case state when 'waiting' then warn_at else due_at end)) where state in ('waiting', 'warned');
create index response_channel on channels.response (channel, asked);

-- An app that was made from a manifest; its id is governance's. One made by the command line has no row here.
create table channels.app (
    id text primary key,
    workspace text not null,  -- where it was made
    manifest jsonb not null,
    client_id text not null unique,
    client_secret bytea not null,  -- SHA-256
    signing_secret text not null,  -- as it is: it signs what is sent to the app
    verification_token text not null,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create table channels.installation (
    app text not null references channels.app on delete cascade,
    workspace text not null,
    bot_user text not null,
    scopes text[] not null,
    installed_by text not null,
    installed_at timestamptz not null,
    removed_at timestamptz,
    primary key (app, workspace)
);

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
