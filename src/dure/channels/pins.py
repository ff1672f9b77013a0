"""What a conversation keeps in sight: pinned messages."""

from __future__ import annotations

from dure.channels import events
from dure.channels.model import Pin, ts_text
from dure.channels.refusals import AlreadyPinned, MessageNotFound, NoPin, TooManyPins
from dure.channels.store import messages
from dure.channels.store import pins as store
from dure.channels.talk import Talk
from dure.governance.api import Principal, access
from dure.state import Tx

MOST = 100


class Pins(Talk):
    async def pins(self, principal: Principal, channel: str) -> list[Pin]:
        """Pinned messages, the newest pin first."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            since = await self.keeping.since(tx, await self.see(tx, principal, channel))
            rows = await store.listed(tx, channel)
            said = {one.ts: one for one in await messages.some(tx, channel, [row["ts"] for row in rows], since=since)}
        return [Pin(said[row["ts"]], row["account"], row["pinned_at"]) for row in rows if row["ts"] in said]

    async def pin(self, principal: Principal, channel: str, ts: int) -> None:
        """Pins a message or a reply. Raises AlreadyPinned, TooManyPins."""
        async with self._state.begin(principal.tenant) as tx:
            await self.pin_in(tx, principal, channel, ts)

    async def unpin(self, principal: Principal, channel: str, ts: int) -> None:
        """Raises NoPin where it is not pinned."""
        async with self._state.begin(principal.tenant) as tx:
            await self.pin_in(tx, principal, channel, ts, on=False)

    async def pin_in(self, tx: Tx, principal: Principal, channel: str, ts: int, *, on: bool = True) -> None:
        """`pin` and `unpin` within a transaction."""
        access(principal, "channels:write")
        found = await self.enter(tx, principal, channel)
        message = await self._message(tx, channel, ts)
        if message.subtype.startswith("channel_"):
            raise MessageNotFound(field="timestamp")
        author, now = await self.author(tx, principal), self._clock.now()
        if not on:
            if not await store.remove(tx, channel, ts):
                raise NoPin(field="timestamp")
        elif not await store.add(tx, found.home.workspace, channel, ts, author.user, now):
            raise AlreadyPinned(field="timestamp")
        elif await store.count(tx, channel) > MOST:
            raise TooManyPins(field="channel")
        await self.tell(
            tx, principal, found, events.PINNED if on else events.UNPINNED,
            {"ts": ts_text(ts), "thread_ts": ts_text(message.thread) if message.thread else "",
             "user": author.user, "item_user": message.user},
        )  # fmt: skip
