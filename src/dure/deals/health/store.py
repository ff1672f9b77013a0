"""The SQL of deal health: signs, and what follows from them, for many deals at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dure.deals.health.measuring import HALVED, MEASURED, VALUED
from dure.deals.health.model import Health, Norms, Signals
from dure.deals.health.rules import GRID
from dure.state import Tx

if TYPE_CHECKING:
    from dure.deals.health.follow import Sign

# What is measured of open deals at `now`. `day` is today where the workspace is.
_SIGNALS = f"""
with deal as (
    select o.*, s.probability as of_stage from deals.opportunity o
    join deals.stage s on s.workspace = o.workspace and s.key = o.stage
    where o.workspace = %(workspace)s and o.id = any(%(deals)s) and o.closed_at is null and o.deleted_at is null
), sign as not materialized (
    select opportunity as subject, '' as room, message, at, kind, customer, who, place, thread, asks
    from deals.activity where workspace = %(workspace)s and opportunity = any(%(deals)s)
), {MEASURED}, slips as (
    select opportunity, count(*) filter (where close_date > before) as slips from (
        select opportunity, close_date, lag(close_date) over (partition by opportunity order by number) as before
        from deals.history where workspace = %(workspace)s and opportunity = any(%(deals)s)
    ) as dated group by opportunity
), roles as (
    select opportunity, count(*) as roles, bool_or(lower(role) ~ 'decision|결정') as decides
    from deals.contact_role where workspace = %(workspace)s and opportunity = any(%(deals)s) group by opportunity
), dated as (
    select about from deals.meeting where workspace = %(workspace)s and about = any(%(deals)s) and status = 'booked'
       and starts_at > %(now)s and deleted_at is null
    union
    select about from deals.task where workspace = %(workspace)s and about = any(%(deals)s) and done_at is null
       and due >= %(day)s and deleted_at is null
)
select deal.id, deal.stage, coalesce(deal.own_probability, deal.of_stage) as probability,
       extract(epoch from %(now)s - deal.created_at)::float8 / 86400 as age_days,
       extract(epoch from %(now)s - deal.entered_stage_at)::float8 / 86400 as stage_days,
       coalesce(momentum.momentum, 0)::float8 as momentum, coalesce(spoken.theirs, 0) as theirs,
       coalesce(spoken.ours, 0) as ours, coalesce(spoken.ever, 0) as ever_theirs, spoken.last_theirs,
       coalesce(threads.people, 0) as people, coalesce(roles.roles, 0) as roles,
       coalesce(roles.decides, false) as decision_maker, coalesce(slips.slips, 0) as slips,
       %(day)s::date - deal.close_date as overdue_days, coalesce(questions.open, 0) as open_questions,
       latency.now::float8 as latency_now, latency.before::float8 as latency_before,
       case when dated.about is not null then 'dated' when deal.next_step <> '' then 'written' else '' end as step
from deal
left join momentum on momentum.subject = deal.id
left join spoken on spoken.subject = deal.id
left join threads on threads.subject = deal.id
left join latency on latency.subject = deal.id
left join questions on questions.subject = deal.id
left join slips on slips.opportunity = deal.id
left join roles on roles.opportunity = deal.id
left join dated on dated.about = deal.id
"""
# How long each won deal of the last two years was in each stage it left.
_STAYS = """
select o.id, h.stage, h.at as entered, lead(h.at) over (partition by h.opportunity order by h.number) as went
from deals.opportunity o
join deals.stage s on s.workspace = o.workspace and s.key = o.stage and s.outcome = 'won'
join (
    select *, stage is distinct from lag(stage) over (partition by workspace, opportunity order by number) as moved
    from deals.history where workspace = %(workspace)s
) h on h.workspace = o.workspace and h.opportunity = o.id and h.moved
where o.workspace = %(workspace)s and o.deleted_at is null and o.closed_at > %(since)s
"""
_STAGE_DAYS = f"""
select stage, percentile_cont(0.75) within group (order by extract(epoch from went - entered) / 86400)::float8 as days
from ({_STAYS}) as stay where went is not null group by stage having count(*) >= %(fewest)s
"""
# The momentum that won deals had after so many days in a stage; at most 2,000 stays are looked at.
_MOMENTA = f"""
with stay as (
    select * from ({_STAYS}) as all_stays where went is not null order by went desc limit 2000
), sign as not materialized (
    select opportunity as subject, at, kind, customer, who from deals.activity
    where workspace = %(workspace)s and opportunity in (select id from stay)
), valued as ({VALUED})
select grid.day, array_agg(momentum order by momentum) as momenta from (
    select stay.id, grid.day, stay.entered + make_interval(days => grid.day) as moment
    from stay cross join unnest(%(grid)s::int[]) as grid (day)
    where stay.entered + make_interval(days => grid.day) <= stay.went
) as grid
cross join lateral (
    select coalesce(sum(v.worth * {HALVED.format(moment="grid.moment", at="v.at")}), 0)::float8
        as momentum from valued v where v.subject = grid.id and v.at <= grid.moment
) as had
group by grid.day
"""
_KEEP = """
insert into deals.health (workspace, opportunity, score, band, why, parts, reasons, last_theirs, computed_at, stale)
select %s, d.id, score, band, why, parts::jsonb, reasons, last_theirs, %s, false
from jsonb_to_recordset(%s::jsonb) as d (id text, score int, band text, why text, parts text, reasons text[],
                                         last_theirs timestamptz)
join deals.opportunity o on o.workspace = %s and o.id = d.id
on conflict (workspace, opportunity) do update set score = excluded.score, band = excluded.band, why = excluded.why,
    parts = excluded.parts, reasons = excluded.reasons, last_theirs = excluded.last_theirs,
    computed_at = excluded.computed_at, stale = false
"""


async def deals_of_channels(tx: Tx, workspace: str, channels: Collection[str]) -> dict[str, list[str]]:
    """Channel → the deals whose room it is."""
    found: dict[str, list[str]] = {}
    if channels:
        rows = await tx.rows(
            "select id, channel from deals.opportunity where workspace = %s and channel = any(%s)"
            " and deleted_at is null",
            (workspace, list(channels)),
        )
        for row in rows:
            found.setdefault(row["channel"], []).append(row["id"])
    return found


async def keep_signs(tx: Tx, workspace: str, signs: Sequence[Sign]) -> None:
    """Adds signs; one that is there already (the same message about the same deal) is left as it is."""
    if not signs:
        return
    rows = [
        {"deal": s.deal, "message": s.message, "at": s.at.isoformat(), "kind": s.kind, "customer": s.customer,
         "who": s.who, "place": s.place, "thread": s.thread, "asks": s.asks}
        for s in signs
    ]  # fmt: skip
    await tx.run(
        "insert into deals.activity (workspace, opportunity, message, at, kind, customer, who, place, thread, asks)"
        " select %s, deal, message, at, kind, customer, who, place, thread, asks"
        " from jsonb_to_recordset(%s::jsonb) as s (deal text, message text, at timestamptz, kind text,"
        " customer boolean, who text, place text, thread text, asks boolean)"
        " join deals.opportunity o on o.workspace = %s and o.id = s.deal"
        " on conflict do nothing",
        (workspace, json.dumps(rows), workspace),
    )


async def drop_messages(tx: Tx, workspace: str, gone: Sequence[tuple[str, str]]) -> None:
    """(channel, timestamp) of messages that were deleted."""
    if gone:
        await tx.run(
            "delete from deals.activity a using unnest(%s::text[], %s::text[]) as g (channel, place),"
            " deals.opportunity o where a.workspace = %s and o.workspace = a.workspace and o.id = a.opportunity"
            " and o.channel = g.channel and a.kind = 'message' and a.place = g.place",
            ([channel for channel, _ in gone], [place for _, place in gone], workspace),
        )


async def touch(tx: Tx, workspace: str, deals: Iterable[str]) -> None:
    """What is known of these deals has changed; their health is computed anew at the next look."""
    ids = sorted(deals)
    if ids:
        await tx.run(
            "insert into deals.health (workspace, opportunity, computed_at, stale)"
            " select %s, id, 'epoch', true from deals.opportunity where workspace = %s and id = any(%s) order by id"
            " on conflict (workspace, opportunity) do update set stale = true",
            (workspace, workspace, ids),
        )


async def waiting(tx: Tx, before: datetime) -> list[str]:
    """Workspaces with open deals whose health is stale, missing or from before."""
    rows = await tx.rows(
        "select distinct o.workspace from deals.opportunity o"
        " left join deals.health h on h.workspace = o.workspace and h.opportunity = o.id"
        " where o.closed_at is null and o.deleted_at is null"
        " and (h.opportunity is null or h.stale or h.computed_at < %s)",
        (before,),
    )
    return [row["workspace"] for row in rows]


async def due(tx: Tx, workspace: str, before: datetime, limit: int) -> list[str]:
    """Open deals to compute, those that changed first."""
    rows = await tx.rows(
        "select o.id from deals.opportunity o"
        " left join deals.health h on h.workspace = o.workspace and h.opportunity = o.id"
        " where o.workspace = %s and o.closed_at is null and o.deleted_at is null"
        " and (h.opportunity is null or h.stale or h.computed_at < %s)"
        " order by h.stale desc nulls first, o.id limit %s",
        (workspace, before, limit),
    )
    return [row["id"] for row in rows]


async def lock(tx: Tx, workspace: str) -> bool:
    """Whether this transaction alone computes health in the workspace now."""
    return bool(
        await tx.value("select pg_try_advisory_xact_lock(hashtext('deals.health'), hashtext(%s))", (workspace,))
    )


async def signals(
    tx: Tx, workspace: str, deals: Sequence[str], now: datetime, day: date, standard: timedelta
) -> list[tuple[Signals, datetime | None]]:
    """What is measured of open deals, and when somebody at the customer last wrote. A question of theirs may wait as
    long as the standard."""
    rows = await tx.rows(
        _SIGNALS,
        {"workspace": workspace, "deals": list(deals), "now": now, "day": day, "asked_before": now - standard},
    )
    found = []
    for row in rows:
        last = row.pop("last_theirs")
        found.append((Signals(deal=row.pop("id"), **row), last))
    return found


async def norms(tx: Tx, workspace: str) -> tuple[Norms, datetime | None]:
    """What is usual for won deals, and when that was looked at; None where it never was."""
    row = await tx.row("select at, stage_days, momenta from deals.health_norm where workspace = %s", (workspace,))
    if row is None:
        return Norms(), None
    momenta = {int(day): tuple(values) for day, values in row["momenta"].items()}
    return Norms(row["stage_days"], momenta), row["at"]


async def learn_norms(tx: Tx, workspace: str, now: datetime, since: datetime, fewest: int) -> Norms:
    """Looks at the deals won since and keeps what is usual for them."""
    asked = {"workspace": workspace, "since": since, "fewest": fewest, "grid": list(GRID)}
    stage_days = {row["stage"]: row["days"] for row in await tx.rows(_STAGE_DAYS, asked)}
    momenta = {row["day"]: tuple(round(one, 3) for one in row["momenta"]) for row in await tx.rows(_MOMENTA, asked)}
    await tx.run(
        "insert into deals.health_norm (workspace, at, stage_days, momenta) values (%s, %s, %s, %s)"
        " on conflict (workspace) do update set at = excluded.at, stage_days = excluded.stage_days,"
        " momenta = excluded.momenta",
        (workspace, now, json.dumps(stage_days), json.dumps(momenta)),
    )
    return Norms(stage_days, momenta)


async def bands(tx: Tx, workspace: str, deals: Sequence[str]) -> dict[str, str]:
    """The bands that deals were last found in."""
    rows = await tx.rows(
        "select opportunity, band from deals.health where workspace = %s and opportunity = any(%s)"
        " and band is not null",
        (workspace, list(deals)),
    )
    return {row["opportunity"]: row["band"] for row in rows}


async def keep(tx: Tx, workspace: str, found: Sequence[tuple[Health, datetime | None]], now: datetime) -> None:
    rows = [
        {"id": h.deal, "score": h.score, "band": h.band, "why": h.why, "reasons": list(h.reasons),
         "parts": json.dumps([asdict(part) for part in h.parts]),
         "last_theirs": last.isoformat() if last else None}
        for h, last in found
    ]  # fmt: skip
    await tx.run(_KEEP, (workspace, now, json.dumps(rows), workspace))


async def measured_on(tx: Tx, workspace: str, deals: Sequence[str], day: date) -> list[str]:
    """Which of these were not measured yet on the day; they are now."""
    rows = await tx.rows(
        "update deals.health set measured_on = %s where workspace = %s and opportunity = any(%s)"
        " and (measured_on is null or measured_on < %s) returning opportunity",
        (day, workspace, list(deals), day),
    )
    return [row["opportunity"] for row in rows]


async def of(tx: Tx, workspace: str, deals: Sequence[str] | None) -> list[dict[str, Any]]:
    """The kept health of these deals with all its parts, or without them that of all open ones."""
    parts = "" if deals is None else "h.parts, "
    return await tx.rows(
        f"select h.opportunity as deal, h.score, h.band, h.why, {parts}h.reasons, h.last_theirs, h.computed_at"
        " from deals.health h join deals.opportunity o on o.workspace = h.workspace and o.id = h.opportunity"
        " where h.workspace = %(workspace)s and h.computed_at > 'epoch'"
        " and (%(deals)s::text[] is null and o.closed_at is null and o.deleted_at is null"
        "      or o.id = any(%(deals)s::text[]))",
        {"workspace": workspace, "deals": None if deals is None else list(deals)},
    )


async def ask_catching_up(tx: Tx, workspace: str, rooms: Mapping[str, str]) -> None:
    """Deals (deal → channel) that were given a room in which something may have been said before."""
    for deal, channel in rooms.items():
        await tx.run(
            "insert into deals.catching_up (workspace, opportunity, channel)"
            " select %s, id, %s from deals.opportunity where workspace = %s and id = %s"
            " on conflict (workspace, opportunity) do update set channel = excluded.channel",
            (workspace, channel, workspace, deal),
        )


async def catching_up(tx: Tx) -> list[dict[str, Any]]:
    """Deals whose rooms' past is to be read, held until the transaction ends."""
    return await tx.rows(
        "select workspace, opportunity, channel from deals.catching_up"
        " order by workspace, opportunity limit 20 for update skip locked"
    )


async def caught_up(tx: Tx, workspace: str, deal: str) -> None:
    await tx.run("delete from deals.catching_up where workspace = %s and opportunity = %s", (workspace, deal))
