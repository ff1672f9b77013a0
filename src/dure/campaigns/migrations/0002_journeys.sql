-- Journeys: people's ways through campaigns are rows that move in sets; automations no longer carry them.

alter table campaigns.campaign drop constraint campaign_status_check;
alter table campaigns.campaign drop column automation;
alter table campaigns.campaign add constraint campaign_status_check
    check (status in ('draft', 'live', 'paused', 'stopped', 'finished'));
alter table campaigns.campaign add column version integer not null default 0;
alter table campaigns.campaign add column since bigint not null default 0;
update campaigns.campaign set version = 1 where launched_at is not null;

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
insert into campaigns.version
    select workspace, id, 1, design, created_by, launched_at from campaigns.campaign where launched_at is not null;

create table campaigns.listening (
    workspace text primary key,
    generation bigint not null
);

create table campaigns.way (
    workspace text not null,
    id uuid not null,
    campaign text not null,
    version integer not null,
    person uuid not null,
    distinct_id text not null default '',
    key text not null,
    arm text not null default '' check (arm in ('control', 'treated', '')),
    state text not null check (state in ('moving', 'waiting', 'done', 'left')),
    reason text not null default '',
    node text not null default '',
    queue smallint not null default 0,
    due timestamptz,
    parked timestamptz,
    entered_at timestamptz not null,
    since timestamptz not null,
    mark bigint not null default 0,
    left_at timestamptz,
    primary key (workspace, id)
);
create unique index way_person on campaigns.way (workspace, campaign, person, key);
create index way_due on campaigns.way (queue, due) where due is not null;
-- Whoever went through a campaign before journeys has had their way.
insert into campaigns.way (workspace, id, campaign, version, person, key, arm, state, reason, entered_at, since, left_at)
    select c.workspace, c.message, c.campaign, 1, c.person, c.trigger_key, coalesce(m.arm, ''), 'done',
           coalesce(m.reason, ''), c.at, c.at, c.at
    from campaigns.claim c left join campaigns.message m on m.workspace = c.workspace and m.id = c.message;
drop table campaigns.claim;

alter table campaigns.message drop constraint message_workspace_campaign_fkey;
alter table campaigns.message add column way uuid;
alter table campaigns.message add column version integer not null default 1;
alter table campaigns.message add column node text not null default 'message';
alter table campaigns.message add column channel text not null default 'email';
alter table campaigns.message add column claimed_at timestamptz;
update campaigns.message set way = id where exists (
    select from campaigns.way w where w.workspace = message.workspace and w.id = message.id);
update campaigns.message set claimed_at = changed_at where state in ('claimed', 'sent', 'unknown');
create unique index message_way on campaigns.message (way, node);
drop index campaigns.message_cap;
create index message_cap on campaigns.message (workspace, person, claimed_at) where claimed_at is not null;

create table campaigns.claim (
    id uuid primary key,
    workspace text not null,
    worker uuid not null,
    messages uuid[] not null,
    lease_until timestamptz not null
);
create index claim_lease on campaigns.claim (lease_until);

create table campaigns.occurrence (
    workspace text not null,
    campaign text not null,
    key text not null,
    version integer not null,
    due timestamptz not null,
    state text not null check (state in ('planned', 'entering', 'done', 'cancelled')),
    people bigint not null default 0,
    entered bigint not null default 0,
    begun_at timestamptz,
    done_at timestamptz,
    primary key (workspace, campaign, key),
    foreign key (workspace, campaign) references campaigns.campaign
);
create index occurrence_due on campaigns.occurrence (due) where state in ('planned', 'entering');

create table campaigns.snapshot (
    workspace text not null,
    campaign text not null,
    key text not null,
    part integer not null,
    people uuid[] not null,
    primary key (workspace, campaign, key, part)
);

create table campaigns.tally (
    workspace text not null,
    campaign text not null,
    node text not null,
    what text not null,
    n bigint not null,
    primary key (workspace, campaign, node, what)
);
insert into campaigns.tally
    select workspace, campaign, 'message', what, count(*) from (
        select workspace, campaign, 'state:' || state as what from campaigns.message
        union all
        select workspace, campaign, 'reason:' || reason from campaigns.message where reason <> ''
        union all
        select workspace, campaign, 'arm:' || arm from campaigns.message where arm <> ''
    ) as m group by workspace, campaign, what;

create table campaigns.pace (
    workspace text not null,
    campaign text not null,
    minute timestamptz not null,
    sent bigint not null,
    primary key (workspace, campaign, minute)
);
