"""Pushes to browsers (`web_push`) and to apps on phones (`push`): one message, all of somebody's devices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from dure.campaigns.carriers.model import Provider, Target
from dure.campaigns.carriers.plugs import Pusher
from dure.campaigns.carriers.providers import Providers
from dure.campaigns.devices.api import Devices
from dure.campaigns.model import Recipient
from dure.campaigns.plugs import Accepted, Delivery, Parcel, Refused, Unknown
from dure.campaigns.responses.tickets import Tickets
from dure.campaigns.responses.tracking import led
from dure.kernel.tenant import Tenant

_DEVICES = 5
"""So many of somebody's devices get a push, those seen last."""
_OPEN = Provider("web", {})


class PushCarrier:
    """An address is the ids of devices: what reaches them stays in one place, and is looked up when it is needed."""

    def __init__(
        self, channel: str, pushers: Sequence[Pusher], providers: Providers, devices: Devices, tickets: Tickets
    ) -> None:
        self.channel = channel
        self.at_once = 64  # over HTTP/2 they share a connection
        self._pushers = {one.kind: one for one in pushers}
        self._providers = providers
        self._devices = devices
        self._tickets = tickets

    def address(self, recipient: Recipient) -> str:
        mine = [str(one.id) for one in recipient.devices if one.kind in self._pushers]
        return " ".join(mine[:_DEVICES])

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        targets = await self._devices.targets(tenant, [UUID(one) for one in parcel.address.split()])
        if not targets:
            return Refused("The devices are gone.", permanent=True, gone=True, reached=False)
        url = led(parcel.content.url, self._tickets, tenant, UUID(parcel.key))
        ready = replace(parcel, content=replace(parcel.content, url=url))
        return taken_together(await asyncio.gather(*(self._push(tenant, ready, one) for one in targets)))

    async def _push(self, tenant: Tenant, parcel: Parcel, to: Target) -> Delivery:
        provider = _OPEN if to.kind == "web" else await self._providers.of(tenant, to.kind)
        if provider is None:
            return Refused(f"No provider is set for {to.kind}.", reached=False)
        answer = await self._pushers[to.kind].push(tenant, provider, to, parcel.content, parcel.key)
        if isinstance(answer, Refused) and answer.gone:
            await self._devices.gone(tenant, to.id)
        return answer


def taken_together(answers: Sequence[Delivery]) -> Delivery:
    """What several devices' answers come to: one that took it is enough, and one that may have forbids another try."""
    for answer in answers:
        if isinstance(answer, Accepted):
            return answer
    for answer in answers:
        if isinstance(answer, Unknown):
            return answer
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    waiting = [answer for answer in refused if answer.retry_after is not None]
    if waiting:
        return max(waiting, key=lambda answer: answer.retry_after or 0.0)
    return next((answer for answer in refused if not answer.gone), refused[0])
