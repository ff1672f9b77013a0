"""Whoever leaves the company takes their name along: what they shared counts on, and is nobody's."""

from __future__ import annotations

from collections.abc import Sequence

from dure.feed.api import Batch, Bell, Event, Follower, Lane, append
from dure.governance.api import Governance
from dure.governance.events import USER_DEACTIVATED
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.social.advocacy import events, share_store, store
from dure.social.links.api import Links
from dure.state import State, Tx

NAME = "social.advocacy"
_SAYS = (f'"event":"{USER_DEACTIVATED}"'.encode(),)


class Leaving:
    """Follows the feed; effects and cursor commit together."""

    def __init__(self, state: State, clock: Clock, governance: Governance, links: Links) -> None:
        self._clock = clock
        self._governance = governance
        self._links = links
        self._follower = Follower(state, NAME, (Lane.DOMAIN,))

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, handle=self.handle, every=0.5)

    async def step(self) -> int:
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        for batch in batches:
            if not any(word in batch.body for word in _SAYS):
                continue
            for event in batch.events():
                if event.event == USER_DEACTIVATED and event.source == "governance":
                    await self._left(tx, event)

    async def _left(self, tx: Tx, event: Event) -> None:
        workspace, employee = event.workspace, event.object
        shares = await share_store.anonymise(tx, workspace, employee)
        await self._links.forget_maker_in(tx, workspace, employee, "share")
        await store.forget_advocate(tx, workspace, employee)
        if shares:
            principal = self._governance.system(Tenant(event.org, workspace), "advocacy")
            await append(tx, events.house_event(principal, events.LEFT, self._clock.now(), {"shares": shares}))
