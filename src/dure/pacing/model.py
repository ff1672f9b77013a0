"""Line items, deliveries, outlooks and alerts as frozen values. Money is in minor units; days are the workspace's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

State = Literal["active", "paused", "cancelled"]
Status = Literal[
    "upcoming", "waiting", "healthy", "at_risk", "not_launched", "over", "delivered", "missed", "paused", "cancelled"
]
AlertKind = Literal["at_risk", "not_launched"]
WHOLE_DAY = -1


@dataclass(frozen=True, slots=True)
class LineItem:
    """A booking: `goal` impressions between `start_day` and `end_day`, both included, for `budget`.

    `channel` is the id of the room where its alerts go, "" without one. `delivered_at` is when the goal was reached,
    `ended_at` when its end was noted.
    """

    id: str
    name: str
    account: str
    account_name: str
    deal: str
    campaign: str
    channel: str
    manager: str
    format: str
    goal: int
    budget: int
    currency: str
    start_day: date
    end_day: date
    state: State
    external: str
    created_at: datetime
    changed_at: datetime
    delivered_at: datetime | None
    ended_at: datetime | None

    @property
    def days(self) -> int:
        return (self.end_day - self.start_day).days + 1


@dataclass(frozen=True, slots=True)
class Figure:
    """What a line item delivered in an hour of a day, or on the whole day (`hour` None)."""

    line_item: str
    day: date
    impressions: int
    clicks: int = 0
    spend: int = 0
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class DayTotal:
    day: date
    impressions: int
    clicks: int
    spend: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a line item stands and will end. `low`, `middle`, `high` are the 10th, 50th and 90th percentile.

    `straight` is where an even pace would end; `miss` the probability to end below 99 % of the goal; `as_of` the last
    day whose figures are complete. The forecast is None where there is nothing to forecast from.
    """

    line_item: str
    status: Status
    as_of: date | None
    delivered: int
    days_left: int
    low: int | None = None
    middle: int | None = None
    high: int | None = None
    straight: int | None = None
    miss: float | None = None
    needed_per_day: int | None = None
    expected_per_day: int | None = None
    running_per_day: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One problem of one line item. An episode begins when it is raised and ends when it clears."""

    id: str
    line_item: str
    kind: AlertKind
    state: Literal["pending", "open", "closed"]
    episode: int
    notices: int
    worst: float
    data_day: date
    seen_at: datetime
    raised_at: datetime | None
    notified_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: the item, its outlook where it was looked at, its last days and its open alerts."""

    item: LineItem
    outlook: Outlook
    recent: tuple[int, ...]
    open_alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayForecast:
    """A day to come: expected impressions and the cumulative 10th, 50th and 90th percentile at its end."""

    day: date
    expected: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class Detail:
    """One line item with every day delivered, the days to come, and its alerts, newest first."""

    item: LineItem
    outlook: Outlook
    days: tuple[DayTotal, ...]
    ahead: tuple[DayForecast, ...]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class NewLineItem:
    """What is asked for when a line item is made; `created_at` and `days` only when a past is brought in."""

    name: str
    goal: int
    start_day: date
    end_day: date
    budget: int = 0
    currency: str = ""
    account: str = ""
    account_name: str = ""
    deal: str = ""
    campaign: str = ""
    channel: str = ""
    manager: str = ""
    format: str = ""
    external: str = ""
    created_at: datetime | None = None
    days: Sequence[DayTotal] = field(default=())


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a bulk call did: rows taken, rows that replaced other figures, line items touched."""

    rows: int
    corrected: int
    line_items: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a look at all running line items found."""

    statuses: Mapping[str, Status]
    raised: tuple[str, ...] = ()
    recovered: tuple[str, ...] = ()
    stale: bool = False
