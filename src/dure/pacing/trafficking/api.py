"""Trafficking's entrance. Whoever set a line item up does not approve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.pacing import events, store
from dure.pacing.model import LineItem
from dure.state import State, Tx

QA_CHECKS = ("preview", "click", "targeting", "pixels")


class TraffickingDesk:
    """open → trafficked → approved → live. `…_in` does the same within the caller's transaction."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def done(self, principal: Principal, item_id: str) -> LineItem:
        """It is set up in the ad server; now a second person has to look."""
        async with self._state.begin(principal.tenant) as tx:
            item = await self._locked(tx, principal, item_id)
            _expect(item, "open")
            now = self._clock.now()
            set_up = replace(item, trafficking="trafficked", trafficked_by=principal.actor, trafficked_at=now)
            return await self._keep(tx, principal, set_up, events.TRAFFICKED, {"trafficked_by": principal.actor})

    async def approve(self, principal: Principal, item_id: str, checks: Sequence[str] = QA_CHECKS) -> LineItem:
        """The second person's yes, with what they looked at (`preview`, `click`, `targeting`, `pixels`)."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.approve_in(tx, principal, item_id, checks)

    async def approve_in(
        self, tx: Tx, principal: Principal, item_id: str, checks: Sequence[str] = QA_CHECKS
    ) -> LineItem:
        if unknown := sorted(set(checks) - set(QA_CHECKS)):
            raise Invalid(f"{unknown[0]!r} is none of {', '.join(QA_CHECKS)}.", field="checks")
        item = await self._locked(tx, principal, item_id)
        _expect(item, "trafficked")
        if item.trafficked_by == principal.actor:
            raise Conflict("Whoever set it up does not approve it: a second person has to.", field="approved_by")
        now = self._clock.now()
        approved = replace(item, trafficking="approved", approved_by=principal.actor, approved_at=now)
        facts = {"approved_by": principal.actor, "trafficked_by": item.trafficked_by, "checks": list(checks)}
        return await self._keep(tx, principal, approved, events.QA_APPROVED, facts)

    async def reject(self, principal: Principal, item_id: str, reason: str) -> LineItem:
        """The second person's no: it is open again."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.reject_in(tx, principal, item_id, reason)

    async def reject_in(self, tx: Tx, principal: Principal, item_id: str, reason: str) -> LineItem:
        if not 1 <= len(reason.strip()) <= 500:
            raise Invalid("Say what is wrong, in 500 characters at most.", field="reason")
        item = await self._locked(tx, principal, item_id)
        _expect(item, "trafficked", "approved")
        opened = replace(item, trafficking="open", trafficked_by="", trafficked_at=None, approved_by="",
                         approved_at=None)  # fmt: skip
        facts = {"reason": reason.strip(), "trafficked_by": item.trafficked_by}
        return await self._keep(tx, principal, opened, events.QA_REJECTED, facts)

    async def go_live(self, principal: Principal, item_id: str) -> LineItem:
        """It is switched on in the ad server. Its first delivery is told on its own."""
        async with self._state.begin(principal.tenant) as tx:
            item = await self._locked(tx, principal, item_id)
            _expect(item, "approved")
            return await self._keep(tx, principal, replace(item, trafficking="live"), events.WENT_LIVE, {})

    async def _locked(self, tx: Tx, principal: Principal, item_id: str) -> LineItem:
        access(principal, "pacing:write")
        found = await store.item(tx, principal.tenant.workspace, item_id, lock=True)
        if found is None:
            raise NotFound("There is no such line item.", field="line_item")
        return found

    async def _keep(
        self, tx: Tx, principal: Principal, item: LineItem, name: str, facts: Mapping[str, Any]
    ) -> LineItem:
        now, workspace = self._clock.now(), principal.tenant.workspace
        item = replace(item, changed_at=now)
        await store.keep_item(tx, workspace, item)
        await store.ask(tx, workspace, now)
        await append(tx, events.item_event(principal, name, now, now, item, dict(facts)))
        return item


def _expect(item: LineItem, *states: str) -> None:
    if item.trafficking not in states:
        raise Conflict(
            f"It is {item.trafficking}, not {' or '.join(states)}.", field="trafficking", data={"is": item.trafficking}
        )
