"""Exact p-values against published ones, and what many tests find where there is nothing."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from dure.metrics.kinds.association import Table, corrected, fisher

# The four cells: with and reached, with and not, without and reached, without and not.
PUBLISHED = [
    ((3, 1, 1, 3), 0.485714),  # Fisher's lady tasting tea, The Design of Experiments (1935)
    ((10, 3, 2, 15), 0.000537),  # Fisher's twins of criminals (1935)
    ((8, 2, 1, 5), 0.034965),  # oceans and whales, the example of SciPy's manual
    ((1, 9, 11, 3), 0.002759),  # men, women and studying, the example of Wikipedia's article
]


@pytest.mark.parametrize(("cells", "p"), PUBLISHED)
def test_published_p_values(cells: tuple[int, int, int, int], p: float) -> None:
    assert fisher(table(*cells)) == pytest.approx(p, abs=6e-7)


def test_every_small_table_against_fractions() -> None:
    for total in range(2, 12):
        for people in range(1, total):
            for reached in range(total + 1):
                for both in range(max(0, people + reached - total), min(people, reached) + 1):
                    small = Table(both, people, reached, total)
                    assert fisher(small) == pytest.approx(float(exactly(small))), small


def exactly(small: Table) -> Fraction:
    ways = {
        k: comb(small.reached, k) * comb(small.total - small.reached, small.people - k)
        for k in range(max(0, small.people + small.reached - small.total), min(small.people, small.reached) + 1)
    }
    return Fraction(sum(n for n in ways.values() if n <= ways[small.both]), sum(ways.values()))


def test_a_large_table_against_its_exact_fraction() -> None:
    large = Table(both=530, people=1000, reached=4900, total=10_000)
    assert fisher(large) == pytest.approx(float(exactly(large)), rel=1e-9)


def test_half_a_million_people_are_no_harder() -> None:
    even = Table(both=62_500, people=250_000, reached=125_000, total=500_000)
    assert fisher(even) == pytest.approx(1)
    assert fisher(Table(63_250, 250_000, 125_000, 500_000)) == pytest.approx(9.7e-7, rel=0.1)
    assert fisher(Table(100_000, 250_000, 125_000, 500_000)) == 0


def test_few_against_many_is_not_taken_for_impossible() -> None:
    # Four of five who did it, where one in a hundred thousand is expected: far in deviations, yet a real chance.
    assert fisher(Table(4, 5, 10, 1_000_000)) == pytest.approx(5 * 210 * 24 / 1e24, rel=1e-3)


def test_odds_and_lift() -> None:
    assert table(8, 2, 1, 5).odds_ratio == 20
    assert table(8, 2, 1, 5).lift == pytest.approx(0.8 / (9 / 16))
    assert table(3, 0, 1, 4).odds_ratio == pytest.approx(3.5 * 4.5 / (0.5 * 1.5))
    assert table(0, 3, 0, 4).lift is None


def test_the_correction_of_benjamini_and_hochbergs_own_example() -> None:
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    found = corrected(p)
    assert sum(one <= 0.05 for one in found) == 4
    assert found[0] == pytest.approx(0.0015)
    assert found[3] == pytest.approx(0.035625)
    assert found[4] == pytest.approx(0.0603)
    assert corrected([0.04, 0.01, 0.03]) == [0.04, 0.03, 0.04]
    assert corrected([]) == []


def test_where_there_is_nothing_one_in_twenty_looks_found_and_hardly_any_stays() -> None:
    chance = np.random.default_rng(20261126)
    raw, kept = [], 0
    for _ in range(100):
        p = []
        for _ in range(60):
            people = int(chance.integers(200, 1800))
            both = int(chance.hypergeometric(600, 1400, people))
            p.append(fisher(Table(both, people, 600, 2000)))
        raw += p
        kept += any(one < 0.05 for one in corrected(p))
    # An exact test keeps a little below its level, because counts are whole.
    assert 0.03 < sum(one < 0.05 for one in raw) / len(raw) < 0.055
    assert kept <= 10


def table(both: int, only: int, without: int, neither: int) -> Table:
    return Table(both, both + only, both + without, both + only + without + neither)
