-- Messages in depth: who is named in them, their earlier versions, threads that people follow, pins, bookmarks, emoji,
-- and what is said later or to one person only.
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
