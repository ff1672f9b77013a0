-- Campaigns: designs, who entered, what became of each message, who must not be written to, what can be recommended.
create schema campaigns;

create table campaigns.campaign (
    workspace text not null,
    id text not null,
    org text not null,
    design jsonb not null,               -- as it is being worked on; what people are on is a version
    status text not null check (status in ('draft', 'live', 'paused', 'stopped', 'finished')),
    created_by text not null,
    created_at timestamptz not null,
    launched_at timestamptz,
    version integer not null default 0,  -- on which people start now; 0 before the first launch
    since bigint not null default 0,     -- the feed's position from which its trigger counts
    primary key (workspace, id)
);

-- What was launched, as it was: people stay on theirs while the campaign changes.
create table campaigns.version (
    workspace text not null,
    campaign text not null,
    version integer not null,
    design jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    primary key (workspace, campaign, version),
    foreign key (workspace, campaign) references campaigns.campaign
);

-- How often what a workspace's campaigns listen to was changed.
create table campaigns.listening (
    workspace text primary key,
    generation bigint not null
);

-- One way of one person through one campaign, where it stands and when it goes on. A way that waits costs its row.
create table campaigns.way (
    workspace text not null,
    id uuid not null,
    campaign text not null,
    version integer not null,
    person uuid not null,
    distinct_id text not null default '',
    key text not null,                   -- what makes it the same one: once, an occurrence, a trigger's message id
    arm text not null default '' check (arm in ('control', 'treated', '')),  -- '' before anything would be done
    state text not null check (state in ('moving', 'waiting', 'done', 'left')),
    reason text not null default '',
    node text not null default '',
    queue smallint not null default 0,   -- who takes it on: movers, or those who send on a channel
    due timestamptz,                     -- when it is taken on; null: never more
    parked timestamptz,                  -- what `due` was when its campaign was paused
    entered_at timestamptz not null,
    since timestamptz not null,          -- only what happened after this counts at the node
    mark bigint not null default 0,      -- how far the log must be before it is asked about this person
    left_at timestamptz,
    primary key (workspace, id)
);
create unique index way_person on campaigns.way (workspace, campaign, person, key);
create index way_due on campaigns.way (queue, due) where due is not null;

-- One message of one way at one node. The row is there, claimed, before anything is handed to anybody outside.
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
    items text[],                        -- what was recommended in it
    entered_at timestamptz not null,
    changed_at timestamptz not null,
    way uuid,
    version integer not null default 1,
    node text not null default 'message',
    channel text not null default 'email',
    claimed_at timestamptz,              -- never changes; null where nothing was to go out
    primary key (workspace, id)
);
create index message_campaign on campaigns.message (workspace, campaign, entered_at desc);
-- At most once a way and node, whatever dies.
create unique index message_way on campaigns.message (way, node);
-- What caps look at: messages that were claimed; those that certainly did not go out have another state since.
create index message_cap on campaigns.message (workspace, person, claimed_at) where claimed_at is not null;

-- Messages that a worker has in hand. When its lease is over nobody can know what became of those still claimed.
create table campaigns.claim (
    id uuid primary key,
    workspace text not null,
    worker uuid not null,
    messages uuid[] not null,
    lease_until timestamptz not null     -- by the database's clock
);
create index claim_lease on campaigns.claim (lease_until);

-- A time at which a campaign takes its audience in.
create table campaigns.occurrence (
    workspace text not null,
    campaign text not null,
    key text not null,
    version integer not null,
    due timestamptz not null,
    state text not null check (state in ('planned', 'entering', 'done', 'cancelled')),
    people bigint not null default 0,    -- in the audience
    entered bigint not null default 0,   -- looked at so far
    begun_at timestamptz,
    done_at timestamptz,
    primary key (workspace, campaign, key),
    foreign key (workspace, campaign) references campaigns.campaign
);
create index occurrence_due on campaigns.occurrence (due) where state in ('planned', 'entering');

-- An audience as it was at that time, in parts; a part that was taken in is gone.
create table campaigns.snapshot (
    workspace text not null,
    campaign text not null,
    key text not null,
    part integer not null,
    people uuid[] not null,
    primary key (workspace, campaign, key, part)
);

-- How many, so that nobody counts a million rows to draw a screen. `what` is here, reached, left, state:…, reason:…,
-- arm:…
create table campaigns.tally (
    workspace text not null,
    campaign text not null,
    node text not null,
    what text not null,
    n bigint not null,
    primary key (workspace, campaign, node, what)
);

-- How many messages went out in each minute.
create table campaigns.pace (
    workspace text not null,
    campaign text not null,
    minute timestamptz not null,
    sent bigint not null,
    primary key (workspace, campaign, minute)
);

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
    primary key (workspace, id)
);
