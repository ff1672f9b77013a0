"""Who is in a segment, was in it, came and went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from dure.governance.api import Principal, access
from dure.kernel.errors import NotFound
from dure.segments import store
from dure.segments.definitions import Definitions
from dure.segments.desk import find
from dure.segments.model import Listed, Member, Size
from dure.segments.moves import Day, Move


class Membership(Definitions):
    async def people(
        self, principal: Principal, id: str, after: UUID | None = None, limit: int = 100, at: datetime | None = None
    ) -> list[Member]:
        """Who was in it at the newest computation, by id, `limit` (at most 5,000) after `after`; or who was in it `at`
        a past moment, by the rule as it was then and what is known today of the time before it."""
        access(principal, "segments:read")
        if at is not None:
            moment = self._moment(at)
            found = await self._then(principal, id, moment)
            return [Member(one, moment) for one in found if after is None or one > after][: min(limit, 5_000)]
        async with self._state.begin(principal.tenant) as tx:
            segment = await find(tx, principal, id)
            return await store.members(tx, principal.tenant.workspace, segment.id, after, min(limit, 5_000))

    async def called(self, principal: Principal, people: Collection[UUID]) -> dict[UUID, dict[str, str]]:
        """For a list: `name` and `distinct_id` of those about whom something was stated."""
        access(principal, "segments:read")
        if self._people is None:
            return {}
        async with self._state.begin(principal.tenant) as tx:
            known = await self._people.known(tx, principal.tenant, people)
        return {
            asked: {
                "name": str(one.traits.get("name") or ""),
                "distinct_id": one.distinct_ids[0] if one.distinct_ids else "",
            }
            for asked, one in known.items()
        }

    async def segments_of(self, principal: Principal, person: UUID) -> list[str]:
        """The ids of the segments somebody is in."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.segments_of(tx, principal.tenant.workspace, person)

    async def size_at(self, principal: Principal, id: str, at: datetime) -> int:
        """How many were in it at a past moment, by the rule as it was then."""
        access(principal, "segments:read")
        return len(await self._then(principal, id, self._moment(at)))

    async def sizes(self, principal: Principal, ids: Sequence[str], most: int = 60) -> dict[str, list[Size]]:
        """How large they were after each computation that changed something, oldest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.sizes(tx, principal.tenant.workspace, ids, most)

    async def sizes_a_day_ago(self, principal: Principal, ids: Sequence[str]) -> dict[str, int]:
        """How large they were a day ago; those that had not been computed by then are missing."""
        access(principal, "segments:read")
        then = self._clock.now() - timedelta(days=1)
        async with self._state.begin(principal.tenant) as tx:
            return await store.sizes_at(tx, principal.tenant.workspace, ids, then)

    async def moves(self, principal: Principal, id: str, before: str = "", limit: int = 100) -> list[Move]:
        """Who entered and left, newest first; `before` is the `place` of the last one seen."""
        segment = await self.segment(principal, id)
        return await self._moves.newest(principal.tenant, segment.id, before, min(limit, 1_000))

    async def days(self, principal: Principal, id: str, days: int = 28) -> list[Day]:
        """How many entered and left on each day of the workspace's zone."""
        segment, zone = await self.segment(principal, id), await self._asking.zone(principal)
        since = self._clock.now() - timedelta(days=days)
        return await self._moves.by_day(principal.tenant, segment.id, zone, since)

    async def _then(self, principal: Principal, id: str, at: datetime) -> list[UUID]:
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            segment = await find(tx, principal, id)
            rule = (await store.rules_at(tx, workspace, at)).get(segment.id)
        if rule is None:
            raise NotFound("This segment was not there yet.", field="at")
        # A hand-made list is what its people's own events say.
        listed = Listed(segment.id) if isinstance(rule, Listed) else rule
        return await self._asking.people(
            principal, await self._asking.unfolded(principal, listed, (segment.id,), at), at
        )
