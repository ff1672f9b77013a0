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
    tries smallint not null default 0,   -- how often its message was put back because a provider asked for time
    tried_since timestamptz,             -- when that was first
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
) with (fillfactor = 50);                -- what became of a whole set is noted where it lies, and no index is written
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
    topic text not null default '',      -- "" is all topics
    primary key (workspace, person, channel, topic)
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

-- What a workspace's messages go out by. The secret is sealed with a key that is not in the database.
create table campaigns.provider (
    workspace text not null,
    kind text not null,
    settings jsonb not null,
    sealed bytea,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (workspace, kind)
);

-- Where people get pushes. `person` is who they were when they registered; whoever was merged since is found by all
-- of their ids.
create table campaigns.device (
    workspace text not null,
    id uuid not null,
    person uuid not null,
    distinct_id text not null,
    kind text not null check (kind in ('web', 'fcm', 'apns')),
    token text not null,                 -- a browser's endpoint, an app's token
    p256dh bytea,
    auth bytea,
    label text not null default '',
    added_at timestamptz not null,
    seen_at timestamptz not null,
    primary key (workspace, id)
);
create unique index device_token on campaigns.device (workspace, kind, token);
create index device_person on campaigns.device (workspace, person);

-- Cards and banners that wait to be fetched; the id is the message's.
create table campaigns.card (
    workspace text not null,
    id uuid not null,
    campaign text not null,
    person uuid not null,
    distinct_id text not null,
    content jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    seen_at timestamptz,
    clicked_at timestamptz,
    dismissed_at timestamptz,
    primary key (workspace, id)
);
create index card_person on campaigns.card (workspace, person, created_at desc) where dismissed_at is null;
create index card_expires on campaigns.card (expires_at);

-- What came back for a message, each thing once: opened, clicked (by link), bounced, complained, delivered.
create table campaigns.response (
    workspace text not null,
    message uuid not null,
    kind text not null,
    link text not null default '',
    at timestamptz not null,
    primary key (workspace, message, kind, link)
);

-- The events that began people's ways, for campaigns whose texts name them.
create table campaigns.began (
    workspace text not null,
    way uuid not null,
    event jsonb not null,
    primary key (workspace, way)
);

-- What a workspace demands of everything that leaves; without a row, the defaults.
create table campaigns.policy (
    workspace text primary key,
    policy jsonb not null,
    changed_by text not null,
    changed_at timestamptz not null
);

-- Sending is stopped: of the whole workspace (campaign '') or of one campaign, until somebody ends it.
create table campaigns.halt (
    workspace text not null,
    id uuid not null,
    campaign text not null default '',
    by text not null,
    reason text not null,
    why jsonb not null default '{}',     -- what was measured, where it stopped by itself
    at timestamptz not null,
    ended_by text,
    ended_reason text,
    ended_at timestamptz,
    primary key (workspace, id)
);
create unique index halt_open on campaigns.halt (workspace, campaign) where ended_at is null;

-- How much a provider was given lately. The bucket's row is what takers queue at.
create table campaigns.bucket (
    workspace text not null,
    provider text not null,
    primary key (workspace, provider)
);
create table campaigns.permit (
    workspace text not null,
    provider text not null,
    at timestamptz not null,             -- by the database's clock
    count integer not null
);
create index permit_lately on campaigns.permit (workspace, provider, at);

-- A provider that asked for time gets nothing until then, and little for as long again.
create table campaigns.slow (
    workspace text not null,
    provider text not null,
    since timestamptz not null,
    until timestamptz not null,
    primary key (workspace, provider)
);

-- A second person's word on exactly this content, audience and schedule.
create table campaigns.approval (
    workspace text not null,
    id uuid not null,
    campaign text not null,
    hash text not null,
    design jsonb not null,               -- what it is asked for, to show what changed since
    reach bigint not null,
    asked_by text not null,
    asked_at timestamptz not null,
    note text not null default '',
    decision text not null default '' check (decision in ('', 'approved', 'refused')),
    decided_by text not null default '',
    decided_at timestamptz,
    comment text not null default '',
    primary key (workspace, id),
    foreign key (workspace, campaign) references campaigns.campaign
);
create index approval_campaign on campaigns.approval (workspace, campaign, asked_at desc);
create unique index approval_open on campaigns.approval (workspace, campaign) where decision = '';

-- Who changed a campaign last: it is theirs too, and they do not approve it alone.
create table campaigns.edited (
    workspace text not null,
    campaign text not null,
    by text not null,
    at timestamptz not null,
    primary key (workspace, campaign),
    foreign key (workspace, campaign) references campaigns.campaign
);

-- What was launched, and whether it must still be that; asked at every claim.
create table campaigns.launched (
    workspace text not null,
    campaign text not null,
    hash text not null,
    bound boolean not null,
    reach bigint not null,
    by text not null,
    at timestamptz not null,
    primary key (workspace, campaign),
    foreign key (workspace, campaign) references campaigns.campaign
);

-- What would have left a playground.
create table campaigns.recorded (
    workspace text not null,
    key text not null,
    campaign text not null,
    channel text not null,
    address text not null,
    person uuid,
    content jsonb not null,
    at timestamptz not null,
    primary key (workspace, key)
);
create index recorded_lately on campaigns.recorded (workspace, at desc);

-- Messages sent to try one out. They are in no count, no cap and no result.
create table campaigns.trial (
    workspace text not null,
    id uuid not null,
    org text not null,
    campaign text not null,
    node text not null,
    channel text not null,
    kind text not null check (kind in ('test', 'seed')),
    address text not null,
    person uuid,                         -- as whose message it was written
    language text not null default '',   -- in which language, theirs where none is named
    by text not null,
    at timestamptz not null,
    state text not null check (state in ('planned', 'claimed', 'sent', 'failed', 'unknown')),
    detail text not null default '',
    subject text not null default '',
    primary key (workspace, id),
    foreign key (workspace, campaign) references campaigns.campaign
);
create index trial_campaign on campaigns.trial (workspace, campaign, at desc);
create index trial_lately on campaigns.trial (workspace, at);
create index trial_planned on campaigns.trial (at) where state in ('planned', 'claimed');

-- Dry runs under way: how far they are, and whether somebody cancelled one.
create table campaigns.dry_run (
    workspace text not null,
    id text not null,
    campaign text not null,
    done integer not null default 0,
    total integer not null,
    cancelled boolean not null default false,
    at timestamptz not null,
    primary key (workspace, id)
);

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
    arrived bigint not null default 0,
    erased bigint not null default 0     -- grows with every erasure: a reading that began before one keeps nothing
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
