"""Leaving the list: one topic of a channel, or all of them, by the secret that a message carries."""

from __future__ import annotations

from dataclasses import dataclass

from dure.campaigns import events, store
from dure.campaigns.model import Campaign, Message
from dure.campaigns.way_out import WaysOut
from dure.feed.api import append
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.kernel.tenant import Tenant
from dure.state import State

_ADDRESSED = ("email", "sms")


@dataclass(frozen=True, slots=True)
class Leave:
    """What a way out leads out of; `address` is "" where the channel's is none that a person knows."""

    tenant: Tenant
    message: Message
    campaign: Campaign

    @property
    def topic(self) -> str:
        return self.campaign.design.topic

    @property
    def address(self) -> str:
        return self.message.address if self.message.channel in _ADDRESSED else ""


class Leaving:
    def __init__(self, state: State, clock: Clock, governance: Governance, ways_out: WaysOut) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._ways_out = ways_out

    async def leads_to(self, secret: str) -> Leave | None:
        """What a secret is the way out of; None for one that is no message's (any more). Changes nothing."""
        async with self._state.begin_system() as tx:
            meant = await self._ways_out.read(tx, secret)
            message = await store.message(tx, meant.tenant.workspace, meant.message) if meant else None
            if meant is None or message is None:
                return None
            campaign = await store.campaign(tx, meant.tenant.workspace, message.campaign)
        return Leave(meant.tenant, message, campaign) if campaign is not None else None

    async def leave(self, secret: str, by: str, *, topic_only: bool = False) -> Leave:
        """No more messages of this channel, or of its topic alone; said again it changes nothing. NotFound for a
        secret that leads nowhere."""
        found = await self.leads_to(secret)
        if found is None:
            raise NotFound("This link leads nowhere. Copy the whole address from the letter.")
        tenant, message, now = found.tenant, found.message, self._clock.now()
        topic, channel = found.topic if topic_only else "", message.channel
        principal = self._governance.system(tenant, "unsubscribe")
        async with self._state.begin(tenant) as tx:
            before = await store.consent(tx, tenant.workspace, message.person, channel, topic)
            news = before is not False
            if news:
                await store.set_consent(
                    tx, tenant.workspace, message.person, False, by, now, channel=channel, topic=topic
                )
            if not topic_only and found.address:
                news |= await store.suppress(tx, tenant.workspace, found.address, "unsubscribed", now)
            if news:
                told = {"by": by, "channel": channel, "topic": topic}
                await append(
                    tx, events.campaign_event(principal, now, events.UNSUBSCRIBED, found.campaign, told, message.person)
                )
        return found
