-- How far each segment is computed, so that only what changed is looked at; and the rules of the past.
create table segments.standing (
    workspace text not null,
    segment text not null,
    fingerprint text not null,
    seen bigint not null,
    at timestamptz not null,
    whole_at timestamptz not null,
    revision bigint not null default 1,
    primary key (workspace, segment),
    foreign key (workspace, segment) references segments.segment on delete cascade
);

create table segments.past_rule (
    workspace text not null,
    segment text not null,
    at timestamptz not null,
    rule jsonb not null,
    by text not null,
    primary key (workspace, segment, at),
    foreign key (workspace, segment) references segments.segment on delete cascade
);
insert into segments.past_rule (workspace, segment, at, rule, by)
select workspace, id, created_at, rule, created_by from segments.segment;
