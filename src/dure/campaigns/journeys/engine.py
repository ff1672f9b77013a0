"""What moves people: its parts put together, and the loops that a server runs beside its doors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns.journeys.entering import Arrival
from dure.campaigns.model import Campaign, Message, Way
from dure.feed.api import Bell
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Engine:
    def __init__(self, *parts: Any, **more: Any) -> None:
        self.parts = parts, more

    def ring(self) -> None:
        """Something is due: do not wait for the next look."""

    async def plan_next(self, tx: Tx, tenant: Tenant, campaign: Campaign, zone: str, now: datetime) -> None: ...

    async def enter(
        self, tx: Tx, tenant: Tenant, campaign: Campaign, arrivals: Sequence[Arrival], now: datetime
    ) -> dict[UUID, Way]:
        raise NotImplementedError

    async def take_on(self, tenant: Tenant, way: UUID) -> Message | None:
        raise NotImplementedError

    async def work(self) -> None:
        """Moves and sends until cancelled."""

    async def follow(self, bell: Bell) -> None:
        """Starts, wakes and takes out by events until cancelled."""

    async def settle(self) -> int:
        """For tests: everything that is due now, until nothing is."""
        return 0
