"""Sources are asked when they are due: claimed with a lease, page by page, each page committed with its cursor.

Whoever loses the lease commits nothing, and whoever takes over begins at the last cursor that was committed; what comes
again is known by its id. So nothing is lost and nothing comes twice, whenever a process dies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog

from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotAllowed
from dure.kernel.tenant import Tenant
from dure.social import events, rules
from dure.social.api import MOST, Arrival, Bearer, NewMention, Social
from dure.social.plugs import Given, Pulled, Pulls, Source, Trouble
from dure.social.sources import store
from dure.social.sources.model import TROUBLES, Connected, Turn, WayKind
from dure.social.sources.vault import Vault
from dure.state import State, Tx

log = structlog.get_logger("social")

LEASE = timedelta(minutes=3)
_PAGES_A_TURN = 20
_WORKERS = 4
_REST = 1.0
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=2)
_TOLD_AT = 3  # failures in a row from which it is an event
PAYLOAD = 200_000  # most characters kept of one payload
_ASKED: tuple[WayKind, ...] = ("pull", "history")
# What a connector meets in an answer that is not what its network promised.
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
_AT_ONCE = frozenset({"refused_key", "settings", "unsealed", "unknown_connector"})


class Pulling:
    """The hands that ask. Any number of processes have them."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, social: Social, connectors: Mapping[str, Source],
        vault: Vault,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._social = social
        self._connectors = connectors
        self._vault = vault

    async def work(self) -> None:
        """Asks for ever; a few at a time, so that a slow source keeps no other waiting."""
        async with asyncio.TaskGroup() as workers:
            for _ in range(_WORKERS):
                workers.create_task(self._work())

    async def _work(self) -> None:
        while True:
            if not await self.step():
                await asyncio.sleep(_REST)

    async def step(self) -> bool:
        """Takes the way that is due longest and asks it, page by page; whether there was one."""
        turn = await self.claim(_ASKED)
        if turn is None:
            return False
        cursor, quota = turn.way.cursor, turn.source.quota
        for page in range(_PAGES_A_TURN):
            try:
                source = self.connector(turn.source)
                if not isinstance(source, Pulls):
                    raise Trouble("settings", f"{turn.source.connector} is not asked.")
                pulled = await source.pull(self.given(turn, quota), cursor)
            except (Trouble, OSError, DureError) as error:
                await self.failed(turn, error)
                return True
            except UNREADABLE as error:
                await self.misread(turn, error)
                return True
            last = not pulled.more or pulled.wait > 0 or page == _PAGES_A_TURN - 1
            if not await self.commit(turn, pulled, last=last) or last:
                return True
            cursor, quota = pulled.cursor, {**quota, **pulled.quota}
        return True

    async def claim(self, kinds: Sequence[WayKind]) -> Turn | None:
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            return await store.claim(tx, kinds, uuid4(), now, now + LEASE)

    def connector(self, source: Connected) -> Source:
        found = self._connectors.get(source.connector)
        if found is None:
            raise Outside("unknown_connector", source.connector)
        return found

    def spoken(self, source: Connected) -> Source:
        """The same for whoever can be told: Conflict where this installation has no such connector."""
        try:
            return self.connector(source)
        except Outside as error:
            raise Conflict(f"This installation has no connector named {source.connector}.") from error

    def given(self, turn: Turn, quota: Mapping[str, Any]) -> Given:
        return self.given_of(Tenant(turn.org, turn.workspace), turn.source, turn.way.since, quota)

    def given_of(self, tenant: Tenant, source: Connected, since: datetime, quota: Mapping[str, Any]) -> Given:
        secrets = self._vault.open(source.sealed)
        if secrets is None:
            raise Outside("unsealed")
        return Given(tenant, source.id, source.settings, secrets, self._clock.now(), since, quota)

    async def commit(self, turn: Turn, pulled: Pulled, *, last: bool) -> bool:
        """A page's mentions, edits, deletions, payloads and its cursor in one transaction; whether the way is still in
        one's hands. A page of more than a call may hold goes in parts, the cursor with the last of them."""
        principal = self._governance.system(Tenant(turn.org, turn.workspace), "social")
        network = pulled.network or self.connector(turn.source).manifest.network
        mentions, skipped = proper(pulled.mentions, self._clock.now())
        parts = [mentions[at : at + MOST] for at in range(0, len(mentions), MOST)] or [[]]
        for number, part in enumerate(parts, 1):
            final = number == len(parts)

            async def along(tx: Tx, arrival: Arrival, final: bool = final) -> bool:
                held = await store.hold(tx, turn)
                if held is None:
                    return False
                if final:
                    await self._advance(tx, turn, pulled, skipped, last)
                    await self._recovered(tx, principal, turn, held["trouble"])
                await self._note(tx, turn, arrival)
                return True

            arrival = await self._social.arrive(
                principal, part, gone=[(network, one) for one in pulled.gone] if final else (),
                bearer=self._bearer(turn), along=along,
            )  # fmt: skip
            if not arrival.kept:
                return False
        return True

    def _bearer(self, turn: Turn) -> Bearer:
        can = self.connector(turn.source).manifest.can
        # A past that is brought in is no news: it starts no automation and judges no hour.
        return Bearer(turn.source.id, "edits" in can, turn.way.kind == "history")

    async def _advance(self, tx: Tx, turn: Turn, pulled: Pulled, skipped: int, last: bool) -> None:
        now, kind = self._clock.now(), turn.way.kind
        manifest = self.connector(turn.source).manifest
        ended = kind == "history" and not pulled.more
        later = timedelta(seconds=pulled.wait if pulled.more else max(turn.source.every, manifest.every))
        due_at = None if ended else now if kind == "stream" else now + later if last else turn.way.due_at
        until = None if last else now + LEASE
        await store.advance(
            tx, turn, pulled.cursor, now, due_at=due_at, until=until, skipped=skipped, done=pulled.done,
            total=pulled.total, ended=ended,
        )  # fmt: skip
        if pulled.quota:
            await store.used(tx, turn.workspace, turn.source.id, pulled.quota)
        await store.capture(tx, turn.workspace, turn.source.id, now, pulled.raw, PAYLOAD)

    async def _note(self, tx: Tx, turn: Turn, arrival: Arrival) -> None:
        if arrival.added:
            now = self._clock.now()
            await store.brought(tx, turn.workspace, turn.source.id, turn.way.kind, arrival.added, now)

    async def _recovered(
        self, tx: Tx, principal: Principal, turn: Turn, trouble: Mapping[str, Any] | None
    ) -> None:  # fmt: skip
        if trouble and trouble.get("told"):
            facts = {"name": turn.source.name, "connector": turn.source.connector}
            now, source = self._clock.now(), str(turn.source.id)
            await append(tx, events.source_event(principal, events.SOURCE_RECOVERED, now, source, facts))

    async def misread(self, turn: Turn, error: Exception) -> None:
        """An answer that could be read by nobody, or an error of the connector: noted, logged, asked again later."""
        log.warning("social.misread", connector=turn.source.connector, source=str(turn.source.id), exc_info=error)
        await self.failed(turn, Trouble("unreadable", f"{type(error).__name__}: {error}"))

    async def failed(self, turn: Turn, error: Exception) -> None:
        """What goes wrong outside is a value: kept, shown, and asked again later and later, or when it wants to be."""
        now, said, tenant = self._clock.now(), trouble_of(error), Tenant(turn.org, turn.workspace)
        wait = error.wait if isinstance(error, Trouble) else 0.0
        async with self._state.begin(tenant) as tx:
            held = await store.hold(tx, turn)
            if held is None:
                return
            said, tell = noted(said, held["failures"], held["trouble"], now)
            later = timedelta(seconds=wait) if wait else backoff(held["failures"])
            await store.fail(tx, turn, said, now + later)
            if tell:
                await append(tx, failure(self._governance.system(tenant, "social"), now, turn.source, said))


class Outside(Trouble):
    """Trouble of this side's own making, in the same words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__("settings", detail)
        self.code = code  # type: ignore[assignment]


def failure(principal: Principal, now: datetime, source: Connected, said: Mapping[str, Any]) -> Event:
    """*Source Failed*, with its sentence in both languages."""
    words = TROUBLES[said["code"]]
    facts = {
        "name": source.name, "connector": source.connector, "code": said["code"], "detail": said["detail"],
        "said_ko": words["ko"], "said_en": words["en"], "path": f"/social/sources/{source.id}",
    }  # fmt: skip
    return events.source_event(principal, events.SOURCE_FAILED, now, str(source.id), facts)


def noted(
    said: Mapping[str, Any], failures: int, before: Mapping[str, Any] | None, now: datetime
) -> tuple[dict[str, Any], bool]:
    """Trouble as it is kept, with since when, and whether it is now to be told: once, when it lasts or is plain."""
    told = bool(before and before.get("told"))
    lasting = said["code"] in _AT_ONCE or failures + 1 >= _TOLD_AT
    tell = not told and said["code"] != "busy" and lasting
    since = before["at"] if before and failures else now.isoformat()
    return {**said, "at": since, "told": told or tell}, tell


def trouble_of(error: Exception) -> dict[str, Any]:
    """An error as it is kept: a code of `model.TROUBLES`, and what was said in whatever language it came."""
    if isinstance(error, Trouble):
        return {"code": error.code, "detail": error.detail}
    if isinstance(error, NotAllowed):
        return {"code": "not_allowed", "detail": error.message[:300]}
    if isinstance(error, DureError):
        return {"code": "settings", "detail": error.message[:300]}
    return {"code": "unreached", "detail": (str(error) or type(error).__name__)[:300]}


def backoff(failures: int) -> timedelta:
    """How long is waited after so many failures before."""
    return min(_FIRST_WAIT * (1 << min(failures, 12)), _LONGEST_WAIT)


def proper(mentions: Sequence[NewMention], now: datetime) -> tuple[list[NewMention], int]:
    """Those that are mentions, cleaned (a picture without words is none), and how many are not."""
    kept = []
    for one in mentions:
        try:
            kept.append(rules.cleaned(one, now))
        except Invalid:
            continue
    return kept, len(mentions) - len(kept)
