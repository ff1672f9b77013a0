"""Every numeric reference case of experiments' statistics, C1 to C14; sources are in each test's name or beside it.

Tolerance 1e-6 for z and t results, 1e-4 for quadrature, none for hashes.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from dure.experiments.api import Arm, anytime, anytime_p, arm_of, balance, compare, newcombe, wilson, z_test
from dure.experiments.model import Interval
from dure.experiments.statistics import bayes, corrections, exact, looks, planner, sides
from dure.experiments.statistics.effect import Effect
from dure.experiments.statistics.sides import Side
from dure.experiments.statistics.sums import Sums
from dure.kernel.lots import lot, lot_v1

CONTROL, TREATED = Arm(10_000, 1000), Arm(10_000, 1080)
RATES = sides.proportion(10_000, 1000), sides.proportion(10_000, 1080)


def near(value: float, within: float = 1e-6) -> object:
    return pytest.approx(value, abs=within)


def ends(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return interval.low, interval.high


def both(of: tuple[Side, Side]) -> tuple[Effect, Effect]:
    """The absolute and the relative effect."""
    absolute, relative = sides.absolute(*of), sides.relative(*of)
    assert absolute is not None
    assert relative is not None
    return absolute, relative


# -- C1: conversion -------------------------------------------------------------


def test_c1_conversion_by_gbstats() -> None:
    absolute, relative = both(RATES)
    assert (relative.value, relative.error, relative.p) == (near(0.08), near(0.04486781), near(0.07459894))
    assert ends(relative.interval()) == (near(-0.00794461), near(0.16794461))
    assert (absolute.value, absolute.error, absolute.p) == (near(0.008), near(0.00431667), near(0.06385663))
    assert ends(absolute.interval()) == (near(-0.00046102), near(0.01646102))


def test_c1_conversion_by_statsmodels_scipy_and_spotify() -> None:
    z, p = z_test(CONTROL, TREATED) or (0, 0)
    assert (z, p) == (near(1.85312323), near(0.06386469))
    assert z * z == near(3.43406593)  # chi-square without correction
    wald = Effect(0.008, sides.absolute(*RATES).variance, math.inf, 20_000)  # type: ignore[union-attr]
    assert ends(wald.interval()) == (near(-0.00046051), near(0.01646051))
    assert wald.p == near(0.06384189)
    assert ends(newcombe(CONTROL, TREATED)) == (near(-0.00046287), near(0.01646584))
    assert exact.fisher(CONTROL, TREATED) == near(0.06723532)
    assert exact.odds_ratio(CONTROL, TREATED) == near(1.08968610)


def test_c1_conversion_as_a_mean_by_tea_tasting() -> None:
    as_means = sides.mean(Sums(10_000, 1000, 1000)), sides.mean(Sums(10_000, 1080, 1080))
    absolute, _ = both(as_means)
    assert ends(absolute.interval()) == (near(-0.00046144), near(0.01646144))
    assert absolute.p == near(0.06386990)
    assert ends(sides.log_ratio(*as_means, welch=True)) == (near(-0.00446324), near(0.17162926))


# -- C2: always valid, and a few planned looks -------------------------------------------------------------


@pytest.mark.parametrize(
    ("treated", "tuned_for", "relative", "low", "high", "p"),
    [
        (1080, 5_000, False, -0.00549871, 0.02149871, 1.0),
        (1080, 5_000, True, -0.06030675, 0.22030675, 1.0),
        (1080, 20_000, False, -0.00510198, 0.02110198, 0.65044557),
        (1080, 20_000, True, -0.05618317, 0.21618317, 0.72859395),
        (1200, 5_000, False, 0.00616981, 0.03383019, 0.00028350),
    ],
)
def test_c2_always_valid(treated: int, tuned_for: int, relative: bool, low: float, high: float, p: float) -> None:
    effect = both((RATES[0], sides.proportion(10_000, treated)))[relative]
    assert ends(effect.anytime(tuned_for=tuned_for)) == (near(low), near(high))
    assert effect.anytime_p(tuned_for=tuned_for) == near(p)
    if not relative:
        assert ends(anytime(CONTROL, Arm(10_000, treated), tuned_for=tuned_for)) == (near(low), near(high))
        assert anytime_p(CONTROL, Arm(10_000, treated), tuned_for=tuned_for) == near(p)


def test_c2_the_strong_effect_at_a_fixed_end_and_by_the_mixture_s_identity() -> None:
    absolute, _ = both((RATES[0], sides.proportion(10_000, 1200)))
    assert ends(absolute.interval()) == (near(0.01133120), near(0.02866880))
    assert absolute.p == near(6.16e-06, 1e-8)
    assert absolute.variance == near(1.956e-05, 1e-12)
    rho_square = (-2 * math.log(0.05) + math.log(-2 * math.log(0.05) + 1)) / 5000
    assert math.sqrt(rho_square) == near(0.03984006677, 1e-10)
    assert absolute.variance * 20_000 * rho_square == near(6.209247e-04, 1e-10)
    assert absolute.anytime_p() == near(0.000283495000158, 1e-12)


@pytest.mark.parametrize(
    ("information", "expected"),
    [
        ((0.25, 0.5, 0.75, 1.0), (2.955167, 2.559321, 2.300814, 2.091913)),
        ((0.2, 0.4, 0.6, 0.8, 1.0), (3.090232, 2.714078, 2.472737, 2.279811, 2.113968)),
        ((1.0,), (1.959964,)),
    ],
)
def test_c2_group_sequential_bounds(information: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert looks.bounds(information) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("look", "people", "control", "treated", "low", "high"),
    [
        (0, 2500, 250, 280, -0.013726, 0.037726),
        (1, 5000, 505, 552, -0.006336, 0.025136),
        (2, 7500, 752, 820, -0.002440, 0.020574),
        (3, 10_000, 1000, 1080, -0.001030, 0.017030),
    ],
)
def test_c2_group_sequential_intervals(
    look: int, people: int, control: int, treated: int, low: float, high: float
) -> None:
    absolute, _ = both((sides.proportion(people, control), sides.proportion(people, treated)))
    adjusted = absolute.within(looks.bounds((0.25, 0.5, 0.75, 1.0))[look])
    assert ends(adjusted) == (near(low, 1e-4), near(high, 1e-4))


def _looked_at(lifted: float) -> dict[str, float]:
    """Shares of 4,000 runs that find something: at any of twenty looks by z, at the end, always-valid at any look."""
    rng = np.random.default_rng(20240601)
    runs, count, a_look = 4000, 20, 500
    people = np.arange(1, count + 1) * a_look
    a = np.cumsum(rng.binomial(a_look, 0.1, (runs, count)), axis=1) / people
    b = np.cumsum(rng.binomial(a_look, lifted, (runs, count)), axis=1) / people
    pooled = (a + b) / 2
    z = np.abs(b - a) / np.sqrt(2 * pooled * (1 - pooled) / people)
    variance = (a * (1 - a) + b * (1 - b)) / people
    # The interval's width is linear in the standard error, so one call a look serves all runs.
    unit = np.array([Effect(0, 1.0, math.inf, int(2 * n)).anytime().high for n in people])
    steady = np.abs(b - a) > unit * np.sqrt(variance)
    return {
        "any": (z > 1.959964).any(axis=1).mean(), "end": (z[:, -1] > 1.959964).mean(),
        "steady": steady.any(axis=1).mean(),
    }  # fmt: skip


def test_c2_peeking_costs_the_fixed_test_its_error_rate_and_not_the_always_valid_one() -> None:
    seen = _looked_at(0.1)
    assert seen["any"] > 0.2
    assert seen["any"] == pytest.approx(0.239, abs=0.02)
    assert seen["end"] == pytest.approx(0.0505, abs=0.012)
    assert seen["steady"] <= 0.05
    assert seen["steady"] == pytest.approx(0.01325, abs=0.006)


def test_c2_power_at_twenty_percent_more() -> None:
    seen = _looked_at(0.12)
    assert seen["end"] == pytest.approx(0.995, abs=0.01)
    assert seen["steady"] == pytest.approx(0.948, abs=0.02)


# -- C3 to C5: means, CUPED, ratios -------------------------------------------------------------

MEANS = sides.mean(Sums(5000, 20_000, 130_000)), sides.mean(Sums(5200, 21_632, 145_600))


def test_c3_a_mean_by_welch() -> None:
    absolute, relative = both(MEANS)
    assert (MEANS[0].variance, MEANS[1].variance) == (near(10.0020004), near(10.6964570))
    assert (absolute.value, absolute.freedom) == (near(0.16), near(10197.6732753, 1e-5))
    assert ends(absolute.interval()) == (near(0.03513977), near(0.28486023))
    assert absolute.p == near(0.01202498)
    assert absolute.value / absolute.error == near(2.51186028)
    assert relative.value == near(0.04)
    assert ends(relative.interval()) == (near(0.00816323), near(0.07183677))
    assert relative.p == near(0.01380176)


def test_c3_a_guardrail_that_is_not_worse_by_more_than_its_margin() -> None:
    bound = both(MEANS)[0].above(-0.05)
    assert (bound.p, bound.low) == (near(0.00049061), near(0.05521691))


def test_c4_cuped() -> None:
    a = Sums(3000, 15_000, 87_000, x=14_900, xx=86_000, xy=83_500)
    b = Sums(3000, 15_300, 90_000, x=15_010, xx=87_000, xy=85_300)
    pair = sides.adjusted(a, b)
    slope = (5 - pair[0].mean) / (14_900 / 3000)
    assert slope == near(0.7429080722, 1e-9)
    assert (pair[0].mean, pair[1].mean) == (near(1.3102232413), near(1.3829832787))
    assert (pair[0].variance, pair[1].variance) == (near(1.7501713), near(1.8467268))
    assert (sides.mean(a).variance, sides.mean(b).variance) == (near(4.0013338), near(3.9913304))
    absolute, relative = both(pair)
    assert (relative.value, relative.p) == (near(0.01455201), near(0.03748057))
    assert ends(relative.interval()) == (near(0.00084330), near(0.02826071))
    assert (absolute.value, absolute.p) == (near(0.07276004), near(0.03565569))
    assert ends(absolute.interval()) == (near(0.00488044), near(0.14063963))
    plain = both((sides.mean(a), sides.mean(b)))[1]
    assert (plain.value, plain.p) == (near(0.02), near(0.05514825))
    assert ends(plain.interval()) == (near(-0.00044085), near(0.04044085))


def test_c5_a_ratio_by_the_delta_method() -> None:
    pair = (
        sides.ratio(Sums(4000, 12_000, 60_000, 8000, 24_000, 32_000)),
        sides.ratio(Sums(4100, 12_900, 66_000, 8250, 25_000, 34_000)),
    )
    assert (pair[0].mean, pair[1].mean) == (near(1.5), near(1.5636363636))
    assert (pair[0].variance, pair[1].variance) == (near(1.1252813203), near(1.2530725150))
    absolute, relative = both(pair)
    assert (relative.value, relative.p) == (near(0.04242424), near(0.01007735))
    assert ends(relative.interval()) == (near(0.01011272), near(0.07473576))
    assert (absolute.value, absolute.p) == (near(0.06363636), near(0.00863872))
    assert ends(absolute.interval()) == (near(0.01614520), near(0.11112753))


# -- C6: sizes -------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "shares", "p", "at_01", "at_001"),
    [
        ((5000, 5200), (0.5, 0.5), 0.0476703807, False, False),
        ((10_000, 10_000), (0.5, 0.5), 1.0, False, False),
        ((9000, 1100), (0.9, 0.1), 0.0028347491, True, False),
        ((50_100, 49_100), (0.5, 0.5), 0.0014983486, True, False),
        ((3300, 3400, 3300), (1 / 3, 1 / 3, 1 / 3), 0.3678794412, False, False),
    ],
)
def test_c6_sample_ratio_mismatch(
    people: tuple[int, ...], shares: tuple[float, ...], p: float, at_01: bool, at_001: bool
) -> None:
    found = balance(people, shares)
    assert found == near(p, 1e-9)
    assert (found < 0.01, found < 0.001) == (at_01, at_001)


@pytest.mark.parametrize(
    ("people", "alarm", "share"),
    [(10_000, 0.01, 0.5129), (10_000, 0.001, 0.5165), (100_000, 0.01, 0.5041), (100_000, 0.001, 0.5052)],
)
def test_c6_the_smallest_share_that_is_flagged(people: int, alarm: float, share: float) -> None:
    first = next(
        more for more in range(people // 2, people) if (balance((more, people - more), (0.5, 0.5)) or 1) < alarm
    )
    assert first / people == near(share, 5e-5 + 1e-9)


def test_c6_an_arm_without_a_share_takes_no_degree_of_freedom() -> None:
    assert balance((5000, 5200, 0), (0.5, 0.5, 0.0)) == balance((5000, 5200), (0.5, 0.5))


# -- C7: the Bayesian view -------------------------------------------------------------


def test_c7_the_normal_posterior_with_and_without_a_prior() -> None:
    relative = both(RATES)[1]
    open_minded, sceptic = bayes.belief(relative), bayes.belief(relative, bayes.Prior(0, 0.3))
    assert open_minded.better == near(0.96270812)
    assert ends(open_minded.interval) == (near(-0.00793928), near(0.16793928))
    assert (open_minded.risk_control, open_minded.risk_treated) == (near(0.08066841), near(0.00066841))
    assert (sceptic.expected, sceptic.better) == (near(0.07824971), near(0.96108371))
    assert ends(sceptic.interval) == (near(-0.00872226), near(0.16522168))
    assert (sceptic.risk_control, sceptic.risk_treated) == (near(0.07894393), near(0.00069422))
    less = bayes.belief(relative, less=True)
    assert (less.better, less.risk_control, less.risk_treated) == (near(0.03729188), near(0.00066841), near(0.08066841))


def test_c7_exact_chances() -> None:
    assert bayes.chances([CONTROL, TREATED])[1] == near(0.9680490781, 1e-8)
    assert bayes.chances([Arm(200, 20), Arm(200, 30)])[1] == near(0.9333052932, 1e-8)


def test_c7_the_best_of_three_and_a_bandit_s_draws() -> None:
    arms = [Arm(200, 20), Arm(200, 30), Arm(200, 24)]
    expected = (0.044381, 0.776280, 0.179339)
    assert bayes.chances(arms) == pytest.approx(expected, abs=1e-6)
    assert bayes.thompson(arms, np.random.default_rng(7)) == pytest.approx(expected, abs=0.005)


# -- C8: nothing to go by -------------------------------------------------------------


def test_c8_degenerate_arms_give_no_estimate() -> None:
    assert sides.relative(sides.proportion(100, 0), sides.proportion(100, 5)) is None
    assert sides.absolute(sides.proportion(100, 100), sides.proportion(100, 100)) is None
    for a, b in ((Arm(100, 0), Arm(100, 5)), (Arm(100, 100), Arm(100, 100)), (Arm(0, 0), Arm(0, 0))):
        seen = compare(a, b)
        assert (seen.verdict, seen.relative) == ("nothing", None)
    assert sides.absolute(sides.mean(Sums(1, 5, 25)), sides.mean(Sums(900, 5, 25))) is None
    assert sides.ratio(Sums(10, 4, 4)).variance == 0  # nothing to divide by
    assert exact.fisher(Arm(0, 0), Arm(4, 2)) is None


# -- C9: several comparisons -------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "expected", "found"),
    [
        ("bonferroni", (0.006, 0.048, 0.072, 0.246, 0.36, 1), 2),
        ("holm", (0.006, 0.04, 0.048, 0.123, 0.123, 0.2), 3),
        ("hommel", (0.006, 0.032, 0.048, 0.09, 0.12, 0.2), 3),
        ("hochberg", (0.006, 0.04, 0.048, 0.12, 0.12, 0.2), 3),
        ("bh", (0.006, 0.024, 0.024, 0.0615, 0.072, 0.2), 3),
        ("by", (0.0147, 0.0588, 0.0588, 0.150675, 0.1764, 0.49), 1),
    ],
)
def test_c9_corrections(method: corrections.Correction, expected: tuple[float, ...], found: int) -> None:
    p = [0.001, 0.008, 0.012, 0.041, 0.06, 0.2]
    adjusted = corrections.corrected(p, method)
    assert adjusted == pytest.approx(expected, abs=1e-9)
    assert sum(value <= 0.05 for value in adjusted) == found
    shuffled = corrections.corrected(p[::-1], method)
    assert shuffled == pytest.approx(expected[::-1], abs=1e-9)  # each stays with its own comparison


# -- C10: people needed -------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("arcsine", 14744.10), ("pooled", 14750.79), ("unpooled", 14748.05), ("baseline", 14127.98)],
)
def test_c10_people_for_rates(formula: planner.Formula, expected: float) -> None:
    assert planner.for_rates(0.10, 0.11, formula=formula) == near(expected, 0.005)


def test_c10_people_for_means() -> None:
    assert planner.for_t_test(0.1) == near(1570.73, 0.005)
    assert math.ceil(planner.for_means(10, 0.16) or 0) == 6132
    assert math.ceil(planner.for_rates(0.10, 0.11, formula="baseline") or 0) == 14128
    assert planner.for_rates(0.1, 0.1) is planner.for_means(10, 0) is planner.for_t_test(0) is None


# -- C11 to C14 -------------------------------------------------------------


def test_c11_a_small_segment_made_by_hand() -> None:
    assert ends(wilson(Arm(200, 7))) == (near(0.01705554), near(0.07047061))
    assert ends(exact.clopper_pearson(Arm(200, 7))) == (near(0.01418553), near(0.07078100))
    assert ends(exact.clopper_pearson(Arm(200, 0))) == (0, near(0.01827534))
    assert ends(exact.clopper_pearson(Arm(200, 200)))[1] == 1
    assert exact.fisher(Arm(200, 7), Arm(200, 18)) == near(0.03695243)
    assert exact.odds_ratio(Arm(200, 7), Arm(200, 18)) == near(2.72684454)
    assert ends(newcombe(Arm(200, 7), Arm(200, 18))) == (near(0.00701807), near(0.10602516))


def test_c12_a_holdout_of_a_tenth() -> None:
    pair = sides.proportion(10_000, 2000), sides.proportion(90_000, 18_900)
    absolute, relative = both(pair)
    assert (absolute.value, absolute.p) == (near(0.01), near(0.01793135))
    assert ends(absolute.interval()) == (near(0.00172004), near(0.01827996))
    assert (relative.value, relative.p) == (near(0.05), near(0.02349778))
    assert ends(relative.interval()) == (near(0.00673945), near(0.09326055))
    assert ends(sides.log_ratio(*pair)) == (near(0.00762256), near(0.09415970))
    assert ends(sides.fieller(*pair)) == (near(0.00829614), near(0.09493565))


def test_c13_a_quantile() -> None:
    pair = sides.quantile(11_061, 7.157987489967789, 6.94, 7.36), sides.quantile(11_174, 7.694, 7.48, 7.91)
    absolute, _ = both(pair)
    assert absolute.value == near(0.53601251)
    assert ends(absolute.interval()) == (near(0.23546848), near(0.83655654))
    assert absolute.p == near(0.00047368)


def test_c13_the_ranks_that_hold_a_quantile_s_interval() -> None:
    middle, low, high = sides.ranks(11_061, 0.9)
    assert (middle, low, high) == (9955, 9893, 10_017)
    assert sides.ranks(3, 0.9) == (3, 1, 3)


def test_c14_lots_are_growthbook_s() -> None:
    assert [lot(*of) for of in (("exp1", "user-1"), ("exp1", "user-2"), ("retention-2026", "42"), ("", "a"))] == [
        0.3993, 0.4262, 0.2605, 0.0216,
    ]  # fmt: skip
    assert lot_v1("exp1", "user-1") == 0.718


def test_c14_a_hundred_thousand_users_in_two_experiments() -> None:
    table = np.zeros((2, 2), int)
    for number in range(100_000):
        unit = str(number)
        table[arm_of("exp1", unit, (0.5, 0.5)), arm_of("exp2", unit, (0.5, 0.5))] += 1
    assert table.tolist() == [[24_992, 25_079], [24_878, 25_051]]
    assert table.sum(axis=1).tolist() == [50_071, 49_929]


def test_the_known_defect_of_the_reference_is_not_ours() -> None:
    """gbstats' upper bound of "less" is the estimate minus the width and excludes zero; it is plus the width."""
    absolute, _ = both((sides.proportion(10_000, 1000), sides.proportion(10_000, 995)))
    mirrored = Effect(-absolute.value, absolute.variance, absolute.freedom, absolute.people).above(0)
    assert (-mirrored.low, mirrored.p) == (near(0.00647, 1e-5), near(0.453, 5e-4))


# -- strata, and a plan that allows for looks -------------------------------------------------------------


def test_strata_that_arms_share_unevenly_do_not_bias_the_effect() -> None:
    # In each stratum nothing differs, but treated got more of the stratum that does well (Simpson's paradox).
    light = sides.proportion(8000, 800), sides.proportion(2000, 200)
    heavy = sides.proportion(2000, 1000), sides.proportion(8000, 4000)
    naive = sides.absolute(sides.proportion(10_000, 1800), sides.proportion(10_000, 4200))
    assert naive is not None
    assert naive.value > 0.2
    evened = [sides.pooled([(1.0, one), (1.0, other)]) for one, other in zip(light, heavy, strict=True)]
    assert [arm.mean for arm in evened] == [near(0.3), near(0.3)]
    assert [arm.people for arm in evened] == [10_000, 10_000]


def test_looking_at_any_time_is_paid_with_people() -> None:
    once = planner.for_rates(0.10, 0.11) or 0
    always = planner.with_looks(once)
    assert 1.7 < always / once < 2.1
    variance = (0.1 * 0.9 + 0.11 * 0.89) / always
    seen = Effect(0.01, variance, math.inf, int(2 * always))
    # At that size the interval's near end lies 0.84 errors above zero: four times in five it excludes zero.
    assert seen.anytime(tuned_for=int(2 * always)).low / seen.error == near(0.8416, 0.02)
