"""Handing a segment over to a team, and what was handed over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, NotFound
from dure.segments.desk import Desk, find
from dure.segments.handover import handing, store
from dure.segments.model import Handover
from dure.state import Tx


class Giving(Desk):
    async def hand_over(
        self, principal: Principal, segment: str, to_function: str, purpose: str, expires: datetime | None = None,
        control_share: float = 0.5, *, from_function: str = "product", goal: object | None = None, window: str = "",
        score: str = "",
    ) -> Handover:  # fmt: skip
        """Gives the segment as it is now to a team. `control_share` of its people are listed to be left alone; who does
        not want to hear from the company is in neither list.

        Who is control hangs on the person and the segment alone, so a second handover has the same control.
        """
        async with self._state.begin(principal.tenant) as tx:
            return await self.hand_over_in(
                tx, principal, segment, to_function, purpose, expires, control_share, from_function=from_function,
                goal=goal, window=window, score=score,
            )  # fmt: skip

    async def hand_over_in(
        self, tx: Tx, principal: Principal, segment: str, to_function: str, purpose: str,
        expires: datetime | None = None, control_share: float = 0.5, *, from_function: str = "product",
        goal: object | None = None, window: str = "", score: str = "",
    ) -> Handover:  # fmt: skip
        access(principal, "segments:write")
        now = self._clock.now()
        terms = handing.read_terms(
            now, to_function, purpose, expires, control_share, from_function, goal, window, score
        )
        found = await find(tx, principal, segment)
        return await handing.hand_over(tx, principal, now, found, terms, self.consents)

    async def handovers(self, principal: Principal, segment: str | None = None, limit: int = 50) -> list[Handover]:
        """Newest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            one = (await find(tx, principal, segment)).id if segment else None
            return await store.handovers(tx, principal.tenant.workspace, one, limit)

    async def handover_people(
        self, principal: Principal, handover: str, *, control: bool, after: UUID | None = None, limit: int = 100
    ) -> list[UUID]:
        """One of a handover's two lists, by id; Conflict once it is closed."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.handover(tx, principal.tenant.workspace, handover)
            if found is None:
                raise NotFound("There is no such handover.")
            if not found.is_open(self._clock.now()):
                raise Conflict("This handover has ended; its lists are closed.")
            return await store.people(tx, principal.tenant.workspace, handover, control, after, min(limit, 5_000))
