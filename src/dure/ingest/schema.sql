-- Ingest: where events come from, and which were refused.
create schema ingest;

-- A source is a write key. Write keys lie in web pages and apps and are shown again in the screens: they are no secret,
-- so they are stored as they are, and all they allow is to add events.
create table ingest.source (
    id uuid primary key,
    org text not null,
    workspace text not null,
    name text not null,
    write_key text not null unique,
    created_at timestamptz not null,
    revoked_at timestamptz,
    unique (workspace, name)
);

-- What was refused, by day; `reason` is of the closed list in model.py. Of each the newest example is kept.
create table ingest.reject (
    workspace text not null,
    source text not null,
    reason text not null,
    day date not null,
    count bigint not null,
    last_at timestamptz not null,
    message text not null,
    example text not null,
    primary key (workspace, source, reason, day)
);

-- Parts of files that are in the feed, so that a second run of a file adds nothing.
create table ingest.import_chunk (
    workspace text not null,
    digest bytea not null,        -- BLAKE2b of the file's plain content and of how it was read
    chunk int not null,
    events int not null,
    imported_at timestamptz not null default now(),
    refused jsonb not null default '[]',  -- [line, why] of rows that were refused, to be listed again
    primary key (workspace, digest, chunk)
);

-- A workspace's rules but for its plan and its names. `personal` is the list of personal data rules, `secret` the key of
-- their hashes; `version` grows with every change of any rule, so that processes know when to read again.
create table ingest.rule_set (
    workspace text primary key,
    version bigint not null default 1,
    mode text not null default 'open',          -- open, approve or closed
    keep_address boolean not null default false,
    read_context boolean not null default true,
    personal text not null default '[]',
    secret bytea not null
);

-- The tracking plan, every version of every event; the newest one counts. `schema` is text, to be given back as written.
create table ingest.planned_event (
    workspace text not null,
    event text not null,
    version int not null,
    action text not null,         -- warn, block or strip
    schema text not null,
    description text not null,
    removed boolean not null default false,
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (workspace, event, version)
);

-- How often events differ from the plan, by day, each with its newest example; `what` is a place in the schema.
create table ingest.violation (
    workspace text not null,
    event text not null,
    what text not null,
    source text not null,
    day date not null,
    count bigint not null,
    last_at timestamptz not null,
    message text not null,
    example text not null,
    primary key (workspace, event, what, source, day)
);

-- Names that wait for approval or were decided. `seen` counts all events while it waited, `held` those that are kept.
create table ingest.event_name (
    workspace text not null,
    name text not null,
    state text not null,          -- waiting, approved or refused
    becomes text not null,        -- the name under which its events go on
    source text not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    seen bigint not null,
    held int not null,
    example text not null,
    decided_at timestamptz,
    decided_by text not null default '',
    primary key (workspace, name)
);

-- Events of waiting names, as they will be written to the feed.
create table ingest.held (
    workspace text not null,
    name text not null,
    message_id text not null,
    person uuid not null,
    number bigint generated always as identity,
    line bytea not null,
    primary key (workspace, name, message_id)
);
create index held_person on ingest.held (workspace, person);

-- What each source sent, by the minute, for a day.
create table ingest.arrival (
    workspace text not null,
    source text not null,
    minute timestamptz not null,
    taken bigint not null,
    refused bigint not null,
    held bigint not null,
    last_event text not null,
    last_at timestamptz not null,
    primary key (workspace, source, minute)
);
