"""The statistics against numbers that other packages gave (gbstats, statsmodels, scipy)."""

from __future__ import annotations

import numpy as np
import pytest

from dure.experiments.api import (
    Arm,
    anytime,
    anytime_p,
    balance,
    compare,
    describe,
    newcombe,
    people_needed,
    wilson,
    z_test,
)

CONTROL, TREATED = Arm(10_000, 1000), Arm(10_000, 1080)


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-6)


def test_two_proportions_equal_statsmodels() -> None:
    z, p = z_test(CONTROL, TREATED) or (0, 0)
    assert z == near(1.85312323)
    assert p == near(0.06386469)
    assert z * z == pytest.approx(3.43406593, abs=1e-5)  # scipy's chi-square without correction
    interval = newcombe(CONTROL, TREATED)
    assert interval is not None
    assert (interval.low, interval.high) == (near(-0.00046287), near(0.01646584))


def test_small_segments_have_wilson_and_newcombe_intervals() -> None:
    one = wilson(Arm(200, 7))
    both = newcombe(Arm(200, 7), Arm(200, 18))
    assert one is not None
    assert both is not None
    assert (one.low, one.high) == (near(0.01705554), near(0.07047061))
    assert (both.low, both.high) == (near(0.00701807), near(0.10602516))


@pytest.mark.parametrize(
    ("treated", "tuned_for", "low", "high", "p"),
    [
        (1080, 5_000, -0.00549871, 0.02149871, 1.0),
        (1080, 20_000, -0.00510198, 0.02110198, 0.65044557),
        (1200, 5_000, 0.00616981, 0.03383019, 0.000283495),
    ],
)
def test_always_valid_interval_equals_gbstats(treated: int, tuned_for: int, low: float, high: float, p: float) -> None:
    arms = CONTROL, Arm(10_000, treated)
    interval = anytime(*arms, tuned_for=tuned_for)
    assert interval is not None
    assert (interval.low, interval.high) == (near(low), near(high))
    assert anytime_p(*arms, tuned_for=tuned_for) == near(p)


def test_looking_twenty_times_keeps_the_error_rate_that_fixed_tests_lose() -> None:
    rng = np.random.default_rng(20240601)
    runs, looks, a_look = 1000, 20, 500
    a, b = (np.cumsum(rng.binomial(a_look, 0.1, (runs, looks)), axis=1) for _ in range(2))
    naive = steady = 0
    for run in range(runs):
        fixed = always = False
        for look in range(looks):
            arms = Arm((look + 1) * a_look, int(a[run, look])), Arm((look + 1) * a_look, int(b[run, look]))
            fixed |= (z_test(*arms) or (0, 1))[1] < 0.05
            always |= not (anytime(*arms) or pytest.fail("no interval")).holds(0)
        naive += fixed
        steady += always
    assert naive / runs > 0.2
    assert steady / runs <= 0.05


@pytest.mark.parametrize(
    ("people", "shares", "p"),
    [
        ((5000, 5200), (0.5, 0.5), 0.0476703807),
        ((10_000, 10_000), (0.5, 0.5), 1.0),
        ((9000, 1100), (0.9, 0.1), 0.0028347491),
        ((50_100, 49_100), (0.5, 0.5), 0.0014983486),
        ((3300, 3400, 3300), (1 / 3, 1 / 3, 1 / 3), 0.3678794412),
    ],
)
def test_sizes_are_checked_against_the_plan(people: tuple[int, ...], shares: tuple[float, ...], p: float) -> None:
    assert balance(people, shares) == near(p)


def test_chi_square_with_three_degrees_of_freedom() -> None:
    # 7.8147279 is the 95 % point of chi-square with three degrees of freedom.
    assert balance((100, 100, 100, 100), (0.25,) * 4) == near(1.0)
    from dure.experiments.balance import chi_square_tail

    assert chi_square_tail(7.814727903251179, 3) == near(0.05)
    assert chi_square_tail(9.487729036781154, 4) == near(0.05)


def test_people_needed_is_the_closed_form() -> None:
    assert people_needed(0.10, 0.11) == 14_749
    assert people_needed(0.1, 0.1) is None


def test_degenerate_halves_give_no_estimate_and_no_verdict() -> None:
    everybody = compare(Arm(100, 100), Arm(100, 100))
    assert (everybody.relative, everybody.z, everybody.p, everybody.verdict) == (None, None, None, "nothing")
    nobody = compare(Arm(100, 0), Arm(100, 5))
    assert (nobody.relative, nobody.verdict) == (None, "nothing")
    empty = compare(Arm(0, 0), Arm(0, 0))
    assert (empty.difference, empty.interval, empty.verdict) == (None, None, "nothing")
    for comparison in (everybody, nobody, empty):
        assert "nothing can be said yet" in describe(comparison)["en"].lower()
        assert "아직 아무 말도 할 수 없습니다" in describe(comparison)["ko"]


def test_a_holdout_of_a_tenth() -> None:
    seen = compare(Arm(10_000, 2000), Arm(90_000, 18_900), share=0.1)
    assert seen.difference == near(0.01)
    assert seen.relative == near(0.05)
    assert seen.balance == near(1.0)
    assert seen.verdict == "leaning"


def test_the_verdict_needs_an_interval_that_survives_many_looks() -> None:
    assert compare(CONTROL, Arm(10_000, 1200)).verdict == "better"
    assert compare(Arm(10_000, 1200), CONTROL).verdict == "worse"
    assert compare(CONTROL, TREATED).verdict == "nothing"


def test_unequal_halves_are_said_before_anything_else() -> None:
    seen = compare(Arm(5000, 500), Arm(6000, 900))
    assert seen.verdict == "unbalanced"
    assert "nothing may be read" in describe(seen)["en"]


def test_the_sentence_names_both_halves() -> None:
    text = describe(compare(CONTROL, Arm(10_000, 1200)))
    assert text["en"].startswith("12.0% of 10,000 who got it against 10.0% of 10,000 held back: +2.0 points")
    assert "받은 쪽은 10,000명 중 12.0%" in text["ko"]
