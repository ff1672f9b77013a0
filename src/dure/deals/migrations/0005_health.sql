-- How deals are doing, what was done about them, and how likely they are to be won.
create table deals.activity (
    workspace text not null,
    opportunity text not null,
    message text not null,
    at timestamptz not null,
    kind text not null
        check (kind in ('message', 'reaction', 'meeting', 'forward', 'back', 'slip', 'work')),
    customer boolean not null default false,
    who text not null default '',
    place text not null default '',
    thread text not null default '',
    asks boolean,
    primary key (workspace, opportunity, message),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);
create index activity_at on deals.activity (workspace, opportunity, at);

create table deals.health (
    workspace text not null,
    opportunity text not null,
    score int check (score between 0 and 100),
    band text check (band in ('good', 'fair', 'poor')),
    why text not null default '',
    parts jsonb not null default '[]',
    reasons text[] not null default '{}',
    last_theirs timestamptz,
    computed_at timestamptz not null,
    stale boolean not null,
    primary key (workspace, opportunity),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);

create table deals.health_norm (
    workspace text primary key,
    at timestamptz not null,
    stage_days jsonb not null,
    momenta jsonb not null
);

create table deals.catching_up (
    workspace text not null,
    opportunity text not null,
    channel text not null,
    primary key (workspace, opportunity),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);

create table deals.win_model (
    workspace text primary key,
    learned_at timestamptz not null,
    told_at timestamptz,
    card jsonb not null,
    model jsonb,
    drift double precision not null default 0
);

create table deals.win_chance (
    workspace text not null,
    opportunity text not null,
    chance double precision check (chance between 0 and 1),
    why text not null default '',
    reasons jsonb not null default '[]',
    at timestamptz not null,
    primary key (workspace, opportunity),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);

create index opportunity_channel on deals.opportunity (workspace, channel) where channel <> '';
