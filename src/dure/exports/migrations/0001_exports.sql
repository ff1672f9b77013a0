-- Exports: where events go on their own, and which objects lie there.
create schema exports;

create table exports.target (
    id uuid primary key,
    org text not null,
    workspace text not null,
    name text not null,
    kind text not null,              -- folder or s3
    path text not null,              -- under the keeper's folder, or the prefix in the bucket
    endpoint text not null default '',
    bucket text not null default '',
    region text not null default '',
    key_id text not null default '',
    sealed bytea not null default '',  -- the secret key, encrypted with the folder's signing key
    max_events int not null,
    max_seconds int not null,
    enabled boolean not null default true,
    since timestamptz not null,
    created_at timestamptz not null,
    error text not null default '',  -- why the newest try failed; empty when it did not
    failed_at timestamptz,
    unique (workspace, name)
);

-- Each object once, however often it was written.
create table exports.object (
    target uuid not null references exports.target on delete cascade,
    name text not null,
    events int not null,
    bytes bigint not null,
    sha256 text not null,
    written_at timestamptz not null,
    primary key (target, name)
);
create index object_newest on exports.object (target, written_at desc, name desc);
