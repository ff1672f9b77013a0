"""Who is in a segment now: computed, kept up with what happens, looked at as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, DureError
from dure.segments import standing_store, store
from dure.segments.definitions import Definitions
from dure.segments.desk import find
from dure.segments.ids import ids_from
from dure.segments.lists import Lists
from dure.segments.model import Checked, Computed, Segment
from dure.segments.recomputing import Asked, Workplace, due
from dure.segments.standing import fingerprint

log = structlog.get_logger("segments")

_TRIES = 4
_MANY = 4
"""From so many on, one reading of the log for all of them is quicker than one each."""


class Computing(Definitions, Lists):
    async def compute(self, principal: Principal, id: str, *, wait: bool = False) -> Computed:
        """Asks the log who is in it now; everybody who came or went is an event.

        While another computation of it runs: Conflict, or with `wait` it is waited for.
        """
        access(principal, "segments:write")
        workspace = principal.tenant.workspace
        for _ in range(_TRIES):
            async with self._state.begin(principal.tenant) as tx:
                segment = await find(tx, principal, id)
                if segment.by_hand:
                    return await self._look_over(tx, principal, segment)
                known = await standing_store.standings(tx, workspace, [segment.id])
            asked = await self._asking.asked(principal, segment)
            seen, now = await self._recomputing.position(), self._clock.now()
            people = await self._asking.people(principal, asked.rule, now)
            async with self._state.begin(principal.tenant) as tx:
                if wait:
                    await store.wait_for_lock(tx, workspace, segment.id)
                elif not await store.lock(tx, workspace, segment.id):
                    raise Conflict("This segment is being computed at this moment.")
                held = {segment.id: ids_from(people)}
                moved = await self._recomputing.write(tx, principal, [asked], known, now, seen, held=held)
                if segment.id in moved:
                    return Computed(len(people), *moved[segment.id])
                if (await find(tx, principal, segment.id)).rule != segment.rule:
                    raise Conflict("The segment's rule was changed meanwhile.")
        raise Conflict("This segment is computed again and again at this moment.")

    async def check(self, principal: Principal, id: str) -> Checked:
        """Brings a segment up to this moment as the loop does, then looks at everybody: both should agree."""
        access(principal, "segments:write")
        async with self._state.begin(principal.tenant) as tx:
            segment = await find(tx, principal, id)
        if not segment.by_hand and segment.computed_at is not None:
            now = self._clock.now()
            place, _ = await self._due(principal, await self.segments(principal), timedelta(), now, [])
            mine = [one for one in place.moving if one[0].segment.id == segment.id]
            await self._recomputing.follow([replace(place, moving=mine)], now)
        done = await self.compute(principal, segment.id, wait=True)
        return Checked(done.size, done.entered, done.left)

    async def compute_all(self, principal: Principal) -> dict[str, Checked]:
        """Looks at everybody for every segment that a rule of events fills, in one reading of the log; what was found
        against what was kept, by segment."""
        access(principal, "segments:write")
        place, wholly = await self._due(principal, await self.segments(principal), timedelta(), self._clock.now(), [])
        asked = [one for one in (*wholly, *(one for one, _ in place.moving)) if not one.alone]
        found = await self._recomputing.whole(principal, place.zone, asked, self._clock.now())
        return {one: Checked(*numbers) for one, numbers in found.items()}

    async def tick(self, now: datetime | None = None) -> int:
        """Brings every segment of every workspace that is due up to this moment; returns how many. For the server's
        own loop; while another process does it, nothing.

        One that cannot be computed (its question meets a limit) keeps no other from it; the first such error is raised
        when all have been tried.
        """
        now = now or self._clock.now()
        async with self._state.begin_system() as guard:
            return await self._tick(now) if await standing_store.alone(guard) else 0

    async def _tick(self, now: datetime) -> int:
        done, failed, places = 0, list[DureError](), []
        for workspace in await self._governance.workspaces():
            principal = self._governance.system(workspace.tenant, "segments")
            segments = await self.segments(principal)
            if not any(segment.built_in for segment in segments):
                segments = [await self.furnish(principal), *segments]
            for segment in segments:
                if segment.by_hand and (segment.computed_at is None or now - segment.computed_at >= self._alone):
                    done += await self._tried(principal, segment, failed)
            place, wholly = await self._due(principal, segments, self._every, now, failed)
            done += await self._wholly(place, wholly, failed)
            places.append(place)
        try:
            done += sum(one.segments for one in (await self._recomputing.follow(places, now)).values())
        except DureError as error:
            failed.append(error)
        if failed:
            raise failed[0]
        return done

    async def _wholly(self, place: Workplace, wholly: Sequence[Asked], failed: list[DureError]) -> int:
        """Many are computed at once; few, and those that a question of metrics fills, one by one."""
        many = [one for one in wholly if not one.alone]
        done = 0
        if len(many) >= _MANY:
            try:
                done = len(await self._recomputing.whole(place.principal, place.zone, many, self._clock.now()))
                wholly = [one for one in wholly if one.alone]
            except DureError as error:  # one by one it is seen which of them cannot be computed
                log.warning("segments.not_together", segments=len(many), error=error.message)
        for one in wholly:
            if one.alone and await self._recomputing.rested(place.principal, one, self._clock.now(), self._whole):
                done += 1
            else:
                done += await self._tried(place.principal, one.segment, failed)
        return done

    async def _tried(self, principal: Principal, segment: Segment, failed: list[DureError]) -> int:
        try:
            await self.compute(principal, segment.id)
        except Conflict:
            return 0  # another process is at it, or its rule is being changed: the next tick sees
        except DureError as error:
            log.warning("segments.not_computed", segment=segment.id, error=error.message)
            failed.append(error)
            return 0
        return 1

    async def _due(
        self, principal: Principal, segments: Sequence[Segment], every: timedelta, now: datetime,
        failed: list[DureError],
    ) -> tuple[Workplace, list[Asked]]:  # fmt: skip
        """What there is to do in a workspace: what follows what happened, and what is computed wholly."""
        known, zone = await self._asking.known(principal, segments=segments), await self._asking.zone(principal)
        asked = []
        for segment in segments:
            if segment.by_hand:
                continue
            try:
                unfolded = known.unfold(segment.rule, (segment.id,))
                asked.append(Asked(segment, unfolded, fingerprint(unfolded, zone)))
            except DureError as error:
                log.warning("segments.not_computed", segment=segment.id, error=error.message)
                failed.append(error)
        async with self._state.begin(principal.tenant) as tx:
            standings = await standing_store.standings(tx, principal.tenant.workspace)
        wholly, moving = due(asked, standings, now, every=every, alone=self._alone, whole=self._whole, kept=self._kept)
        return Workplace(principal, zone, moving), wholly
