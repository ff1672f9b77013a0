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
    -- What was said of this id alone, kept once traits of other ids were added; null: nothing was added.
    own jsonb,
    primary key (workspace, id)
);

-- Pairs of neighbouring letters: a part of a name is found by an index over them (Korean names have no word breaks).
create function people.pairs(said text) returns text[] language sql immutable parallel safe as
$$ select array(select distinct substr(lower(said), n, 2) from generate_series(1, length(said) - 1) as n) $$;

-- The power of two that each number among the traits lies at, as `amount:+6`: `amount>100` is found by an index.
create function people.sizes(traits jsonb) returns text[] language sql immutable parallel safe as
$$ select array(
    select key || case
        when amount = 0 then ':0'
        else case when amount > 0 then ':+' else ':-' end
            || greatest(-40, least(80, floor(ln(abs(amount)) / ln(2::float8))))::int
        end
    from (
        select key, case when abs(value::text::numeric) < 1e300 then value::text::float8 else 1e300 end as amount
        from jsonb_each(traits) where jsonb_typeof(value) = 'number'
    ) as numbers
) $$;

create index person_email on people.person (workspace, lower(traits ->> 'email') text_pattern_ops);
create index person_name on people.person (workspace, lower(traits ->> 'name') text_pattern_ops);
create index person_distinct on people.person (workspace, lower(distinct_id) text_pattern_ops);
create index person_changed on people.person (workspace, changed_at desc);
create index person_account on people.person (workspace, account) where account <> '';
create index person_traits on people.person using gin (traits jsonb_path_ops);
create index person_merged on people.person (workspace, merged_into) where merged_into is not null;
create index person_name_parts on people.person using gin (people.pairs(traits ->> 'name')) where merged_into is null;
create index person_sizes on people.person using gin (people.sizes(traits)) where merged_into is null;

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
    event text not null default '',          -- the name of the event that stated it
    primary key (workspace, distinct_id, user_id)
);
create index claim_user on people.claim (workspace, user_id);

-- What somebody decided by hand about an id. The newest that is not undone stands above every claim, whenever that
-- arrives: a split id stays alone, a joined one stays joined.
create table people.decision (
    workspace text not null,
    id uuid not null,
    distinct_id text not null,
    user_id text not null,                   -- from whom it was split, or to whom it was joined
    kind text not null check (kind in ('split', 'join')),
    two_users boolean not null default false,  -- somebody privileged confirmed that two users are one person
    at timestamptz not null,
    actor text not null,
    reason text not null,
    undone_at timestamptz,
    undone_by text not null default '',
    primary key (workspace, id)
);
create index decision_about on people.decision (workspace, distinct_id, at desc);
create index decision_user on people.decision (workspace, user_id);

-- What messages changed of traits: `changes` is trait -> [before, after], `late` what came too late to change anything.
create table people.trait_change (
    workspace text not null,
    kind text not null check (kind in ('person', 'account')),
    owner text not null,                     -- the distinct id it was said of, or the account's id
    at timestamptz not null,
    message_id text not null,
    event text not null,
    source text not null,
    changes jsonb not null,
    late jsonb not null,
    primary key (workspace, kind, owner, at, message_id)
);

-- Messages whose trait operations were carried out: `add` of a message that comes twice adds once.
create table people.applied (
    workspace text not null,
    message_id text not null,
    at timestamptz not null,
    primary key (workspace, message_id)
);
create index applied_at on people.applied (at);

create table people.account (
    workspace text not null,
    id text not null,
    traits jsonb not null default '{}',
    changed jsonb not null default '{}',
    first_seen timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create index account_distinct on people.account (workspace, lower(id) text_pattern_ops);
create index account_changed on people.account (workspace, changed_at desc);
create index account_traits on people.account using gin (traits jsonb_path_ops);
create index account_name_parts on people.account using gin (people.pairs(traits ->> 'name'));
create index account_sizes on people.account using gin (people.sizes(traits));

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
