-- A query that is taken away keeps its row until no mention has its label; how far that is, and the same for changes.
alter table social.listen_query drop constraint listen_query_history_check;
alter table social.listen_query add constraint listen_query_history_check
    check (history in ('none', 'clear', 'apply', 'done', 'stopped', 'remove'));
alter table social.listen_query add column passed int not null default 0;
alter table social.listen_query add column total int not null default 0;
drop index social.listen_query_workspace_lower_idx;
create unique index on social.listen_query (workspace, lower(name)) where history <> 'remove';
drop index social.listen_query_changed_at_idx;
create index on social.listen_query (changed_at) where history in ('clear', 'apply', 'remove');

-- Mentions that their networks took back and whose words the log still has.
create table social.taken_back (
    workspace text not null,
    org text not null,
    mention uuid not null,
    said text not null,  -- how cards of it begin, by which the log's messages are found; empty where it has none
    at timestamptz not null,
    until bigint,  -- the feed's position from which on nothing of it comes any more; null while nobody looked
    primary key (workspace, mention)
);
