"""Deals' room: opportunities, what their signs say, and Salesforce's protocol on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.routing import BaseRoute

from dure.connectors.salesforce import Credentials, SalesforceOrg
from dure.deals import routes
from dure.deals.api import Deals
from dure.deals.insight import Insight
from dure.deals.salesforce import routes as salesforce_routes
from dure.deals.salesforce.apps import Apps
from dure.deals.salesforce.door import SalesforceDoor
from dure.deals.sync import routes as sync_routes
from dure.deals.sync.api import Sync
from dure.people.api import People
from dure.wiring.ground import Ground
from dure.work import Loop, every


class DealsRoom:
    def __init__(self, ground: Ground, people: People) -> None:
        state, clock, governance, settings = ground.state, ground.clock, ground.governance, ground.settings
        self._bell, self._settings = ground.bell, settings
        self.deals = Deals(state, clock, governance)
        self.insight = Insight(state, ground.log, clock, governance, people)
        self.apps = Apps(state, clock, governance)
        self.salesforce = SalesforceDoor(
            self.deals, self.apps, public_url=settings.public_url, daily_calls=settings.salesforce_daily_calls
        )
        self.sync = Sync(self.deals, _org(ground), settings.salesforce_workspace)

    def routers(self) -> Sequence[APIRouter]:
        return (
            *self.insight.routers(),
            sync_routes.router(self.sync),
            routes.router(self.deals),
            salesforce_routes.router(self.apps),
        )

    def first(self) -> Sequence[BaseRoute]:
        """Salesforce's door, which answers all below its prefix."""
        return self.salesforce.route(), self.salesforce.identity_route()

    def loops(self) -> Mapping[str, Loop]:
        loops: dict[str, Loop] = {
            "deal-signs": lambda: self.insight.follow(self._bell),
            **{name: every(10, tick) for name, tick in self.insight.ticks().items()},
            "salesforce-jobs": every(0.5, self.salesforce.tick),
            "salesforce-drop": every(600, self.salesforce.forget),
            "deal-imports": every(1, self.deals.imports.tick),
            "deal-look": every(60, self.deals.daily.tick),
        }
        if self._settings.salesforce_url:
            loops["salesforce-sync"] = every(self._settings.salesforce_every, self.sync.tick)
        return loops


def _org(ground: Ground) -> SalesforceOrg | None:
    """The Salesforce org that deals are kept the same as, where the installation has one."""
    settings = ground.settings
    if not settings.salesforce_url:
        return None
    credentials = Credentials(
        settings.salesforce_url, settings.salesforce_token, settings.salesforce_client_id,
        settings.salesforce_client_secret, settings.salesforce_username, settings.salesforce_password,
    )  # fmt: skip
    return SalesforceOrg(ground.outgoing(), credentials, settings.salesforce_share)
