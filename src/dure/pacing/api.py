"""Pacing's entrance: line items, what they delivered, and the regular look at all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from dure.feed.api import append
from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from dure.kernel.tenant import Tenant
from dure.pacing import assessment, booking, events, store
from dure.pacing.calibration import calibrated
from dure.pacing.curve import Curve, learn, nothing_learned
from dure.pacing.model import (
    WHOLE_DAY,
    Assessed,
    DayForecast,
    DayTotal,
    Detail,
    Figure,
    LineItem,
    NewLineItem,
    Outlook,
    Recorded,
    Row,
    State,
)
from dure.pacing.standing import Now, complete_through, flight_of, stand
from dure.state import State as Database
from dure.state import Tx

__all__ = ["DayTotal", "Figure", "LineItem", "NewLineItem", "Pacing", "Row"]

_MOST_FIGURES = 50_000
_EVENTS_A_BATCH = 2_000
_LEARN_FROM = timedelta(days=180)
_SHOWN_AFTER_END = timedelta(days=30)
_RECENT_DAYS = 21
_AGAIN_AFTER = timedelta(hours=1)
_LONG_AGO = date(2000, 1, 1)


class Pacing:
    """What ad operations has to deliver. `…_in` does the same within the caller's transaction."""

    def __init__(self, state: Database, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    # -- line items -------------------------------------------------------------------------------------------------

    async def create(self, principal: Principal, new: NewLineItem) -> LineItem:
        """A new line item. An external id that is known already is a Conflict."""
        access(principal, "pacing:write")
        booking.check(new)
        space = await self._governance.workspace(principal.tenant)
        now, workspace = self._clock.now(), principal.tenant.workspace
        made = booking.book(replace(new, created_at=None), space.currency, now)
        async with self._state.begin(principal.tenant) as tx:
            if new.external and await store.ids(tx, workspace, [new.external]):
                raise Conflict(f"A line item with the external id {new.external!r} exists.", field="external")
            await store.add_items(tx, workspace, [made])
            await store.ask(tx, workspace, now)
            await append(tx, events.item_event(principal, events.CREATED, now, now, made, {}))
        return made

    async def update(
        self, principal: Principal, item_id: str, *, name: str | None = None, goal: int | None = None,
        budget: int | None = None, end_day: date | None = None, channel: str | None = None, state: State | None = None,
    ) -> LineItem:  # fmt: skip
        """Changes fields; None leaves one as it is."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.update_in(
                tx, principal, item_id, name=name, goal=goal, budget=budget, end_day=end_day, channel=channel,
                state=state,
            )  # fmt: skip

    async def update_in(
        self, tx: Tx, principal: Principal, item_id: str, *, name: str | None = None, goal: int | None = None,
        budget: int | None = None, end_day: date | None = None, channel: str | None = None, state: State | None = None,
    ) -> LineItem:  # fmt: skip
        access(principal, "pacing:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        item = await store.item(tx, workspace, item_id, lock=True)
        if item is None:
            raise NotFound("There is no such line item.", field="line_item")
        given = {"name": name, "goal": goal, "budget": budget, "end_day": end_day, "channel": channel, "state": state}
        wanted = {field: value for field, value in given.items() if value is not None and value != getattr(item, field)}
        if not wanted:
            return item
        changed = replace(item, **wanted, changed_at=now)  # type: ignore[arg-type]
        booking.check(NewLineItem(changed.name, changed.goal, changed.start_day, changed.end_day, changed.budget))
        if {"goal", "end_day"} & wanted.keys():
            # Whether it is delivered or over is looked at anew.
            changed = replace(changed, delivered_at=None, ended_at=None)
        await store.keep_item(tx, workspace, changed)
        await store.ask(tx, workspace, now)
        facts = {"changed": sorted(wanted), "state": changed.state}
        await append(tx, events.item_event(principal, events.CHANGED, now, now, changed, facts))
        return changed

    async def list(self, principal: Principal) -> list[Row]:
        """Line items that have not ended or ended within thirty days, the earliest end first."""
        access(principal, "pacing:read")
        workspace, now = principal.tenant.workspace, self._clock.now()
        today = _today(await self._governance.workspace(principal.tenant), now)
        async with self._state.begin(principal.tenant) as tx:
            items = await store.items(tx, workspace, now - _SHOWN_AFTER_END)
            ids = [item.id for item in items]
            outlooks = await store.outlooks(tx, workspace, ids)
            days = await store.days(tx, workspace, ids, today - timedelta(days=_RECENT_DAYS))
            alerts = await store.last_alerts(tx, workspace, ids)
        opened = {(key, kind) for (key, kind), alert in alerts.items() if alert.state == "open"}
        return [
            Row(
                item,
                _shown(item, outlooks.get(item.id), today),
                tuple(day.impressions for day in days.get(item.id, ())),
                tuple(kind for kind in ("not_launched", "at_risk") if (item.id, kind) in opened),
            )
            for item in items
        ]

    async def one(self, principal: Principal, item_id: str) -> Detail:
        """A line item with every day delivered, the days to come as forecast now, and its alerts."""
        access(principal, "pacing:read")
        workspace, at = principal.tenant.workspace, self._clock.now()
        space = await self._governance.workspace(principal.tenant)
        async with self._state.begin(principal.tenant) as tx:
            item = (await store.ids(tx, workspace, [item_id])).get(item_id)
            if item is None:
                raise NotFound("There is no such line item.")
            days = (await store.days(tx, workspace, [item.id], _LONG_AGO)).get(item.id, [])
            now = await _now(tx, space, at)
            learned = await store.curve(tx, workspace)
            kept = await store.outlooks(tx, workspace, [item.id])
            alerts = await store.alerts(tx, workspace, item.id)
        totals = {day.day: day.impressions for day in days}
        standing = stand(item, totals, now, learned[0] if learned else nothing_learned())
        ahead: list[DayForecast] = []
        if standing.pace is not None and standing.outlook.as_of is not None:
            found, first = standing.pace, standing.outlook.as_of + timedelta(days=1)
            ahead = [
                DayForecast(first + timedelta(days=n), *(round(float(line[n])) for line in lines))
                for lines in [(found.expected, found.low, found.middle, found.high)]
                for n in range(found.days_left)
            ]
        outlook = standing.outlook
        if item.id in kept and kept[item.id].status == "at_risk" and outlook.status == "healthy":
            outlook = replace(outlook, status="at_risk")
        return Detail(item, outlook, tuple(days), tuple(ahead), tuple(alerts))

    async def bulk_load(self, principal: Principal, items: Sequence[NewLineItem]) -> dict[str, str]:
        """Brings line items with their past in: external id → id. Known ones are left alone. All or nothing.

        Events carry their own times and say `loaded: true`.
        """
        access(principal, "pacing:write")
        space = await self._governance.workspace(principal.tenant)
        zone, now, workspace = ZoneInfo(space.timezone), self._clock.now(), principal.tenant.workspace
        for new in items:
            booking.check(new)
            if not new.external:
                raise Invalid("A line item that is brought in has an external id.", field="external")
        async with self._state.begin(principal.tenant) as tx:
            known = {
                key: item.id for key, item in (await store.ids(tx, workspace, [n.external for n in items])).items()
            }
            made, figures, written = [], [], []
            for new in items:
                if new.external in known:
                    continue
                item = booking.book(new, space.currency, now)
                told, reached, ended = booking.story(principal, item, new.days, zone, now)
                known[new.external] = item.id
                made.append(replace(item, delivered_at=reached, ended_at=ended))
                figures += [Figure(item.id, day.day, day.impressions, day.clicks, day.spend) for day in new.days]
                written += told
            await store.add_items(tx, workspace, made)
            await store.keep_figures(tx, workspace, _last_of_each(figures), now)
            await store.ask(tx, workspace, now)
            written.sort(key=lambda event: event.time)
            for start in range(0, len(written), _EVENTS_A_BATCH):
                await append(tx, *written[start : start + _EVENTS_A_BATCH])
        return {new.external: known[new.external] for new in items}

    # -- deliveries -------------------------------------------------------------------------------------------------

    async def record(self, principal: Principal, figures: Sequence[Figure]) -> Recorded:
        """Keeps delivery figures, thousands at once; a figure for the same hour or day replaces the one before.

        `line_item` may be the external id. One *Delivery Recorded* is written for each line item and day, with what
        the call added to that day (negative where it corrected downwards). All or nothing.
        """
        access(principal, "pacing:write")
        if len(figures) > _MOST_FIGURES:
            raise TooLarge(f"At most {_MOST_FIGURES} figures at once.", data={"limit": _MOST_FIGURES})
        if not figures:
            return Recorded(0, 0, 0)
        space = await self._governance.workspace(principal.tenant)
        zone, now, workspace = ZoneInfo(space.timezone), self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            items = await store.ids(tx, workspace, sorted({figure.line_item for figure in figures}))
            kept = _last_of_each([_checked(n, one, items, _today(space, now)) for n, one in enumerate(figures)])
            touched = sorted({one.line_item for one in kept})
            since = min(one.day for one in kept)
            known = await store.known_figures(tx, workspace, kept)
            before = await store.days(tx, workspace, touched, since)
            await store.keep_figures(tx, workspace, kept, now)
            after = await store.days(tx, workspace, touched, since)
            by_id = {item.id: item for item in items.values()}
            corrected = {
                (one.line_item, one.day) for one in kept
                if (was := known.get(_place(one))) and (was.impressions, was.clicks, was.spend)
                != (one.impressions, one.clicks, one.spend)
            }  # fmt: skip
            written = []
            for key in touched:
                was_then = {day.day: day for day in before.get(key, ())}
                for day in after[key]:
                    was = was_then.get(day.day, DayTotal(day.day, 0, 0, 0))
                    if day == was:
                        continue
                    added = DayTotal(
                        day.day, day.impressions - was.impressions, day.clicks - was.clicks, day.spend - was.spend
                    )
                    facts = events.recorded_facts(day.day, added, correction=(key, day.day) in corrected)
                    at = booking.end_of(day.day, zone, now)
                    written.append(events.item_event(principal, events.RECORDED, at, now, by_id[key], facts))
            for start in range(0, len(written), _EVENTS_A_BATCH):
                await append(tx, *written[start : start + _EVENTS_A_BATCH])
            await store.ask(tx, workspace, now)
        return Recorded(len(kept), len(corrected), len(touched))

    # -- the regular look -------------------------------------------------------------------------------------------

    async def assess(self, tenant: Tenant) -> Assessed:
        """Looks at every line item that has not ended: forecasts, milestones, alerts with their events."""
        principal = self._governance.system(tenant, "pacing")
        space = await self._governance.workspace(tenant)
        at, workspace = self._clock.now(), tenant.workspace
        async with self._state.begin(tenant) as tx:
            await store.lock(tx, workspace)
            now = await _now(tx, space, at)
            # Those that ended lately too: their figures may still be corrected.
            items = await store.items(tx, workspace, at - _SHOWN_AFTER_END)
            ids = [item.id for item in items]
            totals = _totals(await store.days(tx, workspace, ids, _LONG_AGO))
            curve = await _learned(tx, workspace, now, at)
            standings = await asyncio.to_thread(assessment.stand_all, items, totals, now, curve)
            alerts = await store.last_alerts(tx, workspace, ids)
            changes = assessment.judge(principal, items, standings, alerts, now, at)
            await store.keep_outlooks(tx, workspace, changes.outlooks, at)
            await store.note_milestones(tx, workspace, changes.items)
            await store.drop_alerts(tx, workspace, changes.forgotten)
            await store.keep_alerts(tx, workspace, changes.alerts)
            await append(tx, *changes.events)
            await store.answered(tx, workspace, at)
        return changes.summary(now)

    async def tick(self) -> int:
        """Looks wherever something changed since the last look, and everywhere once an hour; how many it looked at."""
        async with self._state.begin_system() as tx:
            waiting = await store.waiting(tx, self._clock.now() - _AGAIN_AFTER)
        looked = 0
        for space in await self._governance.workspaces() if waiting else []:
            if space.id in waiting:
                await self.assess(space.tenant)
                looked += 1
        return looked


async def _now(tx: Tx, space: Workspace, at: datetime) -> Now:
    local = at.astimezone(ZoneInfo(space.timezone))
    return Now(local.date(), local.hour, await store.data_through(tx, space.id, local.date()))


async def _learned(tx: Tx, workspace: str, now: Now, at: datetime) -> Curve:
    """The curve, learned anew when there is a new day of figures."""
    if now.data_through is None:
        return nothing_learned()
    known = await store.curve(tx, workspace)
    if known is not None and known[1] == now.data_through:
        return known[0]
    items = [one for one in await store.items(tx, workspace, at - _LEARN_FROM) if one.state != "cancelled"]
    totals = _totals(await store.days(tx, workspace, [item.id for item in items], _LONG_AGO))
    flights, finished = [], []
    for item in items:
        mine = totals.get(item.id, {})
        flight = flight_of(item, mine, complete_through(item, mine, now))
        if np.any(flight.impressions):
            flights.append(flight)
            if len(flight.impressions) == item.days:
                finished.append(flight)
    hourly = await store.hours(tx, workspace, now.today - timedelta(days=28), now.today)
    curve = await asyncio.to_thread(lambda: calibrated(learn(flights, hourly), finished))
    await store.keep_curve(tx, workspace, curve, now.data_through, at)
    return curve


def _checked(number: int, figure: Figure, items: Mapping[str, LineItem], today: date) -> Figure:
    place = f"deliveries[{number}]"
    item = items.get(figure.line_item)
    if item is None:
        raise Invalid(f"There is no line item {figure.line_item!r}.", field=f"{place}.line_item")
    if not _LONG_AGO <= figure.day <= today:
        raise Invalid("Nothing can be delivered on a day to come.", field=f"{place}.day")
    if figure.hour is not None and not 0 <= figure.hour <= 23:
        raise Invalid("An hour is 0 to 23.", field=f"{place}.hour")
    for name in ("impressions", "clicks", "spend"):
        if not 0 <= getattr(figure, name) <= 10**15:
            raise Invalid(f"`{name}` is 0 or more.", field=f"{place}.{name}")
    return replace(figure, line_item=item.id)


def _last_of_each(figures: Sequence[Figure]) -> list[Figure]:
    """Of two figures for one place the later counts; in one order, so that two calls never deadlock."""
    return [figure for _, figure in sorted({_place(figure): figure for figure in figures}.items())]


def _place(figure: Figure) -> tuple[str, date, int]:
    return figure.line_item, figure.day, WHOLE_DAY if figure.hour is None else figure.hour


def _totals(days: Mapping[str, Sequence[DayTotal]]) -> dict[str, dict[date, int]]:
    return {key: {day.day: day.impressions for day in found} for key, found in days.items()}


def _today(space: Workspace, at: datetime) -> date:
    return at.astimezone(ZoneInfo(space.timezone)).date()


def _shown(item: LineItem, outlook: Outlook | None, today: date) -> Outlook:
    """The outlook as of the last look; what somebody decided since then shows at once."""
    if outlook is None:
        left = max((item.end_day - max(today, item.start_day)).days + 1, 0)
        outlook = Outlook(item.id, "upcoming" if today < item.start_day else "waiting", None, 0, left)
    if item.state != "active" and outlook.status not in ("delivered", "missed"):
        return replace(outlook, status=item.state)
    return outlook
