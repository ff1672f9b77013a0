"""Where the conversations of an export go: into one of their own, one of here, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from dure.channels.api import Channels
from dure.channels.model import Conversation
from dure.channels.moving import putting, store
from dure.channels.moving.events import CHANNEL_BROUGHT, moving_event
from dure.channels.moving.model import Choices, Left, Moving, Room, RoomChoice
from dure.channels.moving.who import Authors
from dure.channels.rules import channel_name, clean, slug
from dure.channels.store import bookmarks, conversations, pins
from dure.feed.api import append
from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.kernel.ids import slack_id
from dure.state import Tx

_MOST_DIRECT = 9
_LINKS = ("https://", "http://", "mailto:")
_QUIET_AFTER = 90 * 86_400 * 1_000_000  # a direct conversation that ended so long ago is not shown until it goes on


async def looked_up(tx: Tx, workspace: str, rooms: Sequence[Room]) -> list[Room]:
    """The rooms with whether they were brought in before, or another channel has their name."""
    before = await store.names(tx, workspace, "room")
    there = await store.rooms_there(tx, workspace, list(before.values()))
    taken = await store.rooms_called(tx, workspace, [_name(room) for room in rooms if room.kind in _CHANNELS])

    def of(room: Room) -> Room:
        if before.get(room.id) in there:
            return replace(room, state="known", taken=before[room.id])
        other = taken.get(_name(room), "") if room.kind in _CHANNELS else ""
        return replace(room, state="taken", taken=other) if other else room

    return [of(room) for room in rooms]


_CHANNELS = ("public", "private")


def why_skipped(room: Room, choices: Choices) -> str:
    """Why a room is not brought in by choice; "" where it is."""
    if choices.rooms.get(room.id, RoomChoice()).do == "skip":
        return "not_chosen"
    if room.kind == "private" and not choices.private:
        return "private_not_chosen"
    if room.kind in ("im", "mpim") and not choices.direct:
        return "direct_not_chosen"
    return ""


@dataclass(frozen=True, slots=True)
class Placing:
    """Puts rooms where they go; what it makes tells nobody but the audit trail."""

    channels: Channels
    governance: Governance
    clock: Clock
    principal: Principal
    one: Moving
    authors: Authors
    active: frozenset[str]

    async def place(self, tx: Tx, room: Room) -> str | Left:
        """The conversation's id here, or why there is none."""
        workspace = self.principal.tenant.workspace
        choice = self.one.choices.rooms.get(room.id, RoomChoice())
        known = (await store.names(tx, workspace, "room")).get(room.id)
        if known is not None and await store.rooms_there(tx, workspace, [known]):
            return known
        try:
            if room.kind in ("im", "mpim"):
                found = await self._direct(tx, room)
            else:
                found = choice.into if choice.do == "into" else await self._channel(tx, room, choice)
        except DureError as refusal:
            return Left("room", "refused", f"{room.name or room.id}: {refusal}")
        if isinstance(found, str):
            await store.keep_names(tx, workspace, "room", {room.id: found})
        return found

    async def _channel(self, tx: Tx, room: Room, choice: RoomChoice) -> str:
        tenant, watch = self.principal.tenant, self.channels.watch
        await conversations.lock_names(tx, tenant.workspace)
        name = channel_name(choice.name) if choice.name else _name(room)
        if await conversations.names_like(tx, tenant.workspace, name) & {name}:
            name = await self.channels._free_name(tx, tenant, name)
        await watch.texts(tx, self.principal, None, "name", {"name": name})
        said = await watch.texts(tx, self.principal, None, "topic", {"topic": room.topic, "purpose": room.purpose})
        members = self._members(room)
        if room.kind == "private":
            await self.governance.barriers.require(tx, tenant.org, members, "room")
        channel = slack_id("C")
        await conversations.add(
            tx, id=channel, workspace=tenant.workspace, org=tenant.org, kind="channel", people=None, name=name,
            private=room.kind == "private", topic=said["topic"], purpose=said["purpose"],
            creator=self._creator(room), response_minutes=None, at=self._at(room),
        )  # fmt: skip
        pairs = [(user, tenant.workspace) for user in members if user in self.active]
        await conversations.add_members(tx, channel, pairs, self._at(room), 0)
        await self._tell(tx, room, channel, name)
        return channel

    async def _direct(self, tx: Tx, room: Room) -> str | Left:
        tenant = self.principal.tenant
        ids = sorted(set(self._members(room)))
        if not ids:
            return Left("room", "nobody", room.name or room.id)
        if len(ids) > _MOST_DIRECT:
            return Left("room", "too_many", f"{room.name or room.id}: {len(ids)}")
        kind: Any = "im" if len(ids) <= 2 else "mpim"
        people = ",".join(ids)
        await conversations.lock_names(tx, tenant.workspace)
        found = await conversations.find_people(tx, tenant.workspace, "", people)
        if found is not None:
            return found.id
        await self.governance.barriers.require(tx, tenant.org, ids, kind)
        channel = slack_id("D" if kind == "im" else "G")
        await conversations.add(
            tx, id=channel, workspace=tenant.workspace, org=tenant.org, kind=kind, people=people, name="",
            private=True, topic="", purpose="", creator=self._creator(room), response_minutes=None, at=self._at(room),
        )  # fmt: skip
        await conversations.add_members(tx, channel, [(user, tenant.workspace) for user in ids], self._at(room), 0)
        await self._tell(tx, room, channel, "")
        return channel

    def _members(self, room: Room) -> list[str]:
        known = self.authors.known
        return list(dict.fromkeys(known[one].user for one in room.members if one in known))

    def _creator(self, room: Room) -> str:
        found = self.authors.known.get(room.creator)
        return found.user if found else self.principal.user or self.authors.bot.user

    def _at(self, room: Room) -> datetime:
        now = self.clock.now()
        return min(datetime.fromtimestamp(room.created, UTC), now) if room.created else now

    async def _tell(self, tx: Tx, room: Room, channel: str, name: str) -> None:
        about = {"channel_name": name, "private": room.kind != "public",
                 "kind": "channel" if room.kind in _CHANNELS else room.kind}  # fmt: skip
        await append(tx, moving_event(self.principal, self.clock, CHANNEL_BROUGHT, self.one, channel=channel, **about))

    async def finish(self, tx: Tx, room: Room, found: Conversation, moved: dict[int, int]) -> list[Left]:
        """What hangs on a conversation once its messages are there: pins, bookmarks, that it is archived."""
        left = await self._pins(tx, room, found, moved)
        left += await self._bookmarks(tx, room, found)
        made_here = found.kind == "channel" and self.one.choices.rooms.get(room.id, RoomChoice()).do != "into"
        if room.archived and made_here and not found.side.archived and not found.is_shared:
            await conversations.add_share(tx, replace(found.side, archived=True), self.clock.now())
        await putting.all_read(tx, found.id, self._quiet())
        return left

    async def _pins(self, tx: Tx, room: Room, found: Conversation, moved: dict[int, int]) -> list[Left]:
        left = []
        for raw in room.pins:
            digits = str(raw.get("id", "")).replace(".", "")
            ts = int(digits) if digits.isdigit() and len(digits) == 16 else 0
            ts = moved.get(ts, ts)
            if raw.get("type", "C") != "C" or not await putting.is_said(tx, found.id, ts):
                left.append(Left("pin", "no_message", str(raw.get("id"))[:100]))
                continue
            who = self.authors.known.get(str(raw.get("user") or ""))
            at = raw.get("created")
            when = datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 1 << 33 else self.clock.now()
            await pins.add(tx, found.home.workspace, found.id, ts, who.user if who else self._creator(room), when)
        return left

    async def _bookmarks(self, tx: Tx, room: Room, found: Conversation) -> list[Left]:
        left = []
        there = {one.link for one in await bookmarks.listed(tx, found.id)}
        for raw in room.bookmarks:
            link, title = str(raw.get("link") or ""), str(clean(str(raw.get("title") or raw.get("link") or "")))[:100]
            if not link.startswith(_LINKS) or len(link) > 2_000:
                left.append(Left("bookmark", "no_link", title))
            elif link not in there:
                try:
                    made = await self.channels.bookmark_of(tx, self.principal, found, title, link)
                    await bookmarks.add(tx, found.home.workspace, made)
                except DureError as refusal:
                    left.append(Left("bookmark", "refused", f"{title}: {refusal}"))
        return left

    def _quiet(self) -> int:
        return int(self.clock.now().timestamp() * 1_000_000) - _QUIET_AFTER


def _name(room: Room) -> str:
    try:
        return channel_name(room.name)
    except DureError:
        return slug(room.name)
