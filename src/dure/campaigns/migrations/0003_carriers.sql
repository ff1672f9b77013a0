-- What a workspace's messages go out by. The secret is sealed with a key that is not in the database.
create table campaigns.provider (
    workspace text not null,
    kind text not null,
    settings jsonb not null,
    sealed bytea,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (workspace, kind)
);

-- Where people get pushes. `person` is who they were when they registered; whoever was merged since is found by all
-- of their ids.
create table campaigns.device (
    workspace text not null,
    id uuid not null,
    person uuid not null,
    distinct_id text not null,
    kind text not null check (kind in ('web', 'fcm', 'apns')),
    token text not null,                 -- a browser's endpoint, an app's token
    p256dh bytea,
    auth bytea,
    label text not null default '',
    added_at timestamptz not null,
    seen_at timestamptz not null,
    primary key (workspace, id)
);
create unique index device_token on campaigns.device (workspace, kind, token);
create index device_person on campaigns.device (workspace, person);

-- Cards and banners that wait to be fetched; the id is the message's.
create table campaigns.card (
    workspace text not null,
    id uuid not null,
    campaign text not null,
    person uuid not null,
    distinct_id text not null,
    content jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    seen_at timestamptz,
    clicked_at timestamptz,
    dismissed_at timestamptz,
    primary key (workspace, id)
);
create index card_person on campaigns.card (workspace, person, created_at desc) where dismissed_at is null;
create index card_expires on campaigns.card (expires_at);

-- What came back for a message, each thing once: opened, clicked (by link), bounced, complained, delivered.
create table campaigns.response (
    workspace text not null,
    message uuid not null,
    kind text not null,
    link text not null default '',
    at timestamptz not null,
    primary key (workspace, message, kind, link)
);

-- The events that began people's ways, for campaigns whose texts name them.
create table campaigns.began (
    workspace text not null,
    way uuid not null,
    event jsonb not null,
    primary key (workspace, way)
);
