"""What pacing asks others to fill: an ad server that tells its line items and their figures, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from dure.kernel.tenant import Tenant
from dure.pacing.model import GoalUnit, PacingKind


@dataclass(frozen=True, slots=True)
class ForeignLine:
    """A line item as an ad server knows it. `goal` 0 where it has none (it is then not brought in)."""

    id: str
    name: str
    goal: int
    goal_unit: GoalUnit
    start_day: date
    end_day: date
    budget: int = 0
    currency: str = ""
    pacing: PacingKind = "even"
    priority: int = 8
    state: Literal["active", "paused", "cancelled"] = "active"
    account_name: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class ForeignFigure:
    """What a line item delivered on a day, or in one hour of it; `spend` in minor units."""

    line: str
    day: date
    impressions: int
    clicks: int = 0
    spend: int = 0
    hour: int | None = None
    views: int = 0
    listens: int = 0


@dataclass(frozen=True, slots=True)
class ServerCall:
    """Whose ad server is asked, and with what. `cursor` is what the last pull left; {} at first. `timezone`
    and `currency` are the workspace's."""

    tenant: Tenant
    settings: Mapping[str, str]
    secret: str
    cursor: Mapping[str, Any]
    now: datetime
    today: date
    timezone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Pull:
    """One page. `cursor` is kept with it in one transaction; `more` asks for the next at once, after `wait` seconds
    where the server wants to be left alone."""

    cursor: Mapping[str, Any]
    lines: Sequence[ForeignLine] = ()
    figures: Sequence[ForeignFigure] = ()
    as_of: datetime | None = None
    more: bool = False
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class ServerSetting:
    """One thing an ad server has to be told; `secret` ones are kept sealed."""

    name: str
    title: Mapping[str, str]
    required: bool = True
    secret: bool = False
    hint: Mapping[str, str] = field(default_factory=dict)


class AdServer(Protocol):
    """A kind of ad server. Built in: Google Ad Manager, Spotify Ads; others come by CSV."""

    kind: str
    title: Mapping[str, str]
    settings: Sequence[ServerSetting]

    async def pull(self, call: ServerCall) -> Pull:
        """The next page after the cursor. May be asked the same page again. Raises `Refused` where the server says no,
        and OSError where it does not answer."""
        ...


class Refused(Exception):
    """The ad server refused: the sentence is shown to whoever set it up."""
