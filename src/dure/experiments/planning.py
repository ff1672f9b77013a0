"""How many people an experiment needs, and when it would have them at today's traffic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from dure.experiments import asking
from dure.experiments.asking import Compile, Span
from dure.experiments.design import Exposure, Measure, Method, read_measure
from dure.experiments.statistics import planner, sides
from dure.experiments.statistics.sums import Sums
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log

_BACK = 28
_MOST_DAYS = 3650


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one wants to see: a change of `lift` (0.05 = five percent of the base) with a probability of `power`.

    `base` (with `variance` for what is no rate) may be said, or is read from the last 28 days of whom `event` met, by
    `metric`. `shares` are the arms'; `part` is how much of everybody takes part.
    """

    lift: float = 0.05
    power: float = 0.8
    confidence: float = 0.95
    method: Method = "always"
    shares: tuple[float, ...] = (0.5, 0.5)
    part: float = 1.0
    event: Exposure | None = None
    metric: Measure | None = None
    base: float | None = None
    variance: float | None = None
    a_day: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`each` is how many people control and the smallest other arm need (None where the base allows no plan), `people`
    how many all arms have then, `days` how long that takes. `by_day` is how many people the event met by the end of
    each of the last days, beginning with nobody; `seen` what lift so many days would show (days, lift)."""

    base: float | None
    variance: float | None
    each: int | None
    people: int | None
    days: int | None
    a_day: float | None
    by_day: tuple[int, ...]
    seen: tuple[tuple[int, float], ...]
    kind: Literal["rate", "mean"]


def read_wish(raw: Mapping[str, Any]) -> Wish:
    given = dict(raw)
    if isinstance(given.get("event"), str):
        given["event"] = {"event": given["event"]}
    if given.get("metric") is not None:
        given["metric"] = msgspec.to_builtins(read_measure(given["metric"]))
    try:
        wish = msgspec.convert(given, Wish)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field=path.rstrip("`").lstrip(".") or None) from error
    if not 0 < abs(wish.lift) <= 10:
        raise Invalid("`lift` is a share of the base, such as 0.05.", field="lift")
    if not 0.5 <= wish.power < 1:
        raise Invalid("`power` is from 0.5 to below 1.", field="power")
    if not 0.5 < wish.confidence < 1:
        raise Invalid("`confidence` is between 0.5 and 1.", field="confidence")
    if len(wish.shares) < 2 or min(wish.shares) <= 0 or abs(sum(wish.shares) - 1) > 1e-6:
        raise Invalid("`shares` are those of the arms and sum to 1.", field="shares")
    if not 0 < wish.part <= 1:
        raise Invalid("`part` is above 0 and at most 1.", field="part")
    if wish.base is None and (wish.metric is None or wish.event is None):
        raise Invalid("Say a `base`, or the `metric` and the `event` to read it from.", field="base")
    return wish


async def plan(
    log: Log, compile: Compile, tenant: Tenant, wish: Wish, measures: Sequence[Measure], now: datetime, zone: str
) -> Plan:
    """Reads what the wish does not say from the log: two statements at most."""
    base, variance, rate = wish.base, wish.variance, wish.variance is None
    measure = measures[0] if measures else None
    if base is None and measure is not None and wish.event is not None:
        window = timedelta(seconds=measure.seconds)
        span = Span(now - window - timedelta(days=_BACK), now - window, now, zone)
        sql, params = asking.base(compile, wish.event, measure, span)
        (row,) = (await log.query(tenant, sql, params)).rows
        people, *sums = row
        found = Sums(people, *map(float, sums))
        side = sides.ratio(found) if measure.kind == "ratio" else sides.mean(found)
        rate = measure.is_rate
        base, variance = (side.mean, side.variance) if people > 1 else (None, None)
    by_day = await _filled(log, compile, tenant, wish.event, now) if wish.event is not None else ()
    return _planned(wish, base, variance, rate, by_day)


def _planned(
    wish: Wish, base: float | None, variance: float | None, rate: bool, by_day: tuple[int, ...]
) -> Plan:  # fmt: skip
    kind: Literal["rate", "mean"] = "rate" if rate else "mean"
    a_day = wish.a_day if wish.a_day is not None else (by_day[-1] / _BACK if by_day else None)
    each = _each(wish, base, variance, rate)
    smallest = min(wish.shares)
    people = math.ceil(each / smallest) if each is not None else None
    days = _days(people / wish.part, by_day, wish.a_day) if people is not None else None
    seen = []
    if base and base > 0:
        spread = base * (1 - base) if rate else variance or 0.0
        for day in (7, 14, 28, 56):
            in_smallest = _people_by(day, by_day, wish.a_day) * wish.part * smallest
            if wish.method == "always":
                in_smallest /= planner.with_looks(10_000, wish.power, wish.confidence) / 10_000
            shown = planner.smallest(in_smallest, spread, wish.power, wish.confidence)
            if shown is not None:
                seen.append((day, shown / base))
    return Plan(base, variance, each, people, days, a_day, by_day, tuple(seen), kind)


def _each(wish: Wish, base: float | None, variance: float | None, rate: bool) -> int | None:
    """People in the smallest arm. Other arms have as many or more, so that is enough."""
    if base is None or base <= 0:
        return None
    if rate:
        lifted = base * (1 + wish.lift)
        if not 0 < lifted < 1:
            return None
        needed = planner.for_rates(base, lifted, wish.power, wish.confidence)
    else:
        needed = planner.for_means(variance or 0.0, base * wish.lift, wish.power, wish.confidence)
    if needed is None:
        return None
    return math.ceil(
        planner.with_looks(needed, wish.power, wish.confidence) if wish.method == "always" else needed
    )  # fmt: skip


async def _filled(
    log: Log, compile: Compile, tenant: Tenant, event: Exposure, now: datetime
) -> tuple[int, ...]:  # fmt: skip
    sql, params = asking.traffic(compile, event, now - timedelta(days=_BACK), now)
    new = dict((await log.query(tenant, sql, params)).rows)
    total, reached = 0, []
    for day in range(_BACK):
        # The last moment may fall on a day of its own.
        total += new.get(day, 0) + (new.get(_BACK, 0) if day == _BACK - 1 else 0)
        reached.append(total)
    return tuple(reached) if total else ()


def _people_by(day: int, by_day: Sequence[int], a_day: float | None) -> float:
    """How many would have met it after so many days: as in the last ones, and then as fast as in their last week."""
    if a_day is not None:
        return a_day * day
    if not by_day or day <= 0:
        return 0.0
    if day <= len(by_day):
        return by_day[day - 1]
    return by_day[-1] + (by_day[-1] - by_day[-8]) / 7 * (day - len(by_day))


def _days(people: float, by_day: Sequence[int], a_day: float | None) -> int | None:
    low, high = 1, _MOST_DAYS
    if _people_by(high, by_day, a_day) < people:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _people_by(middle, by_day, a_day) < people else (low, middle)
    return low
