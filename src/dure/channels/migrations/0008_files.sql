-- Files: what is known of each, where it is shared and which bytes are kept; and the pages that channels pin.
alter table channels.message add column files text[] not null default '{}';

-- Bytes by what they are. A row is there before its bytes are written, so nothing lies in the storage unknown.
create table channels.blob (
    sha256 text primary key check (length(sha256) = 64),
    size bigint not null,
    used_at timestamptz not null  -- when somebody last began or ceased to use it; swept a while after nobody does
);
create index blob_used on channels.blob (used_at);

create table channels.file (
    id text primary key,
    workspace text not null,  -- the owner's
    org text not null,
    account text not null,
    app text not null default '',
    name text not null,
    title text not null,
    alt text not null default '',
    mimetype text not null,
    filetype text not null,
    mode text not null check (mode in ('hosted', 'snippet', 'external')),
    state text not null check (state in ('reserved', 'uploaded', 'kept', 'deleted')),
    size bigint not null,
    sha256 text references channels.blob,
    secret text,             -- SHA-256 of what its one-time upload address carries
    expires_at timestamptz,  -- of one that nobody kept yet
    preview text not null default '',
    lines integer not null default 0,
    width integer,
    height integer,
    public_secret text unique,
    external_id text,
    external_url text,
    created_at timestamptz not null
);
create unique index file_secret on channels.file (secret) where secret is not null;
create unique index file_external on channels.file (workspace, external_id)
    where external_id is not null and state <> 'deleted';
create index file_account on channels.file (workspace, account, created_at desc, id);
create index file_expires on channels.file (expires_at) where expires_at is not null;
create index file_blob on channels.file (sha256) where sha256 is not null;

create table channels.thumb (
    file text not null references channels.file on delete cascade,
    size integer not null,
    sha256 text not null references channels.blob,
    mimetype text not null,
    width integer not null,
    height integer not null,
    bytes integer not null,
    primary key (file, size)
);
create index thumb_blob on channels.thumb (sha256);

create table channels.file_share (
    file text not null references channels.file on delete cascade,
    channel text not null references channels.conversation on delete cascade,
    ts bigint not null,
    thread bigint,
    workspace text not null,  -- the conversation's home
    team text not null,       -- the sharer's workspace
    account text not null,
    shared_at timestamptz not null,
    primary key (file, channel, ts)
);
create index file_share_channel on channels.file_share (channel, ts);

-- A page: of a channel, which has at most one, or standing alone for those who were let in.
create table channels.canvas (
    id text primary key,
    workspace text not null,
    channel text references channels.conversation on delete cascade,
    title text not null default '',
    body text not null,
    version integer not null,
    account text not null,  -- who changed it last
    changed_at timestamptz not null,
    creator text not null,
    created_at timestamptz not null,
    deleted_at timestamptz
);
create unique index canvas_channel on channels.canvas (channel) where channel is not null and deleted_at is null;
create index canvas_workspace on channels.canvas (workspace);

create table channels.canvas_version (
    canvas text not null references channels.canvas on delete cascade,
    version integer not null,
    workspace text not null,
    title text not null,
    body text not null,
    account text not null,
    changed_at timestamptz not null,
    primary key (canvas, version)
);

create table channels.canvas_access (
    canvas text not null references channels.canvas on delete cascade,
    holder text not null,  -- a channel's or a user's id
    level text not null check (level in ('read', 'write', 'owner')),
    primary key (canvas, holder)
);

-- Who has been shown a channel's page when they first came in.
create table channels.canvas_seen (
    canvas text not null references channels.canvas on delete cascade,
    account text not null,
    seen_at timestamptz not null,
    primary key (canvas, account)
);
