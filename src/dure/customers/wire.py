"""Everything of customers' rooms, put together for the composition root."""

from __future__ import annotations

from dure.automation.plugs import Lookup, StepKind
from dure.channels.agenda import steps as agenda_steps
from dure.channels.api import Channels
from dure.channels.charters import steps as charter_steps
from dure.customers import routes
from dure.customers import steps as customer_steps
from dure.customers.api import Customers
from dure.customers.gathering import Sources
from dure.customers.timeline import Timelines
from dure.deals.api import Deals
from dure.deals.health.api import DealHealth
from dure.deals.relations.api import Relations
from dure.deals.timeline.api import Timeline
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.pacing.api import Pacing
from dure.social.api import Social
from dure.state import State
from dure.web.routing import APIRouter


class RoomsForCustomers:
    """The pages that gather all of a customer, and what automations may do with their channels. `accounts` and
    `open_deals` are asked by an account's id."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, deals: Deals, health: DealHealth,
        relations: Relations, timeline: Timeline, pacing: Pacing, social: Social, *, accounts: Lookup,
        open_deals: Lookup,
    ) -> None:  # fmt: skip
        self.channels = channels
        channels.relations.know_accounts_by(accounts, open_deals)
        relations.picking.links = channels.relations.rooms
        self.sources = Sources(governance, channels.relations.rooms, deals, health, relations, pacing, social, accounts)
        self.customers = Customers(state, clock, self.sources)
        self.timelines = Timelines(state, self.sources, timeline)

    def router(self) -> APIRouter:
        return routes.router(self.customers, self.timelines)

    def steps(self) -> list[StepKind]:
        mine = self.channels.relations
        return [
            *charter_steps.steps(mine.charters, self.channels),
            *agenda_steps.steps(mine.agendas, self.channels), *customer_steps.steps(self.sources),
        ]  # fmt: skip
