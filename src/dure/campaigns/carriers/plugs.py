"""What the push carriers ask of the services that reach phones and browsers."""

from __future__ import annotations

from typing import Protocol

from dure.campaigns.carriers.model import Provider, Target
from dure.campaigns.plugs import Content, Delivery
from dure.kernel.tenant import Tenant


class Pusher(Protocol):
    """One push service. `gone` in its answer means that the device will never be there again."""

    @property
    def kind(self) -> str:
        """The kind of devices it reaches: web, fcm or apns."""
        ...

    async def push(self, tenant: Tenant, provider: Provider, to: Target, content: Content, key: str) -> Delivery:
        """Hands one push over, once. `key` is the message's own: a second one of it takes the first one's place."""
        ...
