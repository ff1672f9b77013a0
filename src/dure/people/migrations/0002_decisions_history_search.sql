-- Links decided by hand, traits with their history, and finding people by a part of a name or a number's size.

alter table people.person add column own jsonb;
create index person_merged on people.person (workspace, merged_into) where merged_into is not null;

alter table people.claim add column event text not null default '';

create table people.decision (
    workspace text not null,
    id uuid not null,
    distinct_id text not null,
    user_id text not null,
    kind text not null check (kind in ('split', 'join')),
    two_users boolean not null default false,
    at timestamptz not null,
    actor text not null,
    reason text not null,
    undone_at timestamptz,
    undone_by text not null default '',
    primary key (workspace, id)
);
create index decision_about on people.decision (workspace, distinct_id, at desc);
create index decision_user on people.decision (workspace, user_id);

create table people.trait_change (
    workspace text not null,
    kind text not null check (kind in ('person', 'account')),
    owner text not null,
    at timestamptz not null,
    message_id text not null,
    event text not null,
    source text not null,
    changes jsonb not null,
    late jsonb not null,
    primary key (workspace, kind, owner, at, message_id)
);

create table people.applied (
    workspace text not null,
    message_id text not null,
    at timestamptz not null,
    primary key (workspace, message_id)
);
create index applied_at on people.applied (at);

create function people.pairs(said text) returns text[] language sql immutable parallel safe as
$$ select array(select distinct substr(lower(said), n, 2) from generate_series(1, length(said) - 1) as n) $$;

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

create index person_name_parts on people.person using gin (people.pairs(traits ->> 'name')) where merged_into is null;
create index person_sizes on people.person using gin (people.sizes(traits)) where merged_into is null;
create index account_distinct on people.account (workspace, lower(id) text_pattern_ops);
create index account_changed on people.account (workspace, changed_at desc);
create index account_traits on people.account using gin (traits jsonb_path_ops);
create index account_name_parts on people.account using gin (people.pairs(traits ->> 'name'));
create index account_sizes on people.account using gin (people.sizes(traits));
