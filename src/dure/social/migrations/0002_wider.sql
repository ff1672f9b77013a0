-- What connectors know of a mention, what readers see in it, and whose it is.
alter table social.mention
    add column source uuid,
    add column kind text not null default 'post',
    add column title text not null default '',
    add column parent text not null default '',
    add column thread text not null default '',
    add column rating smallint,
    add column email text not null default '',
    add column direct boolean not null default false,
    add column feeling real not null default 0,
    add column spam real not null default 0,
    add column entities text[] not null default '{}',
    add column themes text[] not null default '{}',
    add column edited_at timestamptz,
    add column deleted_at timestamptz,
    add column person uuid,
    add column account text not null default '';

create index on social.mention (workspace, network, thread) where thread <> '';
create index on social.mention (workspace, person) where person is not null;
