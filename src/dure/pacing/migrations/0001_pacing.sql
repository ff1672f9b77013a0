-- What ad operations has to deliver. Days are the workspace's own, in its time zone.
create schema pacing;

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
    primary key (workspace, id),
    check (end_day >= start_day)
);
create unique index line_item_external on pacing.line_item (workspace, external) where external <> '';
create index line_item_running on pacing.line_item (workspace, start_day) where ended_at is null;

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
    primary key (workspace, line_item, day, hour),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade
);
create index delivery_day on pacing.delivery (workspace, day);

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

create table pacing.alert (
    workspace text not null,
    id text not null,
    line_item text not null,
    kind text not null check (kind in ('at_risk', 'not_launched')),
    state text not null check (state in ('pending', 'open', 'closed')),
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
    primary key (workspace, id),
    unique (workspace, line_item, kind, episode),
    foreign key (workspace, line_item) references pacing.line_item (workspace, id) on delete cascade
);
create unique index alert_current on pacing.alert (workspace, line_item, kind) where state <> 'closed';

-- When a workspace's line items were asked to be looked at, and when that was last done.
create table pacing.assessment (
    workspace text primary key,
    asked_at timestamptz not null,
    done_at timestamptz
);
