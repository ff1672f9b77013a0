"""Posts in a team's channel, through whoever keeps channels."""

from __future__ import annotations

from dure.campaigns.carriers.providers import Providers
from dure.campaigns.model import Recipient
from dure.campaigns.plugs import Delivery, Parcel, Poster, Refused
from dure.kernel.tenant import Tenant


class PostCarrier:
    """It is the team that is told of somebody: everybody can be told of."""

    channel = "post"

    def __init__(self, poster: Poster, providers: Providers) -> None:
        self._poster = poster
        self._providers = providers

    def address(self, recipient: Recipient) -> str:  # noqa: ARG002 - the same for all
        return "team"

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        own = await self._providers.of(tenant, "post")
        to = parcel.content.more.get("to") or (own.settings.get("to", "") if own else "")
        if not to:
            return Refused("The message names no channel, and no provider is set for posts.", reached=False)
        return await self._poster.post(tenant, to, parcel.content.text, parcel.key)
