"""What experiments offer to automations: reading a result, and the events that they write."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.experiments import events
from dure.experiments.api import Experiments

EVENTS = events.EVENTS
_FINAL = ("better", "worse", "harmed")


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    experiment: str


class Read(msgspec.Struct, frozen=True):
    """`final` is true where the verdict says which arm is better or that one does harm; `verdict` as its event has
    it; `arm` is the one it is about."""

    final: bool
    verdict: str
    arm: str
    people: int
    text_ko: str
    text_en: str


def steps(api: Experiments) -> list[StepKind]:
    """experiments.result. Reads the log, which is no part of a transaction; asking twice does no harm."""

    async def result(call: StepCall, given: Which) -> Read:
        found = await api.analyse(call.principal, given.experiment)
        return Read(
            found.verdict in _FINAL, found.verdict, found.arm, sum(arm.people for arm in found.arms),
            found.sentence["ko"], found.sentence["en"],
        )  # fmt: skip

    return [
        StepKind(
            "experiments.result", {"ko": "실험 결과 보기", "en": "Read an experiment"}, Which, Read, result,
            outside=True,
            about={"ko": "실험이 지금 무엇을 말하는지 읽습니다.", "en": "Reads what an experiment says now."},
        )
    ]  # fmt: skip
