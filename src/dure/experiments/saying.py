"""A result as a colleague would say it, in Korean and English; never more than the numbers hold."""

from __future__ import annotations

import math
from collections.abc import Callable

from dure.experiments.design import Design
from dure.experiments.outcome import Contrast, Measured, Outcome
from dure.experiments.statistics.planner import for_rates

# A number of people that nobody will ever reach helps nobody.
_MOST_WISHED = 10_000_000


def say(outcome: Outcome, design: Design) -> dict[str, str]:
    return {"ko": _Korean(outcome, design).text(), "en": _English(outcome, design).text()}


class _Language:
    """What both languages share: which numbers are spoken of."""

    lang = ""

    def __init__(self, outcome: Outcome, design: Design) -> None:
        self.outcome = outcome
        self.design = design

    def text(self) -> str:
        verdict = self.outcome.verdict
        if verdict == "unbalanced":
            return self.unbalanced(", ".join(f"{self.arm(one.name)} {one.people:,}" for one in self.outcome.arms),
                                   f"{self.outcome.balance:.2g}")  # fmt: skip
        spoken = self.spoken()
        if spoken is None:
            return self.nobody()
        measured, seen = spoken
        if seen.difference is None:
            return self.no_estimate(self.facts(measured, seen))
        if verdict == "waiting":
            return self.waiting(f"{min(self.outcome.progress or 0.0, 1.0):.0%}", f"{self.design.size or 0:,}")
        told = f"{self.facts(measured, seen)} {self.conclusion(measured, seen)}"
        harmed = [one for one in self.guards("harmed") if verdict not in ("harmed",)]
        return f"{told} {self.also_harmed(', '.join(harmed))}" if harmed else told

    def spoken(self) -> tuple[Measured, Contrast] | None:
        """The measure and arm that carry the verdict: for a harm the guardrail, else the goal that says most."""
        goals = [one for one in self.outcome.metrics if one.role == ("guardrail" if self.harm else "goal")]
        wanted = {"careful": "better"}.get(self.outcome.verdict, self.outcome.verdict)
        of_arm = [
            (one, seen) for one in goals for seen in one.contrasts if seen.arm == self.outcome.arm
        ] or [(one, seen) for one in goals for seen in one.contrasts]  # fmt: skip
        some = [pair for pair in of_arm if min(pair[1].control.people, pair[1].treated.people) > 0]
        if not some:
            return None
        return next((pair for pair in some if pair[1].finding == wanted), some[0])

    @property
    def harm(self) -> bool:
        return self.outcome.verdict == "harmed"

    def guards(self, finding: str) -> list[str]:
        return [
            self.name(one) for one in self.outcome.metrics
            for seen in one.contrasts
            if one.role == "guardrail" and seen.arm == self.outcome.arm and seen.finding == finding
        ]  # fmt: skip

    def wished(self, measured: Measured, seen: Contrast) -> int | None:
        """People in each arm that would show a difference as large as this one."""
        if measured.kind not in ("conversion", "retention") or seen.control.value is None or seen.treated.value is None:
            return None
        needed = for_rates(seen.control.value, seen.treated.value)
        if needed is None or not min(seen.control.people, seen.treated.people) < needed <= _MOST_WISHED:
            return None
        return math.ceil(needed)

    def arm(self, name: str) -> str:
        titles = {one.name: one.title for one in self.design.arms}
        return titles.get(name, {}).get(self.lang) or name

    def name(self, measured: Measured) -> str:
        return measured.name.get(self.lang) or self.kinds()[measured.kind]

    def shown(self, measured: Measured, value: float | None) -> str:
        if value is None:
            return "–"
        return f"{value:.1%}" if measured.kind in ("conversion", "retention") else f"{value:,.4g}"

    def moved(self, measured: Measured, value: float, points: str) -> str:
        sign = "+" if value > 0 else "−" if value < 0 else "±"
        if measured.kind in ("conversion", "retention"):
            return f"{sign}{abs(value) * 100:.2f}{points}"
        return f"{sign}{abs(value):,.4g}"

    def kinds(self) -> dict[str, str]:
        raise NotImplementedError

    unbalanced: Callable[[str, str], str]
    nobody: Callable[[], str]
    no_estimate: Callable[[str], str]
    waiting: Callable[[str, str], str]
    also_harmed: Callable[[str], str]
    facts: Callable[[Measured, Contrast], str]
    conclusion: Callable[[Measured, Contrast], str]


class _Korean(_Language):
    lang = "ko"

    def kinds(self) -> dict[str, str]:
        return {"conversion": "전환", "mean": "평균", "count": "횟수", "ratio": "비율", "quantile": "분위수",
                "retention": "유지"}  # fmt: skip

    def unbalanced(self, sizes: str, p: str) -> str:
        return (
            f"집단의 크기({sizes})가 계획과 맞지 않습니다(p = {p}). 배정부터 확인해야 하며, 이 결과는 읽으면 안 됩니다."
        )

    def nobody(self) -> str:
        return "아직 아무 말도 할 수 없습니다. 기간이 끝난 사람이 모든 집단에 있어야 합니다."

    def no_estimate(self, facts: str) -> str:
        return f"{facts} 아직 아무 말도 할 수 없습니다. 이 숫자로는 차이를 추정할 수 없습니다."

    def waiting(self, share: str, size: str) -> str:
        return f"계획한 {size}명 가운데 {share}까지 왔습니다. 계획한 때가 되기 전에는 판단하지 않습니다."

    def also_harmed(self, names: str) -> str:
        return f"다만 지켜야 할 지표({names})가 허용한 것보다 나빠졌습니다."

    def facts(self, measured: Measured, seen: Contrast) -> str:
        text = (
            f"{self.name(measured)}: {self.arm(seen.arm)} {seen.treated.people:,}명"
            f" {self.shown(measured, seen.treated.value)}, {self.arm(self.design.control)}"
            f" {seen.control.people:,}명 {self.shown(measured, seen.control.value)}."
        )
        if seen.difference is None:
            return text
        gap = seen.difference
        low, high = self.moved(measured, gap.low, "%p"), self.moved(measured, gap.high, "%p")
        return (
            f"{text} 차이 {self.moved(measured, gap.value, '%p')}"
            f" ({self.design.confidence:.0%} 구간 {low} ~ {high})."
        )  # fmt: skip

    def conclusion(self, measured: Measured, seen: Contrast) -> str:
        arm = self.arm(seen.arm)
        verdict = self.outcome.verdict
        if verdict == "better":
            return f"‘{arm}’ 쪽이 낫습니다."
        if verdict == "careful":
            return f"‘{arm}’ 쪽이 낫지만, 지켜야 할 지표가 괜찮은지는 아직 모릅니다."
        if verdict == "worse":
            return f"‘{arm}’ 쪽이 더 나쁩니다."
        if verdict == "harmed":
            return f"‘{arm}’ 쪽은 이 지표를 허용한 것보다 나쁘게 만듭니다."
        if verdict == "leaning":
            return "그렇게 기울어 있지만, 여러 번 들여다보는 것을 감안하면 아직 확실하지 않습니다."
        if self.design.method != "always" and (self.outcome.progress or 0) >= 1:
            return "계획한 만큼 보았지만 차이가 있다고 말할 수 없습니다."
        needed = self.wished(measured, seen)
        more = f" 차이가 실제로 이만큼이라면 집단마다 약 {needed:,}명이 필요합니다." if needed else ""
        return f"아직 아무 말도 할 수 없습니다.{more}"


class _English(_Language):
    lang = "en"

    def kinds(self) -> dict[str, str]:
        return {"conversion": "Conversion", "mean": "Mean", "count": "Count", "ratio": "Ratio",
                "quantile": "Quantile", "retention": "Retention"}  # fmt: skip

    def unbalanced(self, sizes: str, p: str) -> str:
        return (
            f"The arms ({sizes}) are not the sizes they were meant to be (p = {p})."
            " Find out why first; nothing may be read from this result."
        )

    def nobody(self) -> str:
        return "Nothing can be said yet: every arm needs people whose window is over."

    def no_estimate(self, facts: str) -> str:
        return f"{facts} Nothing can be said yet: these numbers allow no estimate of the difference."

    def waiting(self, share: str, size: str) -> str:
        return f"{share} of the {size} people that were planned. Nothing is concluded before the planned moment."

    def also_harmed(self, names: str) -> str:
        return f"But a guardrail ({names}) got worse by more than is borne."

    def facts(self, measured: Measured, seen: Contrast) -> str:
        text = (
            f"{self.name(measured)}: {self.shown(measured, seen.treated.value)} of {seen.treated.people:,} in"
            f" {self.arm(seen.arm)} against {self.shown(measured, seen.control.value)} of {seen.control.people:,} in"
            f" {self.arm(self.design.control)}."
            if measured.kind in ("conversion", "retention")
            else f"{self.name(measured)}: {self.shown(measured, seen.treated.value)} in {self.arm(seen.arm)}"
            f" ({seen.treated.people:,} people) against {self.shown(measured, seen.control.value)} in"
            f" {self.arm(self.design.control)} ({seen.control.people:,})."
        )
        if seen.difference is None:
            return text
        gap = seen.difference
        low, high = self.moved(measured, gap.low, ""), self.moved(measured, gap.high, "")
        return (
            f"{text} {self.moved(measured, gap.value, ' points')}"
            f" ({self.design.confidence:.0%} interval {low} to {high})."
        )  # fmt: skip

    def conclusion(self, measured: Measured, seen: Contrast) -> str:
        arm = self.arm(seen.arm)
        verdict = self.outcome.verdict
        if verdict == "better":
            return f"“{arm}” is better."
        if verdict == "careful":
            return f"“{arm}” is better, but it is not known yet whether what must not suffer is safe."
        if verdict == "worse":
            return f"“{arm}” is worse."
        if verdict == "harmed":
            return f"“{arm}” makes this worse by more than is borne."
        if verdict == "leaning":
            return "It leans that way, but for something looked at more than once it is not certain yet."
        if self.design.method != "always" and (self.outcome.progress or 0) >= 1:
            return "The planned number is reached, and no difference can be claimed."
        needed = self.wished(measured, seen)
        more = f" If it really is this large, about {needed:,} people in each arm would show it." if needed else ""
        return f"Nothing can be said yet.{more}"
