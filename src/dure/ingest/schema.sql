-- Ingest: where events come from, and which were refused.
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
    digest bytea not null,        -- BLAKE2b of the file and of how its columns were read
    chunk int not null,
    events int not null,
    imported_at timestamptz not null default now(),
    primary key (workspace, digest, chunk)
);
