-- Apps made from a manifest, and where they are installed.
-- An app that was made from a manifest; its id is governance's. One made by the command line has no row here.
create table channels.app (
    id text primary key,
    workspace text not null,  -- where it was made
    manifest jsonb not null,
    client_id text not null unique,
    client_secret bytea not null,  -- SHA-256
    signing_secret text not null,  -- as it is: it signs what is sent to the app
    verification_token text not null,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create table channels.installation (
    app text not null references channels.app on delete cascade,
    workspace text not null,
    bot_user text not null,
    scopes text[] not null,
    installed_by text not null,
    installed_at timestamptz not null,
    removed_at timestamptz,
    primary key (app, workspace)
);
