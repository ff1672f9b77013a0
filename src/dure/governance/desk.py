"""What every act in governance stands on: the rooms for what is looked after apart, and what several acts ask."""

from __future__ import annotations

from dure.governance.access import covers, rights_of
from dure.governance.audit.api import Audit
from dure.governance.audited import AUDITED
from dure.governance.barriers.api import Barriers
from dure.governance.hosts import Hosts
from dure.governance.hours.api import OpeningHours
from dure.governance.model import Principal, User
from dure.governance.organisation import Organisation
from dure.governance.playgrounds import Playgrounds
from dure.governance.policies.api import Policies
from dure.governance.roles.accounts import Accounts
from dure.governance.roles.custom import CustomRoles
from dure.governance.roles.seats import Seats
from dure.governance.scim.api import Directory
from dure.governance.scim.barred import DirectoryGroups
from dure.governance.scim.groups import Groups
from dure.governance.signin.api import SignIn
from dure.governance.signin.sessions import Sessions
from dure.governance.strangers import Strangers
from dure.governance.workspaces import Workspaces
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State


class Desk:
    """Held by `Governance`; the acts themselves are in `roll`, `members`, `tokens`, `app_accounts`, `visits` and
    `founding`."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self.hosts = Hosts(state, clock)
        self.hours = OpeningHours(state, clock)
        self.policies = Policies(state, clock)
        self.sessions = Sessions(state, clock, self.policies)
        self.playgrounds = Playgrounds(state, clock, self.sessions)
        self.organisation = Organisation(state, clock, self.sessions)
        self.barriers = Barriers(state, clock)
        self.about = Workspaces(state, clock)
        self.seats = Seats(state, clock)
        self.accounts = Accounts(state, clock, self.sessions)
        self.custom_roles = CustomRoles(state, clock, self.seats)
        self.signin = SignIn(state, clock, self.policies, self.sessions, self.organisation)
        self.audit = Audit(state, clock)
        self.audit.bring(AUDITED)
        self.directory = Directory(state, clock)
        self.idp_groups = Groups(state, clock)
        self.barriers.groups.append(DirectoryGroups())
        self.strangers = Strangers(clock)


def not_above(principal: Principal, user: User) -> None:
    """Nobody acts for, or shuts out, who holds more than they do."""
    if principal.user != user.id and not covers(principal, rights_of(user.role)):
        raise NotAllowed("They hold more than you do.")


def require_name(name: str, field: str) -> None:
    if not name.strip() or len(name) > 200:
        raise Invalid(f"`{field}` is a text of 1 to 200 characters.", field=field)
