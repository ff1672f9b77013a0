-- Which apps the organisation lets in and which it keeps out, and which ones people asked for.
create table channels.app_decision (
    org text not null,
    workspace text not null default '',   -- '' is the whole organisation
    app text not null references channels.app on delete cascade,
    decision text not null check (decision in ('approved', 'restricted')),
    decided_by text not null,
    decided_at timestamptz not null,
    primary key (org, workspace, app)
);

create table channels.app_request (
    id text primary key,
    org text not null,
    workspace text not null,
    app text not null references channels.app on delete cascade,
    asked_by text not null,
    message text not null default '',
    asked_at timestamptz not null,
    resolution text not null default '' check (resolution in ('', 'approved', 'restricted'))
);
create index on channels.app_request (org, workspace, resolution, asked_at);
