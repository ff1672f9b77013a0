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
    limited boolean not null default false,  -- whether this side may only write, not bring its people in
    primary key (channel, workspace)
);
create unique index share_name on channels.share (workspace, name) where name <> '' and state = 'connected';

create table channels.membership (
    channel text not null references channels.conversation on delete cascade,
    account text not null,
    workspace text not null,  -- the member's own
    joined_at timestamptz not null,
    last_read bigint not null default 0,
    closed bigint not null default 0,  -- of a direct conversation: hidden until something newer than this is said
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

-- What employees say of themselves beside what governance knows of them.
create table channels.profile (
    account text primary key,
    workspace text not null,
    phone text not null default '',
    pronouns text not null default '',
    status_text text not null default '',
    status_emoji text not null default '',
    status_until timestamptz,  -- null: until it is changed
    timezone text not null default '',
    fields jsonb not null default '{}',
    away boolean not null default false,  -- said so by hand
    photo_id text unique,
    photo bytea,
    photo_small bytea,
    changed_at timestamptz not null
);
create index profile_status on channels.profile (status_until) where status_until is not null;

-- Who uses the product just now; written once a minute a person and worth nothing after a crash.
create unlogged table channels.presence (
    account text primary key,
    workspace text not null,
    seen_at timestamptz not null,
    typed_at timestamptz not null default '-infinity',
    active boolean not null default true
);
create index presence_active on channels.presence (seen_at) where active;

-- Named groups of people; `deleted_at` is of those that were disabled.
create table channels.user_group (
    id text primary key,
    workspace text not null,
    name text not null,
    handle text not null,
    description text not null default '',
    channels text[] not null default '{}',
    created_by text not null,
    created_at timestamptz not null,
    updated_by text not null,
    updated_at timestamptz not null,
    deleted_by text not null default '',
    deleted_at timestamptz
);
create unique index user_group_name on channels.user_group (workspace, lower(name));
create unique index user_group_handle on channels.user_group (workspace, lower(handle));

create table channels.user_group_member (
    user_group text not null references channels.user_group on delete cascade,
    account text not null,
    workspace text not null,
    primary key (user_group, account)
);

-- When somebody wants to be left alone: outside the hours on these days (1 Monday), and while they snooze.
create table channels.quiet (
    account text primary key,
    workspace text not null,
    enabled boolean not null default false,
    days integer[] not null default '{1,2,3,4,5}',
    from_minute integer not null default 540 check (from_minute between 0 and 1439),
    until_minute integer not null default 1080 check (until_minute between 0 and 1440),
    snooze_until timestamptz,
    ended_until timestamptz  -- do-not-disturb that was ended by hand does not come back before this
);

create table channels.reminder (
    id text primary key,
    workspace text not null,
    org text not null,
    creator text not null,
    account text not null,
    text text not null,
    due_at timestamptz not null,
    created_at timestamptz not null,
    told_at timestamptz,
    completed_at timestamptz
);
create index reminder_due on channels.reminder (due_at) where told_at is null and completed_at is null;
create index reminder_account on channels.reminder (account, due_at);

-- What a person wants to hear of. No row means the defaults.
create table channels.notice_person (
    account text primary key,
    workspace text not null,
    level text not null default 'mentions' check (level in ('all', 'mentions', 'nothing')),
    keywords text[] not null default '{}',
    push boolean not null default true,
    mail boolean not null default true,
    mail_minutes integer not null default 30 check (mail_minutes between 5 and 1440),
    mailed_at timestamptz
);

create table channels.notice_channel (
    account text not null,
    channel text not null references channels.conversation on delete cascade,
    workspace text not null,
    level text check (level in ('all', 'mentions', 'nothing')),  -- null: as the person has it
    muted boolean not null default false,
    everybody boolean not null default true,  -- whether @here and @channel concern them
    primary key (account, channel)
);
create index notice_channel_channel on channels.notice_channel (channel);

-- One thing that concerned one person. `push` and `mail` say what became of it on each way.
create table channels.notice (
    account text not null,
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    workspace text not null,
    org text not null,
    thread bigint,
    author text not null,
    why text not null,
    made_at timestamptz not null,
    seen_at timestamptz,
    push text not null check (push in ('due', 'sent', 'none', 'failed')),
    mail text not null check (mail in ('due', 'sent', 'none', 'failed')),
    primary key (account, channel, ts)
);
create index notice_account on channels.notice (account, made_at);
create index notice_push on channels.notice (made_at) where push = 'due';
create index notice_mail on channels.notice (made_at) where mail = 'due';

-- A browser that wants to be told when nobody looks at it.
create table channels.push_device (
    id uuid primary key,
    workspace text not null,
    account text not null,
    endpoint text not null unique,
    p256dh bytea not null,
    auth bytea not null,
    label text not null default '',
    added_at timestamptz not null,
    used_at timestamptz
);
create index push_device_account on channels.push_device (account);

-- An invitation to share a channel. It asks for an approval of each side after somebody has accepted it.
create table channels.invite (
    id text primary key,
    channel text not null references channels.conversation on delete cascade,
    workspace text not null,  -- the channel's home
    org text not null,
    inviter text not null,
    to_account text not null default '',
    to_email text not null default '',
    targets text[] not null,  -- the workspaces any one of which may accept
    limited boolean not null,
    state text not null check (state in ('sent', 'accepted', 'connected', 'declined', 'revoked', 'expired')),
    accepted_workspace text,
    accepted_org text,
    accepted_by text,
    accepted_at timestamptz,
    name text not null default '',
    private boolean not null default false,
    home_approved_at timestamptz,
    away_approved_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    expires_at timestamptz not null
);
create index invite_channel on channels.invite (channel, state);
create index invite_workspace on channels.invite (workspace, id);
create index invite_targets on channels.invite using gin (targets);
