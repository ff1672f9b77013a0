"""What channels know of who belongs where, for governance: a guest's channels, and whom a guest meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from dure.channels.api import Channels
from dure.channels.store import conversations
from dure.governance.api import Place
from dure.governance.model import Principal
from dure.state import Tx


class ChannelPlaces:
    """Fills `governance.roles.plugs.Places`."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels

    async def bring(self, tx: Tx, principal: Principal, user: str, channels: Sequence[str]) -> None:
        for channel in dict.fromkeys(channels):
            await self._channels.bring_in(tx, principal, channel, user)

    async def of(self, tx: Tx, workspace: str, users: Sequence[str]) -> Mapping[str, Sequence[Place]]:
        found = await conversations.channels_of(tx, workspace, users)
        return {user: [Place(channel, name) for channel, name in places] for user, places in found.items()}

    async def met(self, tx: Tx, workspace: str, user: str) -> Set[str]:
        return await conversations.met(tx, workspace, user)

    async def is_channel(self, tx: Tx, workspace: str, channel: str) -> bool:
        return await conversations.is_channel(tx, workspace, channel)
