"""What a comparison says, as a sentence a colleague would say; never more than the numbers hold."""

from __future__ import annotations

from dataclasses import dataclass

from dure.experiments.compare import FEWEST_PEOPLE
from dure.experiments.model import Comparison
from dure.experiments.statistics.proportions import people_needed


@dataclass(frozen=True, slots=True)
class Treated:
    """What to call those who were not held back, what was done, and how either ends a sentence."""

    who_ko: str
    who_en: str
    better_ko: str
    better_en: str
    worse_ko: str
    worse_en: str


MESSAGE = Treated(
    "받은 쪽은", "who got it", "메시지가 효과가 있었습니다.", "The message works.",
    "메시지가 오히려 해가 되었습니다.", "The message does harm.",
)  # fmt: skip
# Whether anything was sent to them, and what, is the other team's to know.
HANDED_OVER = Treated(
    "대상은", "to act on", "넘긴 것이 효과가 있었습니다.", "Handing over works.",
    "넘긴 것이 오히려 해가 되었습니다.", "Handing over does harm.",
)  # fmt: skip


def describe(comparison: Comparison, treated: Treated = MESSAGE) -> dict[str, str]:
    """The comparison in `ko` and `en`."""
    return {"ko": _korean(comparison, treated), "en": _english(comparison, treated)}


def _korean(c: Comparison, treated: Treated) -> str:
    if c.verdict == "unbalanced":
        return (
            f"두 집단의 크기({c.control.people:,}명과 {c.treated.people:,}명)가 계획과 맞지 않습니다"
            f"(p = {c.balance:.2g}). 배정부터 확인해야 하며, 이 결과는 읽으면 안 됩니다."
        )
    if c.difference is None or c.interval is None or c.control.rate is None or c.treated.rate is None:
        return "아직 아무 말도 할 수 없습니다. 두 집단 모두에 사람이 있어야 합니다."
    facts = (
        f"{treated.who_ko} {c.treated.people:,}명 중 {c.treated.rate:.1%}, 보류한 쪽은 {c.control.people:,}명 중"
        f" {c.control.rate:.1%}. 차이 {_points(c.difference, '%p')}"
        f" ({c.confidence:.0%} 구간 {_points(c.interval.low, '%p')} ~ {_points(c.interval.high, '%p')})."
    )
    if c.verdict == "better":
        return f"{facts} {treated.better_ko}"
    if c.verdict == "worse":
        return f"{facts} {treated.worse_ko}"
    if c.verdict == "leaning":
        return f"{facts} 그렇게 기울어 있지만, 중간에 여러 번 보는 것을 감안하면 아직 확실하지 않습니다."
    if min(c.control.people, c.treated.people) < FEWEST_PEOPLE:
        return f"{facts} 사람이 너무 적어 아직 아무 말도 할 수 없습니다."
    if not c.interval.holds(0):
        return f"{facts} 어느 한쪽 결과가 너무 드물어 아직 아무 말도 할 수 없습니다."
    needed = _needed(c)
    more = f" 차이가 실제로 이만큼이라면 집단마다 약 {needed:,}명이 필요합니다." if needed else ""
    return f"{facts} 구간이 0을 포함하므로 아직 아무 말도 할 수 없습니다.{more}"


def _english(c: Comparison, treated: Treated) -> str:
    if c.verdict == "unbalanced":
        return (
            f"The halves ({c.control.people:,} and {c.treated.people:,} people) are not the sizes they were meant to"
            f" be (p = {c.balance:.2g}). Find out why first; nothing may be read from this result."
        )
    if c.difference is None or c.interval is None or c.control.rate is None or c.treated.rate is None:
        return "Nothing can be said yet: both halves need people."
    facts = (
        f"{c.treated.rate:.1%} of {c.treated.people:,} {treated.who_en} against {c.control.rate:.1%} of"
        f" {c.control.people:,} held back: {_points(c.difference, ' points')}"
        f" ({c.confidence:.0%} interval {_points(c.interval.low, '')} to {_points(c.interval.high, '')})."
    )
    if c.verdict == "better":
        return f"{facts} {treated.better_en}"
    if c.verdict == "worse":
        return f"{facts} {treated.worse_en}"
    if c.verdict == "leaning":
        return f"{facts} It leans that way, but for something looked at more than once it is not certain yet."
    if min(c.control.people, c.treated.people) < FEWEST_PEOPLE:
        return f"{facts} Nothing can be said yet: too few people."
    if not c.interval.holds(0):
        return f"{facts} Nothing can be said yet: it happened, or did not happen, to too few people."
    needed = _needed(c)
    more = f" If it really is this large, about {needed:,} people in each half would show it." if needed else ""
    return f"{facts} Nothing can be said yet: the interval holds zero.{more}"


def _points(share: float, unit: str) -> str:
    number = round(share * 100, 1)
    return f"{'+' if number > 0 else '−' if number < 0 else '±'}{abs(number):.1f}{unit}"


def _needed(c: Comparison) -> int | None:
    if c.control.rate is None or c.treated.rate is None:
        return None
    needed = people_needed(c.control.rate, c.treated.rate)
    # A number nobody will ever reach helps nobody; one already reached would be a lie about this very sample.
    return needed if needed and min(c.control.people, c.treated.people) < needed <= 10_000_000 else None
