-- Campaigns had a global holdout of their own among their rules; the one of experiments takes its place. Where both
-- were set the larger share stays.
insert into experiments.holdout (workspace, share, round, by, since, rotate_days, drawn_at)
select workspace, (policy ->> 'holdout')::float8, 1, changed_by, changed_at,
       coalesce((policy ->> 'rotate_days')::int, 90), changed_at
from campaigns.policy where coalesce((policy ->> 'holdout')::float8, 0) > 0
on conflict (workspace) do update set
    share = greatest(experiments.holdout.share, excluded.share), rotate_days = excluded.rotate_days;
update campaigns.policy set policy = policy - 'holdout' - 'rotate_days';
