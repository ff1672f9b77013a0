"""What moves people: its parts put together, and the loops that a server runs beside its doors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from dure.automation.plugs import Outgoing
from dure.campaigns import store as campaigns
from dure.campaigns.completing import Completing
from dure.campaigns.design import Messaging
from dure.campaigns.journeys import messages, store
from dure.campaigns.journeys.claiming import Claiming
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.entering import Arrival, Entering
from dure.campaigns.journeys.following import Following
from dure.campaigns.journeys.moving import Moving
from dure.campaigns.journeys.noting import Noting
from dure.campaigns.journeys.occurring import Occurring
from dure.campaigns.journeys.plan import MOVES, OUTSIDE, Plan, queue_of
from dure.campaigns.journeys.plans import Plans
from dure.campaigns.journeys.sending import Sending
from dure.campaigns.journeys.stepping import Stepping
from dure.campaigns.model import Campaign, Message, Way
from dure.campaigns.plugs import Carrier, Directory, Gate, Recommending, Writing
from dure.campaigns.way_out import WaysOut
from dure.feed.api import Bell
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments
from dure.state import State, Tx

log = structlog.get_logger("campaigns")

LEASE = 60.0
"""Seconds after which nobody can know what became of a message that a silent worker had in hand."""
_LOOK = 0.25
_UPKEEP = 2.0
_LAST_WORDS = 10.0
"""Seconds in which a worker that stops hands over what it has claimed."""


class Engine:
    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, segments: Segments, directory: Directory,
        ways_out: WaysOut, *, carriers: Sequence[Carrier], writing: Writing, gate: Gate,
        recommending: Recommending, completing: Completing, outgoing: Outgoing | None, lease: float = LEASE,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._bell = asyncio.Event()
        self.carriers: dict[str, Carrier] = {}
        for carrier in carriers:
            self.carriers[carrier.channel] = carrier
        self.gate = gate
        self.plans = Plans(governance)
        self.stepping = Stepping(log, segments, directory, self.plans, completing)
        self.entering = Entering(directory)
        self.moving = Moving(state, clock, self.stepping)
        self.noting = Noting(state, clock, self.plans)
        self.occurring = Occurring(state, clock, self.plans, self.entering, self.stepping)
        self.writing = writing
        self.recommending = recommending
        self.claiming = Claiming(state, clock, self.stepping, self.gate, self.carriers, uuid7(), lease)
        self.sending = Sending(
            state, clock, governance, self.claiming, self.noting, self.carriers, writing, recommending, ways_out,
            outgoing,
        )  # fmt: skip
        self.following = Following(state, clock, self.plans, self.entering, self.stepping, self.ring)

    # -- asked by the api -------------------------------------------------------------------------------------------

    def ring(self) -> None:
        """Something is due: do not wait for the next look."""
        self._bell.set()

    def now(self) -> datetime:
        return self._clock.now()

    def ways_out_for(self, campaign: Campaign) -> None:
        """Invalid for a message on a channel that this installation has no way out for."""
        for number, node in enumerate(campaign.design.nodes):
            if isinstance(node, Messaging) and node.channel not in self.carriers:
                raise Invalid(f"There is no way out for {node.channel} here.", field=f"nodes[{number}].channel")

    async def plan_next(self, tx: Tx, tenant: Tenant, campaign: Campaign, zone: str, now: datetime) -> None:
        await self.occurring.plan_next(tx, tenant, campaign, zone, now)

    async def enter(
        self, tx: Tx, tenant: Tenant, campaign: Campaign, arrivals: Sequence[Arrival], now: datetime
    ) -> dict[UUID, Way]:
        """Lets people in, whatever the campaign's trigger and audience say; the way of each that has one."""
        doing = Doing(tx, now)
        key = (tenant.workspace, campaign.id, campaign.version)
        plan = (await self.plans.get(tx, [key]))[key]
        place = plan.at(campaign.design.start, now, list)
        found = await self.entering.enter(doing, plan, arrivals, place=None if isinstance(place.due, list) else place)
        await doing.finish()
        self.ring()
        ways = await store.ways_of(tx, tenant.workspace, set(found.values()))
        return {person: ways[way] for person, way in found.items()}

    async def take_on(self, tenant: Tenant, id: UUID) -> Message | None:
        """Takes a way on as far as it goes without waiting; its newest message."""
        for _ in range(100):
            async with self._state.begin_system() as tx:
                doing = Doing(tx, self._clock.now())
                stand = await store.take_one(tx, tenant.workspace, id, doing.now)
                if stand is None:
                    break
                key = (stand.workspace, stand.campaign, stand.version)
                plan: Plan | None = (await self.plans.get(tx, [key])).get(key)
                outside = plan is not None and plan.outside(stand.node)
                handed = await self.claiming.claim(doing, [stand]) if outside else []
                if not outside:
                    await self.moving.move(doing, [stand])
            await self.sending.at_once(handed)
        async with self._state.begin(tenant) as tx:
            row = await messages.newest_of(tx, tenant.workspace, id)
            if row is None and await store.way(tx, tenant.workspace, id) is None:
                raise NotFound("There is no such message.", field="message")
        return campaigns.message_of(row) if row else None

    # -- beside the doors -------------------------------------------------------------------------------------------

    async def follow(self, bell: Bell) -> None:
        """Starts, wakes and takes out by events until cancelled."""
        await self.following.run(bell, step=self.following.step, every=0.02)

    async def work(self) -> None:
        """Moves and sends until cancelled; what was claimed by then is handed over first."""
        hands = [
            partial(self.sending.work, channel) for channel, at_once in self.sending.channels() for _ in range(at_once)
        ]  # fmt: skip
        steady: list[Callable[[], Awaitable[None]]] = [
            self.sending.note, self.sending.keep, self.sending.measure, *hands
        ]  # fmt: skip
        kept = [asyncio.create_task(_kept(one)) for one in steady]
        try:
            await self._move()
        finally:
            last = asyncio.ensure_future(self._last_words(kept))
            while not last.done():
                try:
                    await asyncio.shield(last)
                except asyncio.CancelledError:
                    continue  # asked again: it ends by itself, and soon

    async def settle(self) -> int:
        """One after the other, all that is due, until nothing is; for tests and for a command. How much was done."""
        done = 0
        while True:
            moved = 0
            while await self.following.step():
                moved += 1
            while await self.occurring.begin():
                moved += 1
            while await self.occurring.let_in():
                moved += 1
            for queue in MOVES:
                while await self.moving.step(queue):
                    moved += 1
            for queue in OUTSIDE:
                while True:
                    looked, handed = await self.claiming.step(queue, store.SET)
                    await self.sending.at_once(handed)
                    if not looked:
                        break
                    moved += 1
            moved += await self.occurring.clear()
            await self.occurring.finish()
            if not moved:
                return done
            done += moved

    async def _move(self) -> None:
        channels = dict.fromkeys(name for name, _ in self.sending.channels())
        outside = {queue_of(name, bulk=bulk): (name, bulk) for name in channels for bulk in (False, True)}
        running: dict[Any, asyncio.Task[None]] = {}
        upkeep = 0.0
        clock = asyncio.get_running_loop().time
        try:
            while True:
                self._bell.clear()
                async with self._state.begin_system() as tx:
                    due = await store.due_queues(tx, [*MOVES, *outside], self._clock.now())
                for queue in due:
                    _begin(running, queue, self._drain(queue, outside))
                if clock() - upkeep > _UPKEEP or any(queue == "in" for queue in running):
                    upkeep = clock()
                    _begin(running, "in", self._take_in())
                    _begin(running, "upkeep", self._look_after())
                try:
                    async with asyncio.timeout(_LOOK):
                        await self._bell.wait()
                except TimeoutError:
                    continue
        finally:
            for task in running.values():
                task.cancel()
            await asyncio.gather(*running.values(), return_exceptions=True)

    async def _drain(self, queue: int, outside: Mapping[int, tuple[str, bool]]) -> None:
        if queue in outside:
            channel, bulk = outside[queue]
            while await self.sending.step(queue, channel, bulk=bulk):
                pass
        else:
            while await self.moving.step(queue):
                self._bell.set()

    async def _take_in(self) -> None:
        while await self.occurring.begin():
            pass
        while await self.occurring.let_in():
            self._bell.set()

    async def _look_after(self) -> None:
        await self.noting.give_up()
        while await self.occurring.clear():
            pass
        await self.occurring.finish()

    async def _last_words(self, kept: Sequence[asyncio.Task[None]]) -> None:
        deadline = asyncio.get_running_loop().time() + _LAST_WORDS
        while self.sending.busy() and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, return_exceptions=True)
        await self.sending.note_now()


def _begin(running: dict[Any, asyncio.Task[None]], name: Any, act: Coroutine[Any, Any, None]) -> None:
    """Runs one at a time of each; one that failed is logged, and begun again at the next look."""
    before = running.get(name)
    if before is not None and not before.done():
        act.close()
        return
    if before is not None and not before.cancelled() and (error := before.exception()) is not None:
        log.error("campaigns.failed", part=str(name), error=repr(error))
    running[name] = asyncio.create_task(act)


async def _kept(act: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await act()
        except Exception:
            log.exception("campaigns.failed", part=str(act))
            await asyncio.sleep(0.5)
