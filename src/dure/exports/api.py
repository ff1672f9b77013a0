"""Exports' entrance: a history as files, and targets that are written to continuously. For admins only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

import msgspec

from dure.exports import events, history, store
from dure.exports.follow import TargetFollower
from dure.exports.history import History
from dure.exports.model import COLUMNS, Format, Kind, Part, Place, Status, Target, Written
from dure.exports.plugs import Storage
from dure.exports.seal import Seal
from dure.feed.api import append, begin_here, forget_followers, waiting
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.log.api import Log
from dure.state import State, Tx

__all__ = ["Exports", "Format", "History", "Kind", "Part", "Place", "Status", "Target", "Written"]

_EVENTS = (1, 1_000_000)
_SECONDS = (1, 86_400)
_SHOWN = 50


class Exports:
    """The house's way out for events."""

    def __init__(
        self, state: State, log: Log, clock: Clock, storages: Mapping[Kind, Storage], signing_key: bytes
    ) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._storages = storages
        self._seal = Seal(signing_key)
        self.follower = TargetFollower(state, clock, storages, self._seal)

    # -- a history ----------------------------------------------------------------------------------------------------

    async def plan(self, principal: Principal, asked: History, rows: int = history.ROWS_A_PART) -> list[Part]:
        """The files that a history has now; that it was asked for is noted in the audit trail."""
        access(principal, "exports:read")
        asked.check()
        if not 1000 <= rows <= 1_000_000:
            raise Invalid("A part has from 1,000 to 1,000,000 rows.", field="rows")
        parts = await history.parts(self._log, principal.tenant, asked, rows)
        said = {
            "format": asked.format.value, "rows": sum(part.rows for part in parts), "from": str(asked.begin or ""),
            "to": str(asked.end or ""), "events": list(asked.events), "sources": list(asked.sources),
        }  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            await append(tx, events.export_event(principal, self._clock, events.EXPORTED, "", said))
        return parts

    async def part(self, principal: Principal, asked: History, part: Part) -> bytes:
        """The content of one file."""
        access(principal, "exports:read")
        asked.check()
        if not (0 < part.end - part.begin <= 90_000 and 0 <= part.slice < part.slices <= 100_000):
            raise Invalid("A part lies within one day.", field="part")
        return await history.content(self._log, principal.tenant, asked, part)

    # -- targets ------------------------------------------------------------------------------------------------------

    async def targets(self, principal: Principal) -> list[Status]:
        """Every target with how it stands; secrets are never shown."""
        access(principal, "exports:read")
        async with self._state.begin(principal.tenant) as tx:
            return [await _status(tx, target) for target in await store.targets(tx, principal.tenant.workspace)]

    async def objects(self, principal: Principal, id: str) -> list[Written]:
        """The newest objects of a target."""
        access(principal, "exports:read")
        async with self._state.begin(principal.tenant) as tx:
            target = await _target(tx, principal, id)
            return await store.newest_objects(tx, target.id, _SHOWN)

    async def create_target(
        self, principal: Principal, name: str, place: Place, *, secret: str = "", max_events: int = 100_000,
        max_seconds: int = 300,
    ) -> Status:  # fmt: skip
        """A target that gets what comes from now on. A first small object is written, so that a wrong place or key is
        an error here and not one that shows later."""
        access(principal, "exports:write")
        _check(name, place, secret, max_events, max_seconds)
        now = self._clock.now()
        target = Target(
            str(uuid7()), principal.tenant, name.strip(), place, self._seal.close(secret), max_events, max_seconds,
            True, now, now,
        )  # fmt: skip
        about = {"target": target.id, "name": target.name, "since": now, "format": "parquet", "columns": COLUMNS}
        try:
            await self._storages[place.kind].put(
                principal.tenant, place, secret, "_dure.json", msgspec.json.encode(about)
            )
        except OSError as error:
            raise Invalid(f"Nothing could be written there: {error}", field="place") from error
        async with self._state.begin(principal.tenant) as tx:
            await store.hold(tx)
            if not await store.add_target(tx, target):
                raise Conflict(f"There is an export target {target.name!r} already.", field="name")
            await begin_here(tx, target.follower)
            said = {"name": target.name, "kind": place.kind.value, "place": place.said}
            await append(tx, events.export_event(principal, self._clock, events.TARGET_CREATED, target.id, said))
            return await _status(tx, target)

    async def switch_target(self, principal: Principal, id: str, enabled: bool) -> Status:
        """Pauses a target, which then holds nothing of the feed; or lets it follow again from now on."""
        access(principal, "exports:write")
        async with self._state.begin(principal.tenant) as tx:
            await store.hold(tx)
            target = await _target(tx, principal, id)
            if target.enabled == enabled:
                return await _status(tx, target)
            now = self._clock.now()
            since = now if enabled else target.since
            await store.switch(tx, target.id, enabled, since)
            if enabled:
                await begin_here(tx, target.follower)
            else:
                await forget_followers(tx, target.follower, [])
            name = events.TARGET_RESUMED if enabled else events.TARGET_PAUSED
            await append(tx, events.export_event(principal, self._clock, name, target.id, {"name": target.name}))
            return await _status(tx, replace(target, enabled=enabled, since=since, error="", failed_at=None))

    async def remove_target(self, principal: Principal, id: str) -> None:
        """Ends a target. What it wrote stays where it is."""
        access(principal, "exports:write")
        async with self._state.begin(principal.tenant) as tx:
            await store.hold(tx)
            target = await _target(tx, principal, id)
            await store.remove(tx, target.id)
            await forget_followers(tx, target.follower, [])
            said = {"name": target.name, "place": target.place.said}
            await append(tx, events.export_event(principal, self._clock, events.TARGET_REMOVED, target.id, said))

    async def put(self, principal: Principal, id: str, name: str, content: bytes) -> None:
        """Writes an object of another room's into a target's place. What it is, and that it left, that room tells."""
        access(principal, "exports:write")
        async with self._state.begin(principal.tenant) as tx:
            target = await _target(tx, principal, id)
        secret = self._seal.open(target.sealed)
        await self._storages[target.place.kind].put(principal.tenant, target.place, secret, name, content)

    async def run(self) -> None:
        """Writes to every target until cancelled."""
        await self.follower.run()


async def _target(tx: Tx, principal: Principal, id: str) -> Target:
    target = await store.target(tx, principal.tenant.workspace, id)
    if target is None:
        raise NotFound("There is no such export target.", field="id")
    return target


async def _status(tx: Tx, target: Target) -> Status:
    objects, count = await store.written(tx, target.id)
    newest = await store.newest_objects(tx, target.id, 1)
    if not target.enabled:
        return Status(target, objects, count, newest[0] if newest else None, 0, 0.0, 0)
    left = await waiting(tx, target.follower, target.tenant.workspace, target.max_events)
    return Status(
        target, objects, count, newest[0] if newest else None, left.events, left.seconds, left.batches
    )  # fmt: skip


def _check(name: str, place: Place, secret: str, max_events: int, max_seconds: int) -> None:
    if not name.strip() or len(name) > 60 or not name.isprintable():
        raise Invalid("`name` is a text of 1 to 60 characters.", field="name")
    for field, number, (least, most) in (("max_events", max_events, _EVENTS), ("max_seconds", max_seconds, _SECONDS)):
        if not least <= number <= most:
            raise Invalid(f"`{field}` is from {least:,} to {most:,}.", field=field)
    for field in ("path", "bucket", "region", "key_id", "endpoint"):
        text = getattr(place, field)
        if len(text) > 500 or not text.isprintable():
            raise Invalid(f"`{field}` is a text of at most 500 printable characters.", field=field)
    parts = place.path.split("/")
    if ".." in parts or place.path.startswith("/") or "\\" in place.path:
        raise Invalid("`path` is relative and has no `..` in it.", field="path")
    if place.kind is Kind.S3:
        at = urlsplit(place.endpoint)
        if at.scheme not in ("http", "https") or not at.hostname or at.query or at.username:
            raise Invalid("`endpoint` is an http or https address such as https://s3.amazonaws.com.", field="endpoint")
        for field, value in (("bucket", place.bucket), ("key_id", place.key_id), ("secret", secret)):
            if not value:
                raise Invalid(f"`{field}` is needed for S3.", field=field)
        if "/" in place.bucket:
            raise Invalid("`bucket` is a name without a slash.", field="bucket")
