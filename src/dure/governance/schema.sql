-- Who there is: organisations, workspaces, users, apps, and what they carry to prove it.
create schema governance;

create table governance.organisation (
    id text primary key,
    name text not null,
    founded_at timestamptz not null
);

create table governance.workspace (
    id text primary key,
    org text not null references governance.organisation,
    name text not null,
    domain text not null unique,
    timezone text not null default 'Asia/Seoul',
    currency text not null default 'KRW',
    language text not null default 'ko',
    founded_at timestamptz not null,
    playground_of text references governance.workspace,  -- whose playground this is: nothing leaves one
    server text not null default ''  -- of one that lives on another server: the partnership it is known by
);

create function governance.keep_playground() returns trigger language plpgsql as $$
begin
    raise exception 'a workspace is a playground, or is not one, for ever';
end
$$;
create trigger playground_for_ever before update of playground_of on governance.workspace
    for each row when (old.playground_of is distinct from new.playground_of)
    execute function governance.keep_playground();

create table governance.app (
    id text primary key,
    workspace text not null references governance.workspace,
    name text not null,
    created_at timestamptz not null,
    unique (workspace, name)
);

-- `user` is a reserved word; an account here is a person of an organisation, or a bot.
create table governance.account (
    id text primary key,
    workspace text not null references governance.workspace,  -- where it was made
    email text,
    name text not null,
    display text not null default '',
    function text not null default '' check (function in ('', 'product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives')),
    title text not null default '',
    language text not null default '',
    app text references governance.app,
    password text,
    created_at timestamptz not null,
    deleted_at timestamptz,
    realm text not null,  -- within which an e-mail is one person's: the organisation; a playground is one of its own
    org_role text not null default '' check (org_role in ('', 'owner', 'admin', 'auditor'))
);
create unique index account_email on governance.account (realm, lower(email)) where deleted_at is null;

-- That somebody can act in a workspace, and as what.
create table governance.seat (
    workspace text not null references governance.workspace,
    account text not null references governance.account,
    role text not null check (role in ('owner', 'admin', 'member', 'guest')),
    joined_at timestamptz not null,
    left_at timestamptz,
    primary key (workspace, account)
);
create index on governance.seat (account);

-- Tokens and sessions are kept as SHA-256 of 256 random bits: nothing to guess, nothing to steal from a backup.
create table governance.token (
    id uuid primary key,
    digest bytea not null unique,
    kind text not null check (kind in ('user', 'bot', 'app')),
    workspace text not null references governance.workspace,
    account text references governance.account,
    app text references governance.app,
    scopes text[] not null,
    hint text not null,
    created_at timestamptz not null,
    revoked_at timestamptz
);

create table governance.session (
    digest bytea primary key,
    workspace text not null references governance.workspace,
    account text not null references governance.account,
    purpose text not null check (purpose in ('session', 'link')),
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create table governance.attempt (
    email text not null,
    at timestamptz not null
);
create index attempt_recent on governance.attempt (email, at);

-- Where a workspace's automations may call; without a row they may call any public address.
create table governance.allowed_host (
    workspace text not null references governance.workspace,
    host text not null,        -- hooks.example, or *.example for all below it
    added_by text not null,
    added_at timestamptz not null,
    primary key (workspace, host)
);

-- When teams are open: calendars by name, and who goes by which.
create table governance.hours (
    workspace text not null references governance.workspace,
    id uuid not null,
    name text not null,
    zone text not null,
    week jsonb not null,       -- seven days, Monday first, each a list of pairs such as ["09:00", "18:00"]
    days jsonb not null,       -- holidays and days of their own, by date
    version int not null default 1,
    changed_at timestamptz not null,
    changed_by text not null default '',
    primary key (workspace, id)
);
create unique index hours_name on governance.hours (workspace, lower(name));

create table governance.team_hours (
    workspace text not null,
    team text not null,        -- a function; '' is everybody who has none of their own
    hours uuid not null,
    primary key (workspace, team),
    foreign key (workspace, hours) references governance.hours (workspace, id)
);

-- Rules that an organisation sets for the whole (workspace '') and a workspace may tighten.
create table governance.policy (
    org text not null references governance.organisation,
    workspace text not null,
    name text not null,
    value jsonb not null,
    set_by text not null,
    set_at timestamptz not null,
    primary key (org, workspace, name)
);
