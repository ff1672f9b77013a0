-- Where mentions come from: sources with their settings and sealed secrets, the ways on which they are asked, payloads
-- as they came, and what was said through them.
create table social.source (
    workspace text not null,
    org text not null,
    id uuid not null,
    connector text not null,
    name text not null,
    settings jsonb not null,
    sealed bytea,
    quota jsonb not null default '{}',
    every int not null,
    state text not null check (state in ('on', 'paused')),
    created_by text not null,
    created_at timestamptz not null,
    primary key (workspace, id),
    unique (workspace, name)
);

create unique index on social.source (id);

create table social.way_in (
    workspace text not null,
    source uuid not null,
    kind text not null check (kind in ('pull', 'stream', 'history', 'hear', 'upload')),
    cursor jsonb not null default '{}',
    since timestamptz not null,
    started_at timestamptz not null,
    due_at timestamptz,
    lease uuid,
    leased_until timestamptz,
    ok_at timestamptz,
    heard_at timestamptz,
    failures int not null default 0,
    trouble jsonb,
    skipped int not null default 0,
    brought bigint not null default 0,
    done bigint not null default 0,
    total bigint not null default 0,
    ended_at timestamptz,
    primary key (workspace, source, kind),
    foreign key (workspace, source) references social.source (workspace, id) on delete cascade
);

create index on social.way_in (due_at) where due_at is not null;

create table social.payload (
    workspace text not null,
    source uuid not null,
    id uuid not null,
    at timestamptz not null,
    place text not null,
    ids text[] not null,
    body text not null,
    primary key (workspace, id)
);

create index on social.payload (workspace, source, at desc, id desc);
create index on social.payload (at);
create index on social.payload using gin (ids);

create table social.saying (
    workspace text not null,
    org text not null,
    key text not null,
    source uuid not null,
    mention uuid,
    said jsonb not null,
    state text not null check (state in ('claimed', 'said', 'refused', 'unknown')),
    outcome jsonb not null default '{}',
    said_by text not null,
    claimed_at timestamptz not null,
    ended_at timestamptz,
    primary key (workspace, key)
);

create index on social.saying (workspace, mention) where mention is not null;
