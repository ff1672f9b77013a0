-- What a provider refused for now waits at its node; providers that asked for time; erasures that readings must see.
alter table campaigns.way
    add column tries smallint not null default 0,
    add column tried_since timestamptz;

create table campaigns.slow (
    workspace text not null,
    provider text not null,
    since timestamptz not null,
    until timestamptz not null,
    primary key (workspace, provider)
);

alter table campaigns.recommending add column erased bigint not null default 0;

-- Every message is written once and noted once. With room on its page the second writes no index: half of the WAL and
-- a third of the time, and indexes that stay small make up for the pages.
alter table campaigns.message set (fillfactor = 50);
