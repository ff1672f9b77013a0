"""What every act on a page begins and ends with: which page, what the caller may, its next version and the event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.api import Channels, Conversation
from dure.channels.canvas import store
from dure.channels.canvas.model import LONGEST, LONGEST_TITLE, Canvas
from dure.channels.canvas.refusals import CanvasDeleted, CanvasNotFound
from dure.channels.refusals import ChannelNotFound, RestrictedAction
from dure.channels.rules import clean, may_post
from dure.feed.api import Event, append
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import TooLarge
from dure.kernel.ids import slack_id, uuid7
from dure.state import State, Tx


class CanvasDesk:
    """Held by `Pages`."""

    def __init__(self, state: State, clock: Clock, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._channels = channels

    async def _find(
        self, tx: Tx, principal: Principal, canvas: str, *, write: bool = False
    ) -> tuple[Canvas, Conversation | None]:
        """A page that the caller may read (`write`: change), with the channel that pins it.

        Raises CanvasNotFound, CanvasDeleted, and RestrictedAction for one that may only be read.
        """
        found = await store.find(tx, str(clean(canvas)), lock=write)
        if found is None:
            raise CanvasNotFound(field="canvas_id")
        room = await self._room(tx, principal, found.channel) if found.channel else None
        user = (await self._channels.author(tx, principal)).user
        own = found.creator == user and found.workspace == principal.tenant.workspace
        if found.channel:
            may_read, may_write = room is not None, room is not None and may_post(principal, room)
        else:
            level = await self._level(tx, principal, user, found)
            may_read, may_write = own or level is not None, own or level in ("write", "owner")
        if not may_read:
            raise CanvasNotFound(field="canvas_id")
        if found.deleted:
            raise CanvasDeleted(field="canvas_id")
        if write and (not may_write or (room is not None and room.side.archived)):
            raise RestrictedAction(field="canvas_id")
        return found, room

    async def _level(self, tx: Tx, principal: Principal, user: str, canvas: Canvas) -> str | None:
        """The most that somebody was given, by name or by a channel that they can read."""
        given = await store.access_of(tx, canvas.id)
        levels = [level for holder, level in given.items() if holder == user]
        for holder, level in given.items():
            if holder[:1] in "CGD" and await self._room(tx, principal, holder) is not None:
                levels.append(level)
        return max(levels, key=("read", "write", "owner").index, default=None)

    async def _room(self, tx: Tx, principal: Principal, channel: str) -> Conversation | None:
        try:
            return await self._channels.see(tx, principal, channel)
        except ChannelNotFound:
            return None

    async def _add(
        self, tx: Tx, principal: Principal, room: Conversation | None, title: str, body: str
    ) -> Canvas | None:
        """A new page; None where the channel has one already."""
        user, now = (await self._channels.author(tx, principal)).user, self._clock.now()
        workspace = room.home.workspace if room else principal.tenant.workspace
        title, body = await self._guarded(tx, principal, room, *_checked(title, body))
        made = Canvas(slack_id("F"), workspace, room.id if room else None, title, body, 1, user, now, user, now)
        if not await store.add(tx, made):
            return None
        await self._tell(tx, principal, room, made, events.PAGE_CHANGED)
        return made

    async def _write(
        self, tx: Tx, principal: Principal, room: Conversation | None, canvas: Canvas, title: str, body: str
    ) -> Canvas:
        """The page's next version; nothing is written where nothing changed."""
        title, body = _checked(title, body)
        if (title, body) != (canvas.title, canvas.body):
            title, body = await self._guarded(tx, principal, room, title, body)
        if (title, body) == (canvas.title, canvas.body):
            return canvas
        user = (await self._channels.author(tx, principal)).user
        changed = replace(canvas, title=title, body=body, version=canvas.version + 1, user=user, at=self._clock.now())
        await store.write(tx, changed)
        await self._tell(tx, principal, room, changed, events.PAGE_CHANGED)
        return changed

    async def _guarded(
        self, tx: Tx, principal: Principal, room: Conversation | None, title: str, body: str
    ) -> tuple[str, str]:
        """Title and body as the rules of what may be said leave them."""
        said = await self._channels.watch.texts(tx, principal, room, "page", {"title": title, "body": body})
        return said["title"], said["body"]

    async def _tell(self, tx: Tx, principal: Principal, room: Conversation | None, canvas: Canvas, name: str) -> None:
        """The feed learns that, not what: the whole workspace reads the log."""
        told: dict[str, Any] = {"file": canvas.id, "version": canvas.version, "by": canvas.user}
        if room is not None:
            await self._channels.tell(tx, principal, room, name, told)
            return
        now = self._clock.now()
        await append(
            tx,
            Event(
                org=principal.tenant.org, workspace=canvas.workspace, event=name, time=now, received_at=now,
                message_id=str(uuid7()), source="channels", object_type="file", object=canvas.id,
                actor=principal.actor, run=principal.run, properties=told,
            ),
        )  # fmt: skip


def _checked(title: str, body: str) -> tuple[str, str]:
    title, body = str(clean(title)).strip(), str(clean(body)).replace("\r\n", "\n")
    if len(title) > LONGEST_TITLE:
        raise TooLarge(f"A title has at most {LONGEST_TITLE} characters.", field="title")
    if len(body) > LONGEST:
        raise TooLarge(f"A page has at most {LONGEST:,} characters.", field="body")
    return title, body
