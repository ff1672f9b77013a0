"""Whom a question counted, in words: the cell, what was asked, and over which time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.segments.model import Counted

_KINDS = {
    "funnel": ("퍼널", "funnel"), "retention": ("리텐션", "retention"), "trend": ("추세", "trend"),
    "lifecycle": ("생애주기", "lifecycle"), "stickiness": ("고착도", "stickiness"), "paths": ("경로", "paths"),
    "attribution": ("기여", "attribution"), "sessions": ("세션", "sessions"),
    "lifetime_value": ("생애 가치", "lifetime value"), "correlation": ("상관", "correlation"),
    "journey": ("여정", "journey"),
}  # fmt: skip
_STATES = {
    "new": ("새로 옴", "new"), "returning": ("계속 옴", "returning"), "resurrecting": ("되돌아옴", "resurrecting"),
    "dormant": ("떠남", "dormant"),
}  # fmt: skip


def counted_ko(rule: Counted) -> str:
    asked, cell = rule.question, rule.cell
    kind = _KINDS.get(asked["kind"], (asked["kind"],))[0]
    group = f", 그룹 ‘{cell.get('value') or '없음'}’" if cell.get("grouped") else ""
    match asked["kind"]:
        case "funnel":
            steps, step = [one["event"] for one in asked["steps"]], int(cell.get("step", 0))
            did = f"{step}단계 뒤 ‘{steps[step]}’ 전에 떠남" if cell.get("dropped") else f"‘{steps[step]}’까지 옴"
            what = f"{kind} {_chain(steps)}: {did}"
        case "retention":
            back = f"{cell['column']}번째 칸에 다시 옴" if cell.get("column") else "시작함"
            what = f"{kind} ‘{asked['start']['event']}’ 코호트 {int(cell.get('cohort', 0)) + 1}: {back}"
        case "trend":
            what = f"‘{asked['series'][int(cell.get('series', 0))]['event']}’ 한 사람{_interval(cell, '구간')}"
        case "lifecycle":
            what = f"{kind}{_interval(cell, '구간')}: {_STATES[cell.get('state', 'new')][0]}"
        case "stickiness":
            what = f"‘{asked['event']}’ 활동 구간 {cell.get('intervals', 1)}개"
        case _:
            what = f"{kind} 질문이 센 사람"
    return f"{what}{group} ({_range(asked, '최근')})"


def counted_en(rule: Counted) -> str:
    asked, cell = rule.question, rule.cell
    kind = _KINDS.get(asked["kind"], ("", asked["kind"]))[1]
    group = f", group “{cell.get('value') or 'none'}”" if cell.get("grouped") else ""
    match asked["kind"]:
        case "funnel":
            steps, step = [one["event"] for one in asked["steps"]], int(cell.get("step", 0))
            did = (
                f"left after step {step}, before “{steps[step]}”" if cell.get("dropped") else f"got to “{steps[step]}”"
            )
            what = f"{kind} {_chain(steps)}: {did}"
        case "retention":
            back = f"back in column {cell['column']}" if cell.get("column") else "began"
            what = f"{kind} of “{asked['start']['event']}”, cohort {int(cell.get('cohort', 0)) + 1}: {back}"
        case "trend":
            what = f"did “{asked['series'][int(cell.get('series', 0))]['event']}”{_interval(cell, 'interval')}"
        case "lifecycle":
            what = f"{kind}{_interval(cell, 'interval')}: {_STATES[cell.get('state', 'new')][1]}"
        case "stickiness":
            many = int(cell.get("intervals", 1))
            what = f"did “{asked['event']}” in exactly {many} interval{'s' if many != 1 else ''}"
        case _:
            what = f"counted by a question of {kind}"
    return f"{what}{group} ({_range(asked, 'lately')})"


def _chain(steps: Sequence[str]) -> str:
    return " → ".join(steps)


def _interval(cell: Mapping[str, Any], word: str) -> str:
    return f", {word} {int(cell['interval']) + 1}" if cell.get("interval") is not None else ""


def _range(asked: Mapping[str, Any], lately: str) -> str:
    """The dates as they were said; `lately` where the range moves with the day."""
    start, end = (str(asked.get(name) or "")[:10] for name in ("from", "to"))
    return f"{start} – {end}" if start or end else lately
