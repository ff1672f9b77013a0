"""Recommendations for many people at once, from what is kept in PostgreSQL; the log is not asked on the way.

A process keeps the shelf it laid out last and lays it out anew when the model, the catalogue or the minute has changed.
Whether an item was blocked or ended since is looked up at every answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.campaigns.plugs import Directory
from dure.campaigns.recommending import bandit, store
from dure.campaigns.recommending.histories import Heard
from dure.campaigns.recommending.kinds import Leaning, Pick, choose
from dure.campaigns.recommending.model import Item, Kind, Recommended, Standing
from dure.campaigns.recommending.shelf import Shelf, laid_out
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

LAID_FOR = timedelta(minutes=1)
"""What begins or cools meanwhile waits so long; what ends or is blocked does not."""
_SPARE = 4  # picks beside those asked for, for items that ended or were blocked since the shelf was laid out
_INLINE = 50  # people whose answer is no work for a thread


@dataclass
class Kept:
    """A workspace's shelf in this process, and what it was laid out from."""

    version: int
    catalogue: int
    read_to: datetime | None
    items: dict[str, Item]
    tastes: Mapping[str, bytes]
    shelf: Shelf
    outcomes: bandit.Outcomes
    at: float
    blocked: Collection[str] = ()
    changing: asyncio.Task[None] | None = None


@dataclass
class Recommender:
    """Answers. With `patience` (seconds between two layings out) a shelf that fell behind goes on serving while
    the next is laid out beside it; without, nobody is answered from one that fell behind."""

    state: State
    directory: Directory
    patience: float = 0.0
    _kept: dict[str, Kept] = field(default_factory=dict)

    async def for_people(
        self, tenant: Tenant, people: Collection[UUID], kind: Kind, count: int, now: datetime, *, tx: Tx | None = None,
        besides: Mapping[UUID, Collection[str]] | None = None,
    ) -> dict[UUID, list[Recommended]]:  # fmt: skip
        """Up to `count` items for each, best first. `besides` are items not to recommend, such as the one whose end
        brought somebody here a moment ago. `tx` spares a transaction of its own; nothing is written."""
        if tx is None:
            async with self.state.begin(tenant) as own:
                return await self.for_people(tenant, people, kind, count, now, tx=own, besides=besides)
        everybody = list(dict.fromkeys(people))
        kept = await self._kept_for(tx, tenant, now)
        if kept is None or not everybody:
            return {person: [] for person in everybody}
        heard = Heard.of(everybody, await store.histories(tx, tenant.workspace, everybody))
        leaning = await self._leanings(tx, tenant, heard)
        order = bandit.orders(tenant.workspace, kept.outcomes, everybody, now) if kind == "blend" else ()
        spare = _SPARE + max((len(each) for each in (besides or {}).values()), default=0)
        work = (kept.shelf, heard, kind, count + spare, int(now.timestamp()))
        picks = (
            choose(*work, order=order, leaning=leaning)
            if len(everybody) <= _INLINE
            else await asyncio.to_thread(choose, *work, order=order, leaning=leaning)
        )
        return {
            person: _able(kept, each, (besides or {}).get(person, ()), count, now)
            for person, each in zip(everybody, picks, strict=True)
        }

    async def warm(self, tenant: Tenant, now: datetime) -> None:
        """Lays the shelf out before somebody asks."""
        async with self.state.begin(tenant) as tx:
            await self._kept_for(tx, tenant, now)

    async def _leanings(self, tx: Tx, tenant: Tenant, heard: Heard) -> dict[int, Leaning]:
        """What those who heard nothing said of themselves."""
        strangers = {
            person: place
            for place, (person, begin, end) in enumerate(
                zip(heard.people, heard.starts.tolist(), heard.starts[1:].tolist(), strict=False)
            )
            if begin == end
        }
        if not strangers:
            return {}
        known = await self.directory.known(tx, tenant, strangers)
        return {
            place: Leaning(
                str(known[person].traits.get("favourite_genre") or ""),
                str(known[person].traits.get("language") or "")[:2],
            )
            for person, place in strangers.items()
            if person in known
        }

    async def _kept_for(self, tx: Tx, tenant: Tenant, now: datetime) -> Kept | None:
        standing = await store.standing(tx, tenant.workspace)
        if standing is None:
            return None
        kept = self._kept.get(tenant.workspace)
        if kept is not None and kept.catalogue != standing.catalogue:
            # Blocked and ended items are known at once, whenever the shelf is laid out anew.
            kept.items |= await store.items(tx, tenant.workspace, changed_after=kept.catalogue)
            kept.blocked = (await store.blocked_creators(tx, tenant.workspace)).keys()
        if kept is None:
            return await self._lay_out(tx, tenant, standing, None, now)
        if _stands(kept, standing, now) and (self.patience or kept.read_to == standing.read_to):
            return kept
        if not self.patience:
            return await self._lay_out(tx, tenant, standing, kept, now)
        if kept.changing is not None and kept.changing.done():
            kept.changing.result()  # what went wrong beside is said here
            kept.changing = None
        if kept.changing is None and time.monotonic() - kept.at >= self.patience:
            kept.changing = asyncio.create_task(self._lay_out_later(tenant, now))
        return kept

    async def _lay_out_later(self, tenant: Tenant, now: datetime) -> None:
        async with self.state.begin(tenant) as tx:
            standing = await store.standing(tx, tenant.workspace)
            if standing is not None:
                await self._lay_out(tx, tenant, standing, self._kept.get(tenant.workspace), now)

    async def _lay_out(self, tx: Tx, tenant: Tenant, standing: Standing, kept: Kept | None, now: datetime) -> Kept:
        items = dict(kept.items) if kept else {}
        items |= await store.items(tx, tenant.workspace, changed_after=kept.catalogue if kept else None)
        same = kept is not None and kept.version == standing.version
        tastes = kept.tastes if kept and same else await store.tastes(tx, tenant.workspace, standing.version)
        tokens = await store.tokens(tx, tenant.workspace)
        blocked = (await store.blocked_creators(tx, tenant.workspace)).keys()
        outcomes = await store.outcomes(tx, tenant.workspace)
        shelf = await asyncio.to_thread(laid_out, list(items.values()), blocked, tokens, tastes, now)
        new = Kept(
            standing.version, standing.catalogue, standing.read_to, items, tastes, shelf, outcomes, time.monotonic(),
            blocked,
        )  # fmt: skip
        self._kept[tenant.workspace] = new
        return new


def _leaning(traits: Mapping[str, Any]) -> Leaning:
    return Leaning(str(traits.get("favourite_genre") or ""), str(traits.get("language") or "")[:2])


def _stands(kept: Kept, standing: Standing, now: datetime) -> bool:
    same = kept.version == standing.version and kept.catalogue == standing.catalogue
    return same and kept.shelf.at <= now < kept.shelf.at + LAID_FOR


def _able(kept: Kept, picks: Sequence[Pick], besides: Collection[str], count: int, now: datetime) -> list[Recommended]:
    able: list[Recommended] = []
    for pick in picks:
        item = kept.items.get(kept.shelf.items[pick.place].id)
        if item is None or item.id in besides or item.creator in kept.blocked or not item.recommendable(now):
            continue
        able.append(Recommended(replace(item, why=pick.why), pick.why, round(pick.score, 4)))
        if len(able) == count:
            break
    return able


def told(recommended: Sequence[Recommended]) -> list[dict[str, Any]]:
    """As JSON."""
    return [{"item": shown(each.item), "why": each.why, "score": each.score} for each in recommended]


def shown(item: Item) -> dict[str, Any]:
    """An item as JSON; its fields are plain."""
    return {name: getattr(item, name) for name in Item.__slots__ if name != "why"}
