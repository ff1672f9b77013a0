"""The rule language: refusals name their place, every kind is told in both languages, metrics and campaigns unfold."""

from __future__ import annotations

from typing import Any

import pytest

from dure.kernel.errors import Invalid
from dure.segments.model import All, Amount, Did, In, Metric
from dure.segments.reading import read_rule
from dure.segments.rules import as_json, unfold
from dure.segments.words import Names, in_words
from tests.segments.stream import RULES

NAMES = Names({"s-1": {"ko": "단골", "en": "Regulars"}}, {"gifts": {"ko": "선물", "en": "Gifts"}})
X = {"kind": "did", "event": "X"}


def refused(rule: object) -> str:
    with pytest.raises(Invalid) as error:
        read_rule(rule)
    return error.value.field or ""


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"kind": "all", "of": [X, {"kind": "not", "of": {**X, "within": "soon"}}]}, "rule.of[1].of.within"),
        ({"kind": "any", "of": [{"kind": "all", "of": []}, X]}, "rule.of[0]"),
        ({**X, "at_least": 3, "at_most": 2}, "rule.at_most"),
        ({**X, "where": [{"prop": "a", "op": "=", "value": 1}, {"prop": "a.", "op": "set"}]}, "rule.where[1].prop"),
        ({**X, "where": [{"prop": "a", "op": "="}]}, "rule.where[0].value"),
        ({"kind": "last_seen"}, "rule.over"),
        ({"kind": "first_seen", "over": "7d", "under": "1d"}, "rule.over"),
        ({"kind": "frequency", "event": "X", "periods": 60}, "rule.periods"),
        ({"kind": "amount", "event": "X", "prop": "`", "value": 1}, "rule.prop"),
        ({"kind": "sequence", "steps": [{"event": "X"}]}, "rule.steps"),
        ({"kind": "sequence", "steps": [{"event": "X"}, {"event": " "}]}, "rule.steps[1].event"),
        ({"kind": "sequence", "steps": [{"event": "X"}, {"event": "Y"}], "span": "0d"}, "rule.span"),
        ({"kind": "share", "share": 0.6, "start": 0.5}, "rule.start"),
        ({"kind": "share", "share": 0}, "rule.share"),
        ({"kind": "metric", "metric": "", "value": 1}, "rule.metric"),
        ({"kind": "campaign", "what": "liked"}, "rule.what"),
        ({"kind": "any", "of": [X] * 51}, "rule"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_place(rule: dict[str, Any], field: str) -> None:
    assert refused(rule) == field


def test_groups_lie_only_so_deep() -> None:
    rule: dict[str, Any] = X
    for _ in range(2_000):
        rule = {"kind": "not", "of": rule}
    assert refused(rule) == "rule"


@pytest.mark.parametrize(
    ("rule", "ko", "en"),
    [
        ({**X, "at_least": 2, "at_most": 2, "within": "7d"},
         "최근 7일 동안 ‘X’ 2번", "did “X” exactly 2 times in the last 7 days"),
        ({"kind": "first_seen", "event": "X", "under": "7d", "where": [{"prop": "plan", "value": "pro"}]},
         "첫 ‘X’ (plan = pro): 7일 이내", "first “X” (plan is pro) within 7 days"),
        ({"kind": "frequency", "event": "X", "at_least": 2.5},
         "최근 4주 동안 ‘X’ 한 주 평균 2.5번 이상",
         "did “X” at least 2.5 times a week on average over the last 4 weeks"),
        ({"kind": "frequency", "event": "*", "per": "day", "periods": 7, "every": True},
         "최근 7일 동안 활동 하루마다 빠짐없이 1번 이상",
         "was active at least 1 time in every day over the last 7 days"),
        ({"kind": "amount", "event": "Gift Sent", "prop": "coins", "value": 5000, "within": "28d"},
         "최근 28일 동안 ‘Gift Sent’의 coins 합계 ≥ 5,000",
         "sum of coins over “Gift Sent” ≥ 5,000 in the last 28 days"),
        ({"kind": "sequence", "steps": [{"event": "A"}, {"event": "B"}], "without": [{"event": "C"}], "span": "1d"},
         "‘A’ → ‘B’ 차례로, 1일 안에, 그 사이 ‘C’ 없음", "did “A”, then “B” within 1 day without “C” between"),
        ({"kind": "trait", "of": "account", "prop": "tier", "value": "gold"},
         "고객사의 tier = gold", "account’s tier is gold"),
        ({"kind": "metric", "metric": "gifts", "value": 3, "within": "7d"},
         "최근 7일 동안 지표 ‘선물’ ≥ 3", "metric “Gifts” ≥ 3 in the last 7 days"),
        ({"kind": "campaign", "what": "held", "within": "30d"},
         "최근 30일 동안 아무 캠페인: 대조군으로 보류됨",
         "was held back by any campaign as its control in the last 30 days"),
        ({"kind": "share", "share": 0.125, "seed": "spring"},
         "무작위 12.5% (제비 ‘spring’)", "a random 12.5% (lot “spring”)"),
        ({"kind": "not", "of": {"kind": "in", "segment": "s-1"}},
         "아님: 세그먼트 ‘단골’에 있음", "not: is in “Regulars”"),
    ],
)  # fmt: skip
def test_rules_are_told_in_words(rule: dict[str, Any], ko: str, en: str) -> None:
    assert in_words(read_rule(rule), NAMES) == {"ko": ko, "en": en}


def test_every_rule_is_read_from_what_it_is_written_as() -> None:
    for rule in RULES:
        assert read_rule(as_json(read_rule(rule))) == read_rule(rule)
        assert all(in_words(read_rule(rule), NAMES).values())


GIFTS = {"question": {"kind": "trend", "series": [{"event": "Gift Sent", "math": "count"}]}, "reading": {"series": 0}}
COINS = {"question": {"kind": "trend", "where": [{"prop": "app", "value": "ios"}], "segment": "s-1", "series": [
    {"event": "Gift Sent", "math": "sum", "prop": "coins", "where": [{"prop": "live", "value": True}]}]},
    "reading": {"series": 0}}  # fmt: skip
PEOPLE = {"question": {"kind": "trend", "series": [{"event": "Gift Sent", "math": "people"}]}, "reading": {}}


def unfolded(rule: Metric, metric: dict[str, Any]) -> Any:
    return unfold(rule, {"s-1": Did("Y")}.get, {"m": metric}.get)


def test_a_metric_becomes_the_events_it_is_made_of() -> None:
    assert unfolded(Metric("m", 2.5), GIFTS) == Did("Gift Sent", (), "28d", None, "times", 3)
    assert unfolded(Metric("m", 2, "<="), GIFTS) == Did("Gift Sent", (), "28d", None, "times", 0, 2)
    assert unfolded(Metric("m", 2, "<", within=None), GIFTS) == Did("Gift Sent", (), None, None, "times", 0, 1)
    coins = unfolded(Metric("m", 50), COINS)
    assert isinstance(coins, All)
    amount, of_segment = coins.of
    assert isinstance(amount, Amount)
    assert [where.prop for where in amount.where] == ["live", "app"]
    assert of_segment == Did("Y")
    for impossible in (PEOPLE, {"question": {"kind": "funnel", "steps": []}, "reading": {}}):
        with pytest.raises(Invalid) as error:
            unfolded(Metric("m", 1), impossible)
        assert error.value.field == "rule.metric"


def test_campaigns_become_the_events_they_wrote() -> None:
    rule = read_rule({"kind": "campaign", "what": "clicked", "campaign": "c-1", "within": "7d"})
    made = unfold(rule, {}.get, {}.get)
    assert isinstance(made, Did)
    assert (made.event, [where.value for where in made.where], made.within) == ("Message Clicked", ["c-1"], "7d")


def test_a_circle_is_refused_wherever_it_closes() -> None:
    with pytest.raises(Invalid, match="part of itself"):
        unfold(In("a"), {"a": In("b"), "b": All((Did("X"), In("a")))}.get, {}.get)
