-- People are one across an organisation's workspaces: an account is the organisation's, and a seat is in a workspace.
create table governance.seat (
    workspace text not null references governance.workspace,
    account text not null references governance.account,
    role text not null check (role in ('owner', 'admin', 'member', 'guest')),
    joined_at timestamptz not null,
    left_at timestamptz,
    primary key (workspace, account)
);
create index on governance.seat (account);

insert into governance.seat (workspace, account, role, joined_at, left_at)
select workspace, id, role, created_at, deleted_at from governance.account;

alter table governance.account add column realm text;
alter table governance.account
    add column org_role text not null default '' check (org_role in ('', 'owner', 'admin', 'auditor'));
update governance.account a
set realm = case when w.playground_of is null then w.org else w.id end,
    org_role = case when a.role = 'owner' and w.playground_of is null then 'owner' else '' end
from governance.workspace w where w.id = a.workspace;
alter table governance.account alter column realm set not null;
alter table governance.account drop column role;
drop index governance.account_email;
create unique index account_email on governance.account (realm, lower(email)) where deleted_at is null;
