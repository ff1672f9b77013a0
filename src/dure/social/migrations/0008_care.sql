-- Talks with customers, what stands in them, and what is answered again and again.
create table social.conversation (
    workspace text not null,
    org text not null,
    id uuid not null,
    source uuid,
    network text not null,
    thread text not null,                  -- the network's id of what began it
    kind text not null,
    direct boolean not null,
    subject text not null default '',
    author text not null default '',       -- the customer as the network names them
    handle text not null default '',
    person uuid,
    account text not null default '',
    state text not null check (state in ('open', 'waiting', 'snoozed', 'resolved')),
    priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
    team text not null,
    assignee text not null default '',
    opened_at timestamptz not null,
    opened_by text not null default '',    -- who opened it by hand
    asked uuid not null,                   -- the customer's newest mention
    language text not null,
    intent text not null,
    topic text not null,
    sentiment smallint not null,
    first_in_at timestamptz,
    last_in_at timestamptz,
    last_out_at timestamptz,               -- a person's answer; an automation's does not count
    resolved_at timestamptz,
    snoozed_until timestamptz,
    reopened int not null default 0,
    seq int not null default 0,            -- the newest entry
    said_seq int not null default 0,       -- the newest entry that customer or company said
    version int not null default 1,
    changed_at timestamptz,
    due_at timestamptz,                    -- when the next clock that runs is due, and which
    due text not null default '',
    primary key (workspace, id)
);
create unique index conversation_thread on social.conversation
    (workspace, coalesce(source, '00000000-0000-0000-0000-000000000000'), network, thread);
create index on social.conversation (workspace, changed_at desc, id desc);
create index on social.conversation (workspace, assignee, changed_at desc) where state <> 'resolved';
create index on social.conversation (workspace, person) where person is not null;
create index on social.conversation (workspace, account) where account <> '';
create index on social.conversation (snoozed_until) where state = 'snoozed';
create index on social.conversation (workspace, due_at) where due_at is not null;

create table social.entry (
    workspace text not null,
    id uuid not null,
    conversation uuid not null,
    seq int not null,
    kind text not null check (kind in ('in', 'reply', 'note', 'act')),
    at timestamptz not null,
    by text not null check (by in ('customer', 'person', 'automation', 'bot', 'elsewhere')),
    actor text not null default '',
    mention uuid,                          -- itself, or what a reply answers
    text text not null default '',         -- of what the company wrote; a customer's lies with the mention
    act text not null default '',
    data jsonb not null default '{}',
    outcome text not null default '' check (outcome in ('', 'draft', 'pending', 'said', 'refused', 'unknown')),
    code text not null default '',
    detail text not null default '',
    external text not null default '',     -- the network's id of it
    url text not null default '',
    key text not null default '',
    named text[] not null default '{}',    -- whom a note calls
    primary key (workspace, conversation, seq),
    foreign key (workspace, conversation) references social.conversation (workspace, id) on delete cascade
);
create unique index on social.entry (workspace, id);
create unique index entry_mention on social.entry (workspace, mention) where kind = 'in';
create unique index entry_key on social.entry (workspace, conversation, key) where key <> '';
create index on social.entry (workspace, external) where external <> '';
create index on social.entry (at) where outcome = 'pending';
create index on social.entry using gin (named) where named <> '{}';

create table social.saved_reply (
    workspace text not null,
    org text not null,
    id uuid not null,
    shortcut text not null,
    title text not null,
    text text not null,
    language text not null check (language in ('', 'ko', 'en')),
    team text not null default '',
    used int not null default 0,
    used_at timestamptz,
    version int not null default 1,
    changed_at timestamptz not null,
    changed_by text not null default '',
    primary key (workspace, id)
);
create unique index saved_reply_shortcut on social.saved_reply (workspace, team, lower(shortcut), language);

-- What care was told: under which names the company writes itself, and what follows an answer.
create table social.care_setting (
    workspace text primary key,
    own text[] not null default '{}',      -- network:handle, in small letters
    after_reply text not null default 'waiting' check (after_reply in ('open', 'waiting', 'resolved'))
);

-- What the company said itself is known when its network brings it back.
create index on social.saying (workspace, (outcome ->> 'reference')) where state = 'said';
