-- What a workspace demands of everything that leaves; without a row, the defaults.
create table campaigns.policy (
    workspace text primary key,
    policy jsonb not null,
    changed_by text not null,
    changed_at timestamptz not null
);

-- Consent by topic beside channel; "" is all topics.
alter table campaigns.consent add column topic text not null default '';
alter table campaigns.consent drop constraint consent_pkey;
alter table campaigns.consent add primary key (workspace, person, channel, topic);

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
