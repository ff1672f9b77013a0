"""Pacing's only SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.pacing.curve import Curve
from dure.pacing.model import WHOLE_DAY, Alert, DayTotal, Figure, LineItem, Outlook
from dure.state import Tx

_ITEM = tuple(LineItem.__slots__)
_OUTLOOK = tuple(Outlook.__slots__)
_ALERT = tuple(Alert.__slots__)

# A day's own figure, or else the sum of its hours.
_DAYS = """
select line_item, day,
       coalesce(sum(impressions) filter (where hour = -1), sum(impressions) filter (where hour >= 0))::bigint
           as impressions,
       coalesce(sum(clicks) filter (where hour = -1), sum(clicks) filter (where hour >= 0))::bigint as clicks,
       coalesce(sum(spend) filter (where hour = -1), sum(spend) filter (where hour >= 0))::bigint as spend
from pacing.delivery where workspace = %(workspace)s and line_item = any(%(items)s) and day >= %(since)s
group by line_item, day order by line_item, day
"""


async def lock(tx: Tx, workspace: str) -> None:
    """One look at a workspace's line items at a time."""
    await tx.run("select pg_advisory_xact_lock(hashtext('pacing.assess'), hashtext(%s))", (workspace,))


async def add_items(tx: Tx, workspace: str, items: Iterable[LineItem]) -> None:
    await tx.many(
        f"insert into pacing.line_item (workspace, {', '.join(_ITEM)}) values (%s{', %s' * len(_ITEM)})",
        [(workspace, *astuple(item)) for item in items],
    )


async def keep_item(tx: Tx, workspace: str, item: LineItem) -> None:
    sets = ", ".join(f"{name} = %({name})s" for name in _ITEM if name not in ("id", "external", "created_at"))
    await tx.run(
        f"update pacing.line_item set {sets} where workspace = %(workspace)s and id = %(id)s",
        {name: getattr(item, name) for name in _ITEM} | {"workspace": workspace},
    )


async def note_milestones(tx: Tx, workspace: str, items: Iterable[LineItem]) -> None:
    """Writes when goals were reached and flights ended, and nothing else: somebody may be editing the rest."""
    await tx.many(
        "update pacing.line_item set delivered_at = %s, ended_at = %s where workspace = %s and id = %s",
        [(item.delivered_at, item.ended_at, workspace, item.id) for item in items],
    )


async def item(tx: Tx, workspace: str, item_id: str, *, lock: bool = False) -> LineItem | None:
    row = await tx.row(
        f"select * from pacing.line_item where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, item_id),
    )
    return None if row is None else _item(row)


async def items(tx: Tx, workspace: str, ended_since: datetime | None = None) -> list[LineItem]:
    """Line items that have not ended, and those that ended since (all with None), by their end."""
    rows = await tx.rows(
        "select * from pacing.line_item where workspace = %(workspace)s and"
        " (ended_at is null or %(since)s::timestamptz is null or ended_at >= %(since)s) order by end_day, id",
        {"workspace": workspace, "since": ended_since},
    )
    return [_item(row) for row in rows]


async def ids(tx: Tx, workspace: str, given: Sequence[str]) -> dict[str, LineItem]:
    """Line items by whichever of id and external id was given."""
    rows = await tx.rows(
        "select * from pacing.line_item where workspace = %(workspace)s and"
        " (id = any(%(given)s) or (external <> '' and external = any(%(given)s)))",
        {"workspace": workspace, "given": list(given)},
    )
    found: dict[str, LineItem] = {}
    for row in rows:
        found[row["id"]] = _item(row)
        if row["external"]:
            found.setdefault(row["external"], found[row["id"]])
    return found


async def days(tx: Tx, workspace: str, items: Sequence[str], since: date) -> dict[str, list[DayTotal]]:
    """Every day with figures, by line item."""
    found: dict[str, list[DayTotal]] = {}
    for row in await tx.rows(_DAYS, {"workspace": workspace, "items": list(items), "since": since}):
        found.setdefault(row["line_item"], []).append(
            DayTotal(row["day"], row["impressions"], row["clicks"], row["spend"])
        )
    return found


async def hours(tx: Tx, workspace: str, since: date, before: date) -> dict[int, int]:
    """Impressions by hour of the day over complete days."""
    rows = await tx.rows(
        "select hour, sum(impressions)::bigint as impressions from pacing.delivery"
        " where workspace = %s and hour >= 0 and day >= %s and day < %s group by hour",
        (workspace, since, before),
    )
    return {row["hour"]: row["impressions"] for row in rows}


async def data_through(tx: Tx, workspace: str, before: date) -> date | None:
    """The last day before `before` that any line item has figures of."""
    found: date | None = await tx.value(
        "select max(day) from pacing.delivery where workspace = %s and day < %s", (workspace, before)
    )
    return found


async def known_figures(tx: Tx, workspace: str, figures: Sequence[Figure]) -> dict[tuple[str, date, int], DayTotal]:
    """What is recorded already in the places of these figures."""
    rows = await tx.rows(
        "select d.line_item, d.day, d.hour, d.impressions, d.clicks, d.spend from pacing.delivery d"
        " join unnest(%(items)s::text[], %(days)s::date[], %(hours)s::int[]) as g (line_item, day, hour)"
        " on d.line_item = g.line_item and d.day = g.day and d.hour = g.hour where d.workspace = %(workspace)s",
        {"workspace": workspace, **_places(figures)},
    )
    return {
        (r["line_item"], r["day"], r["hour"]): DayTotal(r["day"], r["impressions"], r["clicks"], r["spend"])
        for r in rows
    }


async def keep_figures(tx: Tx, workspace: str, figures: Sequence[Figure], at: datetime) -> None:
    """Writes figures over what was in their places."""
    await tx.run(
        "insert into pacing.delivery (workspace, line_item, day, hour, impressions, clicks, spend, changed_at)"
        " select %(workspace)s, line_item, day, hour, impressions, clicks, spend, %(at)s"
        " from unnest(%(items)s::text[], %(days)s::date[], %(hours)s::int[], %(impressions)s::bigint[],"
        " %(clicks)s::bigint[], %(spend)s::bigint[]) as g (line_item, day, hour, impressions, clicks, spend)"
        " on conflict (workspace, line_item, day, hour) do update set impressions = excluded.impressions,"
        " clicks = excluded.clicks, spend = excluded.spend, changed_at = excluded.changed_at",
        {
            "workspace": workspace,
            "at": at,
            "impressions": [one.impressions for one in figures],
            "clicks": [one.clicks for one in figures],
            "spend": [one.spend for one in figures],
            **_places(figures),
        },
    )


async def curve(tx: Tx, workspace: str) -> tuple[Curve, date] | None:
    """What was learned last, and the last day it was learned from."""
    row = await tx.row("select body, data_through from pacing.curve where workspace = %s", (workspace,))
    return None if row is None else (Curve.from_json(row["body"]), row["data_through"])


async def keep_curve(tx: Tx, workspace: str, curve: Curve, data_through: date, at: datetime) -> None:
    await tx.run(
        "insert into pacing.curve (workspace, learned_at, data_through, flights, body) values (%s, %s, %s, %s, %s)"
        " on conflict (workspace) do update set learned_at = excluded.learned_at,"
        " data_through = excluded.data_through, flights = excluded.flights, body = excluded.body",
        (workspace, at, data_through, curve.flights, Jsonb(curve.as_json())),
    )


async def keep_outlooks(tx: Tx, workspace: str, outlooks: Iterable[Outlook], at: datetime) -> None:
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*_OUTLOOK[1:], "assessed_at"))
    await tx.many(
        f"insert into pacing.outlook (workspace, assessed_at, {', '.join(_OUTLOOK)})"
        f" values (%s, %s{', %s' * len(_OUTLOOK)}) on conflict (workspace, line_item) do update set {sets}",
        [(workspace, at, *astuple(outlook)) for outlook in outlooks],
    )


async def outlooks(tx: Tx, workspace: str, items: Sequence[str]) -> dict[str, Outlook]:
    rows = await tx.rows(
        "select * from pacing.outlook where workspace = %s and line_item = any(%s)", (workspace, list(items))
    )
    return {row["line_item"]: Outlook(**{name: row[name] for name in _OUTLOOK}) for row in rows}


async def last_alerts(tx: Tx, workspace: str, items: Sequence[str]) -> dict[tuple[str, str], Alert]:
    """The newest alert of each line item and kind."""
    rows = await tx.rows(
        "select distinct on (line_item, kind) * from pacing.alert where workspace = %s and line_item = any(%s)"
        " order by line_item, kind, episode desc",
        (workspace, list(items)),
    )
    return {(row["line_item"], row["kind"]): _alert(row) for row in rows}


async def alerts(tx: Tx, workspace: str, item_id: str) -> list[Alert]:
    """Alerts of a line item that were raised, newest first."""
    rows = await tx.rows(
        "select * from pacing.alert where workspace = %s and line_item = %s and state <> 'pending'"
        " order by seen_at desc, id desc",
        (workspace, item_id),
    )
    return [_alert(row) for row in rows]


async def keep_alerts(tx: Tx, workspace: str, kept: Iterable[Alert]) -> None:
    sets = ", ".join(f"{name} = excluded.{name}" for name in _ALERT if name not in ("id", "line_item", "kind"))
    await tx.many(
        f"insert into pacing.alert (workspace, {', '.join(_ALERT)}) values (%s{', %s' * len(_ALERT)})"
        f" on conflict (workspace, id) do update set {sets}",
        [
            (workspace, *(Jsonb(dict(alert.facts)) if name == "facts" else getattr(alert, name) for name in _ALERT))
            for alert in kept
        ],
    )


async def drop_alerts(tx: Tx, workspace: str, ids: Sequence[str]) -> None:
    await tx.run("delete from pacing.alert where workspace = %s and id = any(%s)", (workspace, list(ids)))


async def ask(tx: Tx, workspace: str, at: datetime) -> None:
    """Notes that line items should be looked at."""
    await tx.run(
        "insert into pacing.assessment (workspace, asked_at) values (%s, %s)"
        " on conflict (workspace) do update set asked_at = excluded.asked_at",
        (workspace, at),
    )


async def answered(tx: Tx, workspace: str, at: datetime) -> None:
    """Notes that they were looked at; whoever asked meanwhile is still waiting."""
    await tx.run(
        "insert into pacing.assessment (workspace, asked_at, done_at) values (%(workspace)s, %(at)s, %(at)s)"
        " on conflict (workspace) do update set done_at = excluded.done_at",
        {"workspace": workspace, "at": at},
    )


async def waiting(tx: Tx, done_before: datetime) -> set[str]:
    """Workspaces that asked after they were last looked at, or were last looked at before that time."""
    rows = await tx.rows(
        "select workspace from pacing.assessment where done_at is null or asked_at > done_at or done_at < %s",
        (done_before,),
    )
    return {row["workspace"] for row in rows}


def _places(figures: Sequence[Figure]) -> dict[str, Any]:
    return {
        "items": [one.line_item for one in figures],
        "days": [one.day for one in figures],
        "hours": [WHOLE_DAY if one.hour is None else one.hour for one in figures],
    }


def _item(row: Mapping[str, Any]) -> LineItem:
    return LineItem(**{name: row[name] for name in _ITEM})


def _alert(row: Mapping[str, Any]) -> Alert:
    return Alert(**{name: row[name] for name in _ALERT})
