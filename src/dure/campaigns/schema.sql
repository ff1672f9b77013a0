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
    primary key (workspace, id)
);

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
