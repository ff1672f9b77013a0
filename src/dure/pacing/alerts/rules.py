"""A workspace's thresholds for alerts, and the hours in which only the critical ones are told."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dure.kernel.errors import Invalid

Share = Annotated[float, Meta(ge=0, le=1)]
Hours = Annotated[int, Meta(ge=0, le=24 * 31)]
HourOfDay = Annotated[int, Meta(ge=0, le=23)]
Money = Annotated[int, Meta(ge=0, le=10**15)]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What opens an alert, what clears it, and when it is told again.

    Probabilities to miss: at risk from `enter` on `needed` of the last `window` days of figures, at once from `sure`
    with `plainly` of the goal missing, clear below `leave` for `clear_hours` or a day of figures. It is told again when
    its severity rises, when `worse_points` of the goal or `worse_money` (None: a twentieth of the budget) are lost
    since it was told, and after `repeat_hours`; two notices are `rest_hours` apart. `quiet_from` to `quiet_to` are
    hours of the workspace's day in which only critical ones are told; none where both are the same. Ad servers serve
    a twentieth more than was booked on purpose, hence `over_cost`.
    """

    enter: Share = 0.7
    sure: Share = 0.9
    leave: Share = 0.4
    plainly: Share = 0.07
    needed: Annotated[int, Meta(ge=1, le=14)] = 2
    window: Annotated[int, Meta(ge=1, le=14)] = 3
    clear_hours: Hours = 6
    rest_hours: Hours = 24
    repeat_hours: Hours = 72
    flap_hours: Hours = 72
    worse_points: Share = 0.05
    worse_money: Money | None = None
    critical_money: Money | None = None
    critical_days: Annotated[int, Meta(ge=0, le=60)] = 3
    launch_hours: Annotated[int, Meta(ge=1, le=24)] = 4
    stopped_units: Annotated[int, Meta(ge=1)] = 30
    over: Annotated[float, Meta(ge=1, le=10)] = 1.15
    over_cost: Annotated[float, Meta(ge=1, le=10)] = 1.05
    gap: Share = 0.10
    gap_units: Annotated[int, Meta(ge=1)] = 1000
    paused_hours: Hours = 24
    stale_days: Annotated[int, Meta(ge=1, le=14)] = 2
    creative_first: Annotated[int, Meta(ge=1, le=60)] = 5
    creative_last: Annotated[int, Meta(ge=0, le=60)] = 2
    quiet_from: HourOfDay = 0
    quiet_to: HourOfDay = 0

    def quiet(self, hour: int) -> bool:
        """Whether only critical alerts are told in this hour of the day."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to


DEFAULT = Rules()


def read(body: dict[str, Any]) -> Rules:
    """Rules from JSON. Invalid names the field; what is not given is as it comes."""
    try:
        rules = msgspec.convert(body, Rules)
    except msgspec.ValidationError as error:
        place = str(error).rpartition("`$.")[2].rstrip("`")
        raise Invalid(f"{error}.", field=place if place in Rules.__struct_fields__ else "rules") from error
    if rules.needed > rules.window:
        raise Invalid("`needed` is `window` at most.", field="needed")
    if not rules.leave < rules.enter <= rules.sure:
        raise Invalid("`leave` lies below `enter`, and `enter` not above `sure`.", field="leave")
    if rules.creative_last > rules.creative_first:
        raise Invalid("`creative_last` is `creative_first` at most.", field="creative_last")
    return rules
