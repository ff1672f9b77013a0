"""Two halves side by side: what is said of them, and when nothing may be said. The numbers are in `test_cases`."""

from __future__ import annotations

import pytest

from dure.experiments.api import (
    HANDED_OVER,
    Arm,
    balance,
    compare,
    describe,
    people_needed,
)
from dure.experiments.statistics.balance import chi_square_tail

CONTROL, TREATED = Arm(10_000, 1000), Arm(10_000, 1080)


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-6)


def test_chi_square_with_three_degrees_of_freedom() -> None:
    # 7.8147279 is the 95 % point of chi-square with three degrees of freedom.
    assert balance((100, 100, 100, 100), (0.25,) * 4) == near(1.0)
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


def test_a_rare_outcome_says_so_and_claims_nothing_of_its_interval() -> None:
    seen = compare(Arm(1_106, 6), Arm(1_053, 0))
    assert seen.interval is not None
    assert not seen.interval.holds(0)
    assert seen.verdict == "nothing"
    assert "too few people" in describe(seen)["en"]
    assert "holds zero" not in describe(seen)["en"]
    assert "0을 포함" not in describe(seen)["ko"]


def test_the_sentence_names_both_halves() -> None:
    text = describe(compare(CONTROL, Arm(10_000, 1200)))
    assert text["en"].startswith("12.0% of 10,000 who got it against 10.0% of 10,000 held back: +2.0 points")
    assert "받은 쪽은 10,000명 중 12.0%" in text["ko"]


def test_of_a_handover_nobody_is_said_to_have_got_anything() -> None:
    for treated in (Arm(10_000, 1200), Arm(10_000, 800), Arm(10_000, 1001)):
        text = describe(compare(CONTROL, treated), HANDED_OVER)
        assert "10,000 to act on against" in text["en"]
        assert "대상은 10,000명 중" in text["ko"]
        for word in ("got it", "message", "받은", "메시지"):
            assert word not in text["en"] + text["ko"]
