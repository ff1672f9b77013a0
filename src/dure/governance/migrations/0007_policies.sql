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
