alter table metrics.metric
    add column owner text not null default '',
    add column tags text[] not null default '{}',
    add column verified_by text not null default '',
    add column verified_at timestamptz;

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
