-- Guests of one channel and of several, with an end; roles of an organisation's own; what was asked for and decided.
alter table governance.seat add column guest text not null default '' check (guest in ('', 'single', 'multi'));
alter table governance.seat add column expires_at timestamptz;
update governance.seat set guest = 'multi' where role = 'guest';
create index seat_expiry on governance.seat (expires_at) where expires_at is not null and left_at is null;

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

create table governance.signing_exemption (
    org text not null references governance.organisation,
    policy text not null,
    account text not null references governance.account,
    added_by text not null,
    added_at timestamptz not null,
    primary key (org, policy, account)
);

create table governance.session_setting (
    account text primary key references governance.account,
    org text not null references governance.organisation,
    seconds bigint check (seconds > 0),
    ends_with_app boolean not null default false,
    set_by text not null,
    set_at timestamptz not null
);
