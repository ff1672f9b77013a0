-- Salesforce's door: apps that may sign in, sessions of theirs, kept answers, jobs; and the sync with an org elsewhere.

-- `consumer_key` is public, `secret` a SHA-256; with a `public_key` it may sign in as anybody of the workspace who is
-- named in what it signed, with the secret alone as `account`.
create table deals.salesforce_app (
    workspace text not null,
    org text not null,
    id text not null,
    name text not null,
    consumer_key text not null,
    secret bytea not null,
    public_key text not null default '',
    account text not null default '',
    created_at timestamptz not null,
    created_by text not null,
    primary key (workspace, id)
);
create unique index salesforce_app_key on deals.salesforce_app (consumer_key);

create table deals.salesforce_session (
    digest bytea primary key,
    org text not null,
    workspace text not null,
    account text not null,
    app text not null,
    expires_at timestamptz not null
);
create index salesforce_session_expires on deals.salesforce_session (expires_at);

-- Calls by the hour: what an org's daily limit is counted by.
create table deals.salesforce_usage (
    workspace text not null,
    hour timestamptz not null,
    calls bigint not null,
    primary key (workspace, hour)
);

-- An answer too long for one page, as it was when it was asked; `body` is compressed JSON.
create table deals.salesforce_page (
    workspace text not null,
    locator text not null,
    number int not null,
    account text not null,
    total int not null,
    body bytea not null,
    created_at timestamptz not null,
    primary key (workspace, locator, number)
);
create index salesforce_page_age on deals.salesforce_page (created_at);

-- Bulk 2.0. `next_row` is where the work goes on; `lease` until when somebody is at it.
create table deals.salesforce_job (
    workspace text not null,
    org text not null,
    id text not null,
    kind text not null check (kind in ('query', 'ingest')),
    operation text not null,
    object text not null,
    external_field text not null default '',
    query text not null default '',
    delimiter text not null,
    line_ending text not null,
    state text not null
        check (state in ('Open', 'UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted')),
    account text not null,
    app text not null default '',
    scopes text[] not null,
    processed int not null default 0,
    failed int not null default 0,
    next_row int not null default 0,
    spent_ms bigint not null default 0,
    error text not null default '',
    api_version text not null,
    lease timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create index salesforce_job_waiting on deals.salesforce_job (created_at)
    where state in ('UploadComplete', 'InProgress');

-- What was sent (`sent`), or what a query found (`found`): lines of CSV, compressed; `first` is the first line's number.
create table deals.salesforce_job_part (
    workspace text not null,
    job text not null,
    number int not null,
    first int not null default 0,
    count int not null default 0,
    body bytea not null,
    primary key (workspace, job, number),
    foreign key (workspace, job) references deals.salesforce_job (workspace, id) on delete cascade
);

-- What became of each row of an ingest job.
create table deals.salesforce_job_row (
    workspace text not null,
    job text not null,
    number int not null,
    record text not null default '',
    created boolean not null default false,
    error text not null default '',
    primary key (workspace, job, number),
    foreign key (workspace, job) references deals.salesforce_job (workspace, id) on delete cascade
);

-- Who made a record at this door; what changed it since is in `change`.
create table deals.salesforce_maker (
    workspace text not null,
    record text not null,
    actor text not null,
    primary key (workspace, record)
);

-- The sync with an org elsewhere: what is what there, as both were when they were last the same.
create table deals.sync_link (
    workspace text not null,
    object text not null,
    record text not null,
    remote text not null,
    stamp text not null default '',
    seen jsonb not null default '{}',
    keyed boolean not null default false,
    primary key (workspace, record)
);
create unique index sync_link_remote on deals.sync_link (workspace, remote);

-- `way` is pull, push or deleted; `place` how far it was followed.
create table deals.sync_cursor (
    workspace text not null,
    object text not null,
    way text not null,
    place text not null,
    primary key (workspace, object, way)
);

create table deals.sync_field (
    workspace text not null,
    object text not null,
    field text not null,
    owner text not null check (owner in ('salesforce', 'dure', 'newest', 'ask')),
    primary key (workspace, object, field)
);

-- `kept` is which side's value holds, "" while somebody has to say; `field` is "" where one side deleted the record.
create table deals.sync_conflict (
    workspace text not null,
    id text not null,
    object text not null,
    record text not null,
    remote text not null,
    field text not null,
    here jsonb,
    there jsonb,
    kept text not null default '',
    at timestamptz not null,
    resolved_at timestamptz,
    resolved_by text not null default '',
    primary key (workspace, id)
);
create index sync_conflict_open on deals.sync_conflict (workspace, record) where kept = '';
create index sync_conflict_age on deals.sync_conflict (workspace, at);

create table deals.sync_status (
    workspace text primary key,
    started_at timestamptz,
    finished_at timestamptz,
    outcome text not null default '',
    error text not null default '',
    pulled int not null default 0,
    pushed int not null default 0,
    deleted int not null default 0,
    failed int not null default 0,
    used int not null default 0,
    total int not null default 0
);

-- Records that one side did not take from the other; tried again at every run until they are taken.
create table deals.sync_failure (
    workspace text not null,
    object text not null,
    way text not null check (way in ('pull', 'push')),
    id text not null,
    error text not null,
    at timestamptz not null,
    primary key (workspace, way, id)
);
