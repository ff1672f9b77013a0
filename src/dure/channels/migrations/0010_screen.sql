-- What a person keeps for themselves: what they have begun to write, and how their sidebar is laid out.
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
