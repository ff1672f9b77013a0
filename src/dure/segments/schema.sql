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
    primary key (workspace, id),
    foreign key (workspace, segment) references segments.segment
);

-- The two lists as they were at the moment of handing over; the segment goes on changing.
create table segments.handover_person (
    workspace text not null,
    handover text not null,
    person uuid not null,
    control boolean not null,
    primary key (workspace, handover, person),
    foreign key (workspace, handover) references segments.handover
);
