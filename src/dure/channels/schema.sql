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

-- Messages in depth: who is named, earlier versions, followed threads, pins, bookmarks, emoji, later and ephemeral messages.
alter table channels.conversation add column posting text not null default 'everyone'
    check (posting in ('everyone', 'threads', 'admins', 'flat'));
alter table channels.message add column icons jsonb;      -- an icon_emoji or icon_url of this one message
alter table channels.message add column mentions text[];  -- ids of users and groups, `!here`, `!channel`; null: nobody
create index message_mentions on channels.message (channel, ts) where mentions is not null;
create index reaction_account on channels.reaction (account, reacted_at);

-- A thread's participants and what each has read of it: a row for who wrote or was named, not for every member.
create table channels.following (
    channel text not null,
    thread bigint not null,
    account text not null,
    workspace text not null,  -- the person's own
    following boolean not null default true,
    last_read bigint not null,
    primary key (channel, thread, account),
    foreign key (channel, thread) references channels.message on delete cascade
);
create index following_account on channels.following (workspace, account) where following;

-- What a message said before it was changed.
create table channels.edit (
    channel text not null,
    ts bigint not null,
    version integer not null,
    workspace text not null,  -- the conversation's home
    account text not null,    -- who changed it then
    edited_at timestamptz not null,
    text text not null,
    blocks jsonb,
    attachments jsonb,
    primary key (channel, ts, version),
    foreign key (channel, ts) references channels.message on delete cascade
);

create table channels.pin (
    channel text not null,
    ts bigint not null,
    workspace text not null,  -- the conversation's home
    account text not null,
    pinned_at timestamptz not null,
    primary key (channel, ts),
    foreign key (channel, ts) references channels.message on delete cascade
);

create table channels.bookmark (
    id text primary key,
    channel text not null references channels.conversation on delete cascade,
    workspace text not null,  -- the conversation's home
    title text not null,
    link text not null,
    emoji text not null,
    place integer not null,   -- the order in the bar
    created_by text not null,
    created_at timestamptz not null,
    changed_by text not null,
    changed_team text not null,
    changed_at timestamptz
);
create index bookmark_channel on channels.bookmark (channel, place);

-- A workspace's own emoji: another name of one that is known, or a small picture.
create table channels.emoji (
    workspace text not null,
    name text not null,
    alias text not null default '',
    kind text not null default '',  -- of a picture: image/png and the like
    picture bytea,
    account text not null,
    made_at timestamptz not null,
    primary key (workspace, name)
);

-- What is to be said later. A row goes when it was said; one that could not be keeps why.
create table channels.scheduled (
    id text primary key,
    workspace text not null,  -- the author's
    org text not null,
    channel text not null references channels.conversation on delete cascade,
    account text not null,
    app text not null,
    post_at timestamptz not null,
    made_at timestamptz not null,
    draft jsonb not null,
    failed text not null default ''
);
create index scheduled_due on channels.scheduled (post_at) where failed = '';
create index scheduled_account on channels.scheduled (workspace, account, post_at);

-- What only one person was shown, for as long as they may still press its buttons.
create table channels.ephemeral (
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    workspace text not null,  -- of who is shown it
    account text not null,
    shown_until timestamptz not null,
    author text not null,
    app text not null,
    team text not null,
    thread bigint,
    body jsonb not null,
    primary key (channel, ts)
);
create index ephemeral_account on channels.ephemeral (workspace, account);
create index ephemeral_old on channels.ephemeral (shown_until);

-- Files: what is known of each, where it is shared and which bytes are kept; and the pages that channels pin.
alter table channels.message add column files text[] not null default '{}';

-- Bytes by what they are. A row is there before its bytes are written, so nothing lies in the storage unknown.
create table channels.blob (
    sha256 text primary key check (length(sha256) = 64),
    size bigint not null,
    used_at timestamptz not null  -- when somebody last began or ceased to use it; swept a while after nobody does
);
create index blob_used on channels.blob (used_at);

create table channels.file (
    id text primary key,
    workspace text not null,  -- the owner's
    org text not null,
    account text not null,
    app text not null default '',
    name text not null,
    title text not null,
    alt text not null default '',
    mimetype text not null,
    filetype text not null,
    mode text not null check (mode in ('hosted', 'snippet', 'external')),
    state text not null check (state in ('reserved', 'uploaded', 'kept', 'deleted')),
    size bigint not null,
    sha256 text references channels.blob,
    secret text,             -- SHA-256 of what its one-time upload address carries
    expires_at timestamptz,  -- of one that nobody kept yet
    preview text not null default '',
    lines integer not null default 0,
    width integer,
    height integer,
    public_secret text unique,
    external_id text,
    external_url text,
    created_at timestamptz not null
);
create unique index file_secret on channels.file (secret) where secret is not null;
create unique index file_external on channels.file (workspace, external_id)
    where external_id is not null and state <> 'deleted';
create index file_account on channels.file (workspace, account, created_at desc, id);
create index file_expires on channels.file (expires_at) where expires_at is not null;
create index file_blob on channels.file (sha256) where sha256 is not null;

-- What a document says, read once when it came: for the rules of what may not be said, and for search.
create table channels.file_text (
    file text primary key references channels.file on delete cascade,
    workspace text not null,       -- the owner's
    text text not null,
    why text not null default ''   -- why not all of it could be read
);

create table channels.thumb (
    file text not null references channels.file on delete cascade,
    size integer not null,
    sha256 text not null references channels.blob,
    mimetype text not null,
    width integer not null,
    height integer not null,
    bytes integer not null,
    primary key (file, size)
);
create index thumb_blob on channels.thumb (sha256);

create table channels.file_share (
    file text not null references channels.file on delete cascade,
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    thread bigint,
    workspace text not null,  -- the conversation's home
    team text not null,       -- the sharer's workspace
    account text not null,
    shared_at timestamptz not null,
    primary key (file, channel, ts)
);
create index file_share_channel on channels.file_share (channel, ts);

-- A page: of a channel, which has at most one, or standing alone for those who were let in.
create table channels.canvas (
    id text primary key,
    workspace text not null,
    channel text references channels.conversation on delete cascade,
    title text not null default '',
    body text not null,
    version integer not null,
    account text not null,  -- who changed it last
    changed_at timestamptz not null,
    creator text not null,
    created_at timestamptz not null,
    deleted_at timestamptz
);
create unique index canvas_channel on channels.canvas (channel) where channel is not null and deleted_at is null;
create index canvas_workspace on channels.canvas (workspace);

create table channels.canvas_version (
    canvas text not null references channels.canvas on delete cascade,
    version integer not null,
    workspace text not null,
    title text not null,
    body text not null,
    account text not null,
    changed_at timestamptz not null,
    primary key (canvas, version)
);

create table channels.canvas_access (
    canvas text not null references channels.canvas on delete cascade,
    holder text not null,  -- a channel's or a user's id
    level text not null check (level in ('read', 'write', 'owner')),
    primary key (canvas, holder)
);

-- Who has been shown a channel's page when they first came in.
create table channels.canvas_seen (
    canvas text not null references channels.canvas on delete cascade,
    account text not null,
    seen_at timestamptz not null,
    primary key (canvas, account)
);

-- What people do with what apps show them.
-- What a person did that lets an app open one view for them within three seconds. `secret` is its SHA-256.
create table channels.trigger (
    secret bytea primary key,
    workspace text not null,  -- the app's
    app text not null,
    account text not null,
    team text not null,       -- the person's workspace
    screen text not null,     -- the tab it was done in
    view text not null,       -- the view it was done in, '' for none
    made_at timestamptz not null,
    used_at timestamptz
);
create index trigger_made on channels.trigger (workspace, made_at);

-- Where an app answers what a person did: five times within half an hour. `secret` is its SHA-256.
create table channels.reply_address (
    secret bytea primary key,
    workspace text not null,
    org text not null,
    app text not null,
    account text not null,
    team text not null,
    channel text not null,
    ts bigint,                -- the message it was done with
    aside boolean not null default false,
    thread bigint,
    used integer not null default 0,
    made_at timestamptz not null
);
create index reply_address_made on channels.reply_address (workspace, made_at);

-- A modal that lies before somebody, or an app's home as somebody has it.
create table channels.view (
    id text primary key,
    workspace text not null,
    app text not null,
    account text not null,
    team text not null,
    kind text not null check (kind in ('modal', 'home')),
    root text not null,
    previous text not null default '',
    body jsonb not null,
    hash text not null,
    external_id text not null default '',
    screen text not null default '',
    opened_at timestamptz not null,
    changed_at timestamptz not null,
    closed_at timestamptz
);
create unique index view_home on channels.view (workspace, app, account) where kind = 'home';
create unique index view_external on channels.view (workspace, app, external_id)
    where external_id <> '' and closed_at is null;
create index view_root on channels.view (root) where closed_at is null;
create index view_closed on channels.view (workspace, closed_at) where closed_at is not null;

-- What apps show below a message for the links in it, as attachments.
alter table channels.message add column unfurls jsonb;

-- A run of an app's function: the app is told, and says how it ended.
create table channels.function_execution (
    id text primary key,
    workspace text not null,
    app text not null,
    callback_id text not null,
    inputs jsonb not null,
    outputs jsonb,
    error text not null default '',
    state text not null check (state in ('running', 'completed', 'failed')),
    run text not null default '',  -- the automation's run that asked for it
    made_at timestamptz not null,
    ended_at timestamptz
);
create index function_execution_workspace on channels.function_execution (workspace, made_at);

-- An address to which a program may post to one channel in an app's name; governance knows the app.
create table channels.webhook (
    id text primary key,
    workspace text not null,
    app text not null,
    channel text not null references channels.conversation on delete cascade,
    digest bytea not null,  -- SHA-256 of the secret in the address
    created_by text not null,
    created_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create index webhook_app on channels.webhook (workspace, app);

-- What somebody allowed an app on OAuth's page; the app fetches its tokens for the code, once and soon.
create table channels.consent (
    code bytea primary key,  -- SHA-256
    app text not null references channels.app on delete cascade,
    workspace text not null,
    account text not null,
    scopes text[] not null,
    user_scopes text[] not null,
    redirect_uri text not null,
    channel text not null,  -- of the incoming webhook, empty without one
    given_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    identity boolean not null default false,  -- a person signs in to the app
    nonce text not null default '',
    challenge text not null default ''        -- SHA-256 of what the app keeps (PKCE)
);
create index consent_expiry on channels.consent (expires_at);

-- Keys that say who somebody is to the apps that they sign in to: the server's own.
create table channels.openid_key (
    id text primary key,
    sealed bytea not null,      -- the private key
    public jsonb not null,      -- the other half, as everybody may have it
    made_at timestamptz not null
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

-- What messages are found by. A follower of the feed keeps it up, a moment after something is said, changed or deleted.
-- It is never shown: what is found is read from the message itself, and by whom it may be read is asked at that time.
create table channels.indexed (
    ts bigint not null,
    channel text not null,
    workspace text not null,  -- the conversation's home
    account text not null,
    folded text not null,     -- the words as search compares them
    marks integer[] not null, -- hashes of letters, pairs of letters, beginnings of words, and labels
    primary key (ts, channel)
);

-- New entries are merged in by whoever writes, so that nobody who searches reads through a list of them.
create index indexed_marks on channels.indexed using gin (marks) with (fastupdate = on);

-- How many indexed messages lie in a slice of time: `ts` without its last `level` bits.
create table channels.indexed_slice (
    workspace text not null,
    level smallint not null,
    slot bigint not null,
    messages bigint not null,
    primary key (workspace, level, slot)
);

-- Messages from before there was an index, or of an older way to fold, are gone through once; this is how far.
create table channels.index_walk (
    version integer primary key,
    channel text not null default '',
    ts bigint not null default 0,
    finished_at timestamptz
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

-- Forms and approvals: what automations ask people for, and what was answered. And cards that have a name.
create table channels.form (
    workspace text not null,
    id text not null,
    org text not null,
    title jsonb not null,      -- {"ko": …, "en": …}
    about jsonb not null,
    fields jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    closed_at timestamptz,     -- takes no more answers
    primary key (workspace, id)
);

-- What a card in a channel asks for; `ended_at` is when it was decided, or needs no more answers.
create table channels.asked (
    id uuid primary key,
    workspace text not null,
    org text not null,
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    what text not null check (what in ('form', 'approval')),
    form text not null,        -- the form's name, '' for fields of its own
    title jsonb not null,
    card jsonb not null,       -- the text and blocks above the buttons
    fields jsonb not null,
    audience jsonb not null,   -- user ids of those who may answer; empty for everybody
    note text not null,
    once boolean not null,
    run text not null,
    node text not null,        -- where the run itself waits for the answer; '' where it posted a card and went on
    asked_at timestamptz not null,
    answers int not null default 0,
    decision text not null default '',
    ended_by text not null default '',
    said text not null default '',
    ended_at timestamptz
);
create unique index asked_place on channels.asked (channel, ts);
create index asked_run on channels.asked (workspace, run) where node <> '' and ended_at is null;

-- Which of the modals that are open stand for something asked.
create table channels.asked_view (
    view text primary key references channels.view on delete cascade,
    workspace text not null,
    asked uuid not null references channels.asked on delete cascade
);

create table channels.form_answer (
    id uuid primary key,
    workspace text not null,
    form text not null,
    asked uuid references channels.asked on delete cascade,
    account text not null,
    answers jsonb not null,    -- by field
    at timestamptz not null
);
create index form_answer_form on channels.form_answer (workspace, form, at desc);

-- A message that automations keep up to date under a name of their own.
create table channels.card (
    workspace text not null,
    channel text not null references channels.conversation on delete cascade,
    name text not null,
    ts bigint not null default 0,
    primary key (workspace, channel, name)
);
create index card_place on channels.card (channel, ts);

-- Which apps the organisation lets in and which it keeps out, and which ones people asked for.
create table channels.app_decision (
    org text not null,
    workspace text not null default '',   -- '' is the whole organisation
    app text not null references channels.app on delete cascade,
    decision text not null check (decision in ('approved', 'restricted')),
    decided_by text not null,
    decided_at timestamptz not null,
    primary key (org, workspace, app)
);

create table channels.app_request (
    id text primary key,
    org text not null,
    workspace text not null,
    app text not null references channels.app on delete cascade,
    asked_by text not null,
    message text not null default '',
    asked_at timestamptz not null,
    resolution text not null default '' check (resolution in ('', 'approved', 'restricted', 'cancelled')),
    resolved_by text not null default '',
    resolved_at timestamptz
);
create index on channels.app_request (org, workspace, resolution, asked_at);

-- Rules of what may not be said: an organisation's (`workspace` empty) and a workspace's own.
create table channels.guard (
    id text primary key,
    org text not null,
    workspace text not null default '',
    version bigint not null,   -- of the organisation's rules when this one was written
    body jsonb not null,       -- name, what is looked for, what is done, where, whom it leaves out
    enabled boolean not null default false,
    changed_by text not null,
    changed_at timestamptz not null
);
create index guard_org on channels.guard (org);

-- How often an organisation's rules were changed; whoever has them in memory asks for this.
create table channels.guard_version (
    org text primary key,
    version bigint not null
);

-- What met a rule. One that waits for an administrator keeps what was to be said.
create table channels.violation (
    id text primary key,
    org text not null,
    workspace text not null,   -- the writer's
    rules jsonb not null,      -- id and name of each that it met
    action text not null check (action in ('warn', 'keep', 'refuse', 'mask')),
    what text not null,        -- message, edit, file, page, topic, …
    channel text not null default '',
    ts bigint not null default 0,
    account text not null,
    app text not null default '',
    excerpt text not null,     -- what stands around it; what was found is masked
    unread text not null default '',  -- why a file could not be read, where that met the rule
    state text not null check (state in ('noted', 'waiting', 'let', 'removed', 'stopped')),
    draft jsonb,               -- of one that waits
    at timestamptz not null,
    decided_by text not null default '',
    decided_at timestamptz
);
create index violation_org on channels.violation (org, workspace, at desc);
create index violation_waiting on channels.violation (workspace, account) where state = 'waiting';

-- A rule that is tried on what was said before it is switched on.
create table channels.guard_trial (
    id uuid primary key,
    org text not null,
    workspace text not null,
    body jsonb not null,
    state text not null check (state in ('running', 'done', 'cancelled')),
    channel text not null default '',  -- how far it has come
    ts bigint not null default 0,
    since bigint not null,
    total bigint not null,
    looked bigint not null default 0,
    hits bigint not null default 0,
    examples jsonb not null default '[]',
    began_by text not null,
    began_at timestamptz not null,
    ended_at timestamptz
);
create index guard_trial_running on channels.guard_trial (began_at) where state = 'running';

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

-- Channels of several workspaces and of a whole organisation, what a channel's administrators set for it, and acts on many.
alter table channels.conversation add column reach text not null default ''
    check (reach in ('', 'several', 'whole'));  -- how far it spans its home's organisation
alter table channels.conversation add column standing text not null default ''
    check (standing in ('', 'default', 'mandatory'));  -- of one of the whole organisation: whom it seats
alter table channels.conversation add column prefs jsonb;  -- who may write, answer and call everybody; null: no rule
create index membership_person on channels.membership (account);
create index following_person on channels.following (account) where following;
create index conversation_spanning on channels.conversation (org) where reach <> '';
create index share_org on channels.share (org, channel);

-- The channels into which newcomers of a workspace are brought.
create table channels.default_channel (
    workspace text not null,
    org text not null,
    channel text not null references channels.conversation on delete cascade,
    primary key (workspace, channel)
);

-- Groups of people who alone may sit in a private channel; no row lets anybody be invited.
create table channels.allowed_group (
    channel text not null references channels.conversation on delete cascade,
    org text not null,
    named text not null,       -- the group's id
    added_by text not null,
    added_at timestamptz not null,
    primary key (channel, named)
);

-- A user group that further workspaces of its organisation know.
create table channels.user_group_workspace (
    user_group text not null references channels.user_group on delete cascade,
    workspace text not null,
    org text not null,
    primary key (user_group, workspace)
);

-- Archiving, deleting or moving many channels: a row for the whole and one for each channel.
create table channels.bulk (
    id text primary key,
    org text not null,
    workspace text not null,   -- of who asked
    account text not null,
    act text not null check (act in ('archive', 'delete', 'move')),
    target text not null default '',
    made_at timestamptz not null,
    ended_at timestamptz
);
create index bulk_open on channels.bulk (made_at) where ended_at is null;
create index bulk_org on channels.bulk (org, made_at desc);

create table channels.bulk_channel (
    bulk text not null references channels.bulk on delete cascade,
    place integer not null,
    org text not null,
    channel text not null,
    error text,                -- null: not done yet; '': done; else why not
    primary key (bulk, place)
);

-- Sharing with other organisations: requests before an invitation is sent, the host handed over, what is kept at an end.
alter table channels.invite drop constraint invite_state_check;
alter table channels.invite add constraint invite_state_check check (state in
    ('requested', 'denied', 'sent', 'accepted', 'connected', 'declined', 'revoked', 'expired'));
alter table channels.invite add column reviewed_by text not null default '';  -- who let a request go, or did not
alter table channels.invite add column reviewed_at timestamptz;
create index invite_due on channels.invite (expires_at) where state in ('requested', 'sent', 'accepted');

-- The side that was asked to be the home, by whom and when; and the homes that there were before.
alter table channels.conversation add column transfer_to text not null default '';
alter table channels.conversation add column transfer_by text not null default '';
alter table channels.conversation add column transfer_at timestamptz;
alter table channels.conversation add column former_homes text[] not null default '{}';

-- Of the archived copy that a side kept when it was disconnected: the channel that it is a copy of.
alter table channels.conversation add column copy_of text;
create unique index conversation_copy on channels.conversation (workspace, copy_of) where copy_of is not null;
alter table channels.share add column since timestamptz;  -- when it was connected, the last time

-- Who was in a conversation with somebody until a side was disconnected: their names and pictures stay known there.
create table channels.once_met (
    channel text not null references channels.conversation on delete cascade,
    account text not null,
    workspace text not null,  -- the person's own
    primary key (channel, account)
);
create index once_met_account on channels.once_met (account);

-- Conversations whose messages are still to be indexed, and how far that has come.
create table channels.index_due (
    channel text primary key references channels.conversation on delete cascade,
    ts bigint not null default 0
);

-- Partners: organisations on other servers with which this one shares channels.
create table channels.partner (
    id text primary key,
    org text not null,               -- whose partner it is
    workspace text not null,         -- where the partnership was made; calls go out in its name
    state text not null check (state in ('offered', 'compare', 'active', 'ended')),
    pairing text not null default '',-- the partnership's name on both servers
    address text not null default '',
    name text not null default '',
    stranger text not null default '', -- the other organisation as governance knows it here
    code_key bytea,                  -- of a code that was shown and nobody has used yet
    code_until timestamptz,
    their_key bytea,
    their_next bytea,                -- announced by the key before, and not used yet
    our_key text not null default '',
    made_by text not null,
    made_at timestamptz not null,
    confirmed_at timestamptz,
    ended_at timestamptz,
    sent bigint not null default 0,      -- the last number that was given out
    acked bigint not null default 0,     -- the last that the other side has
    received bigint not null default 0,  -- the last of theirs that was done
    ahead bigint not null default 0,     -- how many of theirs still wait there
    heard_at timestamptz,
    tries integer not null default 0,    -- since the last call that was answered
    due_at timestamptz not null default 'epoch',
    error text not null default ''
);
create index partner_org on channels.partner (org);
create unique index partner_pairing on channels.partner (pairing) where pairing <> '';

-- What is on its way to a partner, in the order of the acts. It gets its number when it is first taken to be sent.
create table channels.partner_entry (
    id bigint generated always as identity primary key,
    partner text not null references channels.partner on delete cascade,
    n bigint,
    body jsonb not null,
    made_at timestamptz not null
);
create unique index partner_entry_n on channels.partner_entry (partner, n);
create index partner_entry_new on channels.partner_entry (partner, id) where n is null;

-- Requests that were taken lately; the same one is not taken again.
create table channels.partner_nonce (
    partner text not null,
    nonce text not null,
    until timestamptz not null,
    primary key (partner, nonce)
);
create index partner_nonce_until on channels.partner_nonce (until);

-- What things of a partner's are called here.
create table channels.partner_name (
    partner text not null references channels.partner on delete cascade,
    kind text not null check (kind in ('team', 'person', 'channel', 'file', 'invite')),
    theirs text not null,
    ours text not null,
    primary key (partner, kind, theirs)
);
create unique index partner_name_ours on channels.partner_name (kind, ours) where kind <> 'channel';
create index partner_name_channel on channels.partner_name (ours) where kind = 'channel';

-- What somebody of here did in a channel whose home is elsewhere, until its home has said yes or no.
create table channels.partner_request (
    id text primary key,
    partner text not null references channels.partner on delete cascade,
    workspace text not null,
    account text not null,
    channel text not null,
    what text not null,
    subject text not null,           -- which message, person or invitation
    body jsonb not null,             -- as it was asked for, so that it can be shown and tried again
    state text not null check (state in ('waiting', 'done', 'refused')),
    code text not null default '',
    why text not null default '',
    made_at timestamptz not null,
    ended_at timestamptz
);
create index partner_request_channel on channels.partner_request (channel, account, what, subject);
create unique index partner_request_said on channels.partner_request (channel, subject)
    where what = 'post' and state = 'waiting';
create index partner_request_ended on channels.partner_request (ended_at) where ended_at is not null;

-- Which side of a conversation is on another server: the partnership it is known by.
alter table channels.share add column server text not null default '';

-- What a partner sent and could not be done, for its administrators to see.
create table channels.partner_refused (
    partner text not null references channels.partner on delete cascade,
    n bigint not null,
    kind text not null,
    why text not null,
    at timestamptz not null,
    primary key (partner, n)
);

-- Which customer a channel belongs to, as one side of it has it: the account is an id of sales', by which topic it is spoken with.
create table channels.customer (
    workspace text not null,  -- the side whose customer it is
    channel text not null references channels.conversation on delete cascade,
    account text not null,
    topic text not null,
    linked_by text not null,
    linked_at timestamptz not null,
    primary key (workspace, channel)
);
create index customer_account on channels.customer (workspace, account);

-- What a channel is for and how it is kept: who belongs and why, what goes where, whose opening hours the answer keeps.
create table channels.charter (
    channel text primary key references channels.conversation on delete cascade,
    workspace text not null,  -- the channel's home
    version integer not null,
    purpose text not null,
    belongs jsonb not null,   -- [{"user", "reason"}]
    places jsonb not null,    -- [{"what", "channel"}]
    team text not null,       -- the function that answers; '' for everybody
    minutes integer,          -- the standard as it was when this version was written
    account text not null,
    changed_at timestamptz not null
);

create table channels.charter_version (
    channel text not null references channels.charter on delete cascade,
    version integer not null,
    workspace text not null,
    purpose text not null,
    belongs jsonb not null,
    places jsonb not null,
    team text not null,
    minutes integer,
    account text not null,
    changed_at timestamptz not null,
    primary key (channel, version)
);

-- Up to which version somebody has read a charter.
create table channels.charter_read (
    channel text not null references channels.charter on delete cascade,
    account text not null,
    workspace text not null,  -- the reader's own
    version integer not null,
    read_at timestamptz not null,
    primary key (channel, account)
);

-- Response clocks go by opening hours, tell first answers from later ones, stand still, and remember who saw a question.
alter table channels.conversation add column response_team text not null default '';  -- a function; '' is everybody
alter table channels.response
    add column kind text not null default 'first' check (kind in ('first', 'next')),
    add column asked_team text not null default '',  -- the workspace and organisation of who asked
    add column asked_org text not null default '',
    add column open_seconds double precision,        -- in opening hours, without what it stood still
    add column within boolean,
    add column seen_at timestamptz,                  -- when somebody of the home side reacted to the question
    add column seen_by text not null default '',
    add column paused_at timestamptz,
    add column paused_by text not null default '',
    add column left_seconds double precision,        -- of a promise that stands still
    add column escalated_at timestamptz,
    add column escalated_to text[] not null default '{}',
    drop constraint response_state_check,
    add constraint response_state_check check (state in ('waiting', 'warned', 'overdue', 'answered', 'paused'));
create index response_asked on channels.response (workspace, asked);

-- An invitation to another server by link, and what is known of a side that was restored from an older backup.
create table channels.partner_link (
    hash text primary key,            -- of the link's secret
    partner text not null references channels.partner on delete cascade,
    invite text not null,
    secret text not null default '',  -- until the letter with it has gone
    tries integer not null default 0,
    made_at timestamptz not null
);
create index partner_link_invite on channels.partner_link (invite);
create index partner_link_letter on channels.partner_link (made_at) where secret <> '';
alter table channels.partner
    add column restored text not null default '' check (restored in ('', 'we', 'they')),
    add column restored_at timestamptz;
-- What a company said in Slack, brought in from its export.
alter table channels.message add column brought text;  -- the channel of Slack that it comes from; null: it was said here

-- An export of Slack: read first, then brought in as its choices say, day by day; whoever finds it left goes on with it.
create table channels.moving (
    id text primary key,
    org text not null,
    workspace text not null,
    name text not null,        -- the file's
    size bigint not null,
    sha256 text not null,      -- its bytes lie with those of files; '' once they are gone
    state text not null check (state in ('reading', 'ready', 'waiting', 'running', 'done', 'failed', 'cancelled', 'gone')),
    why text not null default '',
    preview jsonb,             -- what is in it
    choices jsonb not null default '{}',
    progress jsonb not null default '{}',
    attempt integer not null default 0,
    lease_until timestamptz,
    made_by text not null,
    made_at timestamptz not null,
    began_by text not null default '',  -- by whose right it is brought in
    ended_at timestamptz,
    gone_at timestamptz        -- when its bytes are taken away
);
create index moving_workspace on channels.moving (workspace, made_at desc);
create index moving_open on channels.moving (made_at) where state in ('reading', 'waiting', 'running');
create index moving_blob on channels.moving (sha256) where sha256 <> '';

-- Who and what of Slack is who and what of here, in every export of it.
create table channels.moving_name (
    workspace text not null,
    kind text not null check (kind in ('person', 'room')),
    theirs text not null,
    ours text not null,
    primary key (workspace, kind, theirs)
);

-- Days that are in.
create table channels.moving_day (
    moving text not null references channels.moving on delete cascade,
    room text not null,
    day text not null,
    messages integer not null,
    files integer not null,
    held integer not null,
    primary key (moving, room, day)
);

-- What was left out, and why.
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

-- Messages whose own timestamp was taken by something that was said here.
create table channels.moving_shifted (
    channel text not null references channels.conversation on delete cascade,
    brought text not null,
    theirs bigint not null,
    ours bigint not null,
    primary key (channel, brought, theirs)
);

-- Messages that rules of what may be said hold back, or refused for good (no message).
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
