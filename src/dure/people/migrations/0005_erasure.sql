-- Erasures: asked, running, done; what stays of one is proof without personal data.

create table people.erasure (
    workspace text not null,
    id uuid not null,
    org text not null,
    state text not null check (state in ('asked', 'running', 'done', 'incomplete', 'cancelled')),
    reason text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    begin_at timestamptz not null,
    begun_at timestamptz,
    done_at timestamptz,
    person text,
    whom jsonb,
    hashes text[] not null default '{}',
    key_mark text not null default '',
    stage text not null default '',
    counts jsonb not null default '{}',
    remains jsonb not null default '{}',
    error text not null default '',
    primary key (workspace, id)
);
create index erasure_open on people.erasure (begin_at) where state in ('asked', 'running');
create index erasure_hashes on people.erasure using gin (hashes);
