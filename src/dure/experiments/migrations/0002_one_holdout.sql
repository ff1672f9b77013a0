-- The global holdout is drawn anew by itself after so many days (0: only by hand); campaigns ask for this same one.
alter table experiments.holdout add column rotate_days int not null default 0;
alter table experiments.holdout add column drawn_at timestamptz not null default now();
update experiments.holdout set drawn_at = since;
