"""The simple gate: an address, consent, suppression, and one marketing message a day, as `rules.may_get` says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dure.campaigns import store
from dure.campaigns.design import Messaging
from dure.campaigns.model import Campaign, Recipient, Verdict
from dure.campaigns.rules import CAP_HOURS, may_get
from dure.governance.api import Principal
from dure.kernel.seal import Seal
from dure.kernel.tenant import Tenant
from dure.state import Tx

_SEND = Verdict("send")


class Checks:
    """Fills `plugs.Gate`."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    async def look(
        self, tx: Tx, principal: Principal, campaign: Campaign, node: Messaging, recipients: Sequence[Recipient],
        now: datetime,
    ) -> list[Verdict]:  # fmt: skip
        """E-mail asks for all of it, other channels for the cap alone."""
        del campaign
        workspace, people = principal.tenant.workspace, [one.person for one in recipients]
        capped = await store.capped(tx, workspace, people, now - timedelta(hours=CAP_HOURS))
        if node.channel != "email":
            return [Verdict("skip", "capped") if one.person in capped else _SEND for one in recipients]
        consents = await store.consents(tx, workspace, people)
        addresses = [one.address.lower() for one in recipients]
        suppressed = await store.suppressed(tx, workspace, addresses, self._seal)
        reasons = (
            may_get(
                one, consent=consents.get(one.person), suppressed=address in suppressed, capped=one.person in capped
            )
            for one, address in zip(recipients, addresses, strict=True)
        )
        return [_SEND if reason is None else Verdict("skip", reason.value) for reason in reasons]

    async def room(self, tenant: Tenant, channel: str, wanted: int) -> int:
        """No provider is known to mind."""
        del tenant, channel
        return wanted
