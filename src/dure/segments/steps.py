"""What segments offer to automations."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.segments import events
from dure.segments.api import Segments
from dure.segments.rules import duration
from dure.state import Tx

EVENTS = events.EVENTS


class HandOver(msgspec.Struct, frozen=True):
    """`segment` is an id or `about-to-churn`; `expires` how long the lists hold, such as `14d`."""

    segment: str
    to: str
    purpose: str
    expires: str = "14d"
    control_share: float = 0.5


class HandedOver(msgspec.Struct, frozen=True):
    handover: str
    size: int
    control: int
    treated: int
    channel: str


class Compute(msgspec.Struct, frozen=True):
    segment: str


class ComputedNow(msgspec.Struct, frozen=True):
    size: int
    entered: int
    left: int


def steps(api: Segments) -> list[StepKind]:
    """`segments.compute` and `segments.hand_over`."""

    async def hand_over(tx: Tx, call: StepCall, given: HandOver) -> HandedOver:
        lasting: timedelta = duration(given.expires, "expires")
        made = await api.hand_over_in(
            tx, call.principal, given.segment, given.to, given.purpose, call.now + lasting, given.control_share
        )
        return HandedOver(made.id, made.size, made.control, made.treated, made.channel)

    async def compute(call: StepCall, given: Compute) -> ComputedNow:
        found = await api.compute(call.principal, given.segment)
        return ComputedNow(found.size, found.entered, found.left)

    return [
        StepKind(
            "segments.hand_over", {"ko": "세그먼트 인계", "en": "Hand a segment over"}, HandOver, HandedOver, hand_over,
            about={"ko": "지금 들어 있는 사람을 대조군과 함께 다른 팀에 넘깁니다.",
                   "en": "Gives the people in it now, with a control, to another team."},
        ),
        # Reads the log, which is no part of the transaction; computing twice does no harm.
        StepKind(
            "segments.compute", {"ko": "세그먼트 다시 계산", "en": "Compute a segment"}, Compute, ComputedNow, compute,
            outside=True, on_unknown="retry",
        ),
    ]  # fmt: skip
