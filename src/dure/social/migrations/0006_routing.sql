-- Who a mention was handed to and by what, what people said of it, and what was learned of that.
alter table social.rule
    add column words text[] not null default '{}',
    add column also text[] not null default '{}';

create table social.routing (
    workspace text primary key,
    gate real not null default 0.5,
    audit real not null default 0.05,
    channels jsonb not null default '{}',  -- function -> the channel that its cards land in
    rules int not null default 0,          -- how often the rules were changed
    checked_at timestamptz                 -- when somebody last looked whether there is something to learn
);

create table social.decision (
    workspace text not null,
    mention uuid not null,
    at timestamptz not null,
    by text not null check (by in ('rule', 'model', 'nobody')),
    function text not null,                -- the router's; empty where it left the mention to people
    sure real not null,
    version text not null,
    reasons jsonb not null,
    ranking jsonb not null,
    audit boolean not null,                -- one of those that are asked about although it was sure
    verdict text not null default '' check (verdict in ('', 'accepted', 'moved', 'refused', 'nobody')),
    answer text not null default '',       -- the function that people say is right; empty where it is nobody's
    refused text[] not null default '{}',  -- functions whose people said that it is not for them
    moves int not null default 0,          -- how often people changed the owner after the router had named one
    owned_at timestamptz,                  -- since when it is with whom it is with
    decided_by text not null default '',
    decided_at timestamptz,
    primary key (workspace, mention)
);
create index on social.decision (workspace, at);
create index on social.decision (workspace, decided_at) where decided_at is not null;

create table social.router (
    workspace text not null,
    version int not null,
    trained_at timestamptz not null,
    examples int not null,
    active boolean not null,
    weights bytea not null,
    card jsonb not null,
    primary key (workspace, version)
);

-- How a mention came to be somebody's. By hand with nobody: that a link was taken back, and is not made anew.
create table social.link (
    workspace text not null,
    mention uuid not null,
    network text not null,
    handle text not null,                  -- in small letters, without its @
    person uuid,
    account text not null default '',
    how text not null check (how in ('handle', 'email', 'hand')),
    why text not null default '',
    at timestamptz not null,
    actor text not null default '',
    primary key (workspace, mention)
);
create index on social.link (workspace, network, handle, at desc) where how = 'hand' and handle <> '';

-- What a mention became elsewhere: a task, a deal's activity, somebody on a list, an idea.
create table social.became (
    workspace text not null,
    id uuid not null,
    mention uuid not null,
    what text not null check (what in ('task', 'activity', 'segment', 'idea')),
    ref text not null,
    title text not null,
    path text not null,
    at timestamptz not null,
    actor text not null default '',
    primary key (workspace, id),
    unique (workspace, mention, what, ref)
);

create index mention_words on social.mention
    using gin (to_tsvector('simple', text || ' ' || author || ' ' || handle));
create index on social.mention (workspace, function, posted_at desc) where original = id and function <> '';
