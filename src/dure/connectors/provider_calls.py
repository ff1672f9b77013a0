"""Questions to providers of sign-ins, by the guarded way out: fills `dure.governance.signin.plugs.Fetching`."""

from __future__ import annotations

from collections.abc import Mapping

from dure.automation.outgoing import HttpOutgoing
from dure.governance.signin.plugs import Fetched
from dure.kernel.tenant import Tenant

_SECONDS = 10.0


class ProviderCalls:
    def __init__(self, outgoing: HttpOutgoing) -> None:
        self._outgoing = outgoing

    async def ask(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, most: int
    ) -> Fetched:
        answer = await self._outgoing.send(tenant, method, url, headers, body, _SECONDS, most)
        return Fetched(answer.status, answer.body)
