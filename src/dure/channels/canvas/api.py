"""Pages' entrance: a channel's own page as people write it together, and canvases as Slack's methods do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dure.channels import events
from dure.channels.canvas import sections, store
from dure.channels.canvas.desk import CanvasDesk
from dure.channels.canvas.merge import merged
from dure.channels.canvas.model import Canvas, Change, Level, Version
from dure.channels.canvas.refusals import CanvasDeleted, CanvasExists, CanvasNotFound
from dure.channels.refusals import RestrictedAction
from dure.governance.api import Principal, Role, access
from dure.kernel.errors import Conflict, Invalid

__all__ = ["Canvas", "Change", "Pages", "Shown", "Version"]

_VERSIONS = 200
_BOX = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+\[)([ xX])(\]\s+)(.*)$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A channel's page, and whether the caller has been shown it before."""

    page: Canvas | None
    seen: bool
    may_write: bool


class Pages(CanvasDesk):
    """`Pages(state, clock, channels)`. Whoever may read a channel reads its page; who may post there changes it."""

    # -- a channel's page --------------------------------------------------------------------------------------------

    async def page(self, principal: Principal, channel: str) -> Shown:
        """The page that a channel pins. Raises ChannelNotFound."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            found = await store.of_channel(tx, room.id)
            user = (await self._channels.author(tx, principal)).user
            seen = found is None or await store.has_seen(tx, found.id, user)
            return Shown(found, seen, room.is_member and not room.side.archived)

    async def write(self, principal: Principal, channel: str, title: str, body: str, version: int) -> Canvas:
        """The page after the caller's change to its `version` (0: there is none yet).

        What others changed meanwhile stays. Raises Conflict where both changed the same lines; its data hold the text
        as it stands, so that nothing is lost.
        """
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.enter(tx, principal, channel)
            found = await store.of_channel(tx, room.id, lock=True)
            if found is None:
                if version:
                    raise CanvasDeleted(field="version")
                made = await self._add(tx, principal, room, title, body)
                assert made is not None  # noqa: S101 - the conversation is locked
                await store.see(tx, made.id, made.creator, made.at)
                return made
            if version != found.version:
                base = await store.version(tx, found.id, version)
                body = self._both(base, found, body)
                title = found.title if base is None or title == base.title else title
            return await self._write(tx, principal, room, found, title, body)

    async def tick(self, principal: Principal, channel: str, line: int, text: str, done: bool) -> Canvas:
        """Ticks (or clears) one box of the page: that of `line` (from 0) if it says `text`, else the one that does.

        Raises Conflict where that box is not there any more.
        """
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.enter(tx, principal, channel)
            found = await store.of_channel(tx, room.id, lock=True)
            if found is None:
                raise CanvasNotFound
            lines = found.body.split("\n")
            boxes = {n: box[4].strip() for n, text_ in enumerate(lines) if (box := _BOX.match(text_))}
            at = [line] if boxes.get(line) == text.strip() else [n for n in boxes if boxes[n] == text.strip()]
            if len(at) != 1:
                raise Conflict("This item was changed meanwhile.", field="line")
            lines[at[0]] = _BOX.sub(lambda box: f"{box[1]}{'x' if done else ' '}{box[3]}{box[4]}", lines[at[0]])
            return await self._write(tx, principal, room, found, found.title, "\n".join(lines))

    async def versions(self, principal: Principal, channel: str) -> list[Version]:
        """The page as it was each time it was changed, the newest first, without its texts."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            found = await store.of_channel(tx, room.id)
            return await store.versions(tx, found.id, _VERSIONS) if found else []

    async def version(self, principal: Principal, channel: str, number: int) -> Version:
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            found = await store.of_channel(tx, room.id)
            one = await store.version(tx, found.id, number) if found and 0 < number < 1 << 31 else None
        if one is None:
            raise CanvasNotFound("There is no such version of this page.", field="version")
        return one

    async def see(self, principal: Principal, channel: str) -> None:
        """The caller was shown the page; it is not put before them again."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            found = await store.of_channel(tx, room.id)
            if found is not None:
                user = (await self._channels.author(tx, principal)).user
                await store.see(tx, found.id, user, self._clock.now())

    # -- canvases ----------------------------------------------------------------------------------------------------

    async def canvas(self, principal: Principal, canvas: str) -> Canvas:
        """A page that the caller may read, by its id."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return (await self._find(tx, principal, canvas))[0]

    async def create(self, principal: Principal, title: str, body: str, channel: str = "") -> Canvas:
        """A page that stands alone, the caller's; with a channel, one that its members may change: the channel's own
        page where it has none."""
        access(principal, "channels:write")
        if principal.role is Role.GUEST:
            raise RestrictedAction
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.enter(tx, principal, channel) if channel else None
            made = await self._add(tx, principal, room, title, body)
            if made is None:
                made = await self._add(tx, principal, None, title, body)
                assert made is not None  # noqa: S101 - only a channel's page can be there already
                await store.let_in(tx, made.id, [channel], "write")
            return made

    async def create_in(self, principal: Principal, channel: str, title: str, body: str) -> Canvas:
        """A channel's page. Raises CanvasExists."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.enter(tx, principal, channel)
            made = await self._add(tx, principal, room, title, body)
            if made is None:
                raise CanvasExists(field="channel_id")
            return made

    async def edit(self, principal: Principal, canvas: str, changes: Sequence[Change]) -> Canvas:
        """Makes Slack's changes one after the other, all or none."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found, room = await self._find(tx, principal, canvas, write=True)
            title, body = found.title, found.body
            for change in changes:
                if change.operation == "rename":
                    title = change.text
                else:
                    body = sections.changed(found.id, body, change)
            return await self._write(tx, principal, room, found, title, body)

    async def delete(self, principal: Principal, canvas: str) -> None:
        """Takes a page away: its creator, or an administrator of its workspace."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found, room = await self._find(tx, principal, canvas, write=True)
            await self._own(principal, found, (await self._channels.author(tx, principal)).user)
            await store.remove(tx, found, self._clock.now())
            await self._tell(tx, principal, room, found, events.PAGE_DELETED)

    async def lookup(
        self, principal: Principal, canvas: str, kinds: Sequence[str], contains: str
    ) -> list[sections.Section]:
        """The page's sections of these kinds that hold a text."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found, _ = await self._find(tx, principal, canvas)
        return sections.found_in(sections.sections_of(found.id, found.body), kinds, contains)

    async def let_in(
        self, principal: Principal, canvas: str, level: Level | None, *, channels: Sequence[str] = (),
        users: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Gives channels or users a level of access to a page that stands alone; None takes it from them."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found, room = await self._find(tx, principal, canvas, write=True)
            if room is not None:
                raise RestrictedAction("A channel's page is its members'.", field="canvas_id")
            await self._own(principal, found, (await self._channels.author(tx, principal)).user)
            if level == "owner" and (channels or len(users) != 1):
                raise Invalid("A page has one owner, a user.", field="user_ids")
            for channel in channels:
                await self._channels.see(tx, principal, channel)
            if users:
                await self._channels.people(tx, principal.tenant, list(users))
            holders = [*channels, *users]
            await (store.let_in(tx, found.id, holders, level) if level else store.shut_out(tx, found.id, holders))

    async def of_channel(self, principal: Principal, channel: str) -> Canvas | None:
        return (await self.page(principal, channel)).page

    def _both(self, base: Version | None, found: Canvas, body: str) -> str:
        both = merged(base.body if base else "", body, found.body)
        if both is None:
            raise Conflict(
                "Somebody changed the same lines meanwhile; nothing of yours was lost.", field="version",
                data={"version": found.version, "title": found.title, "body": found.body, "by": found.user},
            )  # fmt: skip
        return both

    async def _own(self, principal: Principal, canvas: Canvas, user: str) -> None:
        administers = principal.role in (Role.OWNER, Role.ADMIN) and principal.tenant.workspace == canvas.workspace
        if canvas.creator != user and not administers:
            raise RestrictedAction(field="canvas_id")
