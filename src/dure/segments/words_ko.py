"""Rules in Korean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dure.kernel.filters import Filter
from dure.segments.counted_words import counted_ko
from dure.segments.model import (
    ANYTHING,
    All,
    Amount,
    Counted,
    Did,
    Either,
    FirstSeen,
    Frequency,
    History,
    In,
    LastSeen,
    Leaf,
    Listed,
    Metric,
    Not,
    Rule,
    Selector,
    Sequence,
    Share,
    Trait,
)

Called = Callable[[str, str, str], str]

_UNITS = {"m": "분", "h": "시간", "d": "일", "w": "주"}
_OPS = {
    "=": "{p} = {v}", "!=": "{p} ≠ {v}", "in": "{p}이(가) {v} 중 하나", "not_in": "{p}이(가) {v}에 없음",
    "contains": "{p}에 {v} 포함", ">": "{p} > {v}", ">=": "{p} ≥ {v}", "<": "{p} < {v}", "<=": "{p} ≤ {v}",
    "set": "{p} 있음", "not_set": "{p} 없음",
}  # fmt: skip
_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}
_MEASURES = {"sum": "합계", "average": "평균", "min": "최솟값", "max": "최댓값"}
_PER = {"day": "하루", "week": "한 주", "month": "한 달(30일)"}
_EACH = {"day": "일", "week": "주", "month": "달(30일)"}
_HISTORY = {
    "entered": "들어옴", "got": "메시지를 받음", "opened": "메시지를 엶", "clicked": "메시지의 링크를 누름",
    "held": "대조군으로 보류됨", "skipped": "건너뜀",
}  # fmt: skip


def korean(rule: Rule, called: Called, inner: bool = False) -> str:
    if isinstance(rule, All | Either):
        joined = (" 그리고 " if isinstance(rule, All) else " 또는 ").join(
            korean(part, called, True) for part in rule.of
        )
        return f"({joined})" if inner and len(rule.of) > 1 else joined
    if isinstance(rule, Not):
        if isinstance(rule.of, Did) and rule.of.measure == "times" and (rule.of.at_least, rule.of.at_most) == (1, None):
            return _did(rule.of, called).removesuffix("1번 이상").rstrip() + " 없음"
        return f"아님: {korean(rule.of, called, True)}"
    return _KINDS[type(rule)](rule, called)


def _did(rule: Did, called: Called) -> str:  # noqa: ARG001
    return (
        f"{_window(rule)}{_what(rule)} {_many(rule.at_least, rule.at_most, '일' if rule.measure == 'days' else '번')}"
    )


def _seen(rule: LastSeen | FirstSeen, called: Called) -> str:  # noqa: ARG001
    which = "마지막" if isinstance(rule, LastSeen) else "첫"
    parts = [f"{_length(rule.over)} 넘게 지남"] if rule.over else []
    parts += [f"{_length(rule.under)} 이내"] if rule.under else []
    return f"{which} {_what(rule)}: {', '.join(parts)}"


def _frequency(rule: Frequency, called: Called) -> str:  # noqa: ARG001
    over = f"최근 {rule.periods}{_EACH[rule.per]} 동안"
    how = f"{_PER[rule.per]}마다 빠짐없이" if rule.every else f"{_PER[rule.per]} 평균"
    return f"{over} {_what(rule)} {how} {_many(rule.at_least, rule.at_most, '번')}"


def _amount(rule: Amount, called: Called) -> str:  # noqa: ARG001
    return (
        f"{_window(rule)}{_what(rule)}의 {rule.prop} {_MEASURES[rule.measure]} {_SIGNS.get(rule.op, rule.op)}"
        f" {_number(rule.value)}"
    )


def _sequence(rule: Sequence, called: Called) -> str:  # noqa: ARG001
    said = " → ".join(_what(step) for step in rule.steps)
    within = f"최근 {_length(rule.within)} 동안 " if rule.within else ""
    span = f", {_length(rule.span)} 안에" if rule.span else ""
    without = f", 그 사이 {'·'.join(_what(one) for one in rule.without)} 없음" if rule.without else ""
    return f"{within}{said} 차례로{span}{without}"


def _trait(rule: Trait, called: Called) -> str:  # noqa: ARG001
    return ("고객사의 " if rule.of == "account" else "") + filter_ko(rule.filter)


def _metric(rule: Metric, called: Called) -> str:
    sign = _SIGNS.get(rule.op, rule.op)
    return f"{_window(rule)}지표 ‘{called('metric', rule.metric, 'ko')}’ {sign} {_number(rule.value)}"


def _history(rule: History, called: Called) -> str:
    which = f"캠페인 ‘{called('campaign', rule.campaign, 'ko')}’" if rule.campaign else "아무 캠페인"
    many = "" if (rule.at_least, rule.at_most) == (1, None) else f" {_many(rule.at_least, rule.at_most, '번')}"
    return f"{_window(rule)}{which}: {_HISTORY[rule.what]}{many}"


def _share(rule: Share, called: Called) -> str:  # noqa: ARG001
    start = f", {_percent(rule.start)}부터" if rule.start else ""
    return f"무작위 {_percent(rule.share)} (제비 ‘{rule.seed}’{start})"


def _listed(rule: Listed, called: Called) -> str:
    return f"세그먼트 ‘{called('segment', rule.segment, 'ko')}’에 있음" if rule.segment else "손으로 넣고 뺀 목록"


def _in(rule: In, called: Called) -> str:
    return f"세그먼트 ‘{called('segment', rule.segment, 'ko')}’에 있음"


def _counted(rule: Counted, called: Called) -> str:  # noqa: ARG001
    return counted_ko(rule)


_KINDS: dict[type[Leaf], Callable[[Any, Called], str]] = {
    Did: _did, LastSeen: _seen, FirstSeen: _seen, Frequency: _frequency, Amount: _amount, Sequence: _sequence,
    Trait: _trait, Metric: _metric, History: _history, Share: _share, Listed: _listed, In: _in, Counted: _counted,
}  # fmt: skip


def filter_ko(where: Filter) -> str:
    value = ", ".join(map(str, where.value)) if isinstance(where.value, list | tuple) else str(where.value)
    return _OPS[where.op].format(p=where.prop, v=value)


def _what(one: Did | LastSeen | FirstSeen | Frequency | Amount | Selector) -> str:
    said = "활동" if one.event == ANYTHING else f"‘{one.event}’"
    return f"{said} ({', '.join(filter_ko(each) for each in one.where)})" if one.where else said


def _window(rule: Did | Amount | Metric | History) -> str:
    if rule.before:
        return f"{_length(rule.before)} 전까지" + (f"의 {_length(rule.within)} 동안 " if rule.within else " ")
    return f"최근 {_length(rule.within)} 동안 " if rule.within else ""


def _many(least: float, most: float | None, unit: str) -> str:
    if most is None:
        return f"{_number(least)}{unit} 이상"
    return f"{_number(least)}{unit}" if most == least else f"{_number(least)}~{_number(most)}{unit}"


def _number(value: float) -> str:
    return f"{value:,.10g}" if abs(value) < 1e9 else f"{value:,.0f}"


def _percent(share: float) -> str:
    return f"{share * 100:.4g}%"


def _length(text: str | None) -> str:
    return f"{int(text[:-1])}{_UNITS[text[-1]]}" if text else ""
