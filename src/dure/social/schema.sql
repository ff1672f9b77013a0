-- What people say outside, how it was read, who looks after it, and when it was more than usual.
create schema social;

create table social.mention (
    workspace text not null,
    org text not null,
    id uuid not null,
    network text not null,
    external text not null,
    author text not null,
    handle text not null,
    voice text not null,  -- who counts as one person: handle, else author, else the post itself
    text text not null,
    url text not null,
    reach bigint not null,
    posted_at timestamptz not null,
    arrived_at timestamptz not null,
    language text not null,
    intent text not null,
    topic text not null,
    sentiment smallint not null,
    confidence real not null,
    original uuid not null,  -- the mention this is a near copy of; its own id when it is none
    copies int not null default 0,
    bands bigint[] not null,
    state text not null check (state in ('new', 'routed', 'done')),
    function text not null default '',
    channel text not null default '',
    corrected_by text not null default '',
    version int not null default 1,
    source uuid,  -- what brought it; null where somebody called
    kind text not null default 'post',
    title text not null default '',
    parent text not null default '',  -- the network's id of what it answers
    thread text not null default '',  -- the network's id of what began the talk
    rating smallint,
    email text not null default '',
    direct boolean not null default false,  -- written to the company alone
    feeling real not null default 0,
    spam real not null default 0,
    entities text[] not null default '{}',
    themes text[] not null default '{}',
    edited_at timestamptz,
    deleted_at timestamptz,
    person uuid,
    account text not null default '',
    primary key (workspace, id),
    unique (workspace, network, external)
);

create index on social.mention (workspace, posted_at desc, id desc);
create index on social.mention (workspace, topic, posted_at);
create index on social.mention (workspace, original);
create index on social.mention (posted_at);
create index on social.mention using gin (bands);
create index on social.mention (workspace, network, thread) where thread <> '';
create index on social.mention (workspace, person) where person is not null;

create table social.spike (
    workspace text not null,
    org text not null,
    id uuid not null,
    topic text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    seen int not null,
    expected double precision not null,
    upper double precision not null,
    peak int not null,
    examples jsonb not null,
    query uuid,
    name text not null default '',
    feeling text not null default '',  -- negative: more bad words than usual
    why jsonb not null default '{}',
    primary key (workspace, id)
);

-- One spike of a topic or a query and a feeling at a time.
create unique index spike_on on social.spike (workspace, topic, coalesce(query, '00000000-0000-0000-0000-000000000000'), feeling) where ended_at is null;
create index on social.spike (workspace, started_at desc);

create table social.rule (
    workspace text not null,
    position int not null,
    conditions jsonb not null,
    function text not null,
    channel text not null,
    primary key (workspace, position)
);

-- What is listened for, and how far history has its label.
create table social.listen_query (
    workspace text not null,
    org text not null,
    id uuid not null,
    name text not null,
    kind text not null check (kind in ('query', 'theme')),
    family text not null,  -- the group that a theme is shown under
    role text not null check (role in ('', 'own', 'rival')),
    text text not null,
    leaves_out text not null,
    watch boolean not null,
    allowed real not null,  -- false alarms a week
    cooldown int not null,  -- hours after a spike in which no other is told
    version int not null,
    history text not null check (history in ('none', 'clear', 'apply', 'done')),
    reached uuid,  -- the last mention of history that has the label
    labelled int not null default 0,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create unique index on social.listen_query (workspace, lower(name));
create index on social.listen_query (changed_at) where history in ('clear', 'apply');

create table social.listen_setting (
    workspace text primary key,
    allowed real not null,
    cooldown int not null,
    minutes real not null  -- that a person takes to hand one mention on
);

create index on social.mention using gin (themes) where themes <> '{}';
