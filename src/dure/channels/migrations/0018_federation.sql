-- Partners: organisations on other servers with which this one shares channels.
create table channels.partner (
    id text primary key,
    org text not null,               -- whose partner it is
    workspace text not null,         -- where the partnership was made; calls go out in its name
    state text not null check (state in ('offered', 'compare', 'active', 'ended')),
    pairing text not null default '',-- the partnership's name on both servers
    address text not null default '',
    name text not null default '',
    stranger text not null default '', -- the other organisation as governance knows it here
    code_key bytea,                  -- of a code that was shown and nobody has used yet
    code_until timestamptz,
    their_key bytea,
    their_next bytea,                -- announced by the key before, and not used yet
    our_key text not null default '',
    made_by text not null,
    made_at timestamptz not null,
    confirmed_at timestamptz,
    ended_at timestamptz,
    sent bigint not null default 0,      -- the last number that was given out
    acked bigint not null default 0,     -- the last that the other side has
    received bigint not null default 0,  -- the last of theirs that was done
    ahead bigint not null default 0,     -- how many of theirs still wait there
    heard_at timestamptz,
    tries integer not null default 0,    -- since the last call that was answered
    due_at timestamptz not null default 'epoch',
    error text not null default ''
);
create index partner_org on channels.partner (org);
create unique index partner_pairing on channels.partner (pairing) where pairing <> '';

-- What is on its way to a partner, in the order of the acts. It gets its number when it is first taken to be sent.
create table channels.partner_entry (
    id bigint generated always as identity primary key,
    partner text not null references channels.partner on delete cascade,
    n bigint,
    body jsonb not null,
    made_at timestamptz not null
);
create unique index partner_entry_n on channels.partner_entry (partner, n);
create index partner_entry_new on channels.partner_entry (partner, id) where n is null;

-- Requests that were taken lately; the same one is not taken again.
create table channels.partner_nonce (
    partner text not null,
    nonce text not null,
    until timestamptz not null,
    primary key (partner, nonce)
);
create index partner_nonce_until on channels.partner_nonce (until);

-- What things of a partner's are called here.
create table channels.partner_name (
    partner text not null references channels.partner on delete cascade,
    kind text not null check (kind in ('team', 'person', 'channel', 'file', 'invite')),
    theirs text not null,
    ours text not null,
    primary key (partner, kind, theirs)
);
create unique index partner_name_ours on channels.partner_name (kind, ours) where kind <> 'channel';
create index partner_name_channel on channels.partner_name (ours) where kind = 'channel';

-- What somebody of here did in a channel whose home is elsewhere, until its home has said yes or no.
create table channels.partner_request (
    id text primary key,
    partner text not null references channels.partner on delete cascade,
    workspace text not null,
    account text not null,
    channel text not null,
    what text not null,
    subject text not null,           -- which message, person or invitation
    body jsonb not null,             -- as it was asked for, so that it can be shown and tried again
    state text not null check (state in ('waiting', 'done', 'refused')),
    code text not null default '',
    why text not null default '',
    made_at timestamptz not null,
    ended_at timestamptz
);
create index partner_request_channel on channels.partner_request (channel, account, what, subject);
create unique index partner_request_said on channels.partner_request (channel, subject)
    where what = 'post' and state = 'waiting';
create index partner_request_ended on channels.partner_request (ended_at) where ended_at is not null;

-- Which side of a conversation is on another server: the partnership it is known by.
alter table channels.share add column server text not null default '';

-- What a partner sent and could not be done, for its administrators to see.
create table channels.partner_refused (
    partner text not null references channels.partner on delete cascade,
    n bigint not null,
    kind text not null,
    why text not null,
    at timestamptz not null,
    primary key (partner, n)
);
