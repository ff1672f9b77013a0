create schema metrics;

-- The catalogue: what the company means by a number, once for everybody.
create table metrics.metric (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    about_ko text not null default '',
    about_en text not null default '',
    function text not null default '',
    question jsonb not null,
    reading jsonb not null default '{}',
    unit text not null default 'count',
    currency text not null default '',
    direction text not null default 'up' check (direction in ('up', 'down')),
    target double precision,
    verified boolean not null default false,
    version int not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    owner text not null default '',
    tags text[] not null default '{}',
    verified_by text not null default '',
    verified_at timestamptz,
    primary key (workspace, id)
);

-- What a metric was before each change, so that an old number can be explained.
create table metrics.revision (
    workspace text not null,
    metric text not null,
    version int not null,
    actor text not null,
    at timestamptz not null,
    body jsonb not null,
    primary key (workspace, metric, version),
    foreign key (workspace, metric) references metrics.metric on delete cascade
);

create table metrics.board (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    tiles jsonb not null default '[]',
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (workspace, id)
);

-- A number and the numbers that make it: nodes are metrics, edges say how an input goes into its parent.
create table metrics.tree (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    about_ko text not null default '',
    about_en text not null default '',
    root text not null,
    nodes jsonb not null,
    edges jsonb not null,
    version int not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (workspace, id)
);

-- Journey maps: stages in order that product and marketing draw together.
create table metrics.journey (
    workspace text not null,
    id text not null,
    name_ko text not null,
    name_en text not null,
    about_ko text not null default '',
    about_en text not null default '',
    stages jsonb not null,
    activity jsonb not null default '[]',
    version int not null default 1,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (workspace, id)
);

-- What a map was under each version, and who made it so.
create table metrics.journey_revision (
    workspace text not null,
    journey text not null,
    version int not null,
    actor text not null,
    at timestamptz not null,
    body jsonb not null,
    primary key (workspace, journey, version),
    foreign key (workspace, journey) references metrics.journey on delete cascade
);

-- A board as somebody wants to see it again: range, filters and breakdown under a name.
create table metrics.view (
    workspace text not null,
    id text not null,
    board text not null,
    name text not null,
    bar jsonb not null,
    shared boolean not null default false,
    created_by text not null,
    created_at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, board) references metrics.board on delete cascade
);

-- What happened at a time, shown on lines over time. Without board and metric it stands on all of them.
create table metrics.annotation (
    workspace text not null,
    id text not null,
    at timestamptz not null,
    text text not null,
    function text not null default '',
    board text,
    metric text,
    created_by text not null,
    created_at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, board) references metrics.board on delete cascade,
    foreign key (workspace, metric) references metrics.metric on delete cascade
);
create index annotation_at on metrics.annotation (workspace, at);

-- A link to a board for people without an account. The secret itself is kept nowhere: only its SHA-256.
create table metrics.share (
    workspace text not null,
    id text not null,
    org text not null,
    digest bytea not null unique,
    hint text not null,
    board text not null,
    bar jsonb not null,
    any_range boolean not null default false,
    people boolean not null default false,
    expires_at timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    uses bigint not null default 0,
    used_at timestamptz,
    primary key (workspace, id),
    foreign key (workspace, board) references metrics.board on delete cascade
);

-- A board drawn with the numbers of one moment, for a message in a channel.
create table metrics.picture (
    workspace text not null,
    id uuid not null,
    svg text not null,
    expires_at timestamptz not null,
    primary key (workspace, id)
);
create index picture_expires on metrics.picture (expires_at);

-- Who watches which metric for what. `streak` counts the intervals in a row that met the condition; `through` is the
-- end of the last interval that was judged; `because` says why it cannot be judged at the moment.
create table metrics.alert (
    workspace text not null,
    org text not null,
    id text not null,
    metric text not null,
    name text not null default '',
    kind text not null check (kind in ('above', 'below', 'unusual')),
    every text not null check (every in ('hour', 'day', 'week')),
    threshold double precision,
    back_at double precision,
    intervals int not null default 1,
    rate double precision not null default 0.01,
    rest_seconds int not null default 0,
    filters jsonb not null default '[]',
    channel text not null default '',
    enabled boolean not null default true,
    state text not null default 'quiet' check (state in ('quiet', 'alarming', 'too_little_history')),
    because text not null default '',
    streak int not null default 0,
    through timestamptz,
    fired_at timestamptz,
    next_at timestamptz,
    claimed_until timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    primary key (workspace, id),
    foreign key (workspace, metric) references metrics.metric on delete cascade
);
create index alert_due on metrics.alert (next_at) where enabled;

-- Each interval is judged once: the key holds that, whoever comes second.
create table metrics.alert_reading (
    workspace text not null,
    alert text not null,
    at timestamptz not null,
    value double precision,
    expected double precision,
    low double precision,
    high double precision,
    verdict text not null check (verdict in ('ordinary', 'met', 'too_little_history')),
    fired boolean not null default false,
    primary key (workspace, alert, at),
    foreign key (workspace, alert) references metrics.alert on delete cascade
);
