"""The follower that keeps what was done about each deal: once for each message of the feed, whoever reads it again.

Of messages only who wrote when, in which thread, and whether it asks for something is kept; not what it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import msgspec

from dure.deals.health import store
from dure.feed.api import Batch, Bell, Follower, Lane
from dure.governance.api import Governance, Role
from dure.kernel.asking import asks
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

FOLLOWER = "deals.health"

_POSTED, _REACTED, _DELETED = "Message Posted", "Reaction Added", "Message Deleted"
IN_CHANNELS = (_POSTED, _REACTED, _DELETED)
_EVERY = 0.5


class Line(msgspec.Struct):
    """What is read of an event."""

    event: str
    time: datetime
    message_id: str
    source: str
    object_type: str = ""
    object: str = ""
    actor: str = ""
    properties: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Sign:
    """Something done about a deal, or in a channel (`deal` is "" until it is known whose that is).

    `place` is a message's own timestamp in its channel; `asks` None where its words are not known.
    """

    deal: str
    channel: str
    message: str
    at: datetime
    kind: str
    customer: bool = False
    who: str = ""
    place: str = ""
    thread: str = ""
    asks: bool | None = None


class Ear(Protocol):
    """Who learns from what the follower reads, in its transaction; `deals` are those about which something was done."""

    @property
    def matter(self) -> Sequence[str]:
        """Names of events that are needed beside those that are read anyway."""

    async def learn(self, tx: Tx, tenant: Tenant, lines: Sequence[Line], deals: Collection[str]) -> None: ...


class HealthFollower:
    def __init__(self, state: State, governance: Governance, ears: Sequence[Ear] = ()) -> None:
        self._governance = governance
        self._ears = ears
        # Lines that may matter; the others are not even decoded.
        names = (*IN_CHANNELS, *(name for ear in ears for name in ear.matter))
        self._matter = (*(f'"event":"{name}"'.encode() for name in names), b'"source":"deals"')
        self._follower = Follower(state, FOLLOWER, (Lane.DOMAIN,))

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, handle=self.handle, every=_EVERY)

    async def step(self) -> int:
        """One transaction; returns the number of batches read."""
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        by_tenant: dict[Tenant, list[Line]] = {}
        for batch in batches:
            lines = [_decode(line) for line in batch.lines_with(self._matter)]
            by_tenant.setdefault(Tenant(batch.org, batch.workspace), []).extend(lines)
        for tenant, lines in by_tenant.items():
            await self._learn(tx, tenant, lines)

    async def _learn(self, tx: Tx, tenant: Tenant, lines: Sequence[Line]) -> None:
        workspace = tenant.workspace
        said = [line for line in lines if line.source == "channels" and line.event in IN_CHANNELS]
        rooms = await store.deals_of_channels(tx, workspace, {line.object for line in said})
        said = [line for line in said if line.object in rooms]
        guests = await guests_of(self._governance, tenant) if said else frozenset()
        signs = [sign for line in said for sign in of_channel(line, guests)]
        found = [replace(sign, deal=deal) for sign in signs for deal in rooms[sign.channel]]
        own = [line for line in lines if line.source == "deals"]
        await store.ask_catching_up(tx, workspace, {line.object: told for line in own if (told := _new_room(line))})
        found += [sign for line in own for sign in _of_deal(line)]
        await store.keep_signs(tx, workspace, found)
        gone = messages_gone(said)
        await store.drop_messages(tx, workspace, gone)
        touched = _touched(found, own, rooms, gone)
        await store.touch(tx, workspace, touched)
        for ear in self._ears:
            await ear.learn(tx, tenant, lines, touched)


async def guests_of(governance: Governance, tenant: Tenant) -> frozenset[str]:
    """A guest of the workspace is somebody at the customer, as is whoever writes from another organisation."""
    return frozenset(user.id for user in await governance.users(tenant) if user.role is Role.GUEST)


def of_channel(line: Line, guests: Collection[str]) -> Iterable[Sign]:
    """The signs in one event of a channel; what bots say is none."""
    told = line.properties
    who = str(told.get("user", ""))
    customer = bool(told.get("external")) or who in guests
    if line.event == _POSTED and told.get("by") == "user":
        text = str(told.get("text", ""))
        yield Sign(
            "", line.object, line.message_id, line.time, "message", customer, who, str(told.get("ts", "")),
            str(told.get("thread_ts", "")), asks(text) if text else None,
        )  # fmt: skip
    if line.event == _REACTED:
        yield Sign(
            "", line.object, line.message_id, line.time, "reaction", customer, who, thread=str(told.get("ts", ""))
        )


def messages_gone(said: Iterable[Line]) -> list[tuple[str, str]]:
    """(channel, timestamp) of messages that were deleted."""
    return [(line.object, str(line.properties.get("ts", ""))) for line in said if line.event == _DELETED]


def _of_deal(line: Line) -> Iterable[Sign]:
    told = line.properties
    deal = line.object if line.object_type == "deal" else str(told.get("deal") or told.get("about") or "")
    if not deal.startswith("006"):
        return
    kind = ""
    if line.event == "Deal Stage Changed" and told.get("from"):
        kind = "forward" if told.get("probability", 0) > told.get("probability_before", 0) else "back"
    elif line.event == "Deal Changed" and "close_date" in told.get("changed", ()):
        later = str(told.get("close_date", "")) > str(told.get("before", {}).get("close_date", ""))
        kind = "slip" if later else ""
    elif line.event == "Meeting Held":
        kind = "meeting"
    elif line.event in ("Task Done", "Note Added"):
        kind = "work"
    if kind:
        yield Sign(deal, "", line.message_id, line.time, kind, who=line.actor)


def _new_room(line: Line) -> str:
    """The channel that became a deal's room by this event."""
    is_new = line.event == "Deal Changed" and "channel" in line.properties.get("changed", ())
    return str(line.properties.get("channel", "")) if is_new else ""


def _touched(
    signs: Iterable[Sign], own: Iterable[Line], rooms: Mapping[str, Sequence[str]], gone: Iterable[tuple[str, str]]
) -> set[str]:
    found = {sign.deal for sign in signs}
    found |= {line.object for line in own if line.object_type == "deal"}
    found |= {str(line.properties.get("about", "")) for line in own}
    found |= {deal for channel, _ in gone for deal in rooms.get(channel, ())}
    return {deal for deal in found if deal.startswith("006")}


_decode = msgspec.json.Decoder(Line).decode
