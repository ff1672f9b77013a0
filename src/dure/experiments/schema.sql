-- Experiments with their plans and states, the buckets they hold in layers, the global holdout, and feature flags.
create schema experiments;

create table experiments.experiment (
    workspace text not null,
    id text not null,
    org text not null,
    design jsonb not null,
    state text not null check (state in ('draft', 'running', 'stopped', 'decided')),
    owner text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    stopped_at timestamptz,
    decided_at timestamptz,
    decision jsonb,                      -- {"arm": …, "why": …, "by": …}
    verdict text not null default '',    -- what the newest look said; "" before the first
    looked_at timestamptz,
    primary key (workspace, id)
);

-- Which of a layer's 10,000 buckets a running experiment holds: from `first` up to and without `beyond`.
create table experiments.bucket (
    workspace text not null,
    layer text not null,
    first int not null,
    beyond int not null,
    experiment text not null,
    primary key (workspace, layer, first),
    foreign key (workspace, experiment) references experiments.experiment
);
create index bucket_experiment on experiments.bucket (workspace, experiment);

create table experiments.holdout (
    workspace text primary key,
    share double precision not null,
    round int not null,
    by text not null,
    since timestamptz not null,
    rotate_days int not null default 0,     -- 0: only by hand
    drawn_at timestamptz not null default now()
);

create table experiments.flag (
    workspace text not null,
    key text not null,
    number bigint generated always as identity,  -- the id that PostHog's clients know it by
    org text not null,
    design jsonb not null,
    experiment text,                     -- whose arms it gives out
    version int not null,
    by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, key),
    foreign key (workspace, experiment) references experiments.experiment
);

-- What a flag is for one person, whatever its conditions say.
create table experiments.override (
    workspace text not null,
    flag text not null,
    distinct_id text not null,
    value text not null,                 -- `true`, `false` or a variant
    by text not null,
    at timestamptz not null,
    primary key (workspace, flag, distinct_id),
    foreign key (workspace, flag) references experiments.flag on delete cascade
);

-- Rises with every change of what flags answer, so that each process knows when what it remembers is old.
create table experiments.edition (
    workspace text primary key,
    number bigint not null
);
