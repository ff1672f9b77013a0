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
