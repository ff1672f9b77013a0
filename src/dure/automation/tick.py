"""The engine's beat. A tick is one transaction: take what finished, move every due run in sets, claim the next calls.

Two lanes: a person's click (interactive) and a million's journey (bulk) beat apart, so that neither waits for the
other. Nothing is kept in memory that the tables do not say; any number of processes may beat at once.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from dure.automation import events, limits, pausing, schedule, store, within
from dure.automation.advance import Advance, Finished, System, Unknown
from dure.automation.outside import AT_ONCE, Calls
from dure.automation.plans import Plans
from dure.automation.plugs import Lookup, StepKind
from dure.automation.standing import Ledger, Standing
from dure.automation.store import Place
from dure.feed.api import append
from dure.kernel.clock import Clock
from dure.state import State, Tx

INTERACTIVE, BULK = 0, 1
# A transaction hides the feed's later events from its followers as long as it lasts, so a beat is kept short.
LIMITS = {INTERACTIVE: 1_000, BULK: 1_500}
_REST = 0.5
# Where many calls are under way, answers that come together are written together.
_CROWD = 4
_LINGER = 0.02
_LOOK_CLOSELY = 0.25

log = structlog.get_logger("automation")


class Engine:
    """Beats in this process. `lease` is how long a claimed call belongs to its worker."""

    def __init__(
        self, state: State, clock: Clock, kinds: Mapping[str, StepKind], lookups: Mapping[str, Lookup], plans: Plans,
        system: System, *, rng: random.Random, worker: str, lease: timedelta,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._plans = plans
        self._worker = worker
        self._lease = lease
        self._closely = False
        self._awake = {INTERACTIVE: asyncio.Event(), BULK: asyncio.Event()}
        self.advance = Advance(kinds, lookups, system, rng, plans=plans, worker=worker, lease=lease)
        self.calls = Calls(kinds, system, clock, self.wake, max(lease.total_seconds() * 0.8, 0.05))

    def wake(self, lane: int | None = None) -> None:
        """There may be something to do."""
        for one, awake in self._awake.items():
            if lane is None or one == lane:
                awake.set()

    async def beat(self, lane: int, *, closely: bool = True) -> int:
        """One tick; returns how many runs were moved or claimed. Only a close one looks at schedules and at calls whose
        worker is gone."""
        finished = self.calls.take(lane)
        try:
            async with self._state.begin_system() as tx:
                moved, claims = await self._tick(tx, lane, finished, closely)
        except BaseException:
            self.calls.done[lane] = finished + self.calls.done[lane]
            raise
        self.calls.start(claims)
        return moved + len(claims)

    async def run(self, lane: int) -> None:
        """Beats until cancelled. An error of the database is logged and tried again with growing patience."""
        patience, looked = 0.1, 0.0
        while True:
            try:
                self._awake[lane].clear()
                closely = self._closely or time.monotonic() - looked > _LOOK_CLOSELY
                if closely:
                    looked, self._closely = time.monotonic(), False
                moved = await self.beat(lane, closely=closely)
                await self._rest(lane, 0.0 if moved else 0.01)
                patience = 0.1
            except Exception:
                log.exception("automation.tick_failed", lane=lane, again_in=patience)
                await asyncio.sleep(patience)
                patience = min(patience * 2, 30.0)

    async def due(self, lane: int) -> float:
        """Seconds until a lane has something to do; 0 where it has now. One statement."""
        if self.calls.done[lane]:
            return 0.0
        soon = await store.soonest(self._state)
        if lane == INTERACTIVE:
            due = soon["schedule"] is not None and soon["schedule"] <= self._clock.now()
            self._closely = self._closely or due or soon["lapsed"]
            if soon["lapsed"]:
                return 0.0
        times: list[datetime | None] = [soon[f"run{lane}"]]
        if self.calls.free(lane):
            times.append(soon[f"step{lane}"])
        if lane == INTERACTIVE:
            times.append(soon["schedule"])
        known = [time for time in times if time is not None]
        if not known:
            return float("inf")
        return max(0.0, (min(known) - self._clock.now()).total_seconds())

    async def _rest(self, lane: int, least: float) -> None:
        """Returns when there is something to do, not before `least` seconds where nobody calls: what is due and was not
        taken is in another worker's hands, and one looks again soon but does not spin."""
        while (seconds := await self.due(lane)) > 0 or least:
            try:
                async with asyncio.timeout(min(max(seconds, least), _REST)):
                    await self._awake[lane].wait()
            except TimeoutError:
                least = 0.0
                continue
            if lane == INTERACTIVE:
                break
            self._awake[lane].clear()
            least = 0.0
        if self.calls.under_way > _CROWD:
            await asyncio.sleep(_LINGER)

    async def _tick(
        self, tx: Tx, lane: int, finished: Sequence[Finished], closely: bool
    ) -> tuple[int, list[dict[str, Any]]]:
        now = self._clock.now()
        answers = {answer.run: answer for answer in finished}
        if lane == INTERACTIVE and closely:
            await schedule.start_due(tx, self._plans, now)
            for step in await store.lapsed(tx, 100):
                lost = Unknown("The worker stopped before it noted what came of the call.")
                answers.setdefault(step["run"], Finished(step["run"], step["visit"], step["attempts"], error=lost))
        free = self.calls.free(lane)
        # What has waited for free hands comes before what this tick hands out.
        found = await store.look(tx, lane, now, LIMITS[lane], list(answers), free, self._worker, self._lease)
        rows = await self._sorted_out(tx, found.due, now)
        if answers:
            answers = self._still_open(lane, found, answers)
            await pausing.put_aside(tx, found.held)
            rows += [row for row in found.held if row["id"] in answers]
        claims = await store.calls_of(tx, found.claimed)
        if rows:
            claims += await self._move(tx, rows, now, answers, free - len(claims))
        return len(rows), claims

    def hands(self) -> int:
        """How many calls a run may begin at once with that has waited for nothing: few are left to older runs."""
        free = self.calls.free(INTERACTIVE)
        return free if free > AT_ONCE // 4 else 0

    async def begin_in(self, tx: Tx, runs: Sequence[Standing], now: datetime) -> list[dict[str, Any]]:
        """Moves runs that were started in this very transaction, as far as the engine's own nodes go; returns the calls
        to make once it is on disk (`made`)."""
        ledger = await self.advance(tx, runs, now, free=self.hands(), inside=False)
        await self._say(tx, ledger, now)
        return ledger.claims

    def made(self, claims: Sequence[Mapping[str, Any]], *, more: bool) -> None:
        """What was claimed at the beginning of runs is on disk: the calls are made; `more` says that a beat must see to
        the rest."""
        self.calls.start(claims)
        if more:
            self.wake(INTERACTIVE)

    async def _sorted_out(self, tx: Tx, rows: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
        """Of what is due the runs that move now: without those of paused workspaces and those that their limits hold
        back; parts that have ended bring the run that waited for them instead."""
        if not rows:
            return rows
        await pausing.put_aside(tx, rows)
        rows = [row for row in rows if row["lane"] < store.PAUSED]
        ended = [row for row in rows if row["ended_at"] is not None]
        queued = [row for row in rows if row["status"] == "queued"]
        if not ended and not queued:
            return rows
        moving = [row for row in rows if row["ended_at"] is None and row["status"] != "queued"]
        if queued:
            plans = await self._plans.get(tx, {_key(row) for row in queued})
            admitted = set(await limits.admit(tx, queued, plans, now))
            moving += [{**row, "status": "running", "started_at": now} for row in queued if row["id"] in admitted]
        if ended:
            known = {row["id"] for row in moving}
            moving += [row for row in await within.report(tx, ended, now) if row["id"] not in known]
        return moving

    async def _move(
        self, tx: Tx, rows: Sequence[dict[str, Any]], now: datetime, answers: Mapping[UUID, Finished], free: int
    ) -> list[dict[str, Any]]:
        plans = await self._plans.get(tx, {_key(row) for row in rows})
        runs = [Standing.of(row, plans[_key(row)]) for row in rows if _key(row) in plans]
        lost = [row for row in rows if _key(row) not in plans]
        if lost:
            error = "Its version cannot be read."
            await store.move_runs(tx, {
                Place(row["node"], row["visit"], "failed", None, error=error, ended_at=now): [row["id"]] for row in lost
            })  # fmt: skip
        ledger = await self.advance.moved(tx, runs, now, answers, free=free)
        # What a beat writes goes to the database together with its end, in one way there and back: on a busy machine
        # it is the number of these that decides how many runs a second there are.
        async with tx.connection.pipeline():
            await self.advance.write(tx, ledger)
            await self._say(tx, ledger, now)
            await tx.connection.commit()
        return ledger.claims

    async def _say(self, tx: Tx, ledger: Ledger, now: datetime) -> None:
        """Writes down what a tick means to others: who was asked, what is not known, which runs ended."""
        for said in events.of_ledger(ledger, now).values():
            await append(tx, *said)
        room = Counter(
            (run.plan.tenant.workspace, run.plan.automation)
            for run in (end.run for end in ledger.ended)
            if run.plan.definition.limits and run.plan.definition.limits.at_once
        )
        for (workspace, automation), many in room.items():
            await limits.next_in_line(tx, workspace, automation, many, now)

    def _still_open(self, lane: int, found: store.Found, answers: Mapping[UUID, Finished]) -> dict[UUID, Finished]:
        """The answers that still count: of steps that nobody has closed meanwhile. An answer whose run another
        transaction holds right now is kept for the next tick."""
        held = {row["id"] for row in found.held}
        counts = {}
        for run, answer in answers.items():
            step = found.open.get((run, answer.visit))
            if step is None or (answer.error is not None and step["attempts"] != answer.attempts):
                continue
            if run in held:
                counts[run] = answer
            elif not isinstance(answer.error, Unknown):
                self.calls.done[lane].append(answer)
        return counts


def _key(row: Mapping[str, object]) -> tuple[str, str, int]:
    return str(row["workspace"]), str(row["automation"]), int(str(row["version"]))
