-- What sales works on. Ids are shaped as Salesforce shapes them: 001 account, 003 contact, 006 opportunity, and so on.
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
    owner text not null default '',
    type text not null default '',
    phone text not null default '',
    website text not null default '',
    parent text not null default '',
    street text not null default '',
    city text not null default '',
    region text not null default '',
    postcode text not null default '',
    revenue bigint,
    currency text not null default '',
    description text not null default '',
    custom jsonb not null default '{}',
    version int not null default 1,
    deleted_at timestamptz,
    primary key (workspace, id)
);
create unique index account_external on deals.account (workspace, external) where external <> '';
create index account_name on deals.account (workspace, lower(name));
create index account_changed on deals.account (workspace, changed_at, id);

create table deals.contact (
    workspace text not null,
    id text not null,
    account text,
    name text not null,
    email text not null default '',
    title text not null default '',
    created_at timestamptz not null,
    first_name text not null default '',
    last_name text not null default '',
    phone text not null default '',
    mobile text not null default '',
    department text not null default '',
    reports_to text not null default '',
    lead_source text not null default '',
    owner text not null default '',
    description text not null default '',
    external text not null default '',
    custom jsonb not null default '{}',
    version int not null default 1,
    changed_at timestamptz not null,
    deleted_at timestamptz,
    primary key (workspace, id),
    foreign key (workspace, account) references deals.account (workspace, id)
);
create index contact_account on deals.contact (workspace, account);
create unique index contact_external on deals.contact (workspace, external) where external <> '';
create index contact_name on deals.contact (workspace, lower(name));
create index contact_changed on deals.contact (workspace, changed_at, id);

-- What a workspace sells along. A stage's key is unique over all pipelines of a workspace.
create table deals.pipeline (
    workspace text not null,
    key text not null,
    name_ko text not null,
    name_en text not null,
    position int not null,
    active boolean not null default true,
    primary key (workspace, key)
);

create table deals.stage (
    workspace text not null,
    key text not null,
    name_ko text not null,
    name_en text not null,
    probability int not null check (probability between 0 and 100),
    position int not null,
    outcome text not null default '' check (outcome in ('', 'won', 'lost')),
    pipeline text not null default 'default',
    forecast text not null default 'Pipeline'
        check (forecast in ('Omitted', 'Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed')),
    active boolean not null default true,
    required text[] not null default '{}',
    description text not null default '',
    primary key (workspace, key),
    constraint stage_pipeline foreign key (workspace, pipeline) references deals.pipeline (workspace, key)
);

-- `entries` counts how often the opportunity entered a stage; `version` grows with every change. `own_probability` is the
-- deal's own, null where the stage's holds; `lines` counts its line items, and where there are any the amount is their
-- sum.
create table deals.opportunity (
    workspace text not null,
    id text not null,
    name text not null,
    slug text not null,
    account text,
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
    type text not null default '',
    lead_source text not null default '',
    description text not null default '',
    own_probability int check (own_probability between 0 and 100),
    lines int not null default 0,
    custom jsonb not null default '{}',
    deleted_at timestamptz,
    primary key (workspace, id),
    foreign key (workspace, account) references deals.account (workspace, id),
    foreign key (workspace, stage) references deals.stage (workspace, key)
);
create unique index opportunity_slug on deals.opportunity (workspace, slug);
create unique index opportunity_external on deals.opportunity (workspace, external) where external <> '';
create index opportunity_open on deals.opportunity (workspace, stage) where closed_at is null;
create index opportunity_account on deals.opportunity (workspace, account);
create index opportunity_close_date on deals.opportunity (workspace, close_date, id);
create index opportunity_amount on deals.opportunity (workspace, amount, id);
create index opportunity_name on deals.opportunity (workspace, lower(name), id);
create index opportunity_created on deals.opportunity (workspace, created_at, id);
create index opportunity_changed on deals.opportunity (workspace, changed_at, id);
create index opportunity_owner on deals.opportunity (workspace, owner);

create table deals.team_member (
    workspace text not null,
    opportunity text not null,
    member text not null,
    role text not null default '',
    id text not null default '',
    access text not null default 'edit' check (access in ('read', 'edit', 'all')),
    created_at timestamptz not null default now(),
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

create table deals.lead (
    workspace text not null,
    id text not null,
    name text not null,
    first_name text not null default '',
    last_name text not null default '',
    company text not null default '',
    title text not null default '',
    email text not null default '',
    phone text not null default '',
    website text not null default '',
    industry text not null default '',
    country text not null default '',
    size int not null default 0,
    lead_source text not null default '',
    status text not null default 'Open',
    rating text not null default '',
    owner text not null default '',
    description text not null default '',
    converted_at timestamptz,
    converted_account text not null default '',
    converted_contact text not null default '',
    converted_deal text not null default '',
    external text not null default '',
    custom jsonb not null default '{}',
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz,
    primary key (workspace, id)
);
create unique index lead_external on deals.lead (workspace, external) where external <> '';
create index lead_name on deals.lead (workspace, lower(name));
create index lead_changed on deals.lead (workspace, changed_at, id);

-- Somebody at the customer and what they are to a deal.
create table deals.contact_role (
    workspace text not null,
    id text not null,
    opportunity text not null,
    contact text not null,
    role text not null default '',
    is_primary boolean not null default false,
    created_at timestamptz not null,
    primary key (workspace, id),
    unique (workspace, opportunity, contact),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade,
    foreign key (workspace, contact) references deals.contact (workspace, id) on delete cascade
);
create index contact_role_contact on deals.contact_role (workspace, contact);

create table deals.product (
    workspace text not null,
    id text not null,
    name text not null,
    code text not null default '',
    family text not null default '',
    unit text not null default '',
    description text not null default '',
    active boolean not null default true,
    external text not null default '',
    custom jsonb not null default '{}',
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz,
    primary key (workspace, id)
);
create unique index product_external on deals.product (workspace, external) where external <> '';
create index product_name on deals.product (workspace, lower(name));

-- What one unit costs, in minor units, in each currency it is sold in.
create table deals.price (
    workspace text not null,
    product text not null,
    currency text not null,
    amount bigint not null,
    primary key (workspace, product, currency),
    foreign key (workspace, product) references deals.product (workspace, id) on delete cascade
);

create table deals.line_item (
    workspace text not null,
    id text not null,
    opportunity text not null,
    product text not null,
    quantity double precision not null,
    unit_price bigint not null,
    currency text not null,
    amount bigint not null,
    description text not null default '',
    starts_on date,
    ends_on date,
    position int not null default 0,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade,
    foreign key (workspace, product) references deals.product (workspace, id)
);
create index line_item_opportunity on deals.line_item (workspace, opportunity);
create index line_item_product on deals.line_item (workspace, product);

-- From `day` on, one major unit of `currency` is worth `rate` major units of the workspace's currency.
create table deals.rate (
    workspace text not null,
    currency text not null,
    day date not null,
    rate numeric(24, 10) not null check (rate > 0),
    primary key (workspace, currency, day)
);

-- `about` is the id of any record, "" for nothing; `contact` the person at the customer whom it concerns.
create table deals.task (
    workspace text not null,
    id text not null,
    subject text not null,
    about text not null default '',
    contact text not null default '',
    owner text not null default '',
    due date,
    status text not null default 'open' check (status in ('open', 'in_progress', 'waiting', 'done')),
    priority text not null default 'normal' check (priority in ('low', 'normal', 'high')),
    type text not null default '',
    description text not null default '',
    done_at timestamptz,
    external text not null default '',
    custom jsonb not null default '{}',
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz,
    primary key (workspace, id)
);
create unique index task_external on deals.task (workspace, external) where external <> '';
create index task_about on deals.task (workspace, about);
create index task_contact on deals.task (workspace, contact) where contact <> '';
create index task_open on deals.task (workspace, owner, due) where done_at is null and deleted_at is null;

create table deals.meeting (
    workspace text not null,
    id text not null,
    subject text not null,
    about text not null default '',
    contacts text[] not null default '{}',
    owner text not null default '',
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    place text not null default '',
    status text not null default 'booked' check (status in ('booked', 'held', 'missed', 'cancelled')),
    description text not null default '',
    external text not null default '',
    custom jsonb not null default '{}',
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz,
    primary key (workspace, id)
);
create unique index meeting_external on deals.meeting (workspace, external) where external <> '';
create index meeting_about on deals.meeting (workspace, about, starts_at);

create table deals.note (
    workspace text not null,
    id text not null,
    about text not null,
    title text not null default '',
    text text not null,
    author text not null default '',
    custom jsonb not null default '{}',
    external text not null default '',
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz,
    primary key (workspace, id)
);
create index note_about on deals.note (workspace, about, created_at);

-- A link, or a file that was uploaded through /api/v1/files/upload.
create table deals.attachment (
    workspace text not null,
    id text not null,
    about text not null,
    name text not null,
    url text not null default '',
    file text not null default '',
    author text not null default '',
    custom jsonb not null default '{}',
    external text not null default '',
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz,
    primary key (workspace, id)
);
create index attachment_about on deals.attachment (workspace, about, created_at);

-- Fields that a workspace adds to a kind of record; their values lie in the record's `custom`.
create table deals.field (
    workspace text not null,
    object text not null,
    name text not null,
    type text not null,
    label_ko text not null,
    label_en text not null,
    options text[] not null default '{}',
    required boolean not null default false,
    is_unique boolean not null default false,
    external boolean not null default false,
    reference text not null default '',
    position int not null,
    active boolean not null default true,
    created_at timestamptz not null,
    primary key (workspace, object, name)
);

-- The values of unique fields, so that two records cannot have the same one even when both are written at once.
create table deals.unique_value (
    workspace text not null,
    object text not null,
    field text not null,
    value text not null,
    record text not null,
    primary key (workspace, object, field, value)
);
create index unique_value_record on deals.unique_value (workspace, record);

-- Every change of every field; `run` is the automation run that made it, "" where a person did.
create table deals.change (
    workspace text not null,
    id bigint generated always as identity,
    object text not null,
    record text not null,
    field text not null,
    before jsonb,
    after jsonb,
    at timestamptz not null,
    actor text not null,
    run text not null default '',
    version int not null,
    primary key (workspace, id)
);
create index change_record on deals.change (workspace, record, id);
create index change_object on deals.change (workspace, object, field, at);

-- What is gone, so that whoever keeps a copy can follow. Soft-deleted records still lie in their own tables.
create table deals.tombstone (
    workspace text not null,
    record text not null,
    object text not null,
    at timestamptz not null,
    actor text not null,
    merged_into text not null default '',
    primary key (workspace, record)
);
create index tombstone_object on deals.tombstone (workspace, object, at);
create index tombstone_merged on deals.tombstone (workspace, merged_into) where merged_into <> '';

-- What records are found to be the same by: a normalised name, a domain, an address, a number.
create table deals.match_key (
    workspace text not null,
    object text not null,
    key text not null,
    record text not null,
    primary key (workspace, object, key, record)
);
create index match_key_record on deals.match_key (workspace, record);

-- Two records that somebody looked at and said are not the same; `one` is the smaller id.
create table deals.distinct_pair (
    workspace text not null,
    one text not null,
    other text not null,
    at timestamptz not null,
    actor text not null,
    primary key (workspace, one, other)
);

create table deals.merge (
    workspace text not null,
    id text not null,
    object text not null,
    winner text not null,
    losers text[] not null,
    choices jsonb not null,
    at timestamptz not null,
    actor text not null,
    undone_at timestamptz,
    undone_by text not null default '',
    primary key (workspace, id)
);
create index merge_winner on deals.merge (workspace, winner);

-- Each row that a merge touched, whole, as it was before and after; null where there was none.
create table deals.merge_row (
    workspace text not null,
    merge text not null,
    number int not null,
    relation text not null,
    key jsonb not null,
    before jsonb,
    after jsonb,
    primary key (workspace, merge, number),
    foreign key (workspace, merge) references deals.merge (workspace, id) on delete cascade
);

-- A list that somebody kept: filters over any field, columns, order. Shared ones are everybody's to see.
create table deals.view (
    workspace text not null,
    id text not null,
    object text not null,
    name text not null,
    owner text not null,
    shared boolean not null default false,
    filters jsonb not null default '[]',
    columns text[] not null default '{}',
    sort text not null default '',
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);

-- Files on their way in. `done` counts rows that are through; what a job found lies in `import_finding`.
create table deals.import_job (
    workspace text not null,
    id text not null,
    state text not null check (state in ('mapping', 'waiting', 'running', 'finished', 'cancelled', 'failed')),
    dry_run boolean not null default false,
    plan jsonb not null default '{}',
    done int not null default 0,
    total int not null default 0,
    report jsonb not null default '{}',
    error text not null default '',
    actor text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    finished_at timestamptz,
    primary key (workspace, id)
);

create table deals.import_file (
    workspace text not null,
    job text not null,
    name text not null,
    body bytea not null,
    primary key (workspace, job, name),
    foreign key (workspace, job) references deals.import_job (workspace, id) on delete cascade
);

-- `rows` are line numbers, the first few; `count` is how many there are.
create table deals.import_finding (
    workspace text not null,
    job text not null,
    number int not null,
    kind text not null,
    file text not null,
    field text not null default '',
    value text not null default '',
    count int not null,
    rows int[] not null,
    suggestion text not null default '',
    fixed boolean not null default false,
    primary key (workspace, job, number),
    foreign key (workspace, job) references deals.import_job (workspace, id) on delete cascade
);

-- The day on which a workspace's open deals were last looked over, and what was told of which deal and still holds:
-- `level` is how far it had come when it was last told.
create table deals.look (
    workspace text primary key,
    day date not null
);

create table deals.told (
    workspace text not null,
    opportunity text not null,
    kind text not null check (kind in ('stale', 'single_threaded', 'overdue')),
    since timestamptz not null,
    level int not null default 0,
    primary key (workspace, opportunity, kind),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);
-- How deals are doing, what was done about them, and how likely they are to be won.
create table deals.activity (
    workspace text not null,
    opportunity text not null,
    message text not null,
    at timestamptz not null,
    kind text not null
        check (kind in ('message', 'reaction', 'meeting', 'forward', 'back', 'slip', 'work')),
    customer boolean not null default false,
    who text not null default '',
    place text not null default '',
    thread text not null default '',
    asks boolean,
    primary key (workspace, opportunity, message),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);
create index activity_at on deals.activity (workspace, opportunity, at);

create table deals.health (
    workspace text not null,
    opportunity text not null,
    score int check (score between 0 and 100),
    band text check (band in ('good', 'fair', 'poor')),
    why text not null default '',
    parts jsonb not null default '[]',
    reasons text[] not null default '{}',
    last_theirs timestamptz,
    computed_at timestamptz not null,
    stale boolean not null,
    measured_on date,
    primary key (workspace, opportunity),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);

create table deals.health_norm (
    workspace text primary key,
    at timestamptz not null,
    stage_days jsonb not null,
    momenta jsonb not null
);

create table deals.catching_up (
    workspace text not null,
    opportunity text not null,
    channel text not null,
    primary key (workspace, opportunity),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);

create table deals.win_model (
    workspace text primary key,
    learned_at timestamptz not null,
    told_at timestamptz,
    card jsonb not null,
    model jsonb,
    drift double precision not null default 0
);

create table deals.win_chance (
    workspace text not null,
    opportunity text not null,
    chance double precision check (chance between 0 and 1),
    why text not null default '',
    reasons jsonb not null default '[]',
    at timestamptz not null,
    primary key (workspace, opportunity),
    foreign key (workspace, opportunity) references deals.opportunity (workspace, id) on delete cascade
);

create index opportunity_channel on deals.opportunity (workspace, channel) where channel <> '';

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

-- The relationship with an account: its channels, what was said in them, and how it stands.

-- Channels of an account, as channels tell; `caught_up` once what was said there before is read.
create table deals.account_channel (
    workspace text not null,
    channel text not null,
    account text not null,
    caught_up boolean not null,
    picked_up boolean not null default false,
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
