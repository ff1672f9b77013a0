-- Automation: definitions as values by version; runs and steps as rows.
create schema automation;

create table automation.automation (
    workspace text not null,
    id text not null,
    org text not null,
    name text not null,
    recipe text not null default '',
    enabled boolean not null,
    version int not null,                        -- the one that new runs start on
    since bigint not null,                       -- feed position from which its trigger counts
    stopped_because text not null default '',
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    stopped jsonb,                               -- the reason it was stopped for feeding itself, with its facts
    primary key (workspace, id)
);
create unique index automation_recipe on automation.automation (workspace, recipe) where recipe <> '';

create table automation.version (
    workspace text not null,
    automation text not null,
    version int not null,
    doc jsonb not null,
    published_by text not null,
    published_at timestamptz not null,
    name text not null default '',               -- what the automation was called then
    note text not null default '',               -- why it was changed
    settings jsonb,                              -- what a recipe was filled with; null where written by hand
    primary key (workspace, automation, version)
);

-- Counts up with every change of a workspace's automations, so that each process knows when to read them again.
create table automation.generation (
    workspace text primary key,
    number bigint not null
);

create table automation.run (
    id uuid primary key,
    org text not null,
    workspace text not null,
    automation text not null,
    version int not null,
    lane smallint not null,                      -- 0 interactive, 1 bulk; ten more while its workspace is paused
    subject text not null,
    trigger_key text not null,
    event jsonb,
    depth smallint not null default 0,           -- how many runs caused one another up to this one
    node text not null,
    visit int not null default 1,                -- number of the hop; names the step it stands on
    attempts smallint not null default 0,
    status text not null,
    due_at timestamptz,                          -- null while an outside step or a person is awaited, and at the end;
                                                 -- an ended run within another is due once more, to report
    wait_event text,
    wait_key text,
    error text not null default '',
    started_at timestamptz not null,
    ended_at timestamptz,
    parent uuid,                                 -- the run that waits for this one, on its hop `parent_visit`
    parent_visit int,
    number int,                                  -- its place among its siblings
    item jsonb,                                  -- what `each` gave it
    lineage text not null default '',            -- the automations whose runs caused this one, oldest first
    started_by text not null default '',         -- who began it by hand
    watched boolean not null default false       -- limits or conditions count it
);
create unique index run_once on automation.run (workspace, automation, trigger_key);
create index run_due on automation.run (lane, due_at) where due_at is not null;
create index run_wait on automation.run (workspace, wait_event, wait_key) where wait_event is not null;
create index run_list on automation.run (workspace, automation, started_at desc);
create index run_failed on automation.run (workspace, started_at desc) where status = 'failed';
create index run_parent on automation.run (parent, parent_visit) where parent is not null;
create index run_watched on automation.run (workspace, automation, subject, started_at) where watched;
create index run_open on automation.run (workspace, automation, subject) where watched and ended_at is null;
create index run_queued on automation.run (workspace, automation, started_at) where status = 'queued';

-- Outbox and history in one. Inputs are kept as they were rendered, outputs as they were answered.
create table automation.step (
    run uuid not null,
    visit int not null,
    workspace text not null,
    automation text not null,
    lane smallint not null,
    node text not null,
    kind text not null,
    status text not null,
    attempts smallint not null,
    due_at timestamptz,
    claimed_by text,
    lease_until timestamptz,                     -- by the database's own clock: it measures processes, not the story
    inputs jsonb,
    outputs jsonb,
    outcome text not null default '',
    error text not null default '',
    started_at timestamptz,
    ended_at timestamptz,
    primary key (run, visit)
);
create index step_ready on automation.step (lane, due_at) where status = 'ready';
create index step_leased on automation.step (lease_until) where status = 'claimed';

-- What a person was asked, and decided.
create table automation.approval (
    run uuid not null,
    visit int not null,
    workspace text not null,
    question text not null,
    asked_at timestamptz not null,
    decision text,
    decided_by text,
    note text not null default '',
    decided_at timestamptz,
    kind text not null default 'approve',        -- or `ask`
    form jsonb,                                  -- the fields of a form
    whom text[] not null default '{}',           -- who may answer: `U…`, `role:…`, `function:…`; anybody when empty
    needed smallint not null default 1,          -- how many must say yes
    not_by text not null default '',             -- who may not: the person who caused the run
    answer jsonb,                                -- what was filled in
    primary key (run, visit)
);
create index approval_open on automation.approval (workspace, asked_at) where decision is null;

create table automation.schedule (
    workspace text not null,
    automation text not null,
    next_at timestamptz not null,
    primary key (workspace, automation)
);
create index schedule_due on automation.schedule (next_at);

-- Who has said yes where more than one must.
create table automation.vote (
    run uuid not null,
    visit int not null,
    workspace text not null,
    voter text not null,
    note text not null default '',
    at timestamptz not null,
    primary key (run, visit, voter)
);

-- A workspace whose automations stand still.
create table automation.pause (
    workspace text primary key,
    paused_by text not null,
    paused_at timestamptz not null,
    reason text not null default ''
);

-- Addresses for webhooks. The secret is made of the salt and the server's own key: whoever reads this has no address.
create table automation.hook (
    automation text primary key,
    workspace text not null,
    salt text not null,
    made_at timestamptz not null
);

-- The last value seen of what may cross a line.
create table automation.crossing (
    workspace text not null,
    automation text not null,
    subject text not null,
    value float8 not null,
    at timestamptz not null,
    primary key (workspace, automation, subject)
);

-- Days off and working days that differ from the country's public holidays.
create table automation.holiday (
    workspace text not null,
    day date not null,
    name text not null,
    working boolean not null,
    primary key (workspace, day)
);
