-- What ad operations has to deliver. Days are the workspace's own, in its time zone.
create schema pacing;

-- What a customer ordered: line items under one budget.
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

create table pacing.line_item (
    workspace text not null,
    id text not null,
    name text not null,
    account text not null default '',
    account_name text not null default '',
    deal text not null default '',
    campaign text not null default '',
    channel text not null default '',
    manager text not null default '',
    format text not null default '',
    goal bigint not null check (goal > 0),
    budget bigint not null check (budget >= 0),
    currency text not null,
    start_day date not null,
    end_day date not null,
    state text not null default 'active' check (state in ('active', 'paused', 'cancelled')),
    external text not null default '',
    created_at timestamptz not null,
    changed_at timestamptz not null,
    delivered_at timestamptz,
    ended_at timestamptz,
    "order" text not null default '',
    goal_unit text not null default 'impressions'
        check (goal_unit in ('impressions', 'clicks', 'views', 'listens', 'spend')),
    pacing text not null default 'even' check (pacing in ('even', 'frontloaded', 'custom', 'asap')),
    custom_curve double precision[] not null default '{}',
    cap bigint check (cap > 0),
    cap_daily bigint check (cap_daily > 0),
    dayparts smallint[] not null default '{}',
    priority smallint not null default 8 check (priority between 1 and 16),
    targeting text not null default '',
    original text not null default '',
    creatives_wanted smallint not null default 0 check (creatives_wanted between 0 and 100),
    trafficking text not null default 'open'
        check (trafficking in ('open', 'trafficked', 'approved', 'live')),
    trafficked_by text not null default '',
    trafficked_at timestamptz,
    approved_by text not null default '',
    approved_at timestamptz,
    launched_at timestamptz,
    halfway_at timestamptz,
    paused_at timestamptz,
    source text not null default '',
    look_again boolean not null default false,
    primary key (workspace, id),
    check (end_day >= start_day)
);
create unique index line_item_external on pacing.line_item (workspace, external) where external <> '';
create index line_item_running on pacing.line_item (workspace, start_day) where ended_at is null;
create index line_item_order on pacing.line_item (workspace, "order") where "order" <> '';

-- One figure an hour, or one a day (hour -1). Where a day has both, the day's own figure counts.
create table pacing.delivery (
    workspace text not null,
    line_item text not null,
    day date not null,
    hour smallint not null default -1 check (hour between -1 and 23),
    impressions bigint not null check (impressions >= 0),
    clicks bigint not null check (clicks >= 0),
    spend bigint not null check (spend >= 0),
    changed_at timestamptz not null,
    views bigint not null default 0 check (views >= 0),
    listens bigint not null default 0 check (listens >= 0),
    source text not null default '',
    as_of timestamptz,
    primary key (workspace, line_item, day, hour),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade
);
create index delivery_day on pacing.delivery (workspace, day);
create index delivery_source on pacing.delivery (workspace, source, day);

-- What was learned from every flight of the workspace.
create table pacing.curve (
    workspace text primary key,
    learned_at timestamptz not null,
    data_through date not null,
    flights int not null,
    body jsonb not null
);

-- Where each line item stood when it was last looked at.
create table pacing.outlook (
    workspace text not null,
    line_item text not null,
    status text not null,
    as_of date,
    delivered bigint not null,
    low bigint,
    middle bigint,
    high bigint,
    straight bigint,
    miss double precision,
    needed_per_day bigint,
    expected_per_day bigint,
    running_per_day bigint,
    days_left int not null,
    reason text not null default '',
    assessed_at timestamptz not null,
    primary key (workspace, line_item),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade
);

-- An alert is about a line item, or (data_stale) about a source of figures.
create table pacing.alert (
    workspace text not null,
    id text not null,
    line_item text,
    kind text not null,
    state text not null,
    episode int not null,
    notices int not null,
    worst double precision not null,
    data_day date not null,
    seen_at timestamptz not null,
    raised_at timestamptz,
    notified_at timestamptz,
    closed_at timestamptz,
    closed_because text not null default '',
    facts jsonb not null,
    source text not null default '',
    severity text not null default 'warning' check (severity in ('watch', 'warning', 'critical')),
    probability double precision not null default 1,
    money bigint not null default 0,
    checks smallint[] not null default '{}',
    flaps int not null default 0,
    fine_since timestamptz,
    told_severity text not null default '',
    told_money bigint not null default 0,
    told_share double precision not null default 0,
    snoozed_until timestamptz,
    snoozed_severity text not null default '',
    snoozed_by text not null default '',
    acknowledged_at timestamptz,
    acknowledged_by text not null default '',
    ack_reason text not null default '',
    ack_note text not null default '',
    primary key (workspace, id),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade,
    constraint alert_kind_check check (kind in (
        'not_launched', 'at_risk', 'over', 'stopped', 'creative_rejected', 'creative_missing', 'not_ready',
        'tracking_gap', 'ended_short', 'paused_with_budget', 'data_stale')),
    constraint alert_state_check check (state in ('pending', 'open', 'clearing', 'resolved')),
    constraint alert_episode unique nulls not distinct (workspace, line_item, source, kind, episode)
);
create unique index alert_current on pacing.alert (workspace, line_item, source, kind) nulls not distinct
    where state <> 'resolved';

-- When a workspace's line items were asked to be looked at, and when that was last done.
create table pacing.assessment (
    workspace text primary key,
    asked_at timestamptz not null,
    done_at timestamptz
);

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
