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

-- What employees may share in their own name.
create table social.story (
    workspace text not null,
    org text not null,
    id uuid not null,
    state text not null check (state in ('draft', 'in_review', 'approved', 'running', 'ended', 'withdrawn')),
    title text not null,
    about text not null default '',        -- for colleagues: why it is worth sharing
    url text not null,
    texts jsonb not null,                  -- suggested: [{language, network, text}]
    networks text[] not null,
    teams text[] not null,                 -- functions that it is for; none: everybody
    campaign text not null default '',
    starts_at timestamptz,
    ends_at timestamptz,
    origin text not null default 'hand',   -- post, hand
    origin_id text not null default '',
    author text not null default '',
    asked_by text not null default '',
    approved_by text not null default '',
    comment text not null default '',      -- why it was sent back
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by text not null default '',
    started_at timestamptz,
    ended_at timestamptz,
    primary key (workspace, id)
);
create unique index on social.story (workspace, origin, origin_id) where origin <> 'hand';
create index on social.story (workspace, state, changed_at desc);
create index on social.story (starts_at) where state = 'approved';
create index on social.story (ends_at) where state = 'running';

-- An employee shares a story on a network; the name is taken out when they leave.
create table social.share (
    workspace text not null,
    org text not null,
    id uuid not null,
    story uuid not null,
    employee text not null,
    team text not null default '',
    network text not null,
    link uuid not null,
    how text not null default '' check (how in ('', 'composer', 'clipboard', 'source')),
    state text not null check (state in ('prepared', 'opened', 'said', 'refused', 'unknown')),
    source uuid,
    reference text not null default '',    -- what the network calls it, where it was said by a source
    url text not null default '',
    reach bigint,
    reach_by text not null default '' check (reach_by in ('', 'measured', 'stated')),
    made_at timestamptz not null,
    shared_at timestamptz,
    primary key (workspace, id)
);
create unique index on social.share (workspace, story, employee, network) where employee <> '';
create index on social.share (workspace, shared_at) where shared_at is not null;
create index on social.share (workspace, employee) where employee <> '';

-- What an employee wants: `named` shows their name to colleagues, `sources` are their own accounts.
create table social.advocate (
    workspace text not null,
    employee text not null,
    named boolean not null default false,
    reminders boolean not null default true,
    mastodon text not null default '',
    sources uuid[] not null default '{}',
    primary key (workspace, employee)
);

create table social.advocacy_rule (
    workspace text primary key,
    approval boolean not null,
    own boolean not null,                  -- authors may approve their own
    approvers text[] not null,
    disclosed boolean not null,
    disclosure jsonb not null,             -- {ko, en}
    a_week int not null,                   -- reminders an employee gets at most
    leaderboard boolean not null,
    price bigint,                          -- what a click is worth, in minor units
    currency text not null default '',
    version int not null
);

create table social.advocacy_reminder (
    workspace text not null,
    employee text not null,
    at timestamptz not null,
    primary key (workspace, employee, at)
);
