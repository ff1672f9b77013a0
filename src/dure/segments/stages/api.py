"""Stages' entrance: everybody in one of eight, how they move, and how segments lie over one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.log.api import Log
from dure.segments import events as segment_events
from dure.segments import store as segment_store
from dure.segments.conditions_sql import Statement
from dure.segments.model import Listed, Segment, Size
from dure.segments.stages import events, store
from dure.segments.stages.model import NAMES, STAGES, Flow, Moved, Overlap, Settings
from dure.segments.stages.overlap import overlap
from dure.segments.stages.partition import flows_between, people_between, read_settings, sizes_at, stages_at
from dure.state import State, Tx

__all__ = ["STAGES", "Flow", "Moved", "Overlap", "Settings", "Stages"]

log = structlog.get_logger("stages")

_A_BATCH = 1_500  # each person is up to three events, and a feed batch of more would be long
_MOST_SEGMENTS = 20


class Stages:
    """A partition of everybody the workspace has seen."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, *, every: timedelta = timedelta(minutes=15)
    ) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._every = every

    # -- what decides -----------------------------------------------------------------------------------------------

    async def settings(self, principal: Principal) -> Settings:
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return (await store.settings(tx, principal.tenant.workspace))[0]

    async def change(self, principal: Principal, raw: object) -> Settings:
        """New settings; who is in which stage by them is known after the next computation."""
        access(principal, "segments:write")
        settings = read_settings(raw)
        async with self._state.begin(principal.tenant) as tx:
            await store.keep_settings(tx, principal.tenant.workspace, settings)
            await append(tx, events.settings_changed(principal, self._clock.now(), settings))
        return settings

    # -- who is where now -------------------------------------------------------------------------------------------

    async def compute(self, principal: Principal) -> Moved:
        """Asks the log for everybody's stage now. Who changed is an event each, and enters and leaves the segments that
        stand for the stages. While another computation runs: Conflict."""
        access(principal, "segments:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            settings, _ = await store.settings(tx, workspace)
        zone = await self.zone(principal)
        rows = await self._ask(principal, stages_at(settings, [now], zone))
        async with self._state.begin(principal.tenant) as tx:
            if not await store.lock(tx, workspace):
                raise Conflict("The stages are being computed at this moment.")
            current, computed_at = await store.settings(tx, workspace)
            if current != settings:
                raise Conflict("The stages' settings were changed meanwhile.")
            first = not any((await store.counts(tx, workspace)).values())
            segments = await self._furnish(tx, principal, now)
            # Somebody whose whole history is erased meanwhile is not in this answer, and so in no stage.
            changed = await store.replace(tx, workspace, now, [(person, stages[0]) for person, stages in rows])
            if changed or computed_at is None:
                await store.move_members(tx, workspace, now)
                await self._tell(tx, principal, now, segments, first)
            await store.note_computed(tx, workspace, settings, now)
            sizes = await store.counts(tx, workspace)
        return Moved(now, sizes, changed)

    async def tick(self, now: datetime | None = None) -> int:
        """Computes the stages of every workspace where that is due; how many were. For the server's own loop."""
        now, done = now or self._clock.now(), 0
        failed: list[DureError] = []
        for workspace in await self._governance.workspaces():
            principal = self._governance.system(workspace.tenant, "segments")
            async with self._state.begin(workspace.tenant) as tx:
                _, computed_at = await store.settings(tx, workspace.id)
            if computed_at is not None and now - computed_at < self._every:
                continue
            try:
                await self.compute(principal)
                done += 1
            except Conflict:
                continue  # another process is at it
            except DureError as error:
                log.warning("stages.not_computed", workspace=workspace.id, error=error.message)
                failed.append(error)
        if failed:
            raise failed[0]
        return done

    async def counts(self, principal: Principal) -> tuple[dict[str, int], dict[str, str], datetime | None]:
        """How many are in each stage, the segment that stands for each, and as of when."""
        access(principal, "segments:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            _, computed_at = await store.settings(tx, workspace)
            standing = await store.filled_by(tx, workspace, "stage:")
            return (
                await store.counts(tx, workspace),
                {by.removeprefix("stage:"): segment for by, segment in standing.items()},
                computed_at,
            )

    async def people(
        self, principal: Principal, stage: str, after: UUID | None = None, limit: int = 100
    ) -> list[tuple[UUID, datetime]]:
        """Who is in a stage since when, by id."""
        access(principal, "segments:read")
        _known(stage, "stage")
        async with self._state.begin(principal.tenant) as tx:
            return await store.people(tx, principal.tenant.workspace, stage, after, min(limit, 5_000))

    async def stage_of(self, principal: Principal, person: UUID) -> tuple[str, datetime]:
        """Somebody's stage at the newest computation, and since when."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.of(tx, principal.tenant.workspace, [person])
        if person not in found:
            raise NotFound("Nobody by that id is in a stage yet.", field="person")
        return found[person]

    # -- how they moved ---------------------------------------------------------------------------------------------

    async def history(self, principal: Principal, moments: Sequence[datetime]) -> list[dict[str, int]]:
        """How many were in each stage at each moment, by today's settings, whenever they were first computed."""
        access(principal, "segments:read")
        settings, zone = await self._asked(principal)
        found: list[dict[str, int]] = [dict.fromkeys(STAGES, 0) for _ in moments]
        for number, stage, people in await self._ask(principal, sizes_at(settings, moments, zone)):
            found[number - 1][stage] = people
        return found

    async def flows(self, principal: Principal, begin: datetime, end: datetime) -> list[Flow]:
        """Who was where at two moments; those who were not there at the first come from ''."""
        access(principal, "segments:read")
        _in_order(begin, end)
        settings, zone = await self._asked(principal)
        return [Flow(*row) for row in await self._ask(principal, flows_between(settings, begin, end, zone))]

    async def flow_people(
        self, principal: Principal, begin: datetime, end: datetime, before: str, after: str, limit: int = 500
    ) -> list[UUID]:
        """Who made one of the flows, at most 5,000, by id."""
        access(principal, "segments:read")
        _in_order(begin, end)
        if before:
            _known(before, "before")
        _known(after, "after")
        settings, zone = await self._asked(principal)
        statement = people_between(settings, begin, end, zone, before, after, max(1, min(limit, 5_000)))
        return [row[0] for row in await self._ask(principal, statement)]

    def now(self) -> datetime:
        """The moment that questions without an end end at."""
        return self._clock.now()

    async def zone(self, principal: Principal) -> str:
        """Whose days a day in a question is."""
        return (await self._governance.workspace(principal.tenant)).timezone

    # -- how segments lie over one another ----------------------------------------------------------------------------

    async def overlap(self, principal: Principal, segments: Sequence[str]) -> Overlap:
        """How many are in which of 2 to 20 segments at their newest computation, and how many in none."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            ids = await self._ids(tx, principal, segments)
            return overlap(ids, await store.patterns(tx, principal.tenant.workspace, ids))

    async def overlap_people(
        self, principal: Principal, inside: Sequence[str], outside: Sequence[str], after: UUID | None = None,
        limit: int = 100,
    ) -> list[UUID]:  # fmt: skip
        """Who is in all of some segments and in none of others, by id."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            inside = await self._ids(tx, principal, inside, least=0)
            outside = await self._ids(tx, principal, outside, least=0)
            return await store.people_inside(tx, principal.tenant.workspace, inside, outside, after, min(limit, 5_000))

    # -- within -------------------------------------------------------------------------------------------------------

    async def _ids(self, tx: Tx, principal: Principal, segments: Sequence[str], least: int = 1) -> list[str]:
        if not least <= len(set(segments)) <= _MOST_SEGMENTS:
            raise Invalid(f"Name {least} to {_MOST_SEGMENTS} segments.", field="segments")
        known = {one.id for one in await segment_store.segments(tx, principal.tenant.workspace)}
        for one in segments:
            if one not in known:
                raise NotFound(f"There is no segment {one!r}.", field="segments")
        return list(dict.fromkeys(segments))

    async def _asked(self, principal: Principal) -> tuple[Settings, str]:
        return await self.settings(principal), await self.zone(principal)

    async def _ask(self, principal: Principal, statement: Statement) -> Sequence[tuple[Any, ...]]:
        answer = await self._log.query(principal.tenant, statement.sql, statement.params)
        return answer.rows

    async def _furnish(self, tx: Tx, principal: Principal, now: datetime) -> dict[str, Segment]:
        """The segments that stand for stages, made where they are missing."""
        workspace = principal.tenant.workspace
        known = {one.built_in: one for one in await segment_store.segments(tx, workspace) if one.built_in}
        found: dict[str, Segment] = {}
        for stage in STAGES:
            built_in = f"stage-{stage.replace('_', '-')}"
            if built_in not in known:
                name = NAMES[stage]
                made = Segment(
                    str(uuid7()), {"ko": f"단계: {name['ko']}", "en": f"Stage: {name['en']}"},
                    {"ko": "단계를 계산할 때 채워집니다. 누구나 여덟 단계 중 꼭 하나에 있습니다.",
                     "en": "Filled when stages are computed. Everybody is in exactly one of eight."},
                    Listed(), built_in, principal.actor, now, None, None,
                )  # fmt: skip
                await segment_store.add(tx, principal.tenant.org, workspace, made)
                await segment_store.note_rule(tx, workspace, made.id, made.rule, made.created_by, now)
                await append(tx, segment_events.segment_event(principal, now, segment_events.CREATED, made))
                known[built_in] = made
            await store.note_filled(tx, workspace, known[built_in].id, f"stage:{stage}")
            found[stage] = known[built_in]
        return found

    async def _tell(
        self, tx: Tx, principal: Principal, now: datetime, segments: dict[str, Segment], first: bool
    ) -> None:
        """Who moved, as events: the stage, and the segments that stand for it. At the first computation nobody changed;
        they are only found."""
        came = dict.fromkeys(STAGES, 0) | {"": 0}
        went = dict(came)
        async for moved in store.moved(tx, _A_BATCH):
            told = [] if first else events.changed(principal, now, [one for one in moved if one[2]])
            for stage, segment in segments.items():
                left = [person for person, was, _ in moved if was == stage]
                entered = [person for person, _, now_in in moved if now_in == stage]
                went[stage] += len(left)
                came[stage] += len(entered)
                told += segment_events.moved(principal, now, segment, segment_events.LEFT, left, first)
                told += segment_events.moved(principal, now, segment, segment_events.ENTERED, entered, first)
            await append(tx, *told)
        for stage, segment in segments.items():
            size = await segment_store.count(tx, principal.tenant.workspace, segment.id)
            await segment_store.note_size(
                tx, principal.tenant.workspace, segment.id, Size(now, size, came[stage], went[stage])
            )


def _known(stage: str, field: str) -> None:
    if stage not in STAGES:
        raise Invalid(f"A stage is one of {', '.join(STAGES)}.", field=field)


def _in_order(begin: datetime, end: datetime) -> None:
    if begin >= end:
        raise Invalid("`from` lies before `to`.", field="from")
