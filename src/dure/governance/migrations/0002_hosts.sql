-- Where a workspace's automations may call; without a row they may call any public address.
create table governance.allowed_host (
    workspace text not null references governance.workspace,
    host text not null,        -- hooks.example, or *.example for all below it
    added_by text not null,
    added_at timestamptz not null,
    primary key (workspace, host)
);
