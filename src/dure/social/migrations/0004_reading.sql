-- What people teach the reader: corrections, the names they listen for, and the layers learned.
alter table social.mention
    add column spam_why text[] not null default '{}';

create table social.correction (
    workspace text not null,
    org text not null,
    mention uuid not null,
    audit boolean not null,  -- judged because chance picked it; such are not learned from
    by text not null,
    at timestamptz not null,
    was jsonb not null,  -- what the reader had said, by head
    says jsonb not null,  -- what the person said
    primary key (workspace, mention),
    foreign key (workspace, mention) references social.mention (workspace, id) on delete cascade
);

create index on social.correction (workspace, at desc);

create table social.name (
    workspace text not null,
    org text not null,
    id uuid not null,
    kind text not null check (kind in ('brand', 'product', 'person', 'competitor')),
    name text not null,
    aliases text[] not null,
    primary key (workspace, id)
);

create unique index on social.name (workspace, kind, lower(name));

create table social.layer (
    workspace text not null,
    org text not null,
    version int not null,
    state text not null check (state in ('waiting', 'training', 'ready', 'failed')),
    progress real not null default 0,
    by text not null,
    asked_at timestamptz not null,
    held_until timestamptz,  -- whose trainer died is failed
    made_at timestamptz,
    corrections int not null default 0,
    weights bytea,
    figures jsonb not null default '{}',
    primary key (workspace, version)
);

create index on social.layer (asked_at) where state in ('waiting', 'training');

-- Which layer reads (0: none, as it came) and how often the names were changed; both name what processes may keep.
create table social.reader (
    workspace text primary key,
    org text not null,
    layer int not null default 0,
    names int not null default 0
);
