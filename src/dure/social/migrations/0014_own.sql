-- What the company wrote itself, where a network hands it back: kept, and neither routed nor counted.
alter table social.mention add column own boolean not null default false;
