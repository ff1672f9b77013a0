"""The formulas of deal health, by cases that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dure.deals.health.model import Health, Norms, Signals
from dure.deals.health.parts import band_of
from dure.deals.health.rules import WEIGHTS, health_of, momentum_rank
from dure.kernel.asking import asks

WELL = Signals(
    "006x", age_days=20, stage="Proposal", probability=50, stage_days=7, momentum=12, theirs=10, ours=12,
    ever_theirs=20, people=3, roles=2, decision_maker=True, latency_now=4, latency_before=4, step="dated",
)  # fmt: skip
_MOMENTA = tuple(float(one) for one in range(20))
USUAL = Norms({"Proposal": 14.0}, {7: _MOMENTA, 30: _MOMENTA})


def part(found: Health, name: str) -> float | None:
    return next(one.value for one in found.parts if one.name == name)


def test_weights_make_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_a_lively_deal_with_nothing_wrong_loses_only_what_its_momentum_lacks() -> None:
    found = health_of(WELL, USUAL)
    assert part(found, "momentum") == pytest.approx(13 / 20)
    assert found.score == round(100 - 25 * (1 - 13 / 20))
    assert (found.band, found.reasons) == ("good", ("momentum",))


def test_a_deal_is_not_judged_in_its_first_three_days() -> None:
    found = health_of(replace(WELL, age_days=2.9), USUAL)
    assert (found.score, found.band, found.why) == (None, None, "young")


def test_what_is_not_known_counts_neither_for_nor_against() -> None:
    silent = Signals("006x", age_days=20, stage="Proposal", probability=50, stage_days=7, momentum=10, step="dated")
    found = health_of(silent, Norms())
    assert {one.name for one in found.parts if one.value is None} == {
        "threads", "stage_age", "questions", "latency", "balance",
    }  # fmt: skip
    assert found.score == 100


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [({"people": 1}, "threads", 0.35), ({"people": 0}, "threads", 0.0),
     ({"people": 2, "decision_maker": False}, "threads", 0.5), ({"ever_theirs": 0, "roles": 2}, "threads", 0.75),
     ({"stage_days": 24.5}, "stage_age", 0.5), ({"stage_days": 14}, "stage_age", 1.0), ({"slips": 2}, "slips", 0.3),
     ({"overdue_days": 7}, "overdue", 0.2), ({"overdue_days": 30}, "overdue", 0.0),
     ({"open_questions": 1}, "questions", 0.5), ({"latency_now": 8}, "latency", 0.5),
     ({"latency_now": 2}, "latency", 1.0), ({"theirs": 3, "ours": 12}, "balance", 0.5),
     ({"theirs": 1, "ours": 1}, "balance", None), ({"step": "written"}, "next_step", 0.5),
     ({"step": ""}, "next_step", 0)],
)  # fmt: skip
def test_each_part_by_its_formula(change: dict[str, object], name: str, value: float | None) -> None:
    found = part(health_of(replace(WELL, **change), USUAL), name)  # type: ignore[arg-type]
    assert found == (None if value is None else pytest.approx(value))


def test_a_stage_is_stalled_when_it_lasts_and_momentum_is_among_the_lowest_quarter() -> None:
    slow = replace(WELL, stage_days=22, momentum=2)
    assert part(health_of(slow, USUAL), "stage_age") == 0
    assert part(health_of(replace(slow, momentum=15), USUAL), "stage_age") == pytest.approx((2.5 - 22 / 14) / 1.5)


def test_momentum_is_ranked_among_won_deals_as_long_in_their_stage_and_not_among_too_few() -> None:
    assert momentum_rank(4.0, 8, USUAL) == pytest.approx(5 / 20)
    assert momentum_rank(4.0, 70, USUAL) is None
    assert momentum_rank(4.0, 7, Norms({}, {7: (1.0,) * 9})) is None


def test_the_three_parts_that_cost_most_are_the_reasons() -> None:
    bad = replace(WELL, momentum=0, people=1, overdue_days=20, slips=1, step="")
    found = health_of(bad, USUAL)
    assert found.reasons == ("momentum", "overdue", "threads")
    assert found.band == band_of(found.score or 0) == "fair"


@pytest.mark.parametrize(
    "text",
    [
        "견적 언제 받을 수 있을까요?",
        "계약서 초안 보내 주세요",
        "Could you send the rate card",
        "확인 부탁드립니다",
        "any update",
    ],
)
def test_a_message_that_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["네, 감사합니다", "We signed it today.", "내일 뵙겠습니다"])
def test_a_message_that_asks_nothing(text: str) -> None:
    assert not asks(text)
