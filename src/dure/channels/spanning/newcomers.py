"""The follower that gives a new workspace the organisation's channels and brings newcomers into the default ones.

It goes by what governance tells, however somebody came: invited, provisioned, seated. What it does is written with its
place in the feed, and is the same when it is done again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from dure.channels import events
from dure.channels.api import Channels
from dure.channels.spanning import store
from dure.channels.store import conversations
from dure.feed.api import Batch, Bell, Event, Follower, Lane, begin_here, decode
from dure.governance.api import Governance, Workspace
from dure.governance.events import FOUNDED, USER_CREATED, USER_SEATED
from dure.kernel.clock import Clock
from dure.state import State, Tx

log = structlog.get_logger("dure.channels")

FOLLOWER = "channels.newcomers"
_TOLD = (FOUNDED, USER_CREATED, USER_SEATED)
_ABOUT = tuple(f'"event":"{name}"'.encode() for name in _TOLD)


class Newcomers:
    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self._follower = Follower(state, FOLLOWER, (Lane.DOMAIN,))

    async def run(self, bell: Bell) -> None:
        """Follows until cancelled. Where it never ran before it begins with who comes from now on."""
        async with self._state.begin_system() as tx:
            await begin_here(tx, FOLLOWER)
        await self._follower.run(bell, handle=self.handle)

    async def step(self) -> int:
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        told = [decode(line) for batch in batches for line in batch.lines_with(_ABOUT)]
        told = [one for one in told if one.source == "governance" and one.event in _TOLD]
        if not told:
            return
        spaces = {one.id: one for one in await self._governance.workspaces_in(tx)}
        for event in told:
            space = spaces.get(event.workspace)
            if space is None or space.playground_of:
                continue
            if event.event == FOUNDED:
                await self._give_all(tx, space)
            await self._bring_in(tx, space, event)

    async def _give_all(self, tx: Tx, space: Workspace) -> None:
        """A new workspace has every channel of the whole organisation."""
        hand, now = self._governance.system(space.tenant, "channels"), self._clock.now()
        for channel in await store.whole(tx, space.org):
            await conversations.lock_names(tx, space.id)
            await conversations.lock(tx, channel)
            found = await conversations.find_home(tx, channel)
            if any(one.workspace == space.id and one.state == "connected" for one in found.shares):
                continue
            side = replace(found.home, workspace=space.id, home=False, invited_by="")
            if not await conversations.add_share(tx, side, now):
                # It was quick to have a channel of that name of its own: an administrator gives it this one later.
                log.warning("a new workspace has another channel of this name", channel=channel, workspace=space.id)
                continue
            made = await conversations.find_home(tx, channel)
            about = {"added": [space.id], "removed": [], "reach": made.reach, "home": made.home.workspace}
            await self._channels.tell(tx, hand, made, events.WORKSPACES, about)

    async def _bring_in(self, tx: Tx, space: Workspace, event: Event) -> None:
        users = {one.id: one for one in await self._governance.users_in(tx, space.tenant)}
        # A workspace is founded with one person in it, its owner; the others are told of one by one.
        who = [event.object] if event.event != FOUNDED else list(users)
        coming = [
            one for one in who
            if one in users and not users[one].deleted and not users[one].is_bot and users[one].role != "guest"
        ]  # fmt: skip
        if not coming:
            return
        hand = self._governance.system(space.tenant, "channels")
        for channel in await store.for_newcomers(tx, space.org, space.id):
            await conversations.lock(tx, channel)
            found = await conversations.find(tx, space.id, "", channel)
            if found is None:
                continue
            pairs = [(one, space.id) for one in coming]
            added = await conversations.add_members(tx, channel, pairs, self._clock.now(), found.last_ts)
            told = ({"user": user, "inviter": ""} for user in added)
            await self._channels.tell(tx, hand, found, events.JOINED, *told)
