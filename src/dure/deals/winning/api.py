"""The forecast's entrance: by stage and by a model that learns on a schedule."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dure.deals.winning import changes, events, keeping, store
from dure.deals.winning.card import Card, make
from dure.deals.winning.chances import Chance, chances
from dure.deals.winning.forecast import CATEGORIES, Period, Standing, forecast
from dure.deals.winning.learn import FEWEST_LOST, FEWEST_WON
from dure.deals.winning.past import Known, days, past_of
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.state import State

__all__ = ["Winning"]

_LEARN_EVERY = timedelta(days=7)
_TELL_EVERY = timedelta(hours=1)
_LONGEST_LOOK_BACK = 90
# A past of so many times as many closed deals, and some more, is learned before its week is over.
_GROWN, _MORE = 1.1, 20


class Winning:
    """Which open deals will be won, and what that brings."""

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def card(self, principal: Principal) -> dict[str, Any]:
        """The model's card; before the first learning it says so."""
        access(principal, "deals:read")
        async with self._state.begin(principal.tenant) as tx:
            kept = await store.model(tx, principal.tenant.workspace)
        return _NOTHING_YET if kept is None else kept["card"]

    async def chances(self, principal: Principal, deals: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Each open deal's chance, why there is none, and the three reasons that move it most."""
        access(principal, "deals:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.chances(tx, principal.tenant.workspace, deals)

    async def forecast(
        self, principal: Principal, period: Period = "month", *, pipeline: str | None = None, owner: str | None = None
    ) -> dict[str, Any]:
        """Sums by category, weighted by stage and by chance, from the beginning of this quarter on."""
        access(principal, "deals:read")
        space = await self._governance.workspace(principal.tenant)
        zone, now = ZoneInfo(space.timezone), self._clock.now()
        today = now.astimezone(zone).date()
        begin = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        async with self._state.begin(principal.tenant) as tx:
            since = datetime.combine(begin, time(), zone)
            rows = await store.standings(tx, space.id, since, pipeline, owner)
            kept = await store.model(tx, space.id)
        standings = [_standing(row, zone) for row in rows]
        drift = kept["drift"] if kept else 0.0
        found = await asyncio.to_thread(forecast, standings, today, period, drift)
        return {**found, "card": kept["card"] if kept else _NOTHING_YET, "today": today, "from": begin}

    async def changed(
        self, principal: Principal, back: int = 7, *, pipeline: str | None = None, owner: str | None = None
    ) -> dict[str, Any]:
        """What moved the forecast in the last `back` days, deal by deal."""
        access(principal, "deals:read")
        if not 1 <= back <= _LONGEST_LOOK_BACK:
            raise Invalid(f"`days` is 1 to {_LONGEST_LOOK_BACK}.", field="days")
        since = self._clock.now() - timedelta(days=back)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.standings(tx, workspace, since, pipeline, owner, lost=True)
            before = await store.then(tx, workspace, since, [row["id"] for row in rows])
            positions = await store.positions(tx, workspace)
        moves = [
            changes.Moved(
                row["id"], row["name"], row["owner"], row["currency"], row["created_at"],
                row["outcome"] if row["closed_at"] else "", _then(before.get(row["id"])), _then(row),
            )
            for row in rows
        ]  # fmt: skip
        return {"since": since, **changes.told(moves, positions)}

    async def learn(self, space: Workspace) -> Card | None:
        """Learns anew, tests, keeps model and card, and tells every open deal's chance; None where another process
        does it just now."""
        now = self._clock.now()
        async with self._state.begin(space.tenant) as tx:
            if not await store.lock(tx, space.id):
                return None
            known = await store.past(tx, space.id)
            card, model, drift, told = await asyncio.to_thread(_learned, known, now)
            await store.keep_model(tx, space.id, now, _json(card.shown()), model, drift)
            await store.keep_chances(tx, space.id, told, _reasons(told), now)
            await append(tx, events.learned(self._governance.system(space.tenant, "deals"), now, card))
        return card

    async def learn_now(self, principal: Principal) -> dict[str, Any]:
        """Learns without waiting for its day, such as after a past was brought in; the card of what was learned."""
        access(principal, "deals:configure")
        await self.learn(await self._governance.workspace(principal.tenant))
        return await self.card(principal)

    async def tell(self, space: Workspace) -> int:
        """Every open deal's chance by the model that is kept, from what is known now."""
        now = self._clock.now()
        async with self._state.begin(space.tenant) as tx:
            kept = await store.model(tx, space.id)
            if kept is None or not await store.lock(tx, space.id):
                return 0
            told: list[Chance] = []
            if kept["model"] is not None:
                known = await store.past(tx, space.id)
                told = await asyncio.to_thread(_told, known, now, kept["model"], kept["card"]["basis"])
            await store.keep_chances(tx, space.id, told, _reasons(told), now)
        return len(told)

    async def tick(self) -> int:
        """Learns where it is time, and tells chances anew where deals changed or an hour passed."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            to_learn, to_tell = await store.due(tx, now - _LEARN_EVERY, now - _TELL_EVERY)
        looked = 0
        for space in await self._governance.workspaces() if to_learn or to_tell else []:
            if space.id in to_learn:
                looked += await self.learn(space) is not None
            elif space.id in to_tell:
                if await self._outgrown(space):
                    looked += await self.learn(space) is not None
                else:
                    looked += await self.tell(space) > 0
        return looked

    async def _outgrown(self, space: Workspace) -> bool:
        """Whether so many deals were closed since the last learning (a past was brought in) that it is learned anew."""
        async with self._state.begin(space.tenant) as tx:
            kept = await store.model(tx, space.id)
            closed = await store.closed(tx, space.id)
        before = kept["card"]["won"] + kept["card"]["lost"] if kept else 0
        return closed > before * _GROWN + _MORE


def _learned(known: Sequence[Known], now: datetime) -> tuple[Card, str | None, float, list[Chance]]:
    past = past_of(known)
    card, model, drift = make(past, now)
    if model is None:
        return card, None, drift, []
    told = chances(past, days(now), model, tells_apart=card.basis == "model")
    return card, _json(keeping.to_json(model)), drift, told


def _told(known: Sequence[Known], now: datetime, kept: dict[str, Any], basis: str) -> list[Chance]:
    return chances(past_of(known), days(now), keeping.from_json(kept), tells_apart=basis == "model")


def _reasons(found: Sequence[Chance]) -> list[str]:
    return [json.dumps([asdict(reason) for reason in one.reasons]) for one in found]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _standing(row: dict[str, Any], zone: ZoneInfo) -> Standing:
    closed = row["closed_at"] is not None
    return Standing(
        deal=row["id"], owner=row["owner"], currency=row["currency"], stage=row["stage"],
        category="closed" if closed else CATEGORIES[row["forecast"]], amount=row["amount"],
        probability=row["probability"], chance=row["chance"],
        day=row["closed_at"].astimezone(zone).date() if closed else row["close_date"], closed=closed,
    )  # fmt: skip


def _then(row: dict[str, Any] | None) -> changes.Then:
    if row is None:
        return changes.Then("", 0, 0, None)
    return changes.Then(row["stage"], row["probability"], row["amount"], row["close_date"])


_NOTHING_YET: dict[str, Any] = {
    "basis": "none", "why": "not_yet", "won": 0, "lost": 0, "rate": 0.0, "facts": {}, "fewest_won": FEWEST_WON,
    "fewest_lost": FEWEST_LOST, "learned_at": None,
}  # fmt: skip
