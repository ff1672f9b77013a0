-- Campaigns: designs, who entered, what became of each message, who must not be written to, what can be recommended.
create schema campaigns;

create table campaigns.campaign (
    workspace text not null,
    id text not null,
    org text not null,
    design jsonb not null,
    status text not null check (status in ('draft', 'live', 'stopped')),
    automation text not null default '',
    created_by text not null,
    created_at timestamptz not null,
    launched_at timestamptz,
    primary key (workspace, id)
);

-- One way of one person through one campaign. The claim is here before anything is handed to a mail server.
create table campaigns.claim (
    workspace text not null,
    campaign text not null,
    person uuid not null,
    trigger_key text not null,
    message uuid not null,
    at timestamptz not null,
    primary key (workspace, campaign, person, trigger_key),
    foreign key (workspace, campaign) references campaigns.campaign
);

create table campaigns.message (
    workspace text not null,
    id uuid not null,
    campaign text not null,
    person uuid not null,
    distinct_id text not null,
    arm text not null check (arm in ('control', 'treated', '')),
    state text not null check (state in ('waiting', 'claimed', 'sent', 'failed', 'unknown', 'held', 'skipped')),
    reason text not null default '',
    detail text not null default '',
    address text not null default '',
    subject text not null default '',
    items text[],                        -- what was recommended when they entered
    entered_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, campaign) references campaigns.campaign
);
create index message_campaign on campaigns.message (workspace, campaign, entered_at desc);
-- What the cap looks at: messages that went out, or may have.
create index message_cap on campaigns.message (workspace, person, changed_at)
    where state in ('claimed', 'sent', 'unknown');

-- An address that must not be written to, whoever it belongs to.
create table campaigns.suppression (
    workspace text not null,
    address text not null,               -- lower case
    reason text not null,
    at timestamptz not null,
    primary key (workspace, address)
);

create table campaigns.consent (
    workspace text not null,
    person uuid not null,
    channel text not null,
    allowed boolean not null,
    source text not null,
    at timestamptz not null,
    primary key (workspace, person, channel)
);

-- The secret in a letter's way out of the list, as its SHA-256.
create table campaigns.way_out (
    digest bytea primary key,
    org text not null,
    workspace text not null,
    message uuid not null
);

create table campaigns.item (
    workspace text not null,
    id text not null,
    title jsonb not null,                -- {"ko": …, "en": …}
    creator text not null default '',
    genre text not null default '',
    url text not null default '',
    changed_at timestamptz not null,
    kind text not null default 'broadcast' check (kind in ('broadcast', 'creator', 'product')),
    language text not null default '',
    live_from timestamptz,
    live_to timestamptz,
    blocked boolean not null default false,
    attributes jsonb not null default '{}',
    created_at timestamptz not null default now(),
    changed bigint not null default 0,   -- the catalogue's number when it changed last
    primary key (workspace, id)
);
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
    learned_from bigint not null default 0
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
