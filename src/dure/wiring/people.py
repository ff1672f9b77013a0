"""People's room: who is who, and how somebody is erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.automation.holding import AutomationHolder
from dure.campaigns.holding import CampaignHolder
from dure.channels.holding import ChannelHolder
from dure.deals.holding import DealHolder
from dure.deals.salesforce.holding import SalesforceHolder
from dure.experiments.holding import ExperimentHolder
from dure.governance.holding import GovernanceHolder
from dure.ingest.holding import IngestHolder
from dure.people import erasure_routes, routes
from dure.people.api import People
from dure.people.erasing import Erasing
from dure.people.erasure import Erasures
from dure.people.follow import PeopleFollower
from dure.people.holding import PeopleHolder
from dure.segments.holding import SegmentHolder
from dure.social.holding import SocialHolder
from dure.wiring.ground import Ground
from dure.work import Loop, every


class PeopleRoom:
    """`erasures` reaches every slice that keeps something about people, each by a holder of its own."""

    def __init__(self, ground: Ground) -> None:
        state, clock, log, ledger = ground.state, ground.clock, ground.log, ground.ledger
        self._bell = ground.bell
        self.people = People(state, log, clock)
        self.follower = PeopleFollower(state, clock)
        self.erasures = Erasures(
            self.people, Erasing(state, log, clock, ledger, self.follower, ground.log_writer)
        )  # fmt: skip
        self.erasures.held_by(
            PeopleHolder(), CampaignHolder(clock, ledger.seal), SocialHolder(), DealHolder(), SalesforceHolder(),
            SegmentHolder(), ExperimentHolder(), IngestHolder(), ChannelHolder(log), GovernanceHolder(),
            AutomationHolder(),
        )  # fmt: skip

    def routers(self) -> Sequence[APIRouter]:
        return routes.router(self.people), erasure_routes.router(self.erasures)

    def loops(self) -> Mapping[str, Loop]:
        return {"people": lambda: self.follower.run(self._bell), "erasures": every(1, self.erasures.tick)}
