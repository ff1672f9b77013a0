-- Channels that were an account's before relationships were measured: picked up once, by whoever comes first.

create table deals.pick_up (
    workspace text primary key,
    state text not null check (state in ('waiting', 'running', 'done', 'cancelled')),
    after text not null default '',     -- the last channel that was looked at
    found integer not null default 0,   -- channels of accounts so far
    added integer not null default 0,   -- of which relationships did not know
    began_at timestamptz,
    ended_at timestamptz,
    ended_by text not null default ''
);
-- A workspace that is founded later hears of each link as it is made.
insert into deals.pick_up (workspace, state) select distinct workspace, 'waiting' from deals.account;
alter table deals.account_channel add column picked_up boolean not null default false;
