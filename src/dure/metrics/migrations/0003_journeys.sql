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
