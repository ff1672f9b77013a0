"""Governance's room: organisations, people, roles, sign-in, policies, the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.connectors.provider_calls import ProviderCalls
from dure.governance import host_routes, organisation_routes, routes
from dure.governance.audit import door as audit_door
from dure.governance.audit import routes as audit_routes
from dure.governance.barriers import routes as barrier_routes
from dure.governance.hours import routes as hours_routes
from dure.governance.pace import Pace
from dure.governance.policies import routes as policy_routes
from dure.governance.roles import routes as role_routes
from dure.governance.scim import door as scim_door
from dure.governance.scim import routes as scim_routes
from dure.governance.signin import keeping_routes, own_routes
from dure.governance.signin import routes as signin_routes
from dure.wiring.ground import Ground
from dure.work import Loop, every


class GovernanceRoom:
    def __init__(self, ground: Ground) -> None:
        self.governance = ground.governance
        self.governance.signin.furnish(
            key=ground.key, site=ground.settings.url, postman=ground.postman(),
            fetching=ProviderCalls(ground.outgoing()),
        )  # fmt: skip
        self.pace = Pace(ground.settings.slack_rate_factor)

    def routers(self) -> Sequence[APIRouter]:
        governance = self.governance
        return (
            routes.router(governance),
            host_routes.router(governance.hosts),
            hours_routes.router(governance.hours),
            organisation_routes.router(governance.organisation, governance.sign_out, governance.about),
            barrier_routes.router(governance.barriers),
            policy_routes.router(governance.policies),
            role_routes.router(governance),
            signin_routes.router(governance.signin),
            own_routes.router(governance.signin),
            keeping_routes.router(governance.signin),
            audit_routes.router(governance.audit),
            audit_door.router(governance, self.pace),
            scim_door.router(governance, self.pace),
            scim_routes.router(governance.idp_groups),
        )

    def loops(self) -> Mapping[str, Loop]:
        return {"guests": every(2, self.governance.seats.tick)}
