"""A reason in words, Korean and English: what was seen of somebody, and whether it raises the score or lowers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLAIN: Mapping[str, tuple[str, str]] = {
    "recency": ("마지막 활동이 {v}일 전", "last active {v} days ago"),
    "tenure": ("처음 본 지 {v}일", "first seen {v} days ago"),
    "times": ("활동 {v}번", "{v} acts in all"),
    "days": ("활동한 날 {v}일", "active on {v} days"),
    "rhythm": ("평소 {v}일마다 활동", "usually active every {v} days"),
    "overdue": ("평소 간격의 {v}배 동안 조용함", "silent for {v} times the usual gap"),
    "steadiness": ("활동 시각이 일정한 정도 {v}", "keeps to a time of day: {v} of 1"),
    "amount": ("금액 합계 {v}", "amount in all {v}"),
    "amount_each": ("한 번에 평균 {v}", "amount each time {v}"),
    "amount_last": ("마지막 금액 {v}", "last amount {v}"),
    "kinds": ("활동 {v}가지", "{v} kinds of acts"),
}
_SHORT: Mapping[str, tuple[str, str]] = {
    "recency": ("마지막 활동 뒤 지난 날", "days since last active"),
    "tenure": ("처음 본 뒤 지난 날", "days since first seen"),
    "times": ("활동 횟수", "acts in all"),
    "days": ("활동한 날", "days active"),
    "rhythm": ("활동 간격", "usual gap"),
    "overdue": ("평소보다 긴 침묵", "silence against usual"),
    "steadiness": ("활동 시각의 일정함", "steady time of day"),
    "amount": ("금액 합계", "amount in all"),
    "amount_each": ("한 번의 금액", "amount each time"),
    "amount_last": ("마지막 금액", "last amount"),
    "kinds": ("활동 가짓수", "kinds of acts"),
    "trend": ("활동의 늘고 줆", "more or fewer acts"),
}
_RECENT = re.compile(r"(times|days)_(\d+)d")


def reason_in_words(reason: Mapping[str, Any]) -> dict[str, str]:
    """`feature`, `value` and `push` as `ko` and `en`."""
    ko, en = named(reason["feature"], reason["value"])
    raises = reason["push"] > 0
    return {"ko": f"{ko} ({'올림' if raises else '낮춤'})", "en": f"{en} ({'raises' if raises else 'lowers'})"}


def feature_in_words(feature: str) -> dict[str, str]:
    """A feature without anybody's value, for a list of what matters."""
    if match := _RECENT.fullmatch(feature):
        days = match[2]
        what = ("횟수", "acts") if match[1] == "times" else ("활동한 날", "days active")
        return {"ko": f"최근 {days}일 {what[0]}", "en": f"{what[1]}, last {days} days"}
    if feature.startswith("event:"):
        return {"ko": f"‘{feature[6:]}’ 횟수", "en": f"“{feature[6:]}”, times"}
    ko, en = _SHORT.get(feature, (feature, feature))
    return {"ko": ko, "en": en}


def named(feature: str, value: float) -> tuple[str, str]:
    said = _number(value)
    if feature == "trend":
        return ("활동이 늘어남", "more acts than before") if value > 0 else (
            ("활동이 줄어듦", "fewer acts than before") if value < 0 else ("활동이 그대로", "as many acts as before")
        )  # fmt: skip
    if match := _RECENT.fullmatch(feature):
        days = match[2]
        return (
            (f"최근 {days}일에 {said}번", f"{said} acts in the last {days} days") if match[1] == "times"
            else (f"최근 {days}일 중 {said}일 활동", f"active on {said} of the last {days} days")
        )  # fmt: skip
    if feature.startswith("event:"):
        return f"‘{feature[6:]}’ {said}번", f"“{feature[6:]}” {said} times"
    ko, en = _PLAIN.get(feature, (feature + " {v}", feature + " {v}"))
    return ko.format(v=said), en.format(v=said)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:,.1f}"
