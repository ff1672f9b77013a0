-- Rules of what may not be said: an organisation's (`workspace` empty) and a workspace's own.
create table channels.guard (
    id text primary key,
    org text not null,
    workspace text not null default '',
    version bigint not null,   -- of the organisation's rules when this one was written
    body jsonb not null,       -- name, what is looked for, what is done, where, whom it leaves out
    enabled boolean not null default false,
    changed_by text not null,
    changed_at timestamptz not null
);
create index guard_org on channels.guard (org);

-- How often an organisation's rules were changed; whoever has them in memory asks for this.
create table channels.guard_version (
    org text primary key,
    version bigint not null
);

-- What met a rule. One that waits for an administrator keeps what was to be said.
create table channels.violation (
    id text primary key,
    org text not null,
    workspace text not null,   -- the writer's
    rules jsonb not null,      -- id and name of each that it met
    action text not null check (action in ('warn', 'keep', 'refuse', 'mask')),
    what text not null,        -- message, edit, file, page, topic, …
    channel text not null default '',
    ts bigint not null default 0,
    account text not null,
    app text not null default '',
    excerpt text not null,     -- what stands around it; what was found is masked
    state text not null check (state in ('noted', 'waiting', 'let', 'removed', 'stopped')),
    draft jsonb,               -- of one that waits
    at timestamptz not null,
    decided_by text not null default '',
    decided_at timestamptz
);
create index violation_org on channels.violation (org, workspace, at desc);
create index violation_waiting on channels.violation (workspace, account) where state = 'waiting';

-- A rule that is tried on what was said before it is switched on.
create table channels.guard_trial (
    id uuid primary key,
    org text not null,
    workspace text not null,
    body jsonb not null,
    state text not null check (state in ('running', 'done', 'cancelled')),
    channel text not null default '',  -- how far it has come
    ts bigint not null default 0,
    since bigint not null,
    total bigint not null,
    looked bigint not null default 0,
    hits bigint not null default 0,
    examples jsonb not null default '[]',
    began_by text not null,
    began_at timestamptz not null,
    ended_at timestamptz
);
create index guard_trial_running on channels.guard_trial (began_at) where state = 'running';
