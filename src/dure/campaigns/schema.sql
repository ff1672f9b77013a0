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
