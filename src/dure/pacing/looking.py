"""The regular look at all line items of a workspace: read, judge, write, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from dure.feed.api import append
from dure.governance.api import Principal, Workspace
from dure.pacing import assessment, store
from dure.pacing.alerts import store as alert_store
from dure.pacing.alerts.kinds import Finding, Seen
from dure.pacing.alerts.rules import Rules
from dure.pacing.alerts.weighing import Weighing
from dure.pacing.calibration import calibrated
from dure.pacing.creatives import store as creative_store
from dure.pacing.curve import Curve, learn, nothing_learned
from dure.pacing.deliveries import store as delivery_store
from dure.pacing.deliveries.freshness import clocks, stale_finding
from dure.pacing.deliveries.store import Source
from dure.pacing.helping import help_for_all
from dure.pacing.model import Alert, Assessed, DayTotal, LineItem
from dure.pacing.standing import Now, Standing, complete_through, flight_of, stand_all
from dure.pacing.traffic import country_of
from dure.state import Tx

LONG_AGO = date(2000, 1, 1)
SHOWN_AFTER_END = timedelta(days=30)
_LEARN_FROM = timedelta(days=180)
_EVENTS_A_BATCH = 2_000


async def look(tx: Tx, principal: Principal, space: Workspace, at: datetime) -> Assessed:
    """Forecasts, milestones and alerts of every line item that has not ended, or lately, or was corrected since."""
    workspace, zone = space.id, ZoneInfo(space.timezone)
    local = at.astimezone(zone)
    await store.lock(tx, workspace)
    rules = await alert_store.rules(tx, workspace)
    items = await store.items(tx, workspace, at - SHOWN_AFTER_END)
    ids = [item.id for item in items]
    sources = await delivery_store.sources(tx, workspace, local.date())
    nows = clocks(local, zone, sources, items, rules)
    days = await delivery_store.days(tx, workspace, ids, LONG_AGO)
    totals = totals_of(items, days)
    curve = await _learned(tx, space, nows, local.date(), at)
    standings = await asyncio.to_thread(stand_all, items, totals, nows, curve, rules)
    alerts = await alert_store.last(tx, workspace, ids)
    seen = await _seen(tx, workspace, items, standings, nows, days, rules, curve, at, local.date())
    quiet = rules.quiet(local.hour)
    before = await store.outlooks(tx, workspace, [item.id for item in items if item.ended_at is not None])
    changes = assessment.judge(principal, seen, alerts, before, at, quiet=quiet)
    stale = _sources(Weighing(principal, changes, at, quiet=quiet), sources, nows, items, alerts, rules)
    await store.keep_outlooks(tx, workspace, changes.outlooks, at)
    await store.note_milestones(tx, workspace, changes.items)
    await store.looked_again(tx, workspace)
    await alert_store.drop(tx, workspace, changes.forgotten)
    await alert_store.keep(tx, workspace, changes.alerts)
    await alert_store.unsay(tx, workspace, changes.unsaid)
    await alert_store.wake(tx, workspace, changes.woken, at)
    for start in range(0, len(changes.events), _EVENTS_A_BATCH):
        await append(tx, *changes.events[start : start + _EVENTS_A_BATCH])
    await store.answered(tx, workspace, at)
    silent = all(now.stale for now in nows.values()) if nows else not sources
    return changes.summary(stale, stale=silent)


def totals_of(items: Sequence[LineItem], days: Mapping[str, Sequence[DayTotal]]) -> dict[str, dict[date, int]]:
    """Units of each item's goal by day."""
    return {item.id: {day.day: day.of(item.goal_unit) for day in days.get(item.id, ())} for item in items}


async def clock_of(tx: Tx, space: Workspace, at: datetime, item: LineItem) -> Now:
    """The moment as the source of one line item sees it."""
    zone = ZoneInfo(space.timezone)
    local = at.astimezone(zone)
    rules = await alert_store.rules(tx, space.id)
    sources = await delivery_store.sources(tx, space.id, local.date())
    return clocks(local, zone, sources, [item], rules)[item.source]


def _sources(
    weighing: Weighing, sources: Mapping[str, Source], nows: Mapping[str, Now], items: Sequence[LineItem],
    alerts: Mapping[tuple[str, str], Alert], rules: Rules,
) -> list[str]:  # fmt: skip
    stale = []
    for name, now in sorted(nows.items()):
        mine = [item for item in items if item.source == name]
        found = stale_finding(now, sources.get(name), mine, rules)
        last = alerts.get(("", f"data_stale:{name}"))
        if found is None and last is not None and last.state != "resolved":
            # Nobody waits for it any more: its silence does not matter.
            found = Finding("fine", "watch", now.today, at_once=True, facts=last.facts)
        if found is None:
            continue
        weighing.weigh(None, None, "data_stale", found, last, rules, source=name)
        if found.found == "sure":
            stale.append(name)
    return stale


async def _seen(
    tx: Tx, workspace: str, items: Sequence[LineItem], standings: Sequence[Standing], nows: Mapping[str, Now],
    days: Mapping[str, Sequence[DayTotal]], rules: Rules, curve: Curve, at: datetime, today: date,
) -> list[Seen]:  # fmt: skip
    ids = [item.id for item in items]
    creatives = await creative_store.of_items(tx, workspace, ids)
    gaps = await delivery_store.gaps(tx, workspace, ids, today)
    hours = await delivery_store.hours_of(tx, workspace, ids, today)
    hourly = await delivery_store.by_the_hour(tx, workspace, ids, today - timedelta(days=1))
    made_good = await store.made_good_by(tx, workspace, [item.id for item in items if item.ended_at is not None])
    helpful = await asyncio.to_thread(help_for_all, items, standings, curve)
    return [
        Seen(
            item, standing, nows[item.source], at, rules, curve, creatives.get(item.id, ()), gaps.get(item.id, ()),
            hours.get(item.id, {}), next((day for day in days.get(item.id, ()) if day.day == today), None),
            sum(day.spend for day in days.get(item.id, ())), item.id in made_good,
            hourly=item.id in hourly, remedies=helpful.get(item.id, ()),
        )
        for item, standing in zip(items, standings, strict=True)
    ]  # fmt: skip


async def _learned(tx: Tx, space: Workspace, nows: Mapping[str, Now], today: date, at: datetime) -> Curve:
    """The curve, learned anew when there is a new day of figures."""
    workspace = space.id
    through = max((now.data_through for now in nows.values() if now.data_through), default=None)
    if through is None:
        return nothing_learned()
    known = await store.curve(tx, workspace)
    if known is not None and known[1] == through:
        return known[0]
    items = [one for one in await store.items(tx, workspace, at - _LEARN_FROM) if one.state != "cancelled"]
    days = await delivery_store.days(tx, workspace, [item.id for item in items], LONG_AGO)
    totals = totals_of(items, days)
    flights, finished = [], []
    for item in items:
        mine = totals.get(item.id, {})
        now = nows.get(item.source) or Now(today, 0, through)
        flight = flight_of(item, mine, complete_through(item, mine, now))
        if np.any(flight.impressions):
            flights.append(flight)
            if len(flight.impressions) == item.days:
                finished.append(flight)
    by_weekday = await delivery_store.hours(tx, workspace, today - timedelta(days=28), today)
    country = country_of(space.timezone)
    curve = await asyncio.to_thread(lambda: calibrated(learn(flights, by_weekday, country=country), finished))
    await store.keep_curve(tx, workspace, curve, through, at)
    return curve
