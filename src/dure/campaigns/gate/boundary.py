"""The last line before a carrier. Nothing reaches one but through here.

It is asked message by message, after the claim and right before the hand-over: a playground lets nothing out, a stop
stops what was claimed a moment ago, and a provider never gets more than it takes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from psycopg.types.json import Jsonb

from dure.campaigns.gate import store
from dure.campaigns.gate.halting import EVERYTHING
from dure.campaigns.gate.model import Policy, Rate
from dure.campaigns.gate.rates import lowered, waited_for
from dure.campaigns.gate.turnstile import Turnstile
from dure.campaigns.model import Recipient
from dure.campaigns.plugs import Accepted, Carrier, Delivery, Parcel, Refused, Withheld
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State

AT_ONCE = 16
FRESH = 0.25
"""Seconds for which what was read of a workspace holds: a stop is known everywhere well within a second."""


class Playgrounds(Protocol):
    async def is_one(self, tenant: Tenant) -> bool: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a workspace at a moment of this process's monotonic clock."""

    read: float
    stopped: frozenset[str]
    policy: Policy
    slow: Mapping[str, tuple[datetime, datetime]]


class Customs:
    """What every boundary of a process asks: one reading for all messages of a quarter of a second."""

    def __init__(self, state: State, clock: Clock, playgrounds: Playgrounds, turnstile: Turnstile) -> None:
        self.state = state
        self.clock = clock
        self.playgrounds = playgrounds
        self.turnstile = turnstile
        self._known: dict[str, Standing] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def standing(self, tenant: Tenant) -> Standing:
        known = self._fresh(tenant)
        if known is None:
            # One of those who hand something over at this moment asks for all of them.
            async with self._asking.setdefault(tenant.workspace, asyncio.Lock()):
                known = self._fresh(tenant)
                if known is None:
                    read = time.monotonic()
                    async with self.state.begin(tenant) as tx:
                        halts = await store.halts(tx, tenant.workspace)
                        policy = await store.policy(tx, tenant.workspace)
                        known = Standing(read, frozenset(halts), policy, await store.slowed(tx, tenant.workspace))
                    self._known[tenant.workspace] = known
        return known

    def _fresh(self, tenant: Tenant) -> Standing | None:
        known = self._known.get(tenant.workspace)
        return known if known is not None and time.monotonic() - known.read <= FRESH else None

    async def slow_down(self, tenant: Tenant, provider: str, seconds: float) -> None:
        """A provider asked for time: every process knows within `FRESH`, this one at once."""
        now = self.clock.now()
        async with self.state.begin(tenant) as tx:
            await store.slow_down(tx, tenant.workspace, provider, now, now + timedelta(seconds=seconds))
        self.forget(tenant)

    def forget(self, tenant: Tenant) -> None:
        """What was read of a workspace is read anew: its own process stops without the wait."""
        self._known.pop(tenant.workspace, None)


class Boundary:
    """Fills `plugs.Carrier` before another. `provider` is whose rate limit counts, the channel where none is named."""

    def __init__(self, carrier: Carrier, customs: Customs, provider: str = "") -> None:
        self._carrier = carrier
        self._customs = customs
        self.provider = provider or carrier.channel

    @property
    def channel(self) -> str:
        return self._carrier.channel

    @property
    def at_once(self) -> int:
        """How many it takes at once, where it says so."""
        return int(getattr(self._carrier, "at_once", AT_ONCE))

    def address(self, recipient: Recipient) -> str:
        return self._carrier.address(recipient)

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        """Withheld where it certainly was not handed over, and may be claimed again once it may go."""
        if await self._customs.playgrounds.is_one(tenant):
            await self._record(tenant, parcel)
            return Accepted(f"playground:{parcel.key}")
        standing, now = await self._customs.standing(tenant), self._customs.clock.now()
        slow = standing.slow.get(self.provider)
        if wait := waited_for(slow, now):
            return Withheld("The provider asked for time.", wait)
        rate = lowered(standing.policy.rates.get(self.provider, Rate()), slow, now)
        await self._customs.turnstile.go_through(tenant, self.provider, rate)
        # After the wait for a turn, which may have been long.
        standing = await self._customs.standing(tenant)
        if EVERYTHING in standing.stopped or (parcel.campaign and parcel.campaign in standing.stopped):
            return Withheld("Sending is stopped.")
        if wait := waited_for(standing.slow.get(self.provider), self._customs.clock.now()):
            return Withheld("The provider asked for time.", wait)
        delivery = await self._carrier.carry(tenant, parcel)
        if isinstance(delivery, Refused) and delivery.busy and (delivery.retry_after or 0) >= 1:
            await self._customs.slow_down(tenant, self.provider, delivery.retry_after or 0)
        return delivery

    async def _record(self, tenant: Tenant, parcel: Parcel) -> None:
        content = Jsonb(msgspec.to_builtins({
            "title": parcel.content.title, "text": parcel.content.text, "html": parcel.content.html,
            "url": parcel.content.url, "image": parcel.content.image, "more": dict(parcel.content.more),
            "headers": dict(parcel.headers),
        }))  # fmt: skip
        async with self._customs.state.begin(tenant) as tx:
            await store.record(
                tx, tenant.workspace, parcel.key, parcel.campaign, self.channel, parcel.address, parcel.person, content,
                self._customs.clock.now(),
            )  # fmt: skip
