-- Sessions are seen as devices; one whose second factor is owed is half one.
alter table governance.session add column id uuid not null default gen_random_uuid();
alter table governance.session add column device text not null default '';
alter table governance.session add column means text not null default '';
alter table governance.session add column strong boolean not null default false;
alter table governance.session add column proven_at timestamptz;
alter table governance.session add column seen_at timestamptz;
update governance.session set seen_at = date_trunc('hour', created_at);
alter table governance.session alter column seen_at set not null;
alter table governance.session drop constraint session_purpose_check;
alter table governance.session
    add constraint session_purpose_check check (purpose in ('session', 'link', 'half'));
create unique index session_id on governance.session (id);
create index session_account on governance.session (account);

-- Tries are counted by kind, by whom they were for, and by where they came from.
drop table governance.attempt;
create table governance.attempt (
    whom text not null,
    at timestamptz not null,
    kind text not null default 'password',
    address text not null default ''
);
create index attempt_whom on governance.attempt (kind, whom, at);
create index attempt_address on governance.attempt (kind, address, at);
create index attempt_at on governance.attempt (at);

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

create table governance.ceremony (
    digest bytea primary key,
    kind text not null,
    said jsonb not null,
    expires_at timestamptz not null
);
create index on governance.ceremony (expires_at);

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
