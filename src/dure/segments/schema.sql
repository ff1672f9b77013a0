-- Segments: rules, who is in them now, how large they were, and what was handed over.
create schema segments;

create table segments.segment (
    workspace text not null,
    id text not null,
    org text not null,
    name jsonb not null,                 -- {"ko": …, "en": …}
    about jsonb not null,
    rule jsonb not null,
    built_in text not null default '',
    created_by text not null,
    created_at timestamptz not null,
    computed_at timestamptz,             -- null: never, or its rule changed since
    size int,
    primary key (workspace, id)
);
create unique index segment_built_in on segments.segment (workspace, built_in) where built_in <> '';

create table segments.member (
    workspace text not null,
    segment text not null,
    person uuid not null,
    since timestamptz not null,
    primary key (workspace, segment, person),
    foreign key (workspace, segment) references segments.segment on delete cascade
);
create index member_person on segments.member (workspace, person);

-- How far a segment is computed, so that only what changed since is looked at.
create table segments.standing (
    workspace text not null,
    segment text not null,
    fingerprint text not null,           -- of the rule with everything it stands for: another one is computed wholly
    seen bigint not null,                -- the feed's position up to which what came into the log is accounted for
    at timestamptz not null,             -- the moment for which the members are right
    whole_at timestamptz not null,       -- when everybody was looked at the last time
    revision bigint not null default 1,  -- counts the computations, so that none is written over a newer one
    primary key (workspace, segment),
    foreign key (workspace, segment) references segments.segment on delete cascade
);

-- Every rule that a segment had, from when on.
create table segments.past_rule (
    workspace text not null,
    segment text not null,
    at timestamptz not null,
    rule jsonb not null,
    by text not null,
    primary key (workspace, segment, at),
    foreign key (workspace, segment) references segments.segment on delete cascade
);

create table segments.size (
    workspace text not null,
    segment text not null,
    at timestamptz not null,
    size int not null,
    entered int not null,
    gone int not null,                   -- `left` is a reserved word
    primary key (workspace, segment, at),
    foreign key (workspace, segment) references segments.segment on delete cascade
);

create table segments.handover (
    workspace text not null,
    id text not null,
    segment text not null,
    to_function text not null,
    channel text not null,
    purpose text not null,
    control_share double precision not null,
    control int not null,
    treated int not null,
    expires_at timestamptz,
    by text not null,
    at timestamptz not null,
    from_function text not null default 'product',
    goal jsonb,
    "window" text not null default '14d', -- how long after handing over the goal counts
    score text not null default '',
    model text not null default '',      -- the score's version whose deciles and reasons go along
    refused int not null default 0,      -- who was left out for want of consent
    ended_at timestamptz,
    outcome jsonb,
    primary key (workspace, id),
    foreign key (workspace, segment) references segments.segment
);
create index handover_open on segments.handover (expires_at) where ended_at is null;

-- The two lists as they were at the moment of handing over; the segment goes on changing.
create table segments.handover_person (
    workspace text not null,
    handover text not null,
    person uuid not null,
    control boolean not null,
    decile smallint,
    reasons jsonb not null default '[]',
    primary key (workspace, handover, person),
    foreign key (workspace, handover) references segments.handover
);

-- What was sent out of a handover, written before anything leaves; the control is never in it.
create table segments.handover_export (
    workspace text not null,
    id text not null,
    handover text not null,
    kind text not null,                  -- csv, webhook, s3
    form text not null,                  -- contract, google, meta
    place text not null,
    state text not null,                 -- sending, done, failed, unknown
    people int not null default 0,
    without_consent int not null default 0,
    without_address int not null default 0,
    sha256 text not null default '',
    said text not null default '',
    by text not null,
    at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, handover) references segments.handover
);
create index handover_export_of on segments.handover_export (workspace, handover, at);

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
