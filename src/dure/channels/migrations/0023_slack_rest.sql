-- What a document says, read once when it came: for the rules of what may not be said, and for search.
create table channels.file_text (
    file text primary key references channels.file on delete cascade,
    workspace text not null,       -- the owner's
    text text not null,
    why text not null default ''   -- why not all of it could be read
);

alter table channels.violation add column unread text not null default '';

-- Signing in to apps with one's account here: what was asked of a person beside scopes, and keys that say who they are.
alter table channels.consent add column identity boolean not null default false;
alter table channels.consent add column nonce text not null default '';
alter table channels.consent add column challenge text not null default '';  -- SHA-256 of what the app keeps (PKCE)

create table channels.openid_key (
    id text primary key,
    sealed bytea not null,      -- the private key
    public jsonb not null,      -- the other half, as everybody may have it
    made_at timestamptz not null
);

-- Who answered a request for an app and when; whoever asked, or may answer, takes it back.
alter table channels.app_request drop constraint app_request_resolution_check;
alter table channels.app_request add constraint app_request_resolution_check
    check (resolution in ('', 'approved', 'restricted', 'cancelled'));
alter table channels.app_request add column resolved_by text not null default '';
alter table channels.app_request add column resolved_at timestamptz;
