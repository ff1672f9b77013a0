"""The pages of customers, made of what the other rooms know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.channels.api import Channels
from dure.customers.wire import RoomsForCustomers
from dure.deals import lookups
from dure.pacing.api import Pacing
from dure.social.api import Social
from dure.wiring.deals import DealsRoom
from dure.wiring.ground import Ground
from dure.work import Loop


class CustomersRoom:
    def __init__(self, ground: Ground, channels: Channels, room: DealsRoom, pacing: Pacing, social: Social) -> None:
        insight = room.insight
        self.customers = RoomsForCustomers(
            ground.state, ground.clock, ground.governance, channels, room.deals, insight.health, insight.relations,
            insight.timeline, pacing, social, accounts=lookups.accounts, open_deals=lookups.open_deals,
        )  # fmt: skip

    def routers(self) -> Sequence[APIRouter]:
        return (self.customers.router(),)

    def loops(self) -> Mapping[str, Loop]:
        return {}
