"""An alert watches a metric interval by interval: for a threshold, or for what is unusual."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.metrics.alerts import unusual
from dure.metrics.body import read
from dure.metrics.question import seconds_of

Kind = Literal["above", "below", "unusual"]
Every = Literal["hour", "day", "week"]
State = Literal["quiet", "alarming", "too_little_history"]


class NewAlert(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a person writes. `above` and `below` have a `threshold` and may have `back_at`, the value at which it is
    over again; `unusual` has a `rate`, the share of ordinary intervals that may be called unusual. It tells after
    `intervals` in a row, and not again within `rest` (a duration such as 6h). `channel` is where recipes post."""

    metric: str
    kind: Kind
    every: Every = "day"
    name: str = ""
    threshold: float | None = None
    back_at: float | None = None
    intervals: int = 1
    rate: float | None = None
    rest: str = ""
    where: tuple[Filter, ...] = ()
    channel: str = ""
    enabled: bool = True


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as it stands. `through` is the end of the last interval that was judged; `because` says why it cannot be
    judged at the moment, "" where it can."""

    id: str
    metric: str
    kind: Kind
    every: Every
    name: str = ""
    threshold: float | None = None
    back_at: float | None = None
    intervals: int = 1
    rate: float = 0.01
    rest_seconds: int = 0
    where: tuple[Filter, ...] = msgspec.field(name="filters", default=())
    channel: str = ""
    enabled: bool = True
    state: State = "quiet"
    because: str = ""
    streak: int = 0
    through: datetime | None = None
    fired_at: datetime | None = None
    created_by: str = ""
    created_at: datetime

    @property
    def rule(self) -> unusual.Rule:
        return unusual.hourly(self.rate) if self.every == "hour" else unusual.daily(self.rate)


class Reading(msgspec.Struct, frozen=True):
    """One interval judged. `met`: the condition held; `fired`: it was told."""

    at: datetime
    value: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Literal["ordinary", "met", "too_little_history"] = "ordinary"
    fired: bool = False


def read_alert(raw: Mapping[str, Any], id: str, actor: str, now: datetime) -> Alert:
    """An alert out of decoded JSON; Invalid names the field that makes no sense."""
    given = read(dict(raw), NewAlert)
    if not 1 <= given.intervals <= 100:
        raise Invalid("`intervals` is from 1 to 100.", field="intervals")
    if len(given.name) > 120 or len(given.channel) > 80:
        raise Invalid("That is too long.", field="name" if len(given.name) > 120 else "channel")
    if given.kind == "unusual":
        _check_unusual(given)
    else:
        _check_threshold(given)
    default = 0.01 if given.every == "hour" else 0.02
    return Alert(
        id=id, metric=given.metric, kind=given.kind, every=given.every, name=given.name.strip(),
        threshold=given.threshold, back_at=given.back_at, intervals=given.intervals,
        rate=default if given.rate is None else given.rate,
        rest_seconds=seconds_of(given.rest, "rest") if given.rest else 0, where=given.where,
        channel=given.channel.strip(), enabled=given.enabled, created_by=actor, created_at=now,
    )  # fmt: skip


def _check_threshold(given: NewAlert) -> None:
    if given.threshold is None:
        raise Invalid("Say above or below what.", field="threshold")
    if given.rate is not None:
        raise Invalid("Only an alert for the unusual has a rate.", field="rate")
    back_at = given.threshold if given.back_at is None else given.back_at
    if back_at > given.threshold if given.kind == "above" else back_at < given.threshold:
        raise Invalid("`back_at` lies on the quiet side of the threshold.", field="back_at")


def _check_unusual(given: NewAlert) -> None:
    if given.threshold is not None or given.back_at is not None:
        raise Invalid("What is unusual has no threshold.", field="threshold")
    if given.every == "week":
        raise Invalid("The unusual is judged by the hour or by the day.", field="every")
    if given.rate is not None:
        if not 0.001 <= given.rate <= 0.2:
            raise Invalid("`rate` is from 0.001 to 0.2.", field="rate")
        rule = unusual.hourly(given.rate) if given.every == "hour" else unusual.daily(given.rate)
        if rule.needed > rule.memory:
            raise Invalid(f"So small a rate cannot be stated from {rule.memory} {given.every}s.", field="rate")
