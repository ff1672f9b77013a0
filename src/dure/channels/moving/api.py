"""Imports' entrance: an export is given, looked at, decided about, brought in, stopped; what was left out is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dure.channels.api import Channels
from dure.channels.files import blob_store
from dure.channels.files.api import Files
from dure.channels.files.incoming import take
from dure.channels.moving import store
from dure.channels.moving.events import CANCELLED, GIVEN, REMOVED, STARTED, moving_event
from dure.channels.moving.model import OPEN, Choices, Moving
from dure.channels.moving.refusals import MovingNotFound, MovingNotReady, NotAnExport
from dure.channels.rules import channel_name, clean
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.ids import slack_id
from dure.state import State, Tx

LARGEST = 16 << 30
_KEPT = timedelta(days=30)
_LINES = 1_000


class Movings:
    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels, files: Files) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self._files = files

    async def give(self, principal: Principal, name: str, parts: AsyncIterator[bytes]) -> Moving:
        """Takes an export; it is read next. Raises NotAnExport for what is no zip, TooLarge."""
        access(principal, "moving:write")
        _by_a_person(principal)
        blobs, now = self._files.blobs, self._clock.now()
        async with take(parts, blobs.incoming, most=LARGEST) as taken:
            with taken.path.open("rb") as file:
                if not file.read(4).startswith(b"PK"):
                    raise NotAnExport("The file is no zip.", field="file")
            async with self._state.begin_system() as tx:
                await blob_store.use(tx, taken.sha256, taken.size, now)
            await blobs.put(taken.sha256, taken.path)
        name = str(clean(name)).replace("/", "_").strip()[:255] or "export.zip"
        one = Moving(
            slack_id("X"), principal.tenant.org, principal.tenant.workspace, name, taken.size, taken.sha256,
            principal.user, now, gone_at=now + _KEPT,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            await store.add(tx, one)
            await append(tx, moving_event(principal, self._clock, GIVEN, one))
        return one

    async def listed(self, principal: Principal) -> list[Moving]:
        """The newest first, without what is in them."""
        access(principal, "moving:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.listed(tx, principal.tenant.org, principal.tenant.workspace)

    async def one(self, principal: Principal, moving: str) -> tuple[Moving, list[dict[str, Any]], bool]:
        """An import, what was left out so far by kind, and whether the caller may bring in what was said in private."""
        access(principal, "moving:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._find(tx, principal, moving)
            may = await self._governance.policies.lets(tx, principal, "exports.make")
            return found, await store.left_counts(tx, moving), may

    async def start(self, principal: Principal, moving: str, choices: Choices) -> Moving:
        """Brings it in as it was chosen; one that was stopped, or has failed, goes on where it was."""
        access(principal, "moving:write")
        _by_a_person(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await self._find(tx, principal, moving)
            if found.state in OPEN or found.preview is None or found.state == "gone":
                raise MovingNotReady
            await self._check(tx, principal, found.preview, choices)
            if found.choices != choices:
                # Days that are in were brought in by other choices: all are gone through anew, nothing comes twice.
                await store.forget_days(tx, moving)
            one = replace(found, state="waiting", why="", choices=choices, began_by=principal.user, ended_at=None)
            await store.save(tx, one)
            people = sum(not person["match"] and person["kind"] != "bot" for person in found.preview["people"])
            told = {"private": choices.private, "direct": choices.direct, "people": people}
            await append(tx, moving_event(principal, self._clock, STARTED, one, **told))
        return one

    async def cancel(self, principal: Principal, moving: str) -> Moving:
        """Stops one that is read or brought in; what is in stays, and it can go on. Takes away the file of another."""
        access(principal, "moving:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._find(tx, principal, moving)
            if found.state == "gone":
                return found
            now = self._clock.now()
            if found.state in ("waiting", "running"):
                one = replace(found, state="cancelled", ended_at=now)
                await store.save(tx, one)
                await append(tx, moving_event(principal, self._clock, CANCELLED, one))
                return one
            await store.drop_bytes(tx, moving, now)
            await append(tx, moving_event(principal, self._clock, REMOVED, found))
            return replace(found, state="gone", sha256="", ended_at=found.ended_at or now)

    async def left(self, principal: Principal, moving: str) -> AsyncIterator[dict[str, Any]]:
        """Everything that was left out, line by line."""
        access(principal, "moving:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._find(tx, principal, moving)
        return self._lines(principal, found)

    # -- within ------------------------------------------------------------------------------------------------------

    async def _lines(self, principal: Principal, one: Moving) -> AsyncIterator[dict[str, Any]]:
        named = {room["id"]: room["name"] or room["id"] for room in (one.preview or {}).get("rooms", [])}
        after = 0
        while True:
            async with self._state.begin(principal.tenant) as tx:
                rows = await store.left_of(tx, one.id, after, _LINES)
            for row in rows:
                yield {**row, "room": named.get(row["room"], row["room"])}
            if len(rows) < _LINES:
                break
            after = rows[-1]["n"]
        if one.state in ("ready", "reading"):
            for each in (one.preview or {}).get("left", []):
                yield {**each, "room": named.get(each["room"], each["room"])}

    async def _find(self, tx: Tx, principal: Principal, moving: str) -> Moving:
        found = await store.find(tx, principal.tenant.org, principal.tenant.workspace, str(clean(moving)))
        if found is None:
            raise MovingNotFound(field="moving")
        return found

    async def _check(self, tx: Tx, principal: Principal, preview: Mapping[str, Any], choices: Choices) -> None:
        """Raises Invalid for what cannot be chosen, NotAllowed for what the caller may not."""
        if choices.private or choices.direct:
            await self._governance.policies.require(tx, principal, "exports.make")
        if choices.people == "active":
            await self._governance.policies.require(tx, principal, "people.invite")
        people = {one["id"]: one for one in preview["people"]}
        rooms = {one["id"]: one for one in preview["rooms"]}
        users = {user.id for user in await self._governance.users_in(tx, principal.tenant)}
        for theirs, ours in choices.match.items():
            if theirs not in people or (ours and ours not in users):
                raise Invalid(f"There is no {theirs if theirs not in people else ours}.", field="match")
        for theirs, choice in choices.rooms.items():
            if theirs not in rooms:
                raise Invalid(f"The export has no conversation {theirs}.", field="rooms")
            if choice.name:
                channel_name(choice.name)
            if choice.do == "into":
                await self._check_into(tx, principal, rooms[theirs], choice.into)

    async def _check_into(self, tx: Tx, principal: Principal, room: Mapping[str, Any], into: str) -> None:
        """A past is put only where nobody reads it who did not before, as far as can be told."""
        found = await self._channels.see(tx, principal, into)
        if room["kind"] in ("im", "mpim") or found.kind != "channel":
            raise Invalid("Only a channel is brought into another channel.", field="rooms")
        if found.is_shared or found.elsewhere:
            raise Invalid(f"#{found.name} is shared with others, who must not get a past of yours.", field="rooms")
        if room["kind"] == "private" and not found.private:
            raise Invalid(f"#{room['name']} is private and #{found.name} is open.", field="rooms")


def _by_a_person(principal: Principal) -> None:
    """Programs bring nothing in; whoever holds the data folder does, by the command line."""
    if principal.kind not in ("user", "system"):
        raise NotAllowed("An export is brought in by a person.")
