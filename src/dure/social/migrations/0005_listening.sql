-- What is listened for: saved queries and themes, how far history has them, and spikes of more than topics.
create table social.listen_query (
    workspace text not null,
    org text not null,
    id uuid not null,
    name text not null,
    kind text not null check (kind in ('query', 'theme')),
    family text not null,  -- the group that a theme is shown under
    role text not null check (role in ('', 'own', 'rival')),
    text text not null,
    leaves_out text not null,
    watch boolean not null,
    allowed real not null,  -- false alarms a week
    cooldown int not null,  -- hours after a spike in which no other is told
    version int not null,
    history text not null check (history in ('none', 'clear', 'apply', 'done')),
    reached uuid,  -- the last mention of history that has the label
    labelled int not null default 0,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (workspace, id)
);
create unique index on social.listen_query (workspace, lower(name));
create index on social.listen_query (changed_at) where history in ('clear', 'apply');

create table social.listen_setting (
    workspace text primary key,
    allowed real not null,
    cooldown int not null,
    minutes real not null  -- that a person takes to hand one mention on
);

create index on social.mention using gin (themes) where themes <> '{}';

alter table social.spike
    add column query uuid,
    add column name text not null default '',
    add column feeling text not null default '',  -- negative: more bad words than usual
    add column why jsonb not null default '{}';
drop index social.spike_workspace_topic_idx;
-- One spike of a topic or a query and a feeling at a time.
create unique index spike_on on social.spike (workspace, topic, coalesce(query, '00000000-0000-0000-0000-000000000000'), feeling) where ended_at is null;
