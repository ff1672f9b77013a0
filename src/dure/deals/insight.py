"""What is read out of deals rather than written into them, put together: health of deals, relationships with accounts,
chances, forecast, timeline."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from dure.automation.plugs import EventKind
from dure.deals.health import events as health_events
from dure.deals.health import routes as health_routes
from dure.deals.health.api import DealHealth
from dure.deals.health.follow import HealthFollower
from dure.deals.relations import events as relation_events
from dure.deals.relations import routes as relation_routes
from dure.deals.relations.api import Relations
from dure.deals.relations.follow import RelationEar
from dure.deals.timeline import routes as timeline_routes
from dure.deals.timeline.api import Timeline
from dure.deals.winning import events as winning_events
from dure.deals.winning import routes as winning_routes
from dure.deals.winning.api import Winning
from dure.feed.api import Bell
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.log.api import Log
from dure.people.api import People
from dure.state import State
from dure.web.routing import APIRouter

EVENTS: Sequence[EventKind] = (*health_events.EVENTS, *relation_events.EVENTS, *winning_events.EVENTS)


class Insight:
    """`ticks` are to be called every few seconds; `follow` runs until cancelled."""

    def __init__(self, state: State, log: Log, clock: Clock, governance: Governance, people: People) -> None:
        self.health = DealHealth(state, log, clock, governance)
        self.winning = Winning(state, clock, governance)
        self.timeline = Timeline(state, log, clock, people)
        self.relations = Relations(state, log, clock, governance)
        self._follower = HealthFollower(state, governance, [RelationEar(governance)])

    async def follow(self, bell: Bell) -> None:
        await self._follower.run(bell)

    async def step(self) -> int:
        """What the follower does once."""
        return await self._follower.step()

    def ticks(self) -> Mapping[str, Callable[[], Awaitable[int]]]:
        return {"deal-health": self.health.tick, "relations": self.relations.tick, "win-model": self.winning.tick}

    def routers(self) -> Sequence[APIRouter]:
        """To be included before the routes of deals: their addresses would fit that of one deal."""
        return (
            health_routes.router(self.health),
            relation_routes.router(self.relations),
            winning_routes.router(self.winning),
            timeline_routes.router(self.timeline),
        )
