"""The trail's entrance: looked through, walked over, handed out; never written to but by what is done."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from dure.feed.api import append
from dure.governance import events
from dure.governance.access import access
from dure.governance.audit import store
from dure.governance.audit.chain import Chain
from dure.governance.audit.model import Head, Kept, Verdict, beginning, bound
from dure.governance.model import Principal
from dure.governance.plugs import AuditTable
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.state import State, Tx

MOST = 9_999
_RIGHT = "audit:read"


class InvalidCursor(Invalid):
    """The cursor is none that an earlier page gave."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all of what is given must fit. Times are seconds since 1970, both included."""

    latest: int | None = None
    oldest: int | None = None
    action: tuple[str, ...] = ()
    actor: str = ""
    entity: str = ""
    workspace: str = ""

    def filters(self) -> dict[str, Any]:
        return {
            "latest": self.latest, "oldest": self.oldest, "action": list(self.action) or None,
            "actor": self.actor or None, "entity": self.entity or None, "workspace": self.workspace or None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its place: `told` is what was written, `digest` what everything up to here comes to."""

    number: int
    told: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, the newest first. `names` are what the ids in them are called today."""

    entries: Sequence[Entry]
    names: Mapping[str, Mapping[str, Any]]
    cursor: str


class Audit:
    """The trail of each organisation. Its `chain` is what a database's transactions are witnessed by."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self.chain = Chain()
        state.witness = self.chain.witness

    def bring(self, table: AuditTable) -> None:
        """Takes on the events that a slice has proven."""
        self.chain.bring(table)

    async def logs(self, principal: Principal, wanted: Wanted, *, limit: int = 100, cursor: str = "") -> Found:
        """Entries of the caller's organisation. A page begins where the one before ended, whatever came meanwhile."""
        access(principal, _RIGHT)
        if not 1 <= limit <= MOST:
            raise Invalid(f"`limit` is a number from 1 to {MOST:,}.", field="limit")
        org, before = principal.tenant.org, _place(cursor) if cursor else None
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.page(tx, org, wanted.filters(), limit + 1, before)
            found = [
                Entry(row["number"], msgspec.json.decode(row["entry"]), bytes(row["digest"]).hex()) for row in rows
            ]
            names = await store.named(tx, org, sorted({one for entry in found[:limit] for one in _ids(entry.told)}))
        after = _cursor(rows[limit - 1]["at"], found[limit - 1].number) if len(rows) > limit else ""
        return Found(found[:limit], names, after)

    async def actions(self, principal: Principal) -> Sequence[str]:
        """The actions that the organisation's trail holds."""
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            return await store.actions(tx, principal.tenant.org)

    async def head(self, principal: Principal) -> Head:
        """The newest entry's number and digest: to be kept where the server's administrators cannot change it."""
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            return await _head(tx, principal.tenant.org)

    async def heads(self) -> Mapping[str, Head]:
        """Every organisation's; for the system itself."""
        async with self._state.begin_system() as tx:
            return await store.heads(tx)

    async def verify(self, principal: Principal, known: Head | None = None) -> Verdict:
        """Walks the trail from its beginning and says where it first does not hold: `missing` (removed or put in),
        `changed`, `cut` (the end is gone), or `other` where a head `known` from elsewhere is not in it.
        """
        access(principal, _RIGHT)
        org = principal.tenant.org
        async with self._state.begin(principal.tenant) as tx:
            head = await _head(tx, org)
        digest, number = beginning(org), 0
        async for kept in self._trail(principal):
            for one in kept:
                if one.number > head.number:
                    break  # came while we walked
                if one.number != number + 1:
                    return Verdict(False, number, digest.hex(), number + 1, "missing")
                digest, number = bound(digest, one.entry), one.number
                if digest != one.digest:
                    return Verdict(False, number, digest.hex(), number, "changed")
                if known is not None and known.number == number and known.digest != digest.hex():
                    return Verdict(False, number, digest.hex(), number, "other")
        if (head.number, head.digest) != (number, digest.hex()):
            return Verdict(False, number, digest.hex(), min(number, head.number) + 1, "cut")
        if known is not None and known.number > number:
            return Verdict(False, number, digest.hex(), number + 1, "cut")
        return Verdict(True, number, digest.hex())

    async def export(self, principal: Principal) -> tuple[Head, AsyncIterator[Sequence[Kept]]]:
        """The whole trail up to its head, to be verified elsewhere. That it was taken out is an entry of its own."""
        access(principal, _RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            told = events.governance_event(
                principal, self._clock, events.AUDIT_EXPORTED, "organisation", principal.tenant.org, {}
            )
            await append(tx, told)
        return await self.head(principal), self._trail(principal)

    async def _trail(self, principal: Principal) -> AsyncIterator[Sequence[Kept]]:
        """A transaction for each part: a reader that takes its time holds nothing."""
        after = 0
        while True:
            async with self._state.begin(principal.tenant) as tx:
                part = await store.trail(tx, principal.tenant.org, after)
            if not part:
                return
            yield part
            after = part[-1].number


async def _head(tx: Tx, org: str) -> Head:
    return await store.head(tx, org) or Head(0, beginning(org).hex())


def _ids(told: Mapping[str, Any]) -> list[str]:
    app = told.get("context", {}).get("app", "")
    return [one for one in (told["actor"], told["workspace"], told["entity"]["id"], app) if one]


def _cursor(at: int, number: int) -> str:
    return base64.urlsafe_b64encode(f"{at}:{number}".encode()).decode()


def _place(cursor: str) -> tuple[int, int]:
    try:
        at, number = base64.urlsafe_b64decode(cursor.encode()).decode().split(":")
        place = int(at), int(number)
    except (ValueError, binascii.Error) as error:
        raise InvalidCursor("`cursor` is none that an earlier page gave.", field="cursor") from error
    if max(map(abs, place)) >= 1 << 62:
        raise InvalidCursor("`cursor` is none that an earlier page gave.", field="cursor")
    return place
