"""Charters' entrance: shown, written, read, and where one is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dure.channels import events
from dure.channels.api import Channels, Conversation
from dure.channels.charters import rules, store
from dure.channels.charters.model import Belonging, Charter, Elsewhere, Shown, Text
from dure.channels.refusals import ChannelNotFound, NotOwner, RestrictedAction, WrongKind
from dure.governance.api import Governance, Hours, Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

__all__ = ["Belonging", "Charter", "Charters", "Elsewhere", "Shown", "Standard", "Text"]

_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Standard:
    """How fast a channel answers, and when it is open: the promise that both sides read."""

    minutes: int | None
    team: str
    hours: Hours


class Charters:
    """Whoever may read a channel reads its charter; the home side writes it."""

    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels

    # -- looking ----------------------------------------------------------------------------------------------------

    async def of(self, principal: Principal, channel: str) -> tuple[Shown, Standard, Conversation]:
        """A channel's charter, whether the caller has read it, and its standard."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            user = (await self._channels.author(tx, principal)).user
            charter = await store.of(tx, room.id)
            read = await store.read_by(tx, room.id, user) if charter else 0
            readers = await store.readers(tx, room.id, charter.version) if charter else (0, room.members)
            shown = Shown(charter, read, _may_write(principal, room), _wanted(room, charter), *readers)
            return shown, await self.standard_in(tx, room, charter), room

    async def standard_in(self, tx: Tx, room: Conversation, charter: Charter | None) -> Standard:
        """The channel's response time with the opening hours of the team that answers."""
        team = room.response_team
        home = Tenant(room.home.org, room.home.workspace)
        hours = (await self._governance.hours.of_in(tx, home, [team]))[team]
        minutes = room.response_minutes if room.side.home or charter is not None else None
        return Standard(minutes, team, hours)

    async def versions(self, principal: Principal, channel: str) -> tuple[list[Charter], Conversation]:
        """The charter as it was each time it was written, the newest first."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            return await store.versions(tx, room.id, _VERSIONS), room

    async def names_in(self, tx: Tx, principal: Principal, text: Text) -> dict[str, str]:
        """The places of a charter that the caller may know, with what their side calls them."""
        found = {}
        for one in text.places:
            if one.channel and one.channel not in found:
                try:
                    found[one.channel] = (await self._channels.see(tx, principal, one.channel)).name
                except ChannelNotFound:
                    continue
        return found

    async def names(self, principal: Principal, text: Text) -> dict[str, str]:
        async with self._state.begin(principal.tenant) as tx:
            return await self.names_in(tx, principal, text)

    # -- changing ---------------------------------------------------------------------------------------------------

    async def write(self, principal: Principal, channel: str, text: Text, version: int) -> Charter:
        """The charter's next version; `version` is the one that was changed, 0 where there is none. The channel's
        response time becomes the charter's.

        Raises Conflict where somebody changed it meanwhile, NotOwner for the other side, Invalid with the field.
        """
        access(principal, "channels:write")
        text = rules.checked(text)
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.enter(tx, principal, channel)
            self._home(principal, room)
            before = await store.of(tx, room.id)
            if version != (before.version if before else 0):
                raise Conflict(
                    "Somebody changed the charter meanwhile.", field="version",
                    data={"version": before.version if before else 0, "ko": "그 사이 다른 사람이 헌장을 고쳤습니다.",
                          "en": "Somebody changed the charter meanwhile."},
                )  # fmt: skip
            await self._check(tx, principal, room, text, before)
            last = replace(before.text, minutes=room.response_minutes, team=room.response_team) if before else None
            changed = rules.changed(last, text)
            if before is not None and not changed:
                return before
            user, now = (await self._channels.author(tx, principal)).user, self._clock.now()
            made = Charter(room.id, version + 1, text, user, now)
            await store.write(tx, room.home.workspace, made)
            await store.read(tx, room.id, user, principal.tenant.workspace, made.version, now)
            if (text.minutes, text.team) != (room.response_minutes, room.response_team):
                await self._channels.time_in(tx, room, text.minutes, text.team)
            told = {"version": made.version, "by": user, "changed": changed, "shared": room.is_shared}
            await self._channels.tell(tx, principal, room, events.CHARTER_CHANGED, told)
            return made

    async def read(self, principal: Principal, channel: str, version: int) -> None:
        """The caller has read a version; the card is not put before them again until there is another."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            room = await self._channels.see(tx, principal, channel)
            charter = await store.of(tx, room.id)
            if charter is None or not 0 < version <= charter.version:
                raise NotFound("There is no such version of this charter.", field="version")
            if not room.is_member:
                return  # who only looks in is asked again once they come in
            user, now = (await self._channels.author(tx, principal)).user, self._clock.now()
            if await store.read(tx, room.id, user, principal.tenant.workspace, version, now):
                told = {"version": version, "user": user}
                await self._channels.tell(tx, principal, room, events.CHARTER_READ, told)

    # -- within -----------------------------------------------------------------------------------------------------

    async def _check(
        self, tx: Tx, principal: Principal, room: Conversation, text: Text, before: Charter | None
    ) -> None:
        """Only people of a side of the channel are named, and only channels that the writer sees."""
        known: set[str] = {one.user for one in before.text.belongs} if before else set()
        for side in room.connected:
            users = await self._governance.users_in(tx, Tenant(side.org, side.workspace))
            known |= {user.id for user in users if not user.is_bot and not user.deleted}
        for stranger in rules.without_strangers(text, known):
            raise Invalid(f"{stranger} is nobody of this channel's organisations.", field="belongs")
        kept = {one.channel for one in before.text.places} if before else set()
        seen = await self.names_in(tx, principal, text)
        for one in text.places:
            if one.channel and one.channel not in seen and one.channel not in kept:
                raise Invalid("There is no such channel.", field="places")

    def _home(self, principal: Principal, room: Conversation) -> None:
        if room.kind != "channel":
            raise WrongKind(field="channel")
        if not room.side.home:
            raise NotOwner("The charter is the home side's to write.", field="channel")
        if principal.role is Role.GUEST:
            raise RestrictedAction("A guest cannot write a charter.")


def _may_write(principal: Principal, room: Conversation) -> bool:
    return (
        room.kind == "channel" and room.side.home and room.is_member and not room.side.archived
        and principal.role is not Role.GUEST
    )  # fmt: skip


def _wanted(room: Conversation, charter: Charter | None) -> bool:
    outside = any(share.org != room.home.org for share in room.connected)
    return charter is None and outside and room.kind == "channel" and room.side.home and not room.side.archived


def told(text: Text) -> dict[str, Any]:
    """A charter's text as plain values."""
    return {
        "purpose": text.purpose, "team": text.team, "minutes": text.minutes,
        "belongs": [{"user": one.user, "reason": one.reason} for one in text.belongs],
        "places": [{"what": one.what, "channel": one.channel} for one in text.places],
    }  # fmt: skip
