"""How much of an org's daily calls is used, told with every answer as Salesforce tells it."""

from __future__ import annotations

from dure.deals.records.records import Desk
from dure.deals.salesforce import store
from dure.deals.salesforce.call import Answer, Call
from dure.deals.salesforce.faults import Fault
from dure.governance.api import access


class Usage:
    def __init__(self, desk: Desk, daily: int) -> None:
        self._desk = desk
        self._daily = daily

    async def count(self, workspace: str) -> str:
        """Counts a call and says how it stands; REQUEST_LIMIT_EXCEEDED beyond the limit."""
        used = await store.note_call(self._desk.state, workspace, self._desk.clock.now())
        if used > self._daily:
            raise Fault("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        return f"api-usage={used}/{self._daily}"

    async def limits(self, call: Call) -> Answer:
        access(call.principal, "deals:read")
        async with call.begin() as tx:
            used = await store.calls(tx, call.principal.tenant.workspace, self._desk.clock.now())
        left = max(self._daily - used, 0)
        return Answer(body={"DailyApiRequests": {"Max": self._daily, "Remaining": left}})
