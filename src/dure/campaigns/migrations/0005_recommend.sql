-- Recommendations: a catalogue that knows when things are on, what people heard, what was learned, how each kind did.
alter table campaigns.item
    add column kind text not null default 'broadcast' check (kind in ('broadcast', 'creator', 'product')),
    add column language text not null default '',
    add column live_from timestamptz,
    add column live_to timestamptz,
    add column blocked boolean not null default false,
    add column attributes jsonb not null default '{}',
    add column created_at timestamptz not null default now(),
    add column changed bigint not null default 0;
create index item_changed on campaigns.item (workspace, changed);

-- Creators whose items staff keeps out of every recommendation.
create table campaigns.blocked_creator (
    workspace text not null,
    creator text not null,
    by text not null,
    at timestamptz not null,
    primary key (workspace, creator)
);

-- How far recommendations are: which events they go by, up to where the log was read, which model is the newest.
create table campaigns.recommending (
    workspace text primary key,
    org text not null,
    selectors jsonb not null,
    catalogue bigint not null default 0, -- grows with every change of the catalogue or of what is blocked
    read_to timestamptz,                 -- arrival time up to which the log is in the histories
    read_at timestamptz,
    version integer not null default 0,
    fitted_at timestamptz,
    seconds double precision not null default 0,
    people integer not null default 0,
    tokens integer not null default 0,
    listens bigint not null default 0,
    stage text not null default '',
    done bigint not null default 0,
    total bigint not null default 0,
    cancel boolean not null default false,
    wanted boolean not null default false,
    error text not null default '',
    measured_at timestamptz,
    learned_from bigint not null default 0,
    arrived bigint not null default 0
);

-- Items and creators as the log names them; the number is what histories and models call them.
create table campaigns.token (
    workspace text not null,
    number integer not null,
    what text not null check (what in ('item', 'creator')),
    id text not null,
    genre text not null default '',
    listeners integer not null default 0,
    heat double precision not null default 0,   -- plays, halved every three days, as of heat_at
    heat_at bigint not null default 0,
    primary key (workspace, number),
    unique (workspace, what, id)
);

-- What a person heard lately, packed: token, last time, plays, follows or blocks.
create table campaigns.history (
    workspace text not null,
    person uuid not null,
    entries bytea not null,
    primary key (workspace, person)
);
alter table campaigns.history alter column entries set storage main;

-- What was learned of items, as arrays; nothing in it is of one person.
create table campaigns.taste (
    workspace text not null,
    version integer not null,
    name text not null,
    arrays bytea not null,
    primary key (workspace, version, name)
);
alter table campaigns.taste alter column arrays set storage external;

-- How each kind did, counted anew from the log; the blend draws from it.
create table campaigns.kind_outcome (
    workspace text not null,
    kind text not null,
    shown bigint not null,
    clicked bigint not null,
    consumed bigint not null,
    won bigint not null,
    primary key (workspace, kind)
);

-- Demand tests: a question asked of people by a campaign.
create table campaigns.demand_test (
    workspace text not null,
    id text not null,
    campaign text not null,
    question jsonb not null,
    segment text not null,               -- the list made of its people, '' where a rule names them
    door jsonb,                          -- what the page behind the link says, null where there is none
    created_by text not null,
    created_at timestamptz not null,
    primary key (workspace, id),
    unique (workspace, campaign),
    foreign key (workspace, campaign) references campaigns.campaign
);

-- When somebody saw a test's page first, and when they pressed “interested”.
create table campaigns.demand_answer (
    workspace text not null,
    test text not null,
    person uuid not null,
    shown_at timestamptz,
    wanted_at timestamptz,
    primary key (workspace, test, person)
);
