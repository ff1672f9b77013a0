-- The feed: ordered, durable batches of events.
create schema feed;

-- `position` is the transaction's id times 4096 plus the batch's number inside it, so the order of positions is the
-- order of transaction ids, and everything below the oldest running transaction is final.
create table feed.batch (
    position bigint not null,
    slot smallint not null,       -- the hour it was written in, modulo 8: dropped a slot at a time
    lane smallint not null,       -- 0 domain acts, 1 events from outside
    org text not null,
    workspace text not null,
    count int not null,
    body bytea not null,          -- zstd of newline-separated JSON, one event a line
    written_at timestamptz not null default clock_timestamp(),
    keys bytea not null default ''  -- eight bytes a line, by which a message that came twice is known
) partition by list (slot);
alter table feed.batch alter column body set storage external;
create table feed.batch_0 partition of feed.batch for values in (0);
create table feed.batch_1 partition of feed.batch for values in (1);
create table feed.batch_2 partition of feed.batch for values in (2);
create table feed.batch_3 partition of feed.batch for values in (3);
create table feed.batch_4 partition of feed.batch for values in (4);
create table feed.batch_5 partition of feed.batch for values in (5);
create table feed.batch_6 partition of feed.batch for values in (6);
create table feed.batch_7 partition of feed.batch for values in (7);
create index batch_position on feed.batch (position);

-- Where each follower is. `claim` is the end of a range handed to a store outside PostgreSQL and not yet confirmed.
create table feed.cursor (
    name text primary key,
    position bigint not null,
    claim bigint,
    moved_at timestamptz not null default now()
);
