"""What would bring a line item home, and that the effect said is the forecast's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from dure.pacing.curve import Curve, nothing_learned
from dure.pacing.forecast import Ask, Pace, chance_to_miss, pace_many
from dure.pacing.remedy import ENOUGH, Kind, Remedy, Spare, needed_factor, remedies, spare

CURVE: Curve = nothing_learned()
FIRST = date(2026, 11, 2)
# Twenty days at 700 of the 1,000 a day that the goal asks for, ten to go.
SHORT = Ask(FIRST, FIRST + timedelta(days=29), 30_000, np.full(20, 700.0))


def forecast(ask: Ask) -> Pace:
    return pace_many([ask], CURVE)[0]


def of_kind(kind: Kind, found: list[Remedy]) -> Remedy:
    return next(one for one in found if one.kind == kind)


def test_a_longer_flight_is_as_many_days_longer_as_it_takes() -> None:
    found = of_kind("extend", remedies(SHORT, forecast(SHORT), CURVE))
    days = int(found.amount)
    longer, less = (forecast(replace(SHORT, end=SHORT.end + timedelta(days=n))) for n in (days, days - 1))
    assert 1 - longer.miss == pytest.approx(found.after)
    assert 1 - longer.miss >= ENOUGH > 1 - less.miss
    assert days * 700 > 30_000 * 0.99 - 30 * 700


def test_a_flight_that_may_not_be_made_longer_is_not() -> None:
    assert "extend" not in {one.kind for one in remedies(SHORT, forecast(SHORT), CURVE, most_days=0)}


def test_the_factor_to_widen_by_is_the_smallest_that_is_enough() -> None:
    soft = replace(SHORT, goal=25_000)
    found = forecast(soft)
    widen = of_kind("widen", remedies(soft, found, CURVE))
    assert widen.amount == needed_factor(soft, found, CURVE)
    assert 1 - chance_to_miss(soft, found, CURVE, factor=widen.amount) >= ENOUGH
    assert 1 - chance_to_miss(soft, found, CURVE, factor=widen.amount - 0.05) < ENOUGH
    assert widen.gain == round(25_000 - found.middle[-1])


def test_priority_promises_no_more_than_the_item_has_shown() -> None:
    days = np.concatenate([np.full(10, 1300.0), np.full(10, 700.0)])
    fell = replace(SHORT, days=days, goal=29_000)
    first = of_kind("priority", remedies(fell, forecast(fell), CURVE))
    assert 1.3 < first.amount <= 1300 / 700
    assert "priority" not in {one.kind for one in remedies(SHORT, forecast(SHORT), CURVE)}


def test_units_move_to_those_who_have_most_to_spare() -> None:
    spares = [Spare("few", 500), Spare("many", 20_000), Spare("none", 0)]
    moved = of_kind("move_budget", remedies(SHORT, forecast(SHORT), CURVE, spares=spares))
    assert moved.to == ("many",)
    assert moved.after > 0.8 > moved.before
    poor = remedies(SHORT, forecast(SHORT), CURVE, spares=[Spare("few", 10)])
    assert "move_budget" not in {one.kind for one in poor}


def test_what_is_spare_is_what_is_very_likely_left_over() -> None:
    rich = replace(SHORT, goal=15_000)
    found = spare("rich", rich, forecast(rich))
    assert found is not None
    assert 0 < found.units < 21_000 - 15_000
    assert spare("short", SHORT, forecast(SHORT)) is None


def test_an_item_that_needs_nothing_gets_nothing() -> None:
    fine = replace(SHORT, goal=18_000)
    assert remedies(fine, forecast(fine), CURVE) == []
    over = replace(SHORT, end=FIRST + timedelta(days=19))
    assert remedies(over, forecast(over), CURVE) == []


def test_one_that_stopped_is_not_promised_that_more_of_nothing_helps() -> None:
    stopped = replace(SHORT, days=np.array([1000.0] * 8 + [0.0, 0.0]))
    assert remedies(stopped, forecast(stopped), CURVE) == []
