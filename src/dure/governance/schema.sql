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
    guest text not null default '' check (guest in ('', 'single', 'multi')),  -- of one channel, or of several
    expires_at timestamptz,                                                   -- when a guest's seat ends
    primary key (workspace, account)
);
create index on governance.seat (account);
create index seat_expiry on governance.seat (expires_at) where expires_at is not null and left_at is null;

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
    purpose text not null check (purpose in ('session', 'link', 'half')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    id uuid not null default gen_random_uuid(),
    device text not null default '',   -- browser and system; never an address
    means text not null default '',    -- how it was begun: password, code, recovery, passkey, provider, link, switch
    strong boolean not null default false,  -- a second factor was given, or what stands for one
    proven_at timestamptz,             -- when its owner last showed that it is them
    seen_at timestamptz not null       -- of the hour
);
create unique index session_id on governance.session (id);
create index session_account on governance.session (account);

-- Tries to get in, by whom they were for and from where; forgotten within hours.
create table governance.attempt (
    whom text not null,
    at timestamptz not null,
    kind text not null default 'password',
    address text not null default ''
);
create index attempt_whom on governance.attempt (kind, whom, at);
create index attempt_address on governance.attempt (kind, address, at);
create index attempt_at on governance.attempt (at);

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

-- Second factors. A secret that makes codes is sealed under the installation's key; a step counts once.
create table governance.totp (
    account text primary key references governance.account,
    sealed bytea not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    added_at timestamptz not null
);

create table governance.recovery_code (
    account text not null references governance.account,
    digest bytea not null,
    primary key (account, digest)
);

create table governance.passkey (
    id bytea primary key,
    account text not null references governance.account,
    public_key bytea not null,
    counter bigint not null,
    name text not null,
    added_at timestamptz not null,
    used_at timestamptz
);
create index on governance.passkey (account);

-- What a browser is in the middle of: a passkey's challenge, or a way through a provider. Each is ended by one look.
create table governance.ceremony (
    digest bytea primary key,
    kind text not null,
    said jsonb not null,
    expires_at timestamptz not null
);
create index on governance.ceremony (expires_at);

-- Providers of an organisation, and whom they call what.
create table governance.provider (
    id uuid primary key,
    org text not null references governance.organisation,
    kind text not null check (kind in ('openid')),
    name text not null,
    said jsonb not null,
    sealed bytea,
    domains text[] not null,
    joins text not null check (joins in ('known', 'seat')),
    workspace text not null references governance.workspace,
    enabled boolean not null,
    changed_at timestamptz not null,
    changed_by text not null
);
create index on governance.provider (org);

create table governance.identity (
    provider uuid not null references governance.provider on delete cascade,
    subject text not null,
    account text not null references governance.account,
    known_at timestamptz not null,
    primary key (provider, subject)
);
create index on governance.identity (account);

-- Invitations and resets by letter; their secrets are kept as digests alone.
create table governance.invitation (
    id uuid primary key,
    digest bytea not null unique,
    workspace text not null references governance.workspace,
    email text not null,
    name text not null,
    role text not null check (role in ('admin', 'member', 'guest')),
    function text not null,
    language text not null,
    invited_by text not null,
    invited_at timestamptz not null,
    sent_at timestamptz not null,
    fate text not null default '',
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz
);
create unique index invitation_open on governance.invitation (workspace, lower(email))
    where accepted_at is null and revoked_at is null;

create table governance.reset (
    digest bytea primary key,
    account text not null unique references governance.account,
    workspace text not null references governance.workspace,
    expires_at timestamptz not null
);

-- Roles of an organisation's own: named sets of rights.
create table governance.custom_role (
    id text primary key,
    org text not null references governance.organisation,
    name text not null,
    description text not null default '',
    rights text[] not null,
    made_by text not null,
    made_at timestamptz not null,
    changed_at timestamptz not null
);
create unique index custom_role_name on governance.custom_role (org, lower(name));

-- Who has them, and where: everywhere (workspace ''), in a workspace, or in one channel of it.
create table governance.given_role (
    role text not null references governance.custom_role on delete cascade,
    account text not null references governance.account,
    workspace text not null default '',
    channel text not null default '',
    given_by text not null,
    given_at timestamptz not null,
    primary key (role, account, workspace, channel)
);
create index on governance.given_role (account);

-- Whom members asked to have invited, and what became of it.
create table governance.invite_request (
    id text primary key,
    workspace text not null references governance.workspace,
    email text not null,
    name text not null default '',
    guest text not null default '' check (guest in ('', 'single', 'multi')),
    channels text[] not null default '{}',
    expires_at timestamptz,
    reason text not null default '',
    asked_by text not null,
    asked_at timestamptz not null,
    state text not null default 'pending' check (state in ('pending', 'approved', 'denied')),
    decided_by text not null default '',
    decided_at timestamptz
);
create index on governance.invite_request (workspace, state, asked_at);

-- Who may go on with a way of signing in that others may not (Slack's authentication policies).
create table governance.signing_exemption (
    org text not null references governance.organisation,
    policy text not null,
    account text not null references governance.account,
    added_by text not null,
    added_at timestamptz not null,
    primary key (org, policy, account)
);

-- How long somebody's sessions last, where that is not what the rules say.
create table governance.session_setting (
    account text primary key references governance.account,
    org text not null references governance.organisation,
    seconds bigint check (seconds > 0),
    ends_with_app boolean not null default false,
    set_by text not null,
    set_at timestamptz not null
);

-- Information barriers: people of one group who may not talk with those of others.
create table governance.barrier (
    id text primary key,
    org text not null references governance.organisation,
    primary_group text not null,
    groups text[] not null,
    subjects text[] not null,
    rooms boolean not null default false,  -- nor sit in one private channel
    made_by text not null,
    made_at timestamptz not null,
    changed_at timestamptz not null
);
create index barrier_org on governance.barrier (org);

-- What a workspace says of itself beside its name.
alter table governance.workspace add column description text not null default '';
alter table governance.workspace add column discoverability text not null default 'unlisted'
    check (discoverability in ('open', 'invite_only', 'closed', 'unlisted'));
alter table governance.workspace add column icon bytea;
alter table governance.workspace add column icon_kind text not null default '';

-- What was done, for ever: one entry per change, each bound to all before it by its digest.
create table governance.audit (
    org text not null,
    number bigint not null,        -- without gaps, from 1
    entry json not null,           -- kept letter for letter: the digest is of these bytes
    digest bytea not null,         -- SHA-256 of the digest before and the entry
    at bigint generated always as ((entry ->> 'date_create')::bigint) stored,
    action text generated always as (entry ->> 'action') stored,
    actor text generated always as (entry ->> 'actor') stored,
    entity text generated always as (entry -> 'entity' ->> 'id') stored,
    primary key (org, number)
);
create index audit_at on governance.audit (org, at desc, number desc);
create index audit_action on governance.audit (org, action, at desc, number desc);
create index audit_actor on governance.audit (org, actor, at desc, number desc);
create index audit_entity on governance.audit (org, entity, at desc, number desc);

-- The newest entry's number and digest; whoever holds this row writes the next one.
create table governance.audit_head (
    org text primary key,
    number bigint not null,
    digest bytea not null
) with (fillfactor = 50);

-- Chains entries to the trails of their organisations, in the order of the organisations' ids, so that two transactions
-- never wait for each other in a ring. It is the last that a transaction does: the row is held for a commit, no longer.
create function governance.chain(orgs text[], entries text[]) returns void language plpgsql as $$
declare
    one record;
    held governance.audit_head;
begin
    for one in
        select org, array_agg(entry order by place) as entries
        from unnest(orgs, entries) with ordinality as told (org, entry, place) group by org order by org
    loop
        select * into held from governance.audit_head where org = one.org for update;
        if not found then
            insert into governance.audit_head (org, number, digest)
            values (one.org, 0, sha256(convert_to(one.org, 'UTF8'))) on conflict do nothing;
            select * into held from governance.audit_head where org = one.org for update;
        end if;
        for place in 1 .. array_length(one.entries, 1) loop
            held.number := held.number + 1;
            held.digest := sha256(held.digest || convert_to(one.entries[place], 'UTF8'));
            insert into governance.audit (org, number, entry, digest)
            values (one.org, held.number, one.entries[place]::json, held.digest);
        end loop;
        update governance.audit_head set number = held.number, digest = held.digest where org = one.org;
    end loop;
end
$$;

create function governance.keep_audit() returns trigger language plpgsql as $$
begin
    raise exception 'an entry of the audit trail is neither changed nor removed';
end
$$;

create trigger audit_for_ever before update or delete or truncate on governance.audit
    for each statement execute function governance.keep_audit();

-- What a directory (an identity provider) says of people beyond what an account is, and the groups that it keeps.
create table governance.directory_user (
    account text primary key references governance.account,
    org text not null references governance.organisation,
    user_name text not null,
    external_id text not null default '',
    profile jsonb not null default '{}',
    changed_at timestamptz not null
);
create unique index directory_user_name on governance.directory_user (org, lower(user_name));
create index directory_user_external on governance.directory_user (org, external_id) where external_id <> '';

create table governance.idp_group (
    id text primary key,
    org text not null references governance.organisation,
    name text not null,
    external_id text not null default '',
    workspace text references governance.workspace,   -- whose seats its members get
    created_at timestamptz not null,
    changed_at timestamptz not null
);
create unique index idp_group_name on governance.idp_group (org, lower(name));

create table governance.idp_group_member (
    idp_group text not null references governance.idp_group on delete cascade,
    account text not null references governance.account,
    seated boolean not null default false,   -- the group's workspace gave a seat for this
    primary key (idp_group, account)
);
create index idp_group_of on governance.idp_group_member (account);
