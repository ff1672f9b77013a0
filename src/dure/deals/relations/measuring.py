"""The SQL that measures relationships, for many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dure.deals.health.measuring import HALVED, MEASURED, VALUED
from dure.deals.relations.model import Measures, Peers
from dure.deals.relations.rules import GRID, WEEKS
from dure.state import Tx

# All that was done with some accounts: in their channels, about their deals, and in meetings about themselves. What is
# both in a channel of theirs and about a deal counts once.
_SIGN = """
sign as materialized (
    select distinct on (subject, message) * from (
        select l.account as subject, a.channel as room, a.message, a.at, a.kind, a.customer, a.who, a.place, a.thread,
               a.asks
        from deals.account_channel l
        join deals.channel_activity a on a.workspace = l.workspace and a.channel = l.channel
        where l.workspace = %(workspace)s and l.account = any(%(accounts)s)
        union all
        select o.account, o.channel, a.message, a.at, a.kind, a.customer, a.who, a.place, a.thread, a.asks
        from deals.opportunity o
        join deals.activity a on a.workspace = o.workspace and a.opportunity = o.id
        where o.workspace = %(workspace)s and o.account = any(%(accounts)s) and o.deleted_at is null
        union all
        select about, '', id, ends_at, 'meeting', false, '', '', '', null from deals.meeting
        where workspace = %(workspace)s and about = any(%(accounts)s) and status = 'held' and deleted_at is null
    ) as told where at <= %(now)s
    order by subject, message
), began as (
    select subject, min(at) as at from sign group by subject
)
"""
_MEASURES = f"""
with {_SIGN}, {MEASURED}, weekly as (
    select v.subject, week.n, sum(v.worth * {HALVED.format(moment="week.till", at="v.at")}) as momentum
    from valued v join (
        select n, %(now)s - make_interval(days => 7 * n) as till from generate_series(1, {WEEKS}) as each (n)
    ) as week on v.at <= week.till and v.at > week.till - interval '180 days'
    where v.at > %(now)s - make_interval(days => {7 * WEEKS + 180})
    group by v.subject, week.n
), line as (
    select b.subject, array_agg(
        case when b.at <= %(now)s - make_interval(days => 7 * each.n) then coalesce(w.momentum, 0)::float8 end
        order by each.n desc
    ) as weeks
    from began b cross join generate_series(1, {WEEKS}) as each (n)
    left join weekly w on w.subject = b.subject and w.n = each.n
    group by b.subject
)
select b.subject as account, extract(epoch from %(now)s - b.at)::float8 / 86400 as age_days,
       coalesce(momentum.momentum, 0)::float8 as momentum, line.weeks, coalesce(spoken.theirs, 0) as theirs,
       coalesce(spoken.ours, 0) as ours, coalesce(spoken.ever, 0) as ever_theirs, spoken.last_theirs,
       coalesce(threads.people, 0) as people, coalesce(questions.open, 0) as open_questions,
       latency.now::float8 as latency_now, latency.before::float8 as latency_before,
       extract(epoch from %(now)s - spoken.last_theirs)::float8 / 86400 as touch_days
from began b
join line on line.subject = b.subject
left join momentum on momentum.subject = b.subject
left join spoken on spoken.subject = b.subject
left join threads on threads.subject = b.subject
left join latency on latency.subject = b.subject
left join questions on questions.subject = b.subject
"""
# Accounts with a won deal, those won lately first.
_WON = """
select o.account from deals.opportunity o
join deals.stage s on s.workspace = o.workspace and s.key = o.stage and s.outcome = 'won'
where o.workspace = %s and o.deleted_at is null and o.closed_at > %s and o.account <> ''
group by o.account order by max(o.closed_at) desc limit 500
"""
_PEERS = f"""
with {_SIGN}, valued as ({VALUED})
select day, array_agg(momentum order by momentum) as momenta from (
    select grid.subject, grid.day,
           coalesce(sum(v.worth * {HALVED.format(moment="grid.moment", at="v.at")}), 0)::float8 as momentum
    from (
        select b.subject, g.day, b.at + make_interval(days => g.day) as moment
        from began b cross join unnest(%(grid)s::int[]) as g (day)
        where b.at + make_interval(days => g.day) <= %(now)s
    ) as grid
    left join valued v on v.subject = grid.subject and v.at <= grid.moment
        and v.at > grid.moment - interval '180 days'
    group by grid.subject, grid.day
) as had
group by day
"""


async def measures(
    tx: Tx, workspace: str, accounts: Sequence[str], now: datetime, standard: timedelta
) -> list[Measures]:
    """Of those with whom anything was done at all. A question of theirs may wait as long as the standard."""
    rows = await tx.rows(
        _MEASURES,
        {"workspace": workspace, "accounts": list(accounts), "now": now, "asked_before": now - standard},
    )
    return [Measures(**row) for row in rows]


async def peers(tx: Tx, workspace: str, now: datetime, since: datetime) -> Peers:
    """Of accounts with a deal won since."""
    won = [row["account"] for row in await tx.rows(_WON, (workspace, since))]
    if not won:
        return Peers()
    asked = {"workspace": workspace, "accounts": won, "now": now, "grid": list(GRID)}
    rows = await tx.rows(_PEERS, asked)
    return Peers({row["day"]: tuple(round(one, 3) for one in row["momenta"]) for row in rows})
