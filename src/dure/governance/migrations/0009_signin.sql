-- Sessions are seen as devices; some owe a second factor and speak for nobody yet.
alter table governance.session add column id uuid not null default gen_random_uuid();
alter table governance.session add column device text not null default '';
alter table governance.session add column means text not null default '';
alter table governance.session add column seen_at timestamptz;
update governance.session set seen_at = date_trunc('hour', created_at);
alter table governance.session alter column seen_at set not null;
alter table governance.session drop constraint session_purpose_check;
alter table governance.session
    add constraint session_purpose_check check (purpose in ('session', 'link', 'second', 'setup'));
create unique index session_id on governance.session (id);
create index session_account on governance.session (account);
