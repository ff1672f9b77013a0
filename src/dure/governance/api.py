"""Governance's entrance: founding, people, tokens, sessions, and the principal behind a credential."""

from __future__ import annotations

from dure.governance.access import access, allowed
from dure.governance.app_accounts import AppAccounts
from dure.governance.barriers.model import Barrier, GroupName, Subject
from dure.governance.founding import Foundings
from dure.governance.hours.api import OpeningHours
from dure.governance.hours.counting import NeverOpen, after, is_open, seconds_between
from dure.governance.hours.model import Hours
from dure.governance.members import Members
from dure.governance.model import Founding, OrgRole, Principal, Role, TokenInfo, User, Workspace
from dure.governance.organisation import Colleague
from dure.governance.roles.accounts import LONGEST, PASSWORD
from dure.governance.roles.model import InviteRequest, Place
from dure.governance.roles.seats import LastOwner, NoGuest
from dure.governance.roll import Roll
from dure.governance.tokens import AccountInactive, TokenRevoked
from dure.governance.visits import Visits
from dure.kernel.errors import NotFound
from dure.kernel.tenant import Tenant

__all__ = [
    "LONGEST",
    "PASSWORD",
    "AccountInactive",
    "Barrier",
    "Colleague",
    "Founding",
    "Governance",
    "GroupName",
    "Hours",
    "InviteRequest",
    "LastOwner",
    "NeverOpen",
    "NoGuest",
    "OpeningHours",
    "OrgRole",
    "Place",
    "Principal",
    "Role",
    "Subject",
    "TokenInfo",
    "TokenRevoked",
    "User",
    "Workspace",
    "access",
    "after",
    "allowed",
    "is_open",
    "seconds_between",
]


class Governance(Foundings, Roll, Members, AppAccounts, Visits):
    """Who there is and who may do what: `Governance(state, clock)`.

    Methods ending in `_in` take the transaction that they are part of.
    """

    async def local(self, workspace: str) -> Principal:
        """Whoever holds the data folder acts as an owner: of the named workspace (id or domain), else of the first."""
        for space in await self.workspaces():
            if workspace in ("", space.id, space.domain):
                return Principal(
                    space.tenant, "", Role.OWNER, frozenset({"*"}), "system", "command line", org_role=OrgRole.OWNER
                )
        if workspace:
            raise NotFound(f"There is no workspace {workspace!r} in this data folder.", field="workspace")
        raise NotFound("This data folder has no organisation yet; make one with `dure init`.")

    def system(self, tenant: Tenant, name: str, run: str = "") -> Principal:
        """The server's own hand in a workspace: automations, followers, clocks."""
        return Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", name, run)
