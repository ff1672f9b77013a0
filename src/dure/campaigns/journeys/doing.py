"""One transaction of the engine: what is to be told and counted at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dure.campaigns import events
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.store import Stand, Tally
from dure.campaigns.journeys.telling import Telling
from dure.governance.api import Principal, Role
from dure.state import Tx


class Doing:
    """`finish` writes the events in few batches and the counts in one statement, in the same transaction."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        self.tx = tx
        self.now = now
        self.tally = Tally()
        self.telling = Telling(now)
        self._principals: dict[str, Principal] = {}

    def principal(self, plan: Plan) -> Principal:
        """Campaigns' own hand in the plan's workspace."""
        tenant = plan.tenant
        if tenant.workspace not in self._principals:
            self._principals[tenant.workspace] = Principal(
                tenant, "", Role.ADMIN, frozenset({"*"}), "system", "campaigns"
            )
        return self._principals[tenant.workspace]

    def tell(self, plan: Plan, name: str, stand: Stand, **told: object) -> None:
        """Something that happened on a way."""
        about = {"way": str(stand.id), "node": stand.node, **told}
        self.telling.tell(self.principal(plan), name, plan.campaign, stand.person, stand.distinct_id, about)

    def tell_all(
        self, plan: Plan, name: str, stands: Sequence[Stand], messages: Sequence[UUID] | None = None, **told: object
    ) -> None:  # fmt: skip
        """The same that happened on each of these ways, which stand at one node; each with its own message, if any."""
        if stands:
            who = [(one.id, one.person, one.distinct_id) for one in stands]
            about = {"node": stands[0].node, **told}
            self.telling.tell_all(self.principal(plan), name, plan.campaign, who, messages, about)

    def left(self, plan: Plan, stands: list[Stand], reason: str) -> None:
        """People who went out where they stood."""
        workspace, campaign = plan.tenant.workspace, plan.campaign.id
        for stand in stands:
            self.tally.add(workspace, campaign, stand.node, "here", -1)
            self.tally.add(workspace, campaign, stand.node, "left")
            self.tell(plan, events.EXITED, stand, reason=reason)

    async def finish(self) -> None:
        await self.telling.write(self.tx)
        await self.tally.write(self.tx)
