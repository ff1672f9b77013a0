-- Incoming webhooks, and what people allowed an app before it fetched its tokens.
-- An address to which a program may post to one channel in an app's name; governance knows the app.
create table channels.webhook (
    id text primary key,
    workspace text not null,
    app text not null,
    channel text not null references channels.conversation on delete cascade,
    digest bytea not null,  -- SHA-256 of the secret in the address
    created_by text not null,
    created_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create index webhook_app on channels.webhook (workspace, app);

-- What somebody allowed an app on OAuth's page; the app fetches its tokens for the code, once and soon.
create table channels.consent (
    code bytea primary key,  -- SHA-256
    app text not null references channels.app on delete cascade,
    workspace text not null,
    account text not null,
    scopes text[] not null,
    user_scopes text[] not null,
    redirect_uri text not null,
    channel text not null,  -- of the incoming webhook, empty without one
    given_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index consent_expiry on channels.consent (expires_at);
