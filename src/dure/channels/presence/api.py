"""Presence's entrance: said by pages that are used, asked for those on a screen, gone by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dure.channels.desk import Desk
from dure.channels.model import ts_text
from dure.channels.presence import store
from dure.channels.presence.telling import tell_presence
from dure.channels.profile import store as profiles
from dure.channels.refusals import NotInChannel
from dure.feed.api import whisper
from dure.governance.api import Principal, User, access
from dure.kernel.clock import Clock
from dure.state import State


@dataclass(frozen=True, slots=True)
class Here:
    """How somebody's presence stands: `online` is what their pages say, `away` what they said by hand."""

    online: bool
    away: bool
    seen_at: datetime | None

    @property
    def presence(self) -> str:
        return "active" if self.online and not self.away else "away"


class Presence:
    def __init__(self, state: State, clock: Clock, desk: Desk) -> None:
        self._state = state
        self._clock = clock
        self._desk = desk

    async def here(self, principal: Principal) -> None:
        """A page of the caller's is open and used. Pages say so once a minute."""
        access(principal, "channels:read")
        if principal.kind != "user" or not principal.user:
            return
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if await store.here(tx, workspace, principal.user, self._clock.now()):
                mine = await profiles.find(tx, workspace, principal.user)
                if not mine.away:
                    await tell_presence(tx, workspace, principal.user, active=True)

    async def of(self, people: Iterable[User]) -> Mapping[str, Here]:
        """The presence of people whom the caller was shown already. An app is always there."""
        people = list(people)
        ids = [one.id for one in people]
        async with self._state.begin_system() as tx:
            active = await store.active(tx, ids)
            said = await profiles.of(tx, ids)
            seen = await store.seen_at(tx, ids[0]) if len(ids) == 1 else None
        return {
            one.id: Here(one.is_bot or one.id in active, one.id in said and said[one.id].away, seen) for one in people
        }

    async def typing(self, principal: Principal, channel: str, thread: int | None) -> None:
        """Tells who looks at the channel that the caller writes; too soon after the last time it is passed over."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._desk.see(tx, principal, channel)
            if not found.is_member:
                raise NotInChannel(field="channel")
            author = await self._desk.author(tx, principal)
            now = self._clock.now()
            await store.here(tx, principal.tenant.workspace, author.user, now)
            if not await store.may_tell_typing(tx, author.user, now):
                return
            what = {"typing": author.user, "thread": ts_text(thread) if thread else ""}
            for side in found.connected:
                await whisper(tx, side.workspace, [f"channel:{channel}"], what)

    async def tick(self) -> int:
        """Tells that those are away who were not heard of; how many."""
        async with self._state.begin_system() as tx:
            left = await store.gone(tx, self._clock.now())
            for workspace, account in left:
                await tell_presence(tx, workspace, account, active=False)
        return len(left)
