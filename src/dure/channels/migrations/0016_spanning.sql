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
