-- The relationship with an account: its channels, what was said in them, and how it stands.

-- Channels of an account, as channels tell; `caught_up` once what was said there before is read.
create table deals.account_channel (
    workspace text not null,
    channel text not null,
    account text not null,
    caught_up boolean not null,
    primary key (workspace, channel),
    foreign key (workspace, account) references deals.account (workspace, id) on delete cascade
);
create index account_channel_account on deals.account_channel (workspace, account);

create table deals.channel_activity (
    workspace text not null,
    channel text not null,
    message text not null,
    at timestamptz not null,
    kind text not null,
    customer boolean not null default false,
    who text not null default '',
    place text not null default '',
    thread text not null default '',
    asks boolean,
    primary key (workspace, channel, message),
    foreign key (workspace, channel) references deals.account_channel (workspace, channel) on delete cascade
);
create index channel_activity_place on deals.channel_activity (workspace, channel, place);

create table deals.relation (
    workspace text not null,
    account text not null,
    score int check (score between 0 and 100),
    band text check (band in ('good', 'fair', 'poor')),
    why text not null default '',
    momentum double precision not null default 0,
    age_days double precision not null default 0,
    parts jsonb not null default '[]',
    reasons text[] not null default '{}',
    weeks jsonb not null default '[]',
    last_theirs timestamptz,
    computed_at timestamptz not null,
    measured_on date,
    stale boolean not null,
    primary key (workspace, account),
    foreign key (workspace, account) references deals.account (workspace, id) on delete cascade
);

create table deals.relation_norm (
    workspace text primary key,
    at timestamptz not null,
    momenta jsonb not null
);

alter table deals.health add column measured_on date;

-- Accounts whose deals have a past are looked at first.
insert into deals.relation (workspace, account, computed_at, stale)
select distinct o.workspace, o.account, 'epoch'::timestamptz, true
from deals.opportunity o
join deals.account a on a.workspace = o.workspace and a.id = o.account
where exists (select from deals.activity s where s.workspace = o.workspace and s.opportunity = o.id);
