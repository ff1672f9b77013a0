"""Line items, deliveries, outlooks and alerts as frozen values. Money is in minor units; days are the workspace's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

State = Literal["active", "paused", "cancelled"]
Status = Literal[
    "upcoming", "waiting", "healthy", "at_risk", "not_launched", "over", "delivered", "missed", "paused", "cancelled"
]
AlertKind = Literal[
    "not_launched", "at_risk", "over", "stopped", "creative_rejected", "creative_missing", "not_ready",
    "tracking_gap", "ended_short", "paused_with_budget", "data_stale",
]  # fmt: skip
AlertState = Literal["pending", "open", "clearing", "resolved"]
Severity = Literal["watch", "warning", "critical"]
GoalUnit = Literal["impressions", "clicks", "views", "listens", "spend"]
PacingKind = Literal["even", "frontloaded", "custom", "asap"]
Trafficking = Literal["open", "trafficked", "approved", "live"]
UNITS: tuple[GoalUnit, ...] = get_args(GoalUnit)
WHOLE_DAY = -1
HOURS_OF_WEEK = 168


@dataclass(frozen=True, slots=True)
class LineItem:
    """A booking: `goal` of `goal_unit` between `start_day` and `end_day`, both included, for `budget`.

    `channel` is the id of the room where its alerts go, "" without one. `delivered_at` is when the goal was reached,
    `ended_at` when its end was noted. `custom_curve` are weights of equal parts of the flight, `dayparts` the hours of
    the week (Monday's first is 0) when it may run, all where empty. Serving stops at `cap`, and for a day at
    `cap_daily`. `original` is the line item that it makes good for, `source` the ad server that counts it.
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
    order: str = ""
    goal_unit: GoalUnit = "impressions"
    pacing: PacingKind = "even"
    custom_curve: Sequence[float] = ()
    cap: int | None = None
    cap_daily: int | None = None
    dayparts: Sequence[int] = ()
    priority: int = 8
    targeting: str = ""
    original: str = ""
    creatives_wanted: int = 0
    trafficking: Trafficking = "open"
    trafficked_by: str = ""
    trafficked_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    launched_at: datetime | None = None
    halfway_at: datetime | None = None
    paused_at: datetime | None = None
    source: str = ""

    @property
    def days(self) -> int:
        return (self.end_day - self.start_day).days + 1


@dataclass(frozen=True, slots=True)
class Figure:
    """What a line item delivered in an hour of a day, or on the whole day (`hour` None).

    `source` says who counted, `as_of` up to when; `party` is third where it is not the ad server that serves.
    """

    line_item: str
    day: date
    impressions: int
    clicks: int = 0
    spend: int = 0
    hour: int | None = None
    views: int = 0
    listens: int = 0
    source: str = ""
    as_of: datetime | None = None
    party: Literal["first", "third"] = "first"


@dataclass(frozen=True, slots=True)
class DayTotal:
    day: date
    impressions: int
    clicks: int
    spend: int
    views: int = 0
    listens: int = 0

    def of(self, unit: GoalUnit) -> int:
        return int(getattr(self, unit))


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
    """One problem of one line item, or of one source of figures. An episode begins when it is raised and ends when it
    is resolved.

    `worst` is the largest share of the goal that was missing, `told_…` what the last notice said, `checks` the last
    days' answers (1 likely, 2 sure, 0 neither), newest last, and `flaps` how many episodes followed closely.
    """

    id: str
    line_item: str
    kind: AlertKind
    state: AlertState
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
    source: str = ""
    severity: Severity = "warning"
    probability: float = 1.0
    money: int = 0
    checks: Sequence[int] = ()
    flaps: int = 0
    fine_since: datetime | None = None
    told_severity: str = ""
    told_money: int = 0
    told_share: float = 0.0
    snoozed_until: datetime | None = None
    snoozed_severity: str = ""
    snoozed_by: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    ack_reason: str = ""
    ack_note: str = ""

    @property
    def raised(self) -> bool:
        return self.state in ("open", "clearing")


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
class PlanDay:
    """What should have been delivered by the end of a day, with the band that a day's noise allows."""

    day: date
    planned: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class HourTotal:
    """An hour of today: what came, None where nothing was reported, and what the learned day expects."""

    hour: int
    delivered: int | None
    expected: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What a third party counted on the days and hours that both report; `share` of the first party's."""

    source: str
    first: int
    third: int
    share: float
    days: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that would help, with its computed effect. `change` are the fields of the line item to set."""

    kind: Literal["extend", "widen", "priority", "move_budget"]
    text_ko: str
    text_en: str
    gain: int
    chance_before: float
    chance_after: float
    cost: int = 0
    change: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Detail:
    """One line item with every day delivered, the days to come, and its alerts, newest first."""

    item: LineItem
    outlook: Outlook
    days: tuple[DayTotal, ...]
    ahead: tuple[DayForecast, ...]
    alerts: tuple[Alert, ...]
    plan: tuple[PlanDay, ...] = ()
    today: tuple[HourTotal, ...] = ()
    gaps: tuple[Gap, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    stale: bool = False


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
    order: str = ""
    goal_unit: GoalUnit = "impressions"
    pacing: PacingKind = "even"
    custom_curve: Sequence[float] = ()
    cap: int | None = None
    cap_daily: int | None = None
    dayparts: Sequence[int] = ()
    priority: int = 8
    targeting: str = ""
    original: str = ""
    creatives_wanted: int | None = None
    trafficking: Trafficking | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a bulk call did: rows taken, rows that replaced other figures, line items touched."""

    rows: int
    corrected: int
    line_items: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a look at all running line items found; `stale` where every source of figures has gone silent."""

    statuses: Mapping[str, Status]
    raised: tuple[str, ...] = ()
    recovered: tuple[str, ...] = ()
    stale: bool = False
    stale_sources: tuple[str, ...] = ()
