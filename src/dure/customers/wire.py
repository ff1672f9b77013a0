"""Everything of customers' rooms, put together for the composition root."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from dure.automation.plugs import Lookup, StepKind
from dure.channels.agenda import routes as agenda_routes
from dure.channels.agenda import steps as agenda_steps
from dure.channels.agenda.api import Agendas
from dure.channels.api import Channels
from dure.channels.charters import routes as charter_routes
from dure.channels.charters import steps as charter_steps
from dure.channels.charters.api import Charters
from dure.channels.customer import routes as link_routes
from dure.channels.customer import steps as link_steps
from dure.channels.customer.api import CustomerRooms
from dure.channels.needed import routes as needed_routes
from dure.channels.needed.api import NeededPeople
from dure.customers import routes
from dure.customers import steps as customer_steps
from dure.customers.api import Customers
from dure.customers.gathering import Sources
from dure.customers.timeline import Timelines
from dure.deals.api import Deals
from dure.deals.health.api import DealHealth
from dure.deals.timeline.api import Timeline
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.pacing.api import Pacing
from dure.social.api import Social
from dure.state import State


class RoomsForCustomers:
    """Links, charters, who is needed, agendas, and the pages that gather all of a customer. `accounts` and `open_deals`
    are asked by an account's id."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, deals: Deals, health: DealHealth,
        timeline: Timeline, pacing: Pacing, social: Social, *, accounts: Lookup, open_deals: Lookup,
    ) -> None:  # fmt: skip
        self.channels = channels
        self.rooms = CustomerRooms(state, clock, governance, channels, accounts)
        self.charters = Charters(state, clock, governance, channels)
        self.needed = NeededPeople(state, clock, governance, channels, open_deals)
        self.agendas = Agendas(state, clock, channels)
        self.sources = Sources(governance, self.rooms, deals, health, pacing, social, accounts)
        self.customers = Customers(state, clock, self.sources)
        self.timelines = Timelines(state, self.sources, timeline)

    def routers(self) -> Sequence[APIRouter]:
        return (
            routes.router(self.customers, self.timelines),
            link_routes.router(self.rooms),
            charter_routes.router(self.charters, self.channels),
            needed_routes.router(self.needed),
            agenda_routes.router(self.agendas),
        )

    def steps(self) -> list[StepKind]:
        return [
            *link_steps.steps(self.rooms), *charter_steps.steps(self.charters, self.channels),
            *agenda_steps.steps(self.agendas, self.channels), *customer_steps.steps(self.sources),
        ]  # fmt: skip
