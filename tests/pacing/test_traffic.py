"""The calendar and the hours: what is learned of them and what it does to a forecast."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from dure.pacing.curve import Curve, Flight, learn, nothing_learned
from dure.pacing.forecast import Ask, pace_many
from dure.pacing.traffic import country_of, days_off


def test_a_zone_knows_its_countrys_holidays() -> None:
    assert [country_of(zone) for zone in ("Asia/Seoul", "America/New_York", "UTC", "Mars/Olympus")] == [
        "KR", "US", "", "",
    ]  # fmt: skip
    assert date(2026, 10, 9) in days_off("KR", [2026])  # Hangul Day
    assert date(2026, 11, 26) in days_off("US", [2026])
    assert days_off("", [2026]) == frozenset()


def holidays_flights(country: str) -> Curve:
    """Flights over half a year in which Korea's holidays bring half of the usual day."""
    off, rng = days_off("KR", [2026]), np.random.default_rng(8)
    made = []
    for n in range(24):
        start = date(2026, 1, 5) + timedelta(days=6 * n)
        dates = [start + timedelta(days=day) for day in range(28)]
        usual = np.array([0.5 if day in off else 1.0 for day in dates])
        made.append(Flight(start, 1000 * usual * np.exp(rng.normal(0, 0.04, 28))))
    return learn(made, country=country)


def test_a_holiday_to_come_is_expected_to_be_like_those_that_were() -> None:
    knows, ignores = holidays_flights("KR"), holidays_flights("")
    assert -0.7 < knows.holiday < -0.3
    assert ignores.holiday == 0
    ask = Ask(date(2026, 9, 7), date(2026, 10, 9), 1, np.full(17, 1000.0))  # Chuseok is September 24 to 26
    with_, without = (pace_many([ask], curve)[0] for curve in (knows, ignores))
    feast = (date(2026, 9, 25) - date(2026, 9, 24)).days
    assert with_.expected[feast] < without.expected[feast] * 0.75
    assert with_.expected[8] == pytest.approx(without.expected[8], rel=0.1)


def test_hours_are_learned_by_weekday_and_drawn_to_the_week_where_little_was_seen() -> None:
    seen = np.zeros((7, 24))
    seen[:5, 9:18] = 1000
    seen[5, 20] = 10
    seen[:4] += 1
    curve = learn([], seen)
    monday, saturday, sunday = (float(curve.hours_on(date(2026, 11, day))[20:].sum()) for day in (2, 7, 8))
    assert monday == pytest.approx(0, abs=0.02)
    assert saturday < 0.1
    assert sunday == pytest.approx(float(curve.hours[20:].sum()), abs=1e-9)
    assert nothing_learned().hours_on(date(2026, 11, 2))[18:].sum() == pytest.approx(0.25)


def test_a_curve_is_read_back_as_it_was_kept() -> None:
    curve = holidays_flights("KR")
    again = Curve.from_json(curve.as_json())
    assert again.as_json() == curve.as_json()
    old = {name: curve.as_json()[name] for name in ("weekday", "spread", "ramp", "noise", "hours", "flights")}
    assert Curve.from_json(old).odds is None
