"""What a small test allows to be said. Hand-made groups are small, so nothing here leans on a normal curve: shares have
Wilson's interval, differences Newcombe's, and whether the arms differ at all is Fisher's exact test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dure.campaigns.demand.model import Step, Told, Verdict
from dure.experiments.api import ALARM, Arm, balance, fisher, newcombe, wilson

FEWEST = 10
"""Below so many people in an arm whose window is over, a difference is an anecdote."""
SURE = 0.05
STEPS = ("sent", "seen", "clicked", "shown", "wanted")


def judged(
    treated: Arm, control: Arm, steps: Mapping[str, tuple[int, int]], *, assigned: tuple[int, int], pending: int,
    share: float, goal: bool, door: bool,
) -> Told:  # fmt: skip
    """`treated` and `control` are of those whose window is over; `assigned` is everybody of both (control first)."""
    even = balance(assigned, (share, 1 - share)) if share else None
    difference = interval = p = None
    if goal and treated.rate is not None and control.rate is not None:
        difference, interval = treated.rate - control.rate, newcombe(control, treated)
        p = fisher(control, treated)
    told = {name: step(*counts) for name, counts in steps.items()}
    verdict = _verdict(treated, control, told, difference, p, even, goal, door)
    both = step(treated.successes, treated.people), step(control.successes, control.people)
    made = Told(told, *both, pending, difference, interval, p, even, verdict, {})
    return replace(made, sentence=sentence(made, door))


def step(people: int, of: int) -> Step:
    arm = Arm(of, people)
    return Step(people, of, arm.rate, wilson(arm))


def _verdict(
    treated: Arm, control: Arm, steps: Mapping[str, Step], difference: float | None, p: float | None,
    even: float | None, goal: bool, door: bool,
) -> Verdict:  # fmt: skip
    if even is not None and even < ALARM:
        return "unbalanced"
    if not goal:
        return "asked" if door and steps["sent"].people else "nothing"
    if difference is None or p is None or min(treated.people, control.people) < FEWEST:
        return "nothing"
    if p >= SURE:
        return "none"
    return "better" if difference > 0 else "worse"


def sentence(told: Told, door: bool) -> dict[str, str]:
    """What came of it in `ko` and `en`; never more than the numbers hold."""
    return {"ko": _korean(told, door), "en": _english(told, door)}


def _korean(told: Told, door: bool) -> str:
    said = ""
    wanted = told.steps["wanted"]
    if door and wanted.of:
        said = f"메시지를 받은 {wanted.of:,}명 중 {wanted.people:,}명({_share(wanted)})이 ‘관심 있어요’를 눌렀습니다."
    if told.verdict == "unbalanced":
        return "두 집단의 크기가 계획과 맞지 않습니다. 배정부터 확인해야 하며, 이 결과는 읽으면 안 됩니다."
    if told.verdict == "asked":
        return said
    facts = ""
    if told.difference is not None and told.interval is not None:
        low, high = _points(told.interval.low, "%p"), _points(told.interval.high, "%p")
        facts = (
            f"목표는 받은 쪽 {told.treated.of:,}명 중 {told.treated.people:,}명({_share(told.treated)}), 안 받은 쪽"
            f" {told.control.of:,}명 중 {told.control.people:,}명({_share(told.control)})."
            f" 차이 {_points(told.difference, '%p')}(95% 구간 {low} ~ {high})."
        )
    end = {
        "better": "메시지를 받은 쪽이 더 많이 했습니다.", "worse": "메시지를 받은 쪽이 오히려 덜 했습니다.",
        "none": "우연으로도 이만큼은 벌어지므로, 효과가 있다고 말할 수 없습니다.",
        "nothing": "아직 아무 말도 할 수 없습니다. 기간이 끝난 사람이 너무 적습니다.",
    }[told.verdict]  # fmt: skip
    wait = f" {told.pending:,}명은 아직 기간이 남았으니 이것은 중간 결과입니다." if told.pending else ""
    return " ".join(part for part in (said, facts, end) if part) + wait


def _english(told: Told, door: bool) -> str:
    said = ""
    wanted = told.steps["wanted"]
    if door and wanted.of:
        said = f"{wanted.people:,} of {wanted.of:,} who got it ({_share(wanted)}) pressed “interested”."
    if told.verdict == "unbalanced":
        return "The halves are not the sizes they were meant to be. Find out why; nothing may be read from this."
    if told.verdict == "asked":
        return said
    facts = ""
    if told.difference is not None and told.interval is not None:
        low, high = _points(told.interval.low, ""), _points(told.interval.high, "")
        facts = (
            f"The goal: {told.treated.people:,} of {told.treated.of:,} who got it ({_share(told.treated)}) against"
            f" {told.control.people:,} of {told.control.of:,} who did not ({_share(told.control)}):"
            f" {_points(told.difference, ' points')} (95% interval {low} to {high})."
        )
    end = {
        "better": "Those who got it did it more.", "worse": "Those who got it did it less.",
        "none": "Chance alone makes as large a difference, so it cannot be said to work.",
        "nothing": "Nothing can be said yet: too few people whose time is up.",
    }[told.verdict]  # fmt: skip
    wait = f" {told.pending:,} still have time left, so this is not the end." if told.pending else ""
    return " ".join(part for part in (said, facts, end) if part) + wait


def _share(step: Step) -> str:
    if step.rate is None or step.interval is None:
        return "–"
    return f"{step.rate:.1%}; {step.interval.low:.1%}–{step.interval.high:.1%}"


def _points(share: float, unit: str) -> str:
    number = round(share * 100, 1)
    return f"{'+' if number > 0 else '−' if number < 0 else '±'}{abs(number):.1f}{unit}"
