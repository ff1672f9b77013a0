-- Short addresses that lead on to a page and tell of each click; what each belongs to is its maker's to know.
create table social.tracked_link (
    workspace text not null,
    org text not null,
    id uuid not null,
    code text not null unique,             -- of all workspaces: a visitor brings nothing else
    target text not null,                  -- with its UTM parameters
    network text not null default '',
    side text not null check (side in ('brand', 'employees')),
    belongs text not null,                 -- post, share, hand, …
    belongs_id text not null,
    person uuid,                           -- for whom alone it was made, where it was made for one
    created_at timestamptz not null,
    created_by text not null default '',
    expires_at timestamptz,
    ended_at timestamptz,
    primary key (workspace, id)
);
create index on social.tracked_link (workspace, belongs, belongs_id);

-- What visitors are told apart by on one day, and by nothing the day after: it is forgotten then.
create table social.link_salt (
    day date primary key,
    salt bytea not null
);
