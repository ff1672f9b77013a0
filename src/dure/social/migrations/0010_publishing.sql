-- Posts of the company's own: planned, written for each network, approved by somebody else, said once.
create table social.post_plan (
    workspace text not null,
    org text not null,
    id uuid not null,
    title text not null,
    text text not null default '',
    language text not null default '',
    campaign text not null default '',
    state text not null check (state in ('draft', 'in_review', 'approved', 'scheduled', 'publishing', 'published',
                                         'partly', 'failed', 'unknown')),
    due_at timestamptz,
    author text not null,
    evergreen boolean not null default false,
    original uuid,                          -- what it is a copy of
    key text not null default '',           -- what made it, so that it is made once
    hash text not null default '',          -- of what was approved
    approved_by text not null default '',
    lease uuid,
    leased_until timestamptz,
    version int not null default 1,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by text not null,
    ended_at timestamptz,
    primary key (workspace, id)
);
create index on social.post_plan (due_at) where state in ('scheduled', 'publishing');
create index on social.post_plan (workspace, due_at);
create unique index on social.post_plan (workspace, key) where key <> '';

-- What a post is on one source, and what became of that.
create table social.post_variant (
    workspace text not null,
    plan uuid not null,
    source uuid not null,
    place_no int not null,
    text text,                              -- null follows the plan's own
    title text not null default '',
    place text not null default '',
    utm jsonb not null default '{}',
    fate text not null default 'waiting' check (fate in ('waiting', 'said', 'refused', 'unknown')),
    attempt int not null default 1,         -- numbers the key that it is said with
    tries int not null default 0,
    sent text not null default '',          -- handed over, to the letter
    outcome jsonb not null default '{}',
    reference text not null default '',     -- the network's id of it
    url text not null default '',
    said_at timestamptz,
    primary key (workspace, plan, source),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_variant (workspace, said_at) where said_at is not null;

-- Every text that a draft had; aside: what somebody wrote who met another's.
create table social.post_version (
    workspace text not null,
    id uuid not null,
    plan uuid not null,
    version int not null,
    at timestamptz not null,
    by text not null,
    content jsonb not null,
    aside boolean not null default false,
    primary key (workspace, id),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_version (workspace, plan, at);

create table social.post_review (
    workspace text not null,
    id uuid not null,
    plan uuid not null,
    hash text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    note text not null default '',
    decision text not null default '' check (decision in ('', 'approved', 'returned')),
    decided_by text not null default '',
    decided_at timestamptz,
    comment text not null default '',
    primary key (workspace, id),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_review (workspace, plan, asked_at);

create table social.post_comment (
    workspace text not null,
    id uuid not null,
    plan uuid not null,
    source uuid,
    by text not null,
    at timestamptz not null,
    text text not null,
    done boolean not null default false,
    primary key (workspace, id),
    foreign key (workspace, plan) references social.post_plan (workspace, id) on delete cascade
);
create index on social.post_comment (workspace, plan, at);

-- What a workspace asks of its posts; nothing leaves since paused_at.
create table social.publishing (
    workspace text primary key,
    org text not null,
    approval boolean not null,
    own boolean not null,
    approvers text[] not null,
    utm jsonb not null,
    tracked boolean not null,
    paused_at timestamptz,
    paused_by text not null default '',
    paused_why text not null default '',
    version int not null
);
create index on social.mention (workspace, network, parent) where parent <> '';
