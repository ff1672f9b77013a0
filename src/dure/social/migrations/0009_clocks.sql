-- How long customers wait. Every conversation's times are measured; a policy says how long they should be.
create table social.clock (
    workspace text not null,
    org text not null,
    id uuid not null,
    conversation uuid not null,
    kind text not null check (kind in ('first', 'next', 'resolve', 'agent')),
    run int not null,                      -- how often the conversation was opened when it began
    team text not null,
    priority text not null,
    network text not null,
    policy text not null default '',
    agent text not null default '',        -- who answered; of kind agent whose it is
    started_at timestamptz not null,
    running_at timestamptz,                -- null while it is paused, and once it has stopped
    spent double precision not null default 0,     -- open seconds until then
    passed double precision not null default 0,    -- seconds of the calendar until then
    target int,                            -- open seconds
    warn_at timestamptz,
    due_at timestamptz,
    warned_at timestamptz,
    breached_at timestamptz,
    look_at timestamptz,                   -- when there is something to say of it next
    stopped_at timestamptz,
    outcome text not null default '' check (outcome in ('', 'given', 'dropped')),
    primary key (workspace, id),
    foreign key (workspace, conversation) references social.conversation (workspace, id) on delete cascade
);
create unique index clock_running on social.clock (workspace, conversation, kind) where stopped_at is null;
create index on social.clock (workspace, conversation, started_at);
create index on social.clock (workspace, started_at);
create index on social.clock (look_at) where look_at is not null;
create index on social.clock (workspace, due_at) where due_at is not null;

create table social.clock_setting (
    workspace text primary key,
    policies jsonb not null,
    silent int,                            -- open minutes after which a silent assignee gives back
    survey text not null check (survey in ('off', 'ask', 'reply', 'email')),
    version int not null,
    changed_at timestamptz not null,
    changed_by text not null default ''
);

-- A customer is asked once for every time a conversation was resolved.
create table social.survey (
    workspace text not null,
    org text not null,
    id uuid not null,
    conversation uuid not null,
    run int not null,
    team text not null,
    network text not null,
    agent text not null default '',
    language text not null default '',
    state text not null check (state in ('due', 'asking', 'sending', 'sent', 'refused', 'unknown', 'skipped')),
    how text not null default '' check (how in ('', 'reply', 'email')),
    detail text not null default '',
    score smallint check (score between 1 and 5),
    comment text not null default '',
    changes int not null default 0,        -- how often the answer was sent
    created_at timestamptz not null,
    claimed_at timestamptz,                -- since when it is being sent
    sent_at timestamptz,
    sent_by text not null default '',
    answered_at timestamptz,
    expires_at timestamptz not null,
    primary key (workspace, id),
    unique (workspace, conversation, run),
    foreign key (workspace, conversation) references social.conversation (workspace, id) on delete cascade
);
create index on social.survey (workspace, created_at);
create index on social.survey (created_at) where state in ('due', 'sending');
