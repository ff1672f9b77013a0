"""Erasures' entrance: asking for one, cancelling it, proving it; and giving out all that is held of somebody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.whom import Whom
from dure.people import erasure_store as store
from dure.people import export
from dure.people.api import People
from dure.people.catching_up import catch_up
from dure.people.erasing import Erasing
from dure.people.erasure_model import REASONS, Erasure
from dure.people.plugs import Holder

ERASE, EXPORT = "people:erase", "people:export"
_LONGEST_WAIT = timedelta(days=30)


class Erasures:
    """What is done with a person on their own request. Both rights are administrators' alone."""

    def __init__(self, people: People, erasing: Erasing) -> None:
        self._people = people
        self._erasing = erasing
        self._state = erasing.state
        self._clock = erasing.clock

    def held_by(self, *holders: Holder) -> None:
        """Adds slices that keep something about people."""
        self._erasing.holders.extend(holders)

    async def ask(self, principal: Principal, id: str, reason: str = "request", wait: int = 0) -> Erasure:
        """Asks for a person to be erased, `wait` seconds from now; asked twice, it is the same erasure.

        Raises NotFound for nobody, Invalid for a reason that is not in `REASONS` or a wait beyond 30 days.
        """
        access(principal, ERASE)
        if reason not in REASONS:
            raise Invalid(f"`reason` is one of {', '.join(REASONS)}.", field="reason")
        if not 0 <= wait <= _LONGEST_WAIT.total_seconds():
            raise Invalid("`wait` is 0 to 2592000 seconds.", field="wait")
        person = (await self._people.person(principal, id)).id
        now, tenant = self._clock.now(), principal.tenant
        made = Erasure(
            tenant.workspace, uuid7(), tenant.org, "asked", reason, principal.actor, now, now + timedelta(seconds=wait)
        )  # fmt: skip
        async with self._state.begin(tenant) as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext(%s))", (f"erasure:{tenant.workspace}:{person}",))
            known = await store.open_for(tx, tenant.workspace, str(person))
            if known is not None:
                return known
            await store.add(tx, made, str(person))
            told = {"erasure": str(made.id), "reason": reason}
            await append(tx, act(principal, "people", "Erasure Asked", "erasure", str(made.id), told, now))
        return made

    async def cancel(self, principal: Principal, id: str) -> Erasure:
        """Takes an erasure back before it begins; Conflict once it has begun."""
        access(principal, ERASE)
        now, tenant = self._clock.now(), principal.tenant
        async with self._state.begin(tenant) as tx:
            known = await store.erasure(tx, tenant.workspace, _uuid(id), lock=True)
            if known is None:
                raise NotFound("There is no erasure by that id.", field="id")
            # The ledger is written a moment before the state says so.
            begun = any(entry.id == known.id for entry in self._erasing.ledger.entries())
            if known.state != "asked" or begun:
                raise Conflict(f"This erasure is {'begun' if begun else known.state} and cannot be cancelled.")
            await store.change(tx, tenant.workspace, known.id, state="cancelled", done_at=now, person=None)
            told = {"erasure": str(known.id)}
            await append(tx, act(principal, "people", "Erasure Cancelled", "erasure", str(known.id), told, now))
        return await self.erasure(principal, id)

    async def erasure(self, principal: Principal, id: str) -> Erasure:
        access(principal, ERASE)
        async with self._state.begin(principal.tenant) as tx:
            known = await store.erasure(tx, principal.tenant.workspace, _uuid(id))
        if known is None:
            raise NotFound("There is no erasure by that id.", field="id")
        return known

    async def erasures(self, principal: Principal, limit: int = 100) -> list[Erasure]:
        """The workspace's erasures, newest first."""
        access(principal, ERASE)
        if not 1 <= limit <= 1000:
            raise Invalid("`limit` is 1 to 1000.", field="limit")
        async with self._state.begin(principal.tenant) as tx:
            return await store.erasures(tx, principal.tenant.workspace, limit)

    async def proof(self, principal: Principal, distinct_id: str) -> list[Erasure]:
        """The erasures in which this very id was erased: whoever presents the id gets the proof."""
        access(principal, ERASE)
        if not distinct_id:
            raise Invalid("`id` is the distinct id to look for.", field="id")
        sealed = self._erasing.ledger.seal(principal.tenant.workspace, distinct_id)
        async with self._state.begin(principal.tenant) as tx:
            return await store.with_hash(tx, principal.tenant.workspace, sealed)

    async def export(self, principal: Principal, id: str, into: Path) -> dict[str, int]:
        """Writes everything held of a person into a zip file; returns the records of each file in it."""
        access(principal, EXPORT)
        person = await self._people.person(principal, id)
        identity = await self._people.identity(principal, id)
        whom = Whom(principal.tenant).wider(ids=person.distinct_ids, people=[person.id])
        whom = await self._erasing.widened(whom.knowing(person.traits))
        counts = await export.write(into, person, identity, whom, self._erasing, self._clock.now())
        told: dict[str, Any] = {"files": len(counts), "records": sum(counts.values())}
        async with self._state.begin(principal.tenant) as tx:
            event = act(
                principal, "people", "Person Exported", "person", str(person.id), told, self._clock.now(),
                person=person.id,
            )  # fmt: skip
            await append(tx, event)
        return counts

    async def tick(self) -> int:
        """Goes on with erasures that are due; returns how many ended."""
        return await self._erasing.work()

    async def catch_up(self) -> int:
        """What has to be done before the doors open."""
        return await catch_up(self._erasing)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is no erasure by that id.", field="id") from error
