"""How far ends lie from forecasts, where some flights were stopped before they got as far as they would have."""

from __future__ import annotations

import numpy as np
import pytest

from dure.pacing.odds import Odds

SHARES = (0.1, 0.5, 0.9)


def row(odds: Odds, gone: float = 0.5, *, short: bool = False) -> np.ndarray:
    return odds.tables(np.array([gone]), np.array([short]))


def test_before_anything_has_ended_distances_are_normal() -> None:
    plain = row(Odds.plain())
    assert [float(Odds.at(share, plain)[0]) for share in SHARES] == pytest.approx([-1.2816, 0, 1.2816], abs=0.01)
    assert float(Odds.below(np.array([1.2816]), plain)[0]) == pytest.approx(0.9, abs=0.002)
    assert row(Odds.learned([(0.5, False, 9.0, False)] * 5)).tolist() == plain.tolist()


def test_flights_that_were_stopped_count_as_having_come_at_least_so_far() -> None:
    """True distances are normal and twice as wide; whatever lies above one is seen only as one."""
    rng = np.random.default_rng(3)
    true = rng.normal(0, 2, 6_000)
    seen = [(0.5, False, float(min(one, 1.0)), bool(one > 1.0)) for one in true]
    learned = row(Odds.learned(seen))
    assert float(Odds.at(0.1, learned)[0]) == pytest.approx(-2.56, abs=0.1)
    assert float(Odds.below(np.array([-1.0]), learned)[0]) == pytest.approx(0.309, abs=0.02)
    # Taken at their word, the stopped ones would make the end at one the surest of all.
    naive = row(Odds.learned([(gone, short, z, False) for gone, short, z, _ in seen]))
    assert float(Odds.at(0.9, naive)[0]) == pytest.approx(1.0, abs=0.05)
    assert float(Odds.at(0.9, learned)[0]) > 1.2


def test_short_flights_and_parts_of_the_flight_have_tables_of_their_own() -> None:
    rng = np.random.default_rng(4)
    seen = [(0.2, True, float(one) + 3, False) for one in rng.normal(0, 1, 400)]
    seen += [(0.9, True, float(one), False) for one in rng.normal(0, 1, 400)]
    seen += [(0.9, False, float(one) - 3, False) for one in rng.normal(0, 1, 400)]
    odds = Odds.learned(seen)
    middles = [
        float(Odds.at(0.5, row(odds, gone, short=short))[0]) for gone, short in ((0.2, True), (0.9, True), (0.9, False))
    ]
    assert middles == pytest.approx([3, 0, -3], abs=0.6)
    again = Odds.from_json(odds.as_json())
    assert again is not None
    assert np.allclose(again.table, odds.table, atol=1e-5)


def test_something_of_another_shape_is_not_read() -> None:
    assert [Odds.from_json(body) for body in (None, [], [[1.0]], {"table": 1})] == [None] * 4
