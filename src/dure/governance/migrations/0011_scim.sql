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
