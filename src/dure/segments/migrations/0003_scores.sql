-- Stages of everybody, and scores.
create table segments.stage_settings (
    workspace text primary key,
    settings jsonb not null,
    computed_at timestamptz              -- null: never, or the settings changed since
);

-- Everybody at the newest computation, each once: the key is what makes stages exclusive.
create table segments.person_stage (
    workspace text not null,
    person uuid not null,
    stage text not null,
    since timestamptz not null,
    primary key (workspace, person)
);
create index person_stage_stage on segments.person_stage (workspace, stage, person);

-- Hand-made lists that no hand fills: `by` is `stage:NAME` or `score:ID:FROM-TO` (deciles).
create table segments.filled (
    workspace text not null,
    segment text not null,
    by text not null,
    primary key (workspace, segment),
    unique (workspace, by),
    foreign key (workspace, segment) references segments.segment on delete cascade
);

create table segments.score (
    workspace text not null,
    id text not null,
    org text not null,
    name jsonb not null,
    settings jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    model text not null default '',      -- the version in use
    scored_at timestamptz,
    primary key (workspace, id)
);

-- A version of a score's model: everything it knows is numbers in `coefficients`.
create table segments.score_model (
    workspace text not null,
    score text not null,
    id text not null,
    trained_at timestamptz not null,
    coefficients jsonb not null,
    card jsonb not null,
    drift jsonb,                         -- of the newest scoring; null: not scored since
    primary key (workspace, score, id),
    foreign key (workspace, score) references segments.score on delete cascade
);

create table segments.score_person (
    workspace text not null,
    score text not null,
    person uuid not null,
    value double precision not null,
    decile smallint not null,            -- 1 is the tenth with the highest values
    reasons jsonb not null,
    primary key (workspace, score, person),
    foreign key (workspace, score) references segments.score on delete cascade
);
create index score_person_value on segments.score_person (workspace, score, value desc, person);

-- The newest work on a score: asked for, taken by one process for a time, then done, refused, failed or cancelled.
create table segments.score_work (
    workspace text not null,
    score text not null,
    kind text not null,                  -- train or score
    state text not null,                 -- waiting, running, done, refused, failed, cancelled
    by text not null,
    asked_at timestamptz not null,
    until timestamptz,                   -- how long the process that runs it may be silent
    ended_at timestamptz,
    done int not null default 0,
    total int not null default 0,
    said jsonb not null default '{}',    -- what is missing or went wrong
    primary key (workspace, score),
    foreign key (workspace, score) references segments.score on delete cascade
);
create index score_work_open on segments.score_work (asked_at) where state in ('waiting', 'running');
