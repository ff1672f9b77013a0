-- Ingest: where events come from, which were here before, and which were refused.
create schema ingest;

-- A source is a write key. Write keys lie in web pages and apps and are shown again in the screens: they are no secret,
-- so they are stored as they are, and all they allow is to add events.
create table ingest.source (
    id uuid primary key,
    org text not null,
    workspace text not null,
    name text not null,
    write_key text not null unique,
    created_at timestamptz not null,
    revoked_at timestamptz,
    unique (workspace, name)
);

-- Message ids of today and yesterday: 16 bytes of BLAKE2b over workspace and message id. The slot is the day modulo 3,
-- so that the third can be emptied at once.
create table ingest.seen (
    key bytea not null,
    slot smallint not null,
    primary key (key, slot)
) partition by list (slot);
create table ingest.seen_0 partition of ingest.seen for values in (0);
create table ingest.seen_1 partition of ingest.seen for values in (1);
create table ingest.seen_2 partition of ingest.seen for values in (2);

-- What was refused, by day; `reason` is of the closed list in model.py. Of each the newest example is kept.
create table ingest.reject (
    workspace text not null,
    source text not null,
    reason text not null,
    day date not null,
    count bigint not null,
    last_at timestamptz not null,
    message text not null,
    example text not null,
    primary key (workspace, source, reason, day)
);

-- Parts of files that are in the feed, so that a second run of a file adds nothing.
create table ingest.import_chunk (
    workspace text not null,
    digest bytea not null,        -- BLAKE2b of the file's plain content and of how it was read
    chunk int not null,
    events int not null,
    imported_at timestamptz not null default now(),
    refused jsonb not null default '[]',  -- [line, why] of rows that were refused, to be listed again
    primary key (workspace, digest, chunk)
);
