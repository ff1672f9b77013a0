"""The tables of delivery figures and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dure.pacing.model import WHOLE_DAY, DayTotal, Figure, Gap
from dure.state import Tx

_MEASURES = ("impressions", "clicks", "spend", "views", "listens")
_SUMS = ", ".join(
    f"coalesce(sum({name}) filter (where hour = -1), sum({name}) filter (where hour >= 0))::bigint as {name}"
    for name in _MEASURES
)

# A day's own figure, or else the sum of its hours.
_DAYS = f"""
select line_item, day, {_SUMS}
from pacing.delivery where workspace = %(workspace)s and line_item = any(%(items)s) and day >= %(since)s
group by line_item, day order by line_item, day
"""

# Both counters on the days that both have; a day's own figure, or else its hours.
_GAPS = """
with third as (
    select line_item, source, day,
           coalesce(sum(impressions) filter (where hour = -1), sum(impressions) filter (where hour >= 0)) as seen
    from pacing.third_party where workspace = %(workspace)s and line_item = any(%(items)s) and day < %(before)s
    group by line_item, source, day
), first as (
    select line_item, day,
           coalesce(sum(impressions) filter (where hour = -1), sum(impressions) filter (where hour >= 0)) as seen
    from pacing.delivery where workspace = %(workspace)s and line_item in (select line_item from third)
        and day < %(before)s
    group by line_item, day
)
select line_item, third.source, sum(first.seen)::bigint as first, sum(third.seen)::bigint as third,
       count(*)::int as days
from third join first using (line_item, day) group by line_item, third.source order by line_item, third.source
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: `through` is its last complete day, `hourly_through` the end of its last hour."""

    name: str
    through: date | None
    as_of: datetime | None
    hourly_through: datetime | None
    seen_at: datetime


async def days(tx: Tx, workspace: str, items: Sequence[str], since: date) -> dict[str, list[DayTotal]]:
    """Every day with figures, by line item."""
    found: dict[str, list[DayTotal]] = {}
    for row in await tx.rows(_DAYS, {"workspace": workspace, "items": list(items), "since": since}):
        found.setdefault(row["line_item"], []).append(DayTotal(row["day"], *(row[name] for name in _MEASURES)))
    return found


async def hours(tx: Tx, workspace: str, since: date, before: date) -> dict[int, int]:
    """Impressions by hour of the day over complete days."""
    rows = await tx.rows(
        "select hour, sum(impressions)::bigint as impressions from pacing.delivery"
        " where workspace = %s and hour >= 0 and day >= %s and day < %s group by hour",
        (workspace, since, before),
    )
    return {row["hour"]: row["impressions"] for row in rows}


async def hours_of(tx: Tx, workspace: str, items: Sequence[str], day: date) -> dict[str, dict[int, DayTotal]]:
    """The hours of one day, by line item."""
    found: dict[str, dict[int, DayTotal]] = {}
    for row in await tx.rows(
        "select * from pacing.delivery where workspace = %s and line_item = any(%s) and day = %s and hour >= 0",
        (workspace, list(items), day),
    ):
        found.setdefault(row["line_item"], {})[row["hour"]] = DayTotal(day, *(row[name] for name in _MEASURES))
    return found


async def by_the_hour(tx: Tx, workspace: str, items: Sequence[str], since: date) -> set[str]:
    """Line items whose figures came by the hour since that day."""
    rows = await tx.rows(
        "select distinct line_item from pacing.delivery"
        " where workspace = %s and line_item = any(%s) and day >= %s and hour >= 0",
        (workspace, list(items), since),
    )
    return {row["line_item"] for row in rows}


async def known_figures(tx: Tx, workspace: str, figures: Sequence[Figure]) -> dict[tuple[str, date, int], DayTotal]:
    """What is recorded already in the places of these figures."""
    rows = await tx.rows(
        f"select d.line_item, d.day, d.hour, {', '.join('d.' + name for name in _MEASURES)} from pacing.delivery d"
        " join unnest(%(items)s::text[], %(days)s::date[], %(hours)s::int[]) as g (line_item, day, hour)"
        " on d.line_item = g.line_item and d.day = g.day and d.hour = g.hour where d.workspace = %(workspace)s",
        {"workspace": workspace, **_places(figures)},
    )
    return {(r["line_item"], r["day"], r["hour"]): DayTotal(r["day"], *(r[name] for name in _MEASURES)) for r in rows}


async def keep_figures(tx: Tx, workspace: str, figures: Sequence[Figure], at: datetime) -> None:
    """Writes figures over what was in their places."""
    await _keep(tx, workspace, "delivery", "workspace, line_item, day, hour", figures, at)


async def keep_third_party(tx: Tx, workspace: str, figures: Sequence[Figure], at: datetime) -> None:
    """The same for what somebody else counted, who is part of the place."""
    await _keep(tx, workspace, "third_party", "workspace, line_item, day, hour, source", figures, at)


async def _keep(tx: Tx, workspace: str, table: str, place: str, figures: Sequence[Figure], at: datetime) -> None:
    names = [*_MEASURES, "source", "as_of"]
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*names, "changed_at"))
    await tx.run(
        f"insert into pacing.{table} (workspace, line_item, day, hour, {', '.join(names)}, changed_at)"
        f" select %(workspace)s, line_item, day, hour, {', '.join(names)}, %(at)s"
        " from unnest(%(items)s::text[], %(days)s::date[], %(hours)s::int[], %(impressions)s::bigint[],"
        " %(clicks)s::bigint[], %(spend)s::bigint[], %(views)s::bigint[], %(listens)s::bigint[], %(source)s::text[],"
        f" %(as_of)s::timestamptz[]) as g (line_item, day, hour, {', '.join(names)})"
        f" on conflict ({place}) do update set {sets}",
        {
            "workspace": workspace,
            "at": at,
            **{name: [getattr(one, name) for one in figures] for name in names},
            **_places(figures),
        },
    )


async def gaps(tx: Tx, workspace: str, items: Sequence[str], before: date) -> dict[str, list[Gap]]:
    """How far third parties are from the ad servers, over complete days that both have."""
    found: dict[str, list[Gap]] = {}
    for row in await tx.rows(_GAPS, {"workspace": workspace, "items": list(items), "before": before}):
        share = abs(row["third"] - row["first"]) / row["first"] if row["first"] else 1.0 if row["third"] else 0.0
        found.setdefault(row["line_item"], []).append(
            Gap(row["source"], row["first"], row["third"], share, row["days"])
        )
    return found


async def heard(
    tx: Tx, workspace: str, source: str, as_of: datetime | None, hourly_through: datetime | None, at: datetime
) -> None:
    """Notes that a source reported. What it said before stays where that was fresher."""
    await tx.run(
        "insert into pacing.source (workspace, name, as_of, hourly_through, seen_at) values (%s, %s, %s, %s, %s)"
        " on conflict (workspace, name) do update set as_of = greatest(source.as_of, excluded.as_of),"
        " hourly_through = greatest(source.hourly_through, excluded.hourly_through), seen_at = excluded.seen_at",
        (workspace, source, as_of, hourly_through, at),
    )


async def sources(tx: Tx, workspace: str, before: date) -> dict[str, Source]:
    """Every source with the last day before `before` that it has figures of."""
    rows = await tx.rows(
        "select s.*, (select max(d.day) from pacing.delivery d where d.workspace = s.workspace and d.source = s.name"
        " and d.day < %s) as through from pacing.source s where s.workspace = %s",
        (before, workspace),
    )
    return {
        row["name"]: Source(row["name"], row["through"], row["as_of"], row["hourly_through"], row["seen_at"])
        for row in rows
    }


def _places(figures: Sequence[Figure]) -> Mapping[str, Any]:
    return {
        "items": [one.line_item for one in figures],
        "days": [one.day for one in figures],
        "hours": [WHOLE_DAY if one.hour is None else one.hour for one in figures],
    }
