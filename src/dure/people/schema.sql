-- People: who is known, under which ids, and why.
create schema people;

-- Somebody known by more than events: a row exists once traits or a link arrived. `id` is the UUIDv5 of `distinct_id`.
create table people.person (
    workspace text not null,
    id uuid not null,
    distinct_id text not null,
    traits jsonb not null default '{}',
    changed jsonb not null default '{}',     -- trait -> when its value was set, so that late news does not overwrite
    account text not null default '',
    merged_into uuid,                        -- whose traits and events these are now
    first_seen timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create index person_email on people.person (workspace, lower(traits ->> 'email') text_pattern_ops);
create index person_name on people.person (workspace, lower(traits ->> 'name') text_pattern_ops);
create index person_distinct on people.person (workspace, lower(distinct_id) text_pattern_ops);
create index person_changed on people.person (workspace, changed_at desc);
create index person_account on people.person (workspace, account) where account <> '';
create index person_traits on people.person using gin (traits jsonb_path_ops);

-- Whose an id is now. An id that has no row is its own person.
create table people.identity (
    workspace text not null,
    distinct_id text not null,
    own uuid not null,                       -- the person it would be alone: what its events carry
    person uuid not null,
    is_user boolean not null,                -- somebody signed in under it: it never becomes another's
    linked_by text not null default '',      -- the message that decided
    linked_at timestamptz,
    version bigint not null default 0,
    primary key (workspace, distinct_id)
);
create index identity_person on people.identity (workspace, person);
create index identity_moved on people.identity (workspace, own) where own <> person;
create index identity_distinct on people.identity (workspace, lower(distinct_id) text_pattern_ops);

-- Every statement "this device belongs to that user", also those that lost: identity follows from these alone, in
-- whatever order they arrive.
create table people.claim (
    workspace text not null,
    distinct_id text not null,
    user_id text not null,
    at timestamptz not null,
    message_id text not null,
    source text not null,
    primary key (workspace, distinct_id, user_id)
);
create index claim_user on people.claim (workspace, user_id);

create table people.account (
    workspace text not null,
    id text not null,
    traits jsonb not null default '{}',
    changed jsonb not null default '{}',
    first_seen timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);

-- Erasures. `person` and `whom` say who is meant and are emptied at the end; what stays is proof without personal data.
create table people.erasure (
    workspace text not null,
    id uuid not null,
    org text not null,
    state text not null check (state in ('asked', 'running', 'done', 'incomplete', 'cancelled')),
    reason text not null,                    -- of a closed list, so that nobody writes a name into it
    asked_by text not null,
    asked_at timestamptz not null,
    begin_at timestamptz not null,           -- until then it can be cancelled
    begun_at timestamptz,
    done_at timestamptz,
    person text,
    whom jsonb,
    hashes text[] not null default '{}',     -- of the distinct ids, under the erasure key
    key_mark text not null default '',
    stage text not null default '',
    counts jsonb not null default '{}',
    remains jsonb not null default '{}',     -- where words of theirs were still found, by table
    error text not null default '',
    primary key (workspace, id)
);
create index erasure_open on people.erasure (begin_at) where state in ('asked', 'running');
create index erasure_hashes on people.erasure using gin (hashes);
