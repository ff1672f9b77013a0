-- An invitation to another server by link, and what is known of a side that was restored from an older backup.
create table channels.partner_link (
    hash text primary key,            -- of the link's secret
    partner text not null references channels.partner on delete cascade,
    invite text not null,
    secret text not null default '',  -- until the letter with it has gone
    tries integer not null default 0,
    made_at timestamptz not null
);
create index partner_link_invite on channels.partner_link (invite);
create index partner_link_letter on channels.partner_link (made_at) where secret <> '';
alter table channels.partner
    add column restored text not null default '' check (restored in ('', 'we', 'they')),
    add column restored_at timestamptz;
