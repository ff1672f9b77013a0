-- When teams are open: calendars by name, and who goes by which.
create table governance.hours (
    workspace text not null references governance.workspace,
    id uuid not null,
    name text not null,
    zone text not null,
    week jsonb not null,       -- seven days, Monday first, each a list of pairs such as ["09:00", "18:00"]
    days jsonb not null,       -- holidays and days of their own, by date
    version int not null default 1,
    changed_at timestamptz not null,
    changed_by text not null default '',
    primary key (workspace, id)
);
create unique index hours_name on governance.hours (workspace, lower(name));

create table governance.team_hours (
    workspace text not null,
    team text not null,        -- a function; '' is everybody who has none of their own
    hours uuid not null,
    primary key (workspace, team),
    foreign key (workspace, hours) references governance.hours (workspace, id)
);
