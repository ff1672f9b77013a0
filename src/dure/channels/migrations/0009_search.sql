-- Search over messages.
-- What messages are found by. A follower of the feed keeps it up, a moment after something is said, changed or deleted.
-- It is never shown: what is found is read from the message itself, and by whom it may be read is asked at that time.
create table channels.indexed (
    ts bigint not null,
    channel text not null,
    workspace text not null,  -- the conversation's home
    account text not null,
    folded text not null,     -- the words as search compares them
    marks integer[] not null, -- hashes of letters, pairs of letters, beginnings of words, and labels
    primary key (ts, channel)
);
-- New entries are merged in by whoever writes, so that nobody who searches reads through a list of them.
create index indexed_marks on channels.indexed using gin (marks) with (fastupdate = on);

-- How many indexed messages lie in a slice of time: `ts` without its last `level` bits.
create table channels.indexed_slice (
    workspace text not null,
    level smallint not null,
    slot bigint not null,
    messages bigint not null,
    primary key (workspace, level, slot)
);

-- Messages from before there was an index, or of an older way to fold, are gone through once; this is how far.
create table channels.index_walk (
    version integer primary key,
    channel text not null default '',
    ts bigint not null default 0,
    finished_at timestamptz
);
