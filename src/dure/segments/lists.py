"""Lists made by hand: who is put in, who is taken out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.segments import events, store
from dure.segments.desk import Desk, find, require_by_hand
from dure.segments.model import Computed, Segment, Size
from dure.segments.recomputing import EVENTS_A_BATCH
from dure.segments.rules import who
from dure.segments.sheet import Report, rows_of
from dure.segments.stages import store as stage_store
from dure.state import Tx


class Lists(Desk):
    async def list_people(
        self, principal: Principal, id: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> tuple[int, int]:
        """Puts people into a hand-made list and takes others out, by their ids; how many came and went."""
        if len(add) + len(remove) > EVENTS_A_BATCH:
            raise Invalid(f"At most {EVENTS_A_BATCH:,} people at a time.", field="add")
        workspace = principal.tenant.workspace
        coming = {who(workspace, one, f"add[{number}]") for number, one in enumerate(add)}
        going = {who(workspace, one, f"remove[{number}]") for number, one in enumerate(remove)}
        async with self._state.begin(principal.tenant) as tx:
            came = await self.put_in(tx, principal, id, coming) if coming else []
            went = await self.put_in(tx, principal, id, going, out=True) if going else []
        return len(came), len(went)

    async def list_sheet(
        self, principal: Principal, id: str, text: str, *, column: str = "", instead: bool = False, out: bool = False,
        dry: bool = False,
    ) -> Report:  # fmt: skip
        """Puts the people of a CSV file into a hand-made list, or takes them `out`; `instead` of those who are in it.

        The report says by line who is unknown, who came twice and what cannot be read; `dry` reports only.
        """
        access(principal, "segments:write")
        workspace = principal.tenant.workspace
        rows, report = rows_of(workspace, text, column)
        known = await self._seen(principal, [row.person for row in rows])
        for row in rows:
            if row.person not in known:
                report.unknown.add(row.line, row.id)
        meant = {row.person for row in rows if row.person in known}
        async with self._state.begin(principal.tenant) as tx:
            segment = await find(tx, principal, id)
            await require_by_hand(tx, principal, segment)
            before = set(await store.all_people(tx, workspace, segment.id))
            current = set((await self._current(tx, principal, meant)).values())
            gone = (current & before) if out else (before - current if instead else set())
            coming = set() if out else current - before
            report.there = 0 if out else len(current & before)
            report.entered, report.left = len(coming), len(gone)
            if not dry:
                for some, going in ((gone, True), (coming, False)):
                    if some:
                        await self.put_in(tx, principal, segment.id, some, out=going)
        return report

    async def put_in(
        self, tx: Tx, principal: Principal, id: str, people: Collection[UUID], *, out: bool = False
    ) -> list[UUID]:
        """Puts people into a hand-made list, or takes them out of it; who came or went. Each is an event at once.

        Conflict for a segment that a rule fills: it would be undone at its next computation.
        """
        access(principal, "segments:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        segment = await find(tx, principal, id)
        await require_by_hand(tx, principal, segment)
        await store.wait_for_lock(tx, workspace, segment.id)
        people = set((await self._current(tx, principal, people)).values())
        moved = await (
            store.take_out(tx, workspace, segment.id, list(people)) if out
            else store.put_in(tx, workspace, segment.id, now, list(people))
        )  # fmt: skip
        if moved:
            size = await store.count(tx, workspace, segment.id)
            came, went = (0, len(moved)) if out else (len(moved), 0)
            await store.note_size(tx, workspace, segment.id, Size(now, size, came, went))
            name = events.LEFT if out else events.ENTERED
            for start in range(0, len(moved), EVENTS_A_BATCH):
                part = moved[start : start + EVENTS_A_BATCH]
                await append(tx, *events.moved(principal, now, segment, name, part, False))
        return moved

    async def _look_over(self, tx: Tx, principal: Principal, segment: Segment) -> Computed:
        """A hand-made list stays as it is, but for people who have become others since they were put in."""
        now, workspace = self._clock.now(), principal.tenant.workspace
        await store.wait_for_lock(tx, workspace, segment.id)
        people = await store.all_people(tx, workspace, segment.id)
        if await stage_store.filled(tx, workspace, segment.id):  # whatever fills it looks to merges itself
            await store.note_size(tx, workspace, segment.id, Size(now, len(people), 0, 0))
            return Computed(len(people), 0, 0)
        known = await self._people.known(tx, principal.tenant, people) if self._people is not None else {}
        stale = [one for one in people if one in known and known[one].id != one]
        gone = await store.take_out(tx, workspace, segment.id, stale)
        came = await store.put_in(tx, workspace, segment.id, now, list({known[one].id for one in stale}))
        size = len(people) - len(gone) + len(came)
        await store.note_size(tx, workspace, segment.id, Size(now, size, len(came), len(gone)))
        told = [(events.ENTERED, came), (events.LEFT, gone)]
        await append(
            tx, *(one for name, some in told for one in events.moved(principal, now, segment, name, some, True))
        )
        return Computed(size, len(came), len(gone))

    async def _seen(self, principal: Principal, people: Sequence[UUID]) -> set[UUID]:
        """Those of these whom the workspace knows, by what was stated or by what they did."""
        found: set[UUID] = set()
        for at in range(0, len(people), EVENTS_A_BATCH):
            part = people[at : at + EVENTS_A_BATCH]
            if self._people is not None:
                async with self._state.begin(principal.tenant) as tx:
                    found |= set(await self._people.known(tx, principal.tenant, part))
            found |= await self._moves.seen(principal.tenant, set(part) - found)
        return found

    async def _current(self, tx: Tx, principal: Principal, people: Collection[UUID]) -> dict[UUID, UUID]:
        """Who these people are now."""
        if self._people is None:
            return {one: one for one in people}
        known = await self._people.known(tx, principal.tenant, people)
        return {one: known[one].id if one in known else one for one in people}
