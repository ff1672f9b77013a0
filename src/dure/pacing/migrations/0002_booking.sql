-- Orders, goals in any unit, creatives, trafficking, make-goods, figures by source, and alerts with a life of their own.
create table pacing.insertion_order (
    workspace text not null,
    id text not null,
    name text not null,
    account text not null default '',
    account_name text not null default '',
    deal text not null default '',
    advertiser text not null default '',
    channel text not null default '',
    manager text not null default '',
    currency text not null,
    budget bigint not null check (budget >= 0),
    state text not null default 'active' check (state in ('active', 'closed', 'cancelled')),
    external text not null default '',
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create unique index insertion_order_external on pacing.insertion_order (workspace, external) where external <> '';

alter table pacing.line_item
    add column "order" text not null default '',
    add column goal_unit text not null default 'impressions'
        check (goal_unit in ('impressions', 'clicks', 'views', 'listens', 'spend')),
    add column pacing text not null default 'even' check (pacing in ('even', 'frontloaded', 'custom', 'asap')),
    add column custom_curve double precision[] not null default '{}',
    add column cap bigint check (cap > 0),
    add column cap_daily bigint check (cap_daily > 0),
    add column dayparts smallint[] not null default '{}',
    add column priority smallint not null default 8 check (priority between 1 and 16),
    add column targeting text not null default '',
    add column original text not null default '',
    add column creatives_wanted smallint not null default 0 check (creatives_wanted between 0 and 100),
    add column trafficking text not null default 'open'
        check (trafficking in ('open', 'trafficked', 'approved', 'live')),
    add column trafficked_by text not null default '',
    add column trafficked_at timestamptz,
    add column approved_by text not null default '',
    add column approved_at timestamptz,
    add column launched_at timestamptz,
    add column halfway_at timestamptz,
    add column paused_at timestamptz,
    add column source text not null default '',
    add column look_again boolean not null default false;
update pacing.line_item set trafficking = 'live' where start_day <= current_date;
create index line_item_order on pacing.line_item (workspace, "order") where "order" <> '';

alter table pacing.delivery
    add column views bigint not null default 0 check (views >= 0),
    add column listens bigint not null default 0 check (listens >= 0),
    add column source text not null default '',
    add column as_of timestamptz;
create index delivery_source on pacing.delivery (workspace, source, day);

-- What somebody else counted of the same delivery.
create table pacing.third_party (
    workspace text not null,
    line_item text not null,
    day date not null,
    hour smallint not null default -1 check (hour between -1 and 23),
    source text not null,
    impressions bigint not null check (impressions >= 0),
    clicks bigint not null check (clicks >= 0),
    spend bigint not null default 0 check (spend >= 0),
    views bigint not null default 0 check (views >= 0),
    listens bigint not null default 0 check (listens >= 0),
    as_of timestamptz,
    changed_at timestamptz not null,
    primary key (workspace, line_item, day, hour, source),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade
);

-- Where figures come from. `hourly_through` is the end of the last hour that was reported by the hour.
create table pacing.source (
    workspace text not null,
    name text not null,
    as_of timestamptz,
    hourly_through timestamptz,
    seen_at timestamptz not null,
    primary key (workspace, name)
);
insert into pacing.source (workspace, name, seen_at) select workspace, '', max(changed_at) from pacing.delivery group by workspace;

create table pacing.creative (
    workspace text not null,
    id text not null,
    line_item text not null,
    name text not null,
    kind text not null,
    status text not null check (status in ('missing', 'received', 'checking', 'approved', 'rejected', 'live')),
    reason text not null default '',
    reasons text[] not null default '{}',
    due date,
    width int,
    height int,
    bytes bigint,
    seconds int,
    file_type text not null default '',
    url text not null default '',
    ad_id text not null default '',
    disclosure text not null default '',
    received_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade
);
create index creative_line_item on pacing.creative (workspace, line_item);

-- What a kind of creative has to be, where the workspace says other than what comes with Dure.
create table pacing.creative_spec (
    workspace text not null,
    kind text not null,
    body jsonb not null,
    changed_at timestamptz not null,
    primary key (workspace, kind)
);

create table pacing.makegood (
    workspace text not null,
    id text not null,
    line_item text not null,
    units bigint not null check (units > 0),
    start_day date not null,
    end_day date not null,
    reason text not null default '',
    status text not null check (status in ('proposed', 'approved', 'declined', 'booked')),
    proposed_by text not null,
    proposed_at timestamptz not null,
    decided_by text not null default '',
    decided_at timestamptz,
    booked text not null default '',
    primary key (workspace, id),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade
);
create index makegood_line_item on pacing.makegood (workspace, line_item);

-- An alert is about a line item, or (data_stale) about a source of figures.
alter table pacing.alert drop constraint alert_kind_check;
alter table pacing.alert drop constraint alert_state_check;
alter table pacing.alert drop constraint alert_workspace_line_item_kind_episode_key;
drop index pacing.alert_current;
update pacing.alert set state = 'resolved' where state = 'closed';
alter table pacing.alert
    alter column line_item drop not null,
    add column source text not null default '',
    add column severity text not null default 'warning' check (severity in ('watch', 'warning', 'critical')),
    add column probability double precision not null default 1,
    add column money bigint not null default 0,
    add column checks smallint[] not null default '{}',
    add column flaps int not null default 0,
    add column fine_since timestamptz,
    add column told_severity text not null default '',
    add column told_money bigint not null default 0,
    add column told_share double precision not null default 0,
    add column snoozed_until timestamptz,
    add column snoozed_severity text not null default '',
    add column snoozed_by text not null default '',
    add column acknowledged_at timestamptz,
    add column acknowledged_by text not null default '',
    add column ack_reason text not null default '',
    add column ack_note text not null default '',
    add constraint alert_kind_check check (kind in (
        'not_launched', 'at_risk', 'over', 'stopped', 'creative_rejected', 'creative_missing', 'not_ready',
        'tracking_gap', 'ended_short', 'paused_with_budget', 'data_stale')),
    add constraint alert_state_check check (state in ('pending', 'open', 'clearing', 'resolved')),
    add constraint alert_episode unique nulls not distinct (workspace, line_item, source, kind, episode);
update pacing.alert set told_severity = severity, told_share = worst where notices > 0;
create unique index alert_current on pacing.alert (workspace, line_item, source, kind) nulls not distinct
    where state <> 'resolved';

-- A workspace's own thresholds and hours for alerts.
create table pacing.alert_rules (
    workspace text primary key,
    body jsonb not null,
    changed_by text not null,
    changed_at timestamptz not null
);

-- A file that is being brought in: which of its pieces are in already, and what was found in them.
create table pacing.import_piece (
    workspace text not null,
    digest text not null,
    number int not null,
    answer jsonb not null,
    at timestamptz not null,
    primary key (workspace, digest, number)
);

-- An ad server whose figures are fetched. The cursor is what the connector left off with.
create table pacing.ad_server (
    workspace text not null,
    id text not null,
    kind text not null,
    name text not null,
    settings jsonb not null,
    secret bytea,
    cursor jsonb not null default '{}',
    enabled boolean not null default true,
    pulled_at timestamptz,
    due_at timestamptz not null,
    leased_until timestamptz,
    failures int not null default 0,
    error text not null default '',
    created_at timestamptz not null,
    primary key (workspace, id),
    unique (workspace, name)
);
create index ad_server_due on pacing.ad_server (due_at) where enabled;
