-- Forms and approvals: what automations ask people for, and what was answered. And cards that have a name.
create table channels.form (
    workspace text not null,
    id text not null,
    org text not null,
    title jsonb not null,      -- {"ko": …, "en": …}
    about jsonb not null,
    fields jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    closed_at timestamptz,     -- takes no more answers
    primary key (workspace, id)
);

-- What a card in a channel asks for; `ended_at` is when it was decided, or needs no more answers.
create table channels.asked (
    id uuid primary key,
    workspace text not null,
    org text not null,
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    what text not null check (what in ('form', 'approval')),
    form text not null,        -- the form's name, '' for fields of its own
    title jsonb not null,
    card jsonb not null,       -- the text and blocks above the buttons
    fields jsonb not null,
    audience jsonb not null,   -- user ids of those who may answer; empty for everybody
    note text not null,
    once boolean not null,
    run text not null,
    node text not null,        -- where the run itself waits for the answer; '' where it posted a card and went on
    asked_at timestamptz not null,
    answers int not null default 0,
    decision text not null default '',
    ended_by text not null default '',
    said text not null default '',
    ended_at timestamptz
);
create unique index asked_place on channels.asked (channel, ts);
create index asked_run on channels.asked (workspace, run) where node <> '' and ended_at is null;

-- Which of the modals that are open stand for something asked.
create table channels.asked_view (
    view text primary key references channels.view on delete cascade,
    workspace text not null,
    asked uuid not null references channels.asked on delete cascade
);

create table channels.form_answer (
    id uuid primary key,
    workspace text not null,
    form text not null,
    asked uuid references channels.asked on delete cascade,
    account text not null,
    answers jsonb not null,    -- by field
    at timestamptz not null
);
create index form_answer_form on channels.form_answer (workspace, form, at desc);

-- A message that automations keep up to date under a name of their own.
create table channels.card (
    workspace text not null,
    channel text not null references channels.conversation on delete cascade,
    name text not null,
    ts bigint not null default 0,
    primary key (workspace, channel, name)
);
