"""What segments offer to automations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.segments import events
from dure.segments.api import Segments
from dure.segments.rules import duration, who
from dure.segments.scores import events as score_events
from dure.segments.stages import events as stage_events
from dure.state import Tx

EVENTS = [*events.EVENTS, *stage_events.EVENTS, *score_events.EVENTS]


class HandOver(msgspec.Struct, frozen=True):
    """`segment` is an id or `about-to-churn`; `expires` how long the lists hold, such as `14d`. `goal` is the event by
    which the outcome is told to `from_team` when they close."""

    segment: str
    to: str
    purpose: str
    expires: str = "14d"
    control_share: float = 0.5
    from_team: str = "product"
    goal: str = ""


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


class Put(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`segment` is a hand-made list. `people` are person ids or distinct ids; without them it is the person whom the
    run is about."""

    segment: str
    people: list[str] = []


class Moved(msgspec.Struct, frozen=True):
    """How many came or went by this, of how many who were meant."""

    moved: int
    meant: int


def steps(api: Segments) -> list[StepKind]:
    """`segments.add`, `remove`, `compute` and `hand_over`."""

    async def hand_over(tx: Tx, call: StepCall, given: HandOver) -> HandedOver:
        lasting: timedelta = duration(given.expires, "expires")
        made = await api.hand_over_in(
            tx, call.principal, given.segment, given.to, given.purpose, call.now + lasting, given.control_share,
            from_function=given.from_team, goal={"event": given.goal} if given.goal else None, window=given.expires,
        )  # fmt: skip
        return HandedOver(made.id, made.size, made.control, made.treated, made.channel)

    async def compute(call: StepCall, given: Compute) -> ComputedNow:
        found = await api.compute(call.principal, given.segment)
        return ComputedNow(found.size, found.entered, found.left)

    async def put(tx: Tx, calls: Sequence[StepCall], given: Sequence[Put], *, out: bool) -> list[Moved | Exception]:
        """One writing for each list; a list that is refused refuses its own runs only."""
        wanted: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (call, one) in enumerate(zip(calls, given, strict=True)):
            wanted[call.tenant.workspace, one.segment].append(number)
        answers: dict[int, Moved | Exception] = {}
        for (workspace, segment), numbers in wanted.items():
            meant = {number: _whom(calls[number], given[number], workspace) for number in numbers}
            everybody = {person for some in meant.values() for person in some}
            moved = set(await api.put_in(tx, calls[numbers[0]].principal, segment, everybody, out=out))
            for number, some in meant.items():
                answers[number] = Moved(len(moved.intersection(some)), len(some))
        return [answers[number] for number in range(len(calls))]

    def step(out: bool) -> tuple[Any, Any]:
        async def many(tx: Tx, calls: Sequence[StepCall], given: Sequence[Put]) -> list[Moved | Exception]:
            return await put(tx, calls, given, out=out)

        async def one(tx: Tx, call: StepCall, given: Put) -> Moved:
            (answer,) = await put(tx, [call], [given], out=out)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return one, many

    (add, add_many), (remove, remove_many) = step(False), step(True)

    return [
        StepKind(
            "segments.add", {"ko": "목록에 넣기", "en": "Put into a list"}, Put, Moved, add, run_many=add_many,
            about={"ko": "손으로 만든 목록(규칙이 listed인 세그먼트)에 사람을 넣습니다. 바로 Segment Entered가 됩니다.",
                   "en": "Puts people into a hand-made list, a segment whose rule is `listed`. Segment Entered follows"
                         " at once."},
        ),
        StepKind(
            "segments.remove", {"ko": "목록에서 빼기", "en": "Take out of a list"}, Put, Moved, remove,
            run_many=remove_many,
            about={"ko": "손으로 만든 목록에서 사람을 뺍니다.", "en": "Takes people out of a hand-made list."},
        ),
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


def _whom(call: StepCall, given: Put, workspace: str) -> list[UUID]:
    """The people whom a call means: those named, else whom its event is about, else its subject."""
    named = given.people or [str((call.event or {}).get("person") or "") or call.subject]
    return [who(workspace, one) for one in named]
