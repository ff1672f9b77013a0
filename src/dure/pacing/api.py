"""Pacing's entrance: line items, what they delivered, and the regular look at all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.feed.api import append
from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from dure.kernel.tenant import Tenant
from dure.pacing import booking, events, looking, reading, store, telling
from dure.pacing.alerts.api import Alerts
from dure.pacing.creatives.api import Creatives
from dure.pacing.deliveries import recording
from dure.pacing.deliveries import store as delivery_store
from dure.pacing.makegoods.api import Makegoods
from dure.pacing.model import Assessed, DayTotal, Detail, Figure, LineItem, NewLineItem, Recorded, Row
from dure.pacing.orders import store as order_store
from dure.pacing.orders.api import Orders
from dure.pacing.trafficking.api import TraffickingDesk
from dure.state import State as Database
from dure.state import Tx

__all__ = ["DayTotal", "Figure", "LineItem", "NewLineItem", "Pacing", "Row"]

_MOST_FIGURES = 50_000
_EVENTS_A_BATCH = 2_000
_AGAIN_AFTER = timedelta(hours=1)
_STATES = ("active", "paused", "cancelled")
# What can be changed, in words of the line item; None in a cap takes it off.
_CHANGEABLE = frozenset({
    "name", "goal", "budget", "start_day", "end_day", "channel", "state", "order", "deal", "campaign", "manager",
    "format", "pacing", "custom_curve", "cap", "cap_daily", "dayparts", "priority", "targeting", "creatives_wanted",
})  # fmt: skip
_MAY_BE_NOTHING = frozenset({"cap", "cap_daily"})


class Pacing:
    """What ad operations has to deliver. `…_in` does the same within the caller's transaction.

    Nouns of their own have entrances of their own: `orders`, `creatives`, `trafficking`, `makegoods`, `alerts`.
    """

    def __init__(self, state: Database, clock: Clock, governance: Governance, *, site: str = "") -> None:
        self._site = site
        self._state = state
        self._clock = clock
        self._governance = governance
        self.orders = Orders(state, clock, governance)
        self.creatives = Creatives(state, clock)
        self.trafficking = TraffickingDesk(state, clock)
        self.makegoods = Makegoods(state, clock, governance)
        self.alerts = Alerts(state, clock, governance)

    # -- line items -------------------------------------------------------------------------------------------------

    async def create(self, principal: Principal, new: NewLineItem) -> LineItem:
        """A new line item. An external id that is known already is a Conflict."""
        currency = (await self._governance.workspace(principal.tenant)).currency
        async with self._state.begin(principal.tenant) as tx:
            return await self.create_in(tx, principal, new, currency)

    async def create_in(self, tx: Tx, principal: Principal, new: NewLineItem, currency: str) -> LineItem:
        access(principal, "pacing:write")
        booking.check(new)
        now, workspace = self._clock.now(), principal.tenant.workspace
        made = booking.book(replace(new, created_at=None), currency, now)
        if new.external and await store.ids(tx, workspace, [new.external]):
            raise Conflict(f"A line item with the external id {new.external!r} exists.", field="external")
        made = await self._linked(tx, workspace, made)
        await store.add_items(tx, workspace, [made])
        await store.ask(tx, workspace, now)
        await append(tx, events.item_event(principal, events.CREATED, now, now, made, {}))
        return made

    async def check_in(self, tx: Tx, principal: Principal, new: NewLineItem) -> None:
        """Raises what `create_in` would raise, and makes nothing."""
        access(principal, "pacing:write")
        booking.check(new)
        await self._linked(tx, principal.tenant.workspace, booking.book(new, new.currency or "KRW", self._clock.now()))

    async def update(self, principal: Principal, item_id: str, **changes: Any) -> LineItem:
        """Changes what is named (None stays as it is, but takes a cap off), or pauses or cancels."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.update_in(tx, principal, item_id, **changes)

    async def update_in(self, tx: Tx, principal: Principal, item_id: str, **changes: Any) -> LineItem:
        access(principal, "pacing:write")
        if unknown := sorted(changes.keys() - _CHANGEABLE):
            raise Invalid(f"`{unknown[0]}` of a line item cannot be changed.", field=unknown[0])
        now, workspace = self._clock.now(), principal.tenant.workspace
        item = await store.item(tx, workspace, item_id, lock=True)
        if item is None:
            raise NotFound("There is no such line item.", field="line_item")
        wanted: dict[str, Any] = {
            field: tuple(value) if isinstance(value, list) else value for field, value in changes.items()
            if value is not None or field in _MAY_BE_NOTHING
        }  # fmt: skip
        wanted = {field: value for field, value in wanted.items() if value != _same(getattr(item, field))}
        if not wanted:
            return item
        if wanted.get("state", "active") not in _STATES:
            raise Invalid(f"`state` is one of {', '.join(_STATES)}.", field="state")
        changed = replace(item, **wanted, changed_at=now)
        booking.check(booking.asked_of(changed))
        if "order" in wanted:
            changed = await self._linked(tx, workspace, changed)
        if "state" in wanted:
            changed = replace(changed, paused_at=now if changed.state == "paused" else None)
        if {"goal", "end_day"} & wanted.keys():
            # Whether it is delivered or over is looked at anew.
            changed = replace(changed, delivered_at=None, ended_at=None)
        await store.keep_item(tx, workspace, changed)
        await store.ask(tx, workspace, now)
        facts = {"changed": sorted(wanted), "state": changed.state}
        await append(tx, events.item_event(principal, events.CHANGED, now, now, changed, facts))
        return changed

    async def end_moved_in(self, tx: Tx, principal: Principal, item_id: str, days: int) -> date:
        """The end of a line item, so many days later."""
        access(principal, "pacing:read")
        item = await store.item(tx, principal.tenant.workspace, item_id)
        if item is None:
            raise NotFound("There is no such line item.", field="line_item")
        return item.end_day + timedelta(days=days)

    async def today_in(self, tx: Tx, tenant: Tenant) -> date:
        """The day in the workspace's zone."""
        zone = ZoneInfo((await self._space_in(tx, tenant)).timezone)
        return self._clock.now().astimezone(zone).date()

    async def list(self, principal: Principal, *, order: str = "") -> Sequence[Row]:
        """Line items that have not ended or ended within thirty days, the earliest end first; or all of an order."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.list_in(tx, principal, order=order)

    async def list_in(self, tx: Tx, principal: Principal, *, order: str = "") -> Sequence[Row]:
        """`list` within a transaction."""
        access(principal, "pacing:read")
        return await reading.rows(tx, await self._space_in(tx, principal.tenant), self._clock.now(), order)

    async def one(self, principal: Principal, item_id: str) -> Detail:
        """A line item with every day delivered, its plan, the days to come as forecast now, and its alerts."""
        access(principal, "pacing:read")
        space, at = await self._governance.workspace(principal.tenant), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            return await reading.detail(tx, space, at, item_id)

    async def report(self, principal: Principal, *, line_item: str = "", order: str = "") -> dict[str, Any]:
        """The numbers of a line item or an order, and the card that says them: booked, delivered, billable."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.report_in(tx, principal, line_item=line_item, order=order)

    async def report_in(self, tx: Tx, principal: Principal, *, line_item: str = "", order: str = "") -> dict[str, Any]:
        access(principal, "pacing:read")
        timezone, at = (await self._space_in(tx, principal.tenant)).timezone, self._clock.now()
        workspace = principal.tenant.workspace
        facts = await reading.report(tx, workspace, timezone, at, line_item=line_item, order=order)
        return {**facts, **telling.report(facts, self._site)}

    async def digest(self, principal: Principal, *, channel: str = "", order: str = "") -> dict[str, Any]:
        """The day's lines of a channel or an order by severity, as text and blocks."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.digest_in(tx, principal, channel=channel, order=order)

    async def digest_in(self, tx: Tx, principal: Principal, *, channel: str = "", order: str = "") -> dict[str, Any]:
        access(principal, "pacing:read")
        zone = ZoneInfo((await self._space_in(tx, principal.tenant)).timezone)
        today = self._clock.now().astimezone(zone).date()
        workspace = principal.tenant.workspace
        items, outlooks, alerts = await reading.of_place(tx, workspace, channel=channel, order=order)
        return telling.digest(today, items, outlooks, alerts, self._site)

    async def bulk_load(self, principal: Principal, items: Sequence[NewLineItem]) -> dict[str, str]:
        """Brings line items with their past in: external id → id. Known ones are left alone. All or nothing.

        Events carry their own times and say `loaded: true`.
        """
        access(principal, "pacing:write")
        space = await self._governance.workspace(principal.tenant)
        zone, now, workspace = ZoneInfo(space.timezone), self._clock.now(), principal.tenant.workspace
        today = now.astimezone(zone).date()
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
                item = booking.begun(new, booking.book(new, space.currency, now), today)
                told, reached, ended = booking.story(principal, item, new.days, zone, now)
                known[new.external] = item.id
                made.append(booking.past(replace(item, delivered_at=reached, ended_at=ended), new.days, zone, now))
                figures += [
                    Figure(item.id, day.day, day.impressions, day.clicks, day.spend, None, day.views, day.listens,
                           new.source)
                    for day in new.days
                ]  # fmt: skip
                written += told
            await store.add_items(tx, workspace, made)
            await delivery_store.keep_figures(tx, workspace, recording.last_of_each(figures), now)
            for source in sorted({figure.source for figure in figures}):
                await delivery_store.heard(tx, workspace, source, None, None, now)
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
        timezone = (await self._governance.workspace(principal.tenant)).timezone
        async with self._state.begin(principal.tenant) as tx:
            return await self.record_in(tx, principal, figures, timezone)

    async def record_in(self, tx: Tx, principal: Principal, figures: Sequence[Figure], timezone: str) -> Recorded:
        access(principal, "pacing:write")
        if len(figures) > _MOST_FIGURES:
            raise TooLarge(f"At most {_MOST_FIGURES} figures at once.", data={"limit": _MOST_FIGURES})
        if not figures:
            return Recorded(0, 0, 0)
        zone, now, workspace = ZoneInfo(timezone), self._clock.now(), principal.tenant.workspace
        today = now.astimezone(zone).date()
        items = await store.ids(tx, workspace, sorted({figure.line_item for figure in figures}))
        kept = [recording.checked(n, one, items, today) for n, one in enumerate(figures)]
        done, written = await recording.record(tx, principal, kept, items, zone, now)
        for start in range(0, len(written), _EVENTS_A_BATCH):
            await append(tx, *written[start : start + _EVENTS_A_BATCH])
        await store.ask(tx, workspace, now)
        return done

    # -- the regular look -------------------------------------------------------------------------------------------

    async def assess(self, tenant: Tenant) -> Assessed:
        """Looks at every line item that has not ended: forecasts, milestones, alerts with their events."""
        principal = self._governance.system(tenant, "pacing")
        space = await self._governance.workspace(tenant)
        async with self._state.begin(tenant) as tx:
            return await looking.look(tx, principal, space, self._clock.now())

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

    async def _space_in(self, tx: Tx, tenant: Tenant) -> Workspace:
        return next(one for one in await self._governance.workspaces_in(tx) if one.id == tenant.workspace)

    async def _linked(self, tx: Tx, workspace: str, item: LineItem) -> LineItem:
        """The line item with its order's own id, and what it did not say taken from there."""
        if not item.order:
            return item
        order = (await order_store.ids(tx, workspace, [item.order])).get(item.order)
        if order is None:
            raise Invalid(f"There is no order {item.order!r}.", field="order")
        given: dict[str, Any] = {
            name: getattr(item, name) or getattr(order, name)
            for name in ("account", "account_name", "deal", "channel", "manager")
        }
        return replace(item, order=order.id, **given)


def _same(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
