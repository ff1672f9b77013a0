"""What came back on posts: answers in their threads, clicks on their links, and at which times posts did well."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.governance.api import Governance, Principal, access
from dure.social.publishing import talk_store
from dure.social.publishing.book import Book
from dure.social.publishing.times import Times, did_well

_DAYS = 180
_RIPE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Figure:
    """What came back on one variant. `clicks` None where nobody counts them; `reach` None: no connector says it."""

    source: uuid.UUID
    answers: int
    clicks: int | None
    reach: int | None
    said: Sequence[Mapping[str, Any]]


class Figures:
    """Read from mentions and links; nothing of it is kept twice."""

    def __init__(self, book: Book, governance: Governance) -> None:
        self._book = book
        self._governance = governance

    async def of(self, principal: Principal, id: uuid.UUID) -> list[Figure]:
        """Of each variant that the brand said, with the first of its answers."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._book.state.begin(principal.tenant) as tx:
            plan = await self._book.plan(tx, principal, id)
            places = await self._book.places(tx, workspace)
            owned = await self._book.owned(tx, workspace)
            said = [one for one in plan.variants if one.fate == "said" and one.wording.source not in owned]
            known = [
                (places[one.wording.source].network, one.reference)
                for one in said if one.reference and one.wording.source in places
            ]  # fmt: skip
            counted = await talk_store.answered(tx, workspace, known)
            shown = {pair: await talk_store.answers(tx, workspace, *pair, 20) for pair in known}
        clicks = await self._book.clicks(principal, [f"{id}/{one.wording.source}" for one in said], plan.created_at)
        found = []
        for one in said:
            place = places.get(one.wording.source)
            pair = (place.network if place else "", one.reference)
            found.append(
                Figure(one.wording.source, counted.get(pair, 0), clicks.get(f"{id}/{one.wording.source}"), None,
                       shown.get(pair, ()))
            )  # fmt: skip
        return found

    async def times(self, principal: Principal) -> Times:
        """At which hours of the week posts of the last half year did well, in the workspace's zone."""
        access(principal, "social:read")
        now, workspace = self._book.clock.now(), principal.tenant.workspace
        zone = ZoneInfo((await self._governance.workspace(principal.tenant)).timezone)
        since = now - timedelta(days=_DAYS)
        async with self._book.state.begin(principal.tenant) as tx:
            owned = await self._book.owned(tx, workspace)
            past = [
                row for row in await talk_store.past(tx, workspace, since, now - _RIPE) if row["source"] not in owned
            ]
            places = await self._book.places(tx, workspace)
            networks = {one.id: one.network for one in places.values()}
            pairs = [(networks.get(row["source"], ""), row["reference"]) for row in past]
            answered = await talk_store.answered(tx, workspace, list(dict.fromkeys(pairs)))
        belongs = [f"{row['plan']}/{row['source']}" for row in past]
        clicks = await self._book.clicks(principal, belongs, since)
        measured = [
            (row["said_at"].astimezone(zone), answered.get(pair, 0) + clicks.get(of, 0))
            for row, pair, of in zip(past, pairs, belongs, strict=True)
        ]
        return did_well(measured)
