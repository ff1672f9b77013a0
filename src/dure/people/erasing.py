"""The work of an erasure: passes over feed, state and log until one finds nothing, then the disk, then the proof.

Every part may be done twice and the whole may be killed anywhere: who is meant is kept with the erasure until it ends,
and the next one to look at it goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from dure.feed.api import append, newest_position, position_of
from dure.feed.rewrite import forget as forget_in_feed
from dure.governance.events import act
from dure.governance.model import Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError
from dure.kernel.ids import person_id
from dure.kernel.whom import Whom
from dure.log.api import LOG_FOLLOWER, ONE_AT_A_TIME, Log, LogWriter, old_parts, stated_traits
from dure.log.api import forget as forget_in_log
from dure.people import erasure_store as store
from dure.people import store as people_store
from dure.people.erasure_model import Erasure
from dure.people.follow import NAME as PEOPLE_FOLLOWER
from dure.people.follow import PeopleFollower
from dure.people.ledger import Entry, Ledger
from dure.people.plugs import Holder
from dure.state import State

ERASED = "Person Erased"
# What arrives while an erasure runs goes with it, and then it ends even where events never stop coming.
_PASSES = 3
_FEED = tuple(f"feed.batch_{slot}" for slot in range(8))
_PARTS_WAIT = 0.25

log = structlog.get_logger("people")


@dataclass
class Erasing:
    """`holders` are asked in their order, twice: what one finds may be what the next one looks for."""

    state: State
    log: Log
    clock: Clock
    ledger: Ledger
    follower: PeopleFollower
    writer: LogWriter
    holders: list[Holder] = field(default_factory=list)

    async def work(self) -> int:
        """Goes on with what is due until nothing is; returns how many ended. One process at a time does this."""
        done = 0
        if await self._due() is None:
            return 0
        async with self.state.alone() as connection:
            found = await (
                await connection.execute("select pg_try_advisory_lock(hashtext(%s)) as mine", (ONE_AT_A_TIME,))
            ).fetchone()
            if not found or not found["mine"]:
                return 0
            while True:
                due = await self._due()
                if due is None:
                    return done
                await self._guarded(due[0], self.erase(*due))
                done += 1

    async def _due(self) -> tuple[Erasure, str | None, Whom | None] | None:
        async with self.state.begin_system() as tx:
            return await store.next_due(tx, self.clock.now())

    async def erase(self, erasure: Erasure, person: str | None, whom: Whom | None) -> None:
        """Takes one erasure to its end."""
        if whom is None:
            erasure, whom = await self._begin(erasure, UUID(person))
        for number in range(_PASSES):
            whom, touched = await self._pass(erasure, whom, number)
            if not touched:
                break
        self.follower.forget(erasure.workspace, whom.ids)
        await self._stage(erasure, "disk")
        kept = await self._rewrite_disk(whom)
        async with self.state.begin(erasure.tenant) as tx:
            remains = await store.remains(tx, whom)
        await self._end(erasure, remains, kept)

    # -- who is meant -----------------------------------------------------------------------------------------------

    async def _begin(self, erasure: Erasure, person: UUID) -> tuple[Erasure, Whom]:
        """Fixes who is meant and notes it in the ledger; from here it cannot be cancelled."""
        await self._learned()
        async with self.state.begin(erasure.tenant) as tx:
            identities = await people_store.identities_of(tx, erasure.workspace, [person])
            own = (await people_store.profiles(tx, erasure.workspace, [person])).get(person)
        people = [person, *(row.own for row in identities)]
        ids = [*([own.distinct_id] if own else []), *(row.distinct_id for row in identities)]
        if not ids:  # a stranger: events are all that is known of them
            ids = await self._ids_in_log(erasure, person)
        whom = await self.widened(Whom(erasure.tenant).wider(people=people, ids=ids))
        return await self.begin(erasure, str(person), whom), whom

    async def begin(self, erasure: Erasure, person: str | None, whom: Whom) -> Erasure:
        """Notes the erasure in the ledger, then that it runs."""
        hashes = sorted({self.ledger.seal(erasure.workspace, one) for one in whom.ids})
        now = self.clock.now()
        async with self.state.begin(erasure.tenant) as tx:
            # Whoever cancels at this moment waits for the lock and then learns that it has begun.
            known = await store.erasure(tx, erasure.workspace, erasure.id, lock=True) or erasure
            if known.state == "cancelled":
                raise Conflict("The erasure was cancelled.")
            self.ledger.add(
                Entry(erasure.id, erasure.org, erasure.workspace, tuple(hashes), now, erasure.asked_by, erasure.reason)
            )
            begun = Erasure(**{
                **{name: getattr(known, name) for name in Erasure.__slots__}, "state": "running", "begun_at": now,
                "hashes": tuple(hashes), "key_mark": self.ledger.seal.mark,
            })  # fmt: skip
            await store.add(tx, begun, person, whom)
        return begun

    async def widened(self, whom: Whom) -> Whom:
        for traits in await stated_traits(self.log, whom.tenant, whom.people):
            whom = whom.knowing(traits)
        for _ in range(2):
            for holder in self.holders:
                async with self.state.begin(whom.tenant) as tx:
                    whom = await holder.trace(tx, whom)
        return whom.wider(people=[person_id(whom.tenant.workspace, one) for one in whom.ids])

    async def _ids_in_log(self, erasure: Erasure, person: UUID) -> list[str]:
        rows = await self.log.query(
            erasure.tenant,
            "select distinct distinct_id from events where workspace = {workspace:String} and person = {person:UUID}"
            " and distinct_id != ''", {"person": str(person)},
        )  # fmt: skip
        return [row[0] for row in rows.rows]

    async def _learned(self) -> None:
        """Waits until what was sent so far about who is who is known, by this hand or by the loop at work."""
        await _until_passed(self.state, PEOPLE_FOLLOWER, self.follower.step)
        await _until_passed(self.state, LOG_FOLLOWER, self.writer.step)

    # -- passes -----------------------------------------------------------------------------------------------------

    async def _pass(self, erasure: Erasure, whom: Whom, number: int) -> tuple[Whom, int]:
        """Feed first, so that nobody learns anew; then state; then the log. Returns how much it touched."""
        await self._stage(erasure, f"pass {number + 1}: looking")
        whom = await self.widened(whom)
        async with self.state.begin(erasure.tenant) as tx:
            await store.change(tx, erasure.workspace, erasure.id, whom=whom.as_json())
        await self._stage(erasure, f"pass {number + 1}: feed")
        counts = {"feed": await forget_in_feed(self.state, whom, LOG_FOLLOWER, self.writer.step)}
        await self._count(erasure, counts)
        for holder in self.holders:
            await self._stage(erasure, f"pass {number + 1}: {holder.name}")
            async with self.state.begin(erasure.tenant) as tx:
                counts[holder.name] = await holder.erase(tx, whom)
                await store.count(tx, erasure.workspace, erasure.id, {holder.name: counts[holder.name]})
        await self._stage(erasure, f"pass {number + 1}: log")
        in_log = {f"log {name}": rows for name, rows in (await forget_in_log(self.log, whom)).items()}
        await self._count(erasure, in_log)
        return whom, sum(counts.values()) + sum(in_log.values())

    async def _rewrite_disk(self, whom: Whom) -> list[str]:
        """What was deleted leaves the disk: tables are rewritten, and the log's old parts are waited for."""
        old = await old_parts(self.log, whom.tenant)
        async with self.state.alone() as connection:
            tables = [*_FEED, *(table for holder in self.holders for table in holder.tables)]
            kept = await store.rewrite(connection, tables)
        while old & await old_parts(self.log, whom.tenant):  # noqa: ASYNC110 - ClickHouse rings no bell
            await asyncio.sleep(_PARTS_WAIT)
        return kept

    # -- the proof --------------------------------------------------------------------------------------------------

    async def _end(self, erasure: Erasure, remains: dict[str, int], kept: Sequence[str]) -> None:
        principal = Principal(erasure.tenant, erasure.asked_by, Role.OWNER)
        now = self.clock.now()
        async with self.state.begin(erasure.tenant) as tx:
            known = await store.erasure(tx, erasure.workspace, erasure.id)
            counts = {name: number for name, number in (known.counts if known else {}).items() if number}
            counts |= {f"not rewritten: {table}": 1 for table in kept}
            await store.change(
                tx, erasure.workspace, erasure.id, state="incomplete" if remains else "done", done_at=now, person=None,
                whom=None, stage="", counts=counts, remains=remains, error="",
            )  # fmt: skip
            told = {"erasure": str(erasure.id), "reason": erasure.reason, "rows": sum(counts.values()),
                    "complete": not remains}  # fmt: skip
            await append(tx, act(principal, "people", ERASED, "erasure", str(erasure.id), told, now))
        async with self.state.alone() as connection:
            # Statistics hold the commonest values of columns.
            await store.rewrite(connection, ["people.erasure", "pg_catalog.pg_statistic"])
            await connection.execute("checkpoint")

    async def _stage(self, erasure: Erasure, stage: str) -> None:
        async with self.state.begin(erasure.tenant) as tx:
            await store.change(tx, erasure.workspace, erasure.id, stage=stage)

    async def _count(self, erasure: Erasure, counts: dict[str, int]) -> None:
        async with self.state.begin(erasure.tenant) as tx:
            await store.count(tx, erasure.workspace, erasure.id, counts)

    async def _guarded(self, erasure: Erasure, work: Awaitable[None]) -> None:
        """An error is kept with the erasure, in words that are not the person's, and goes on to whoever tries again."""
        try:
            await work
        except Exception as error:
            said = error.message if isinstance(error, DureError) else type(error).__name__
            async with self.state.begin(erasure.tenant) as tx:
                await store.change(tx, erasure.workspace, erasure.id, error=said)
            raise


async def _until_passed(state: State, name: str, step: Callable[[], Awaitable[int]]) -> None:
    async with state.begin_system() as tx:
        newest = await newest_position(tx)
    while True:
        async with state.begin_system() as tx:
            if await position_of(tx, name) >= newest:
                return
        if not await step():
            await asyncio.sleep(0.02)
