-- What people do with what apps show them.
-- What a person did that lets an app open one view for them within three seconds. `secret` is its SHA-256.
create table channels.trigger (
    secret bytea primary key,
    workspace text not null,  -- the app's
    app text not null,
    account text not null,
    team text not null,       -- the person's workspace
    screen text not null,     -- the tab it was done in
    view text not null,       -- the view it was done in, '' for none
    made_at timestamptz not null,
    used_at timestamptz
);
create index trigger_made on channels.trigger (workspace, made_at);

-- Where an app answers what a person did: five times within half an hour. `secret` is its SHA-256.
create table channels.reply_address (
    secret bytea primary key,
    workspace text not null,
    org text not null,
    app text not null,
    account text not null,
    team text not null,
    channel text not null,
    ts bigint,                -- the message it was done with
    aside boolean not null default false,
    thread bigint,
    used integer not null default 0,
    made_at timestamptz not null
);
create index reply_address_made on channels.reply_address (workspace, made_at);

-- A modal that lies before somebody, or an app's home as somebody has it.
create table channels.view (
    id text primary key,
    workspace text not null,
    app text not null,
    account text not null,
    team text not null,
    kind text not null check (kind in ('modal', 'home')),
    root text not null,
    previous text not null default '',
    body jsonb not null,
    hash text not null,
    external_id text not null default '',
    screen text not null default '',
    opened_at timestamptz not null,
    changed_at timestamptz not null,
    closed_at timestamptz
);
create unique index view_home on channels.view (workspace, app, account) where kind = 'home';
create unique index view_external on channels.view (workspace, app, external_id)
    where external_id <> '' and closed_at is null;
create index view_root on channels.view (root) where closed_at is null;
create index view_closed on channels.view (workspace, closed_at) where closed_at is not null;

-- What apps show below a message for the links in it, as attachments.
alter table channels.message add column unfurls jsonb;

-- A run of an app's function: the app is told, and says how it ended.
create table channels.function_execution (
    id text primary key,
    workspace text not null,
    app text not null,
    callback_id text not null,
    inputs jsonb not null,
    outputs jsonb,
    error text not null default '',
    state text not null check (state in ('running', 'completed', 'failed')),
    run text not null default '',  -- the automation's run that asked for it
    made_at timestamptz not null,
    ended_at timestamptz
);
create index function_execution_workspace on channels.function_execution (workspace, made_at);
