"""What is measured of the relationship with an account, what is usual, and the standing made of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dure.deals.health.model import Band, Part

PEERS, LAST_TOUCH = "peers", "last_touch"


@dataclass(frozen=True, slots=True)
class Measures:
    """Of an account at a moment. `age_days` is since the first thing that was done; `weeks` are the momenta at the end
    of each of the last 13 weeks, oldest first, None before there was anything; the rest is as in a deal's signals."""

    account: str
    age_days: float
    momentum: float
    weeks: Sequence[float | None] = ()
    theirs: int = 0
    ours: int = 0
    ever_theirs: int = 0
    people: int = 0
    open_questions: int = 0
    latency_now: float | None = None
    latency_before: float | None = None
    touch_days: float | None = None
    last_theirs: datetime | None = None


@dataclass(frozen=True, slots=True)
class Peers:
    """Momenta, in order, that accounts with a won deal had at so many days of the relationship."""

    momenta: Mapping[int, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """`score` from 0 to 100; None with `why` = young in the first 14 days, quiet_data with fewer than ten messages of
    theirs ever. `reasons` as in a deal's health."""

    account: str
    momentum: float
    score: int | None
    band: Band | None
    why: str
    parts: tuple[Part, ...]
    reasons: tuple[str, ...]
