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
