-- Near copies are found by signatures that processes keep in memory; they stand where every process reads them.
alter table social.mention drop column bands;

create table social.recent (
    workspace text not null,
    number bigint not null,  -- one after the other, while a workspace's arrivals are locked
    at timestamptz not null,
    passed bigint not null,  -- originals up to and with these
    originals bytea not null,  -- ids, times and signatures, 96 bytes each (`recent.py`)
    primary key (workspace, number)
);
alter table social.recent alter column originals set storage external;
