-- Ideas for the product, who asked for them and where, and who votes for them.
create table social.idea (
    workspace text not null,
    org text not null,
    id uuid not null,
    title text not null,
    about text not null default '',
    state text not null check (state in ('open', 'planned', 'building', 'shipped', 'declined')),
    topic text not null default '',
    owner text not null default '',
    merged_into uuid,
    grams int[] not null,
    version int not null default 1,
    created_at timestamptz not null,
    created_by text not null default '',
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create index on social.idea (workspace, state, changed_at desc) where merged_into is null;
create index on social.idea (workspace, merged_into) where merged_into is not null;
create index on social.idea using gin (grams);

-- Somebody asked: a mention, a note of care or of sales, or a colleague who heard it.
create table social.asking (
    workspace text not null,
    id uuid not null,
    idea uuid not null,
    source text not null check (source in ('mention', 'care', 'sales', 'hand')),
    ref text not null,                     -- the mention's id, or what the note is called where it lies
    said text not null,
    person uuid,
    account text not null default '',
    at timestamptz not null,
    actor text not null default '',
    primary key (workspace, id),
    unique (workspace, source, ref)        -- what was said once asks for one thing
);
create index on social.asking (workspace, idea);

create table social.idea_vote (
    workspace text not null,
    idea uuid not null,
    voter text not null,
    at timestamptz not null,
    primary key (workspace, idea, voter)
);

-- What a merge moved, so that it can be taken back.
create table social.idea_merge (
    workspace text not null,
    id uuid not null,
    idea uuid not null,
    into_idea uuid not null,
    askings uuid[] not null,
    voters text[] not null,
    at timestamptz not null,
    actor text not null default '',
    undone_at timestamptz,
    primary key (workspace, id)
);
