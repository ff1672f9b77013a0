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

-- What somebody has begun to write in a conversation (`thread` 0) or in a thread of it; empty once it was sent.
create table channels.draft (
    workspace text not null,  -- the writer's own
    account text not null,
    channel text not null references channels.conversation on delete cascade,
    thread bigint not null,
    text text not null,
    mentions jsonb not null default '[]',  -- pairs: what stands in the text, what it means
    other text not null default '',        -- written on another device meanwhile, and not taken in yet
    device text not null default '',       -- which wrote last
    version integer not null,
    changed_at timestamptz not null,
    primary key (account, channel, thread)
);

-- A person's sections, in their order, with what they put there.
create table channels.sidebar (
    account text primary key,
    workspace text not null,
    layout jsonb not null,
    version integer not null,
    changed_at timestamptz not null
);
