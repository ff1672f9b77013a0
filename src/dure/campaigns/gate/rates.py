"""Rate limits per provider: a bucket of tokens in PostgreSQL that every process takes from.

A token comes back one span (a second, a minute) and `GOOD_FOR` after it was taken, and must be used within `GOOD_FOR`
or be dropped. What is used within any second was therefore taken within a second and `GOOD_FOR`, of which there are
never more than the limit: a bucket that fills at a steady rate would let twice as much through in the worst second.
The time is the database's, because processes' clocks differ.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from dure.campaigns.gate import store
from dure.campaigns.gate.model import Rate
from dure.kernel.tenant import Tenant
from dure.state import State

GOOD_FOR = timedelta(milliseconds=150)
A_LITTLE = 20
"""Messages a second."""
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Permit:
    """So many may be handed to the provider while it is good; with none, `wait` seconds say when to ask again."""

    count: int
    wait: float
    until: float  # by this process's monotonic clock

    @property
    def good(self) -> bool:
        return self.count > 0 and time.monotonic() < self.until


class Rates:
    def __init__(self, state: State) -> None:
        self._state = state

    async def free(self, tenant: Tenant, provider: str, rate: Rate, wanted: int) -> int:
        """How many of `wanted` could be taken now; nothing is taken."""
        limits = _limits(rate)
        if not limits:
            return wanted
        async with self._state.begin(tenant) as tx:
            return min(wanted, await store.free_tokens(tx, tenant.workspace, provider, limits))

    async def take(self, tenant: Tenant, provider: str, rate: Rate, wanted: int) -> Permit:
        """Up to `wanted` tokens, at once or none. Without a limit all of them."""
        # Taken before the question is sent: the tokens' time in the database is never earlier.
        asked = time.monotonic()
        limits = _limits(rate)
        if wanted <= 0:
            return Permit(0, 0.0, asked)
        if not limits:
            return Permit(wanted, 0.0, float("inf"))
        async with self._state.begin(tenant) as tx:
            await store.queue_at_bucket(tx, tenant.workspace, provider)
            # The wait at the bucket's row is not part of the token's time: it was not yet taken.
            asked = time.monotonic()
            given, wait = await store.take_tokens(tx, tenant.workspace, provider, wanted, limits)
        return Permit(given, wait, asked + GOOD_FOR.total_seconds())


def waited_for(slow: tuple[datetime, datetime] | None, now: datetime) -> float:
    """For how many seconds a provider that asked for time is still to get nothing."""
    return max(0.0, (slow[1] - now).total_seconds()) if slow is not None else 0.0


def lowered(rate: Rate, slow: tuple[datetime, datetime] | None, now: datetime) -> Rate:
    """The rate for a provider that asked for time: for as long again as it was waited for it gets half, or a little
    where nobody said how much it takes."""
    if slow is None or now >= slow[1] + (slow[1] - slow[0]):
        return rate
    return Rate(max(1, rate.second // 2) if rate.second else A_LITTLE, (rate.minute + 1) // 2)


def seconds_for(count: int, rate: Rate | None) -> float:
    """How long so many messages take under a limit, when nothing else holds them up."""
    return max((count * span.total_seconds() / most for most, span in _limits(rate)), default=0.0) if rate else 0.0


def _limits(rate: Rate) -> list[tuple[int, timedelta]]:
    """Each limit, and after how long a token of it is back."""
    return [(most, span + GOOD_FOR) for most, span in ((rate.second, SECOND), (rate.minute, MINUTE)) if most]
