"""The simulated company as one value: who works there, who buys, who speaks and who listens."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from dure.demo import cast, habits


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the company is; tests make it small."""

    listeners: int = 20_000
    visitors: int = 8_000  # people who look at the web site and never sign up
    creators: int = 300
    broadcasts: int = 2_400
    customers: int = 60
    opportunities: int = 120
    campaigns: int = 40
    line_items: int = 90
    mentions: int = 5_000
    messages: int = 1_500
    days: int = 91


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose events the history's lines are."""

    org: str
    workspace: str


@dataclass(frozen=True, eq=False)
class World:
    """Sorimaru between `start` and `end` (UTC). Equal seed, end and sizes give an equal world."""

    seed: int
    end: datetime
    sizes: Sizes
    employees: tuple[cast.Employee, ...]
    customers: tuple[cast.Customer, ...]
    creators: tuple[cast.Creator, ...]
    broadcasts: tuple[cast.Broadcast, ...]
    listeners: habits.Listeners

    @property
    def start(self) -> datetime:
        return self.end - timedelta(days=self.sizes.days)

    def rng(self, purpose: str) -> np.random.Generator:
        """An own stream of randomness per purpose, so that one part can change without moving the others."""
        return _rng(self.seed, purpose)


def build(seed: int, end: datetime, sizes: Sizes | None = None) -> World:
    """Make the company; `end` is an aware datetime, usually now."""
    sizes = sizes or Sizes()
    end = end.astimezone(UTC).replace(microsecond=0)
    start = end - timedelta(days=sizes.days)
    creators = cast.creators(_rng(seed, "creators"), sizes.creators)
    return World(
        seed=seed,
        end=end,
        sizes=sizes,
        employees=cast.EMPLOYEES,
        customers=cast.customers(_rng(seed, "customers"), sizes.customers),
        creators=creators,
        broadcasts=cast.broadcasts(_rng(seed, "broadcasts"), creators, sizes.broadcasts, start, end),
        listeners=habits.listeners(_rng(seed, "listeners"), sizes.listeners, creators, start, end),
    )


def _rng(seed: int, purpose: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])
