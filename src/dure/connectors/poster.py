"""Posts of campaigns in the channels of the house: fills `dure.campaigns.plugs.Poster`."""

from __future__ import annotations

from dure.campaigns.plugs import Accepted, Delivery, Refused
from dure.channels.api import Channels
from dure.channels.model import Draft
from dure.governance.api import Governance
from dure.kernel.errors import DureError, Unavailable
from dure.kernel.tenant import Tenant


class ChannelPoster:
    """A message's key is its `client_msg_id`: said again, it is the message that was said before."""

    def __init__(self, channels: Channels, governance: Governance) -> None:
        self._channels = channels
        self._governance = governance

    async def post(self, tenant: Tenant, to: str, text: str, key: str) -> Delivery:
        by = self._governance.system(tenant, "campaigns")
        try:
            channel = await self._channels.info(by, to)
            said = await self._channels.post(by, channel.id, Draft(text, client_msg_id=key))
        except Unavailable as error:
            return Refused(error.message, retry_after=1.0)
        except DureError as error:
            return Refused(error.message, permanent=True)
        return Accepted(str(said.ts))
