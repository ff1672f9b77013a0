-- What sales works on. Ids are shaped as Salesforce shapes them: 001 account, 003 contact, 006 opportunity.
create schema deals;

create table deals.account (
    workspace text not null,
    id text not null,
    name text not null,
    industry text not null default '',
    country text not null default '',
    size int not null default 0,
    domain text not null default '',
    external text not null default '',
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create unique index account_external on deals.account (workspace, external) where external <> '';
create index account_name on deals.account (workspace, lower(name));

create table deals.contact (
    workspace text not null,
    id text not null,
    account text not null,
    name text not null,
    email text not null default '',
    title text not null default '',
    created_at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, account) references deals.account (workspace, id)
);
create index contact_account on deals.contact (workspace, account);

create table deals.stage (
    workspace text not null,
    key text not null,
    name_ko text not null,
    name_en text not null,
    probability int not null check (probability between 0 and 100),
    position int not null,
    outcome text not null default '' check (outcome in ('', 'won', 'lost')),
    primary key (workspace, key)
);

-- `entries` counts how often the opportunity entered a stage; `version` grows with every change.
create table deals.opportunity (
    workspace text not null,
    id text not null,
    name text not null,
    slug text not null,
    account text not null,
    amount bigint not null,
    currency text not null,
    stage text not null,
    owner text not null,
    close_date date not null,
    next_step text not null default '',
    channel text not null default '',
    lost_reason text not null default '',
    external text not null default '',
    entries int not null default 1,
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    entered_stage_at timestamptz not null,
    closed_at timestamptz,
    primary key (workspace, id),
    foreign key (workspace, account) references deals.account (workspace, id),
    foreign key (workspace, stage) references deals.stage (workspace, key)
);
create unique index opportunity_slug on deals.opportunity (workspace, slug);
create unique index opportunity_external on deals.opportunity (workspace, external) where external <> '';
create index opportunity_open on deals.opportunity (workspace, stage) where closed_at is null;
create index opportunity_account on deals.opportunity (workspace, account);

create table deals.team_member (
    workspace text not null,
    opportunity text not null,
    member text not null,
    role text not null default '',
    primary key (workspace, opportunity, member),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);

-- What stage, amount and close date were after each change of one of them.
create table deals.history (
    workspace text not null,
    opportunity text not null,
    number int not null,
    at timestamptz not null,
    actor text not null,
    stage text not null,
    probability int not null,
    amount bigint not null,
    currency text not null,
    close_date date not null,
    primary key (workspace, opportunity, number),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);
