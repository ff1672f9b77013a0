create schema metrics;

-- The catalogue: what the company means by a number, once for everybody.
create table metrics.metric (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    about_ko text not null default '',
    about_en text not null default '',
    function text not null default '',
    question jsonb not null,
    reading jsonb not null default '{}',
    unit text not null default 'count',
    currency text not null default '',
    direction text not null default 'up' check (direction in ('up', 'down')),
    target double precision,
    verified boolean not null default false,
    version int not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    owner text not null default '',
    tags text[] not null default '{}',
    verified_by text not null default '',
    verified_at timestamptz,
    primary key (workspace, id)
);

-- What a metric was before each change, so that an old number can be explained.
create table metrics.revision (
    workspace text not null,
    metric text not null,
    version int not null,
    actor text not null,
    at timestamptz not null,
    body jsonb not null,
    primary key (workspace, metric, version),
    foreign key (workspace, metric) references metrics.metric on delete cascade
);

create table metrics.board (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    tiles jsonb not null default '[]',
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (workspace, id)
);

-- A number and the numbers that make it: nodes are metrics, edges say how an input goes into its parent.
create table metrics.tree (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    about_ko text not null default '',
    about_en text not null default '',
    root text not null,
    nodes jsonb not null,
    edges jsonb not null,
    version int not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (workspace, id)
);

-- Journey maps: stages in order that product and marketing draw together.
create table metrics.journey (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    about_ko text not null default '',
    about_en text not null default '',
    stages jsonb not null,
    activity jsonb not null default '[]',
    version int not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (workspace, id)
);

-- What a map was under each version, and who made it so.
create table metrics.journey_revision (
    workspace text not null,
    journey text not null,
    version int not null,
    actor text not null,
    at timestamptz not null,
    body jsonb not null,
    primary key (workspace, journey, version),
    foreign key (workspace, journey) references metrics.journey on delete cascade
);
