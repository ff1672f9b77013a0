"""The daily look: each workspace once a day, in the morning there, and what it finds as events."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dure.deals import events
from dure.deals.daily import rules, store
from dure.deals.model import DEAL
from dure.deals.pipelines.store import stages as stages_of
from dure.deals.records.records import Desk
from dure.deals.records.store import several
from dure.deals.rules import first_stages
from dure.feed.api import append
from dure.governance.api import Workspace
from dure.state import Tx

_MORNING = 7
_EVENTS_A_BATCH = 2_000
_NAMES: dict[rules.Kind, str] = {
    "stale": events.DEAL_STALE,
    "single_threaded": events.DEAL_SINGLE_THREADED,
    "overdue": events.DEAL_OVERDUE,
}


class Daily:
    """The day's look and its events are one transaction with the note that it was done, so that a process that dies
    in its midst leaves it to the next, and nobody hears of anything twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def tick(self) -> int:
        """Looks wherever it is morning and nobody has yet; how many events it wrote."""
        written = 0
        now = self._desk.clock.now()
        for space in await self._desk.governance.workspaces():
            local = now.astimezone(ZoneInfo(space.timezone))
            if local.hour >= _MORNING:
                async with self._desk.state.begin(space.tenant) as tx:
                    if await store.claim(tx, space.id, local.date()):
                        written += await self._look(tx, space)
        return written

    async def _look(self, tx: Tx, space: Workspace) -> int:
        now = self._desk.clock.now()
        today = now.astimezone(ZoneInfo(space.timezone)).date()
        stages = await stages_of(tx, space.id)
        told = await store.told(tx, space.id)
        looks = await store.open_deals(tx, space.id, [one.key for one in first_stages(stages)], now)
        holds = {(look.deal, one.kind): one for look in looks for one in rules.notices(look, now, today)}
        fresh = {place: one for place, one in holds.items() if one.level > told.get(place, 0)}
        await store.drop(tx, space.id, [place for place in told if place not in holds])
        await store.keep(tx, space.id, [(deal, kind, one.level) for (deal, kind), one in fresh.items()], now)
        deals = await several(tx, DEAL, space.id, sorted({deal for deal, _ in fresh}))
        hand = self._desk.governance.system(space.tenant, "deals")
        written = [
            events.deal_event(hand, _NAMES[kind], now, now, deals[deal], stages[deals[deal].stage], dict(one.facts))
            for (deal, kind), one in fresh.items()
            if deal in deals
        ]
        for start in range(0, len(written), _EVENTS_A_BATCH):
            await append(tx, *written[start : start + _EVENTS_A_BATCH])
        return len(written)
