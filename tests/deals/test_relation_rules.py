"""The formulas of a relationship's standing, by cases that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dure.deals.relations.model import Measures, Peers
from dure.deals.relations.rules import WEIGHTS, peer_rank, standing_of

WELL = Measures(
    "001x", age_days=200, momentum=10, weeks=(10.0,) * 13, theirs=20, ours=20, ever_theirs=120, people=3,
    latency_now=4, latency_before=4, touch_days=1,
)  # fmt: skip
USUAL = Peers({180: tuple(float(one) for one in range(4, 14))})


def test_weights_make_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_a_steady_relationship_loses_only_what_it_lacks_beside_others() -> None:
    found = standing_of(WELL, USUAL)
    assert (found.score, found.band, found.reasons) == (round(100 - 15 * (1 - 7 / 10)), "good", ("peers",))
    assert standing_of(WELL, Peers()).score == 100


@pytest.mark.parametrize(
    ("change", "why"),
    [({"age_days": 13.9}, "young"), ({"age_days": 14}, ""), ({"ever_theirs": 9}, "quiet_data"),
     ({"ever_theirs": 10}, ""), ({"age_days": 1, "ever_theirs": 0}, "young")],
)  # fmt: skip
def test_it_is_refused_before_there_is_enough(change: dict[str, Any], why: str) -> None:
    found = standing_of(replace(WELL, **change), USUAL)
    assert (found.why, found.score is None, found.band is None) == (why, bool(why), bool(why))


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [({"momentum": 5.0}, "momentum", 0.5), ({"momentum": 20.0}, "momentum", 1.0), ({"momentum": -3.0}, "momentum", 0.0),
     ({"weeks": (None,) * 10 + (10.0,) * 3}, "momentum", None), ({"weeks": (0.0,) * 13}, "momentum", None),
     ({"people": 1}, "threads", 0.35), ({"people": 0}, "threads", 0.0), ({"people": 2}, "threads", 0.75),
     ({"open_questions": 1}, "questions", 0.5), ({"latency_now": 8}, "latency", 0.5),
     ({"latency_before": None}, "latency", None), ({"theirs": 5}, "balance", 0.5),
     ({"touch_days": 26}, "last_touch", 0.5), ({"touch_days": 60}, "last_touch", 0.0),
     ({"momentum": 2.0}, "peers", 0.0)],
)  # fmt: skip
def test_each_part(change: dict[str, Any], name: str, value: float | None) -> None:
    found = standing_of(replace(WELL, **change), USUAL)
    part = next(one for one in found.parts if one.name == name)
    assert (part.value, part.weight) == (None if value is None else pytest.approx(value), WEIGHTS[name])


def test_other_accounts_are_compared_at_the_nearest_age_and_only_eight_or_more() -> None:
    assert peer_rank(7, 150, USUAL) == (0.4, 10)
    assert peer_rank(7, 60, USUAL) == (None, 0)
    assert peer_rank(7, 180, Peers({180: (1.0,) * 7})) == (None, 7)


def test_a_silent_relationship_is_poor_and_says_why() -> None:
    found = standing_of(
        replace(WELL, momentum=0.5, theirs=1, ours=9, people=0, open_questions=2, touch_days=28), USUAL
    )  # fmt: skip
    assert (found.band, found.reasons) == ("poor", ("momentum", "peers", "threads"))
