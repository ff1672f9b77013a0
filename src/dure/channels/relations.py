"""A channel's part in a relationship, put together: whose it is, its charter, who is needed in it, its agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dure.automation.plugs import Lookup
from dure.channels.agenda.api import Agendas
from dure.channels.charters.api import Charters
from dure.channels.customer.api import CustomerRooms
from dure.channels.needed.api import NeededPeople
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

if TYPE_CHECKING:
    from dure.channels.api import Channels


class Relations:
    """Held by `Channels`. Until it is told by whom accounts are known, there are none."""

    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self.rooms = CustomerRooms(state, clock, governance, channels, _none)
        self.charters = Charters(state, clock, governance, channels)
        self.needed = NeededPeople(state, clock, governance, channels, _none)
        self.agendas = Agendas(state, clock, channels)

    def know_accounts_by(self, accounts: Lookup, owners: Lookup) -> None:
        """`accounts` says what sales know of accounts by id, `owners` who looks after them (`owner`, `owners`)."""
        self.rooms.accounts, self.needed.owners = accounts, owners


async def _none(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:  # noqa: ARG001
    return {}
