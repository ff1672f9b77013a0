"""Make-goods' entrance: proposed → approved → booked as a line item that is linked to the original."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.pacing import booking, events, store
from dure.pacing.makegoods import store as kept
from dure.pacing.makegoods.model import Makegood
from dure.pacing.model import LineItem
from dure.state import State, Tx

_LONGEST_NAME = 160
_FORTNIGHT = timedelta(days=13)


class Makegoods:
    """What is given for what was not delivered. `…_in` does the same within the caller's transaction."""

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def of(self, principal: Principal, item_id: str) -> list[Makegood]:
        access(principal, "pacing:read")
        async with self._state.begin(principal.tenant) as tx:
            return await kept.of_item(tx, principal.tenant.workspace, item_id)

    async def propose(
        self, principal: Principal, item_id: str, *, units: int | None = None, start_day: date | None = None,
        end_day: date | None = None, reason: str = "",
    ) -> Makegood:  # fmt: skip
        """Units of the goal to be delivered later; what is missing (or will be) and the coming fortnight by default."""
        today = await self.today(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await self.propose_in(tx, principal, item_id, today, units=units, start_day=start_day,
                                         end_day=end_day, reason=reason)  # fmt: skip

    async def propose_in(
        self, tx: Tx, principal: Principal, item_id: str, today: date, *, units: int | None = None,
        start_day: date | None = None, end_day: date | None = None, reason: str = "",
    ) -> Makegood:  # fmt: skip
        access(principal, "pacing:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        item = await _item(tx, workspace, item_id)
        if units is None:
            outlook = (await store.outlooks(tx, workspace, [item.id])).get(item.id)
            reached = 0 if outlook is None else outlook.delivered if item.ended_at else outlook.middle or 0
            units = item.goal - reached
            if units <= 0:
                raise Invalid("Nothing is missing; say how many units are to be made good.", field="units")
        if not 0 < units <= item.goal * 10:
            raise Invalid("`units` is a number above 0, at most ten times the goal.", field="units")
        start = start_day or max(today + timedelta(days=1), item.start_day)
        end = end_day or start + _FORTNIGHT
        if end < start:
            raise Invalid("A flight ends on or after the day it starts.", field="end_day")
        if len(reason) > 500:
            raise Invalid("`reason` has 500 characters at most.", field="reason")
        made = Makegood(
            str(uuid7()), item.id, units, start, end, reason.strip(), "proposed", principal.actor, now, "", None, ""
        )
        await kept.keep(tx, workspace, made)
        await append(tx, events.makegood_event(principal, events.MAKEGOOD_PROPOSED, now, item, made, {}))
        return made

    async def decide(self, principal: Principal, makegood: str, *, approved: bool) -> Makegood:
        """A yes or a no to what was proposed."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.decide_in(tx, principal, makegood, approved=approved)

    async def decide_in(self, tx: Tx, principal: Principal, makegood: str, *, approved: bool) -> Makegood:
        item, one = await self._locked(tx, principal, makegood)
        if one.status != "proposed":
            raise Conflict(f"The make-good is {one.status} already.", field="status")
        now = self._clock.now()
        decided = replace(
            one, status="approved" if approved else "declined", decided_by=principal.actor, decided_at=now
        )
        await kept.keep(tx, principal.tenant.workspace, decided)
        name = events.MAKEGOOD_APPROVED if approved else events.MAKEGOOD_DECLINED
        await append(tx, events.makegood_event(principal, name, now, item, decided, {}))
        return decided

    async def book(self, principal: Principal, makegood: str) -> tuple[Makegood, LineItem]:
        """The line item that delivers an approved one: free of charge, ahead of its original, in the same order."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.book_in(tx, principal, makegood)

    async def book_in(self, tx: Tx, principal: Principal, makegood: str) -> tuple[Makegood, LineItem]:
        item, one = await self._locked(tx, principal, makegood)
        if one.status != "approved":
            raise Conflict(f"The make-good is {one.status}; an approved one can be booked.", field="status")
        now, workspace = self._clock.now(), principal.tenant.workspace
        mark = " · 보상 집행 (make-good)"
        new = replace(
            booking.asked_of(item), name=item.name[: _LONGEST_NAME - len(mark)] + mark, goal=one.units, budget=0,
            start_day=one.start_day, end_day=one.end_day, external="", created_at=None, original=item.id,
            priority=max(item.priority - 1, 1), cap=None, trafficking="open",
        )  # fmt: skip
        booked = booking.book(booking.check(new), item.currency, now)
        await store.add_items(tx, workspace, [booked])
        await store.ask(tx, workspace, now)
        done = replace(one, status="booked", booked=booked.id)
        await kept.keep(tx, workspace, done)
        await append(
            tx,
            events.item_event(principal, events.CREATED, now, now, booked, {}),
            events.makegood_event(principal, events.MAKEGOOD_BOOKED, now, item, done, {}),
        )
        return done, booked

    async def today(self, principal: Principal) -> date:
        """The day in the workspace's zone."""
        space = await self._governance.workspace(principal.tenant)
        return self._clock.now().astimezone(ZoneInfo(space.timezone)).date()

    async def _locked(self, tx: Tx, principal: Principal, makegood: str) -> tuple[LineItem, Makegood]:
        access(principal, "pacing:write")
        one = await kept.one(tx, principal.tenant.workspace, makegood)
        if one is None:
            raise NotFound("There is no such make-good.", field="makegood")
        return await _item(tx, principal.tenant.workspace, one.line_item), one


async def _item(tx: Tx, workspace: str, item_id: str) -> LineItem:
    found = (await store.ids(tx, workspace, [item_id])).get(item_id)
    if found is None:
        raise NotFound("There is no such line item.", field="line_item")
    return found
