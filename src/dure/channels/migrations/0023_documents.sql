-- What a document says, read once when it came: for the rules of what may not be said, and for search.
create table channels.file_text (
    file text primary key references channels.file on delete cascade,
    workspace text not null,       -- the owner's
    text text not null,
    why text not null default ''   -- why not all of it could be read
);

alter table channels.violation add column unread text not null default '';
