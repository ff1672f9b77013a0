"""What somebody may like next: what was heard by people who heard the same, else what is popular in their genre.

Two items are as close as the number of people who heard both, over the square root of the product of how many heard
each (the cosine of their listeners), estimated from an item's newest listeners. Only what is in the catalogue and was
not heard by the person is recommended.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dure.campaigns import log_sql, store
from dure.campaigns.design import Items
from dure.campaigns.model import Item, Recipient, Recommended
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import Tx

LOOKS_BACK = timedelta(days=28)
RECENT = timedelta(days=7)
FEWEST_TOGETHER = 2
"""One listener in common is a coincidence, and would tell what that one person heard."""
_GENRE_BONUS = 1.5
_BASIS = 5  # of a person's items, the newest
_FANS = 300  # of an item's listeners, the newest
_FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Heard:
    """Items of one person, newest first, and the genre they heard last."""

    items: tuple[str, ...]
    genre: str


@dataclass(slots=True)
class Nearness:
    """What is the same for everybody of a workspace: how many heard each item (lately), and items heard together."""

    at: datetime
    popular: dict[str, tuple[int, int]]
    together: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


class Recommender:
    """Answers from the log; what is the same for everybody is asked once in half an hour."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._near: dict[str, Nearness] = {}

    async def for_people(
        self, tenant: Tenant, catalogue: Mapping[str, Item], people: Collection[UUID], now: datetime, *,
        favourite: Mapping[UUID, str] | None = None, count: int = 3,
    ) -> dict[UUID, list[Recommended]]:  # fmt: skip
        """Up to `count` items for each; `favourite` genres are for those who heard nothing lately."""
        if not people or not catalogue:
            return {person: [] for person in people}
        heard = await self._heard(tenant, people, now)
        near = await self._nearness(tenant, now)
        basis = {item for one in heard.values() for item in one.items[:_BASIS]}
        await self._learn_together(tenant, near, sorted(basis - near.together.keys()), now)
        popular = near.popular
        hits = sorted(
            catalogue.keys() & popular.keys(), key=lambda item: (-popular[item][1], -popular[item][0], item)
        )  # fmt: skip
        nothing = {person: Heard((), (favourite or {}).get(person, "")) for person in people}
        return {
            person: rank(heard.get(person, nothing[person]), catalogue, popular, near.together, hits, count)
            for person in people
        }

    async def items_for(
        self, tx: Tx, tenant: Tenant, recipients: Sequence[Recipient], wanted: Items, now: datetime
    ) -> dict[UUID, list[Item]]:
        """Fills `plugs.Recommending`."""
        catalogue = await store.items(tx, tenant.workspace)
        favourite = {one.person: str(one.traits.get("favourite_genre") or "") for one in recipients}
        found = await self.for_people(tenant, catalogue, list(favourite), now, favourite=favourite, count=wanted.count)
        return {person: [each.item for each in each_of] for person, each_of in found.items()}

    async def _heard(self, tenant: Tenant, people: Collection[UUID], now: datetime) -> dict[UUID, Heard]:
        params = {**_period(now), "people": [str(person) for person in people]}
        found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
        for who, item, genre, _ in (await self._log.query(tenant, log_sql.HEARD, params)).rows:
            found[who].append((item, genre or ""))
        return {
            who: Heard(tuple(item for item, _ in rows), next((genre for _, genre in rows if genre), ""))
            for who, rows in found.items()
        }

    async def _nearness(self, tenant: Tenant, now: datetime) -> Nearness:
        near = self._near.get(tenant.workspace)
        if near is None or not near.at <= now < near.at + _FRESH:
            answer = await self._log.query(tenant, log_sql.POPULAR, {**_period(now), "recent": _text(now - RECENT)})
            near = Nearness(now, {item: (people, recent) for item, people, recent in answer.rows})
            self._near[tenant.workspace] = near
        return near

    async def _learn_together(self, tenant: Tenant, near: Nearness, items: Sequence[str], now: datetime) -> None:
        for start in range(0, len(items), 200):
            some = list(items[start : start + 200])
            params = {**_period(now), "items": some, "fans": _FANS}
            found: dict[str, list[tuple[str, int]]] = {item: [] for item in some}
            for item, other, people in (await self._log.query(tenant, log_sql.TOGETHER, params)).rows:
                found[item].append((other, people))
            near.together |= found


def rank(
    heard: Heard, catalogue: Mapping[str, Item], popular: Mapping[str, tuple[int, int]],
    together: Mapping[str, Sequence[tuple[str, int]]], hits: Sequence[str], count: int,
) -> list[Recommended]:  # fmt: skip
    """The best for one person: heard together (more for their genre), then hits of the genre, then hits."""
    known = set(heard.items)
    scores: dict[str, float] = defaultdict(float)
    for place, item in enumerate(heard.items[:_BASIS]):
        listeners = max(popular.get(item, (1, 0))[0], 1)
        for other, people in together.get(item, ()):
            if other in catalogue and other not in known and people >= FEWEST_TOGETHER:
                both = people * listeners / min(listeners, _FANS)
                closeness = both / math.sqrt(listeners * max(popular.get(other, (1, 0))[0], 1))
                bonus = _GENRE_BONUS if catalogue[other].genre == heard.genre != "" else 1.0
                scores[other] += closeness * bonus / (1 + place)
    chosen = [
        Recommended(catalogue[item], "together", round(score, 4))
        for item, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:count]
    ]
    taken = known | {each.item.id for each in chosen}
    for why in ("genre", "popular"):
        for item in hits:
            if len(chosen) >= count:
                return chosen
            if item not in taken and (why == "popular" or catalogue[item].genre == heard.genre != ""):
                chosen.append(Recommended(catalogue[item], why, float(popular[item][1])))
                taken.add(item)
    return chosen


def _period(now: datetime) -> dict[str, str]:
    return {"since": _text(now - LOOKS_BACK), "now": _text(now)}


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
