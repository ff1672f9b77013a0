"""A handover is a card in the receiving team's channel."""

from __future__ import annotations

import pytest

from dure.automation.api import Automation
from dure.channels import steps as channel_steps
from dure.channels.api import Channels
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.segments import steps
from dure.segments.api import Segments
from dure.segments.recipes import RECIPES
from dure.state import State
from tests.people_of import MONDAY_NOON, found_sori
from tests.segments.writing import happened, write

pytestmark = pytest.mark.anyio


async def test_the_card_says_how_many_what_for_and_who_is_left_alone(state: State, log: Log) -> None:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    segments = Segments(state, log, clock, cast.governance)
    channels = Channels(state, clock, cast.governance)
    automation = Automation(state, clock, cast.governance)
    automation.offer(steps=[*channel_steps.steps(channels, cast.governance), *steps.steps(segments)], recipes=RECIPES)
    await automation.switch_on(cast.mina, "segment-handover-card")
    room = await channels.create(cast.joon, "marketing")
    await write(log, [happened(cast.tenant, f"u-{n}", "Gift Sent", MONDAY_NOON) for n in range(40)])
    made = await segments.create(cast.joon, "선물한 사람", {"kind": "did", "event": "Gift Sent"})
    await segments.compute(cast.joon, made.id)
    handover = await segments.hand_over(cast.joon, made.id, "marketing", "감사 편지")
    await automation.settle()
    (said, *_), _ = await channels.history(cast.joon, room.id)
    assert "선물한 사람" in said.text
    card = str(said.blocks)
    assert "감사 편지" in card
    assert f"{handover.treated}명" in card
    assert f"{handover.control}명" in card
    assert f"/handovers/{handover.id}" in card
    (run,) = await automation.runs(cast.mina)
    assert run.status == "done"


async def test_an_automation_can_hand_over(state: State, log: Log) -> None:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    segments = Segments(state, log, clock, cast.governance)
    automation = Automation(state, clock, cast.governance)
    automation.offer(steps=steps.steps(segments))
    await write(log, [happened(cast.tenant, f"u-{n}", "Gift Sent", MONDAY_NOON) for n in range(4)])
    made = await segments.create(cast.joon, "선물한 사람", {"kind": "did", "event": "Gift Sent"})
    nodes = [
        {"id": "compute", "kind": "segments.compute", "with": {"segment": made.id}, "next": "give"},
        {"id": "give", "kind": "segments.hand_over", "with": {"segment": made.id, "to": "care", "purpose": "전화"}},
    ]
    weekly = await automation.create(cast.mina, "매주", {"trigger": {}, "nodes": nodes}, enabled=True)
    await automation.start(cast.mina, weekly.id)
    while await automation.settle():
        pass
    (handover,) = await segments.handovers(cast.joon, made.id)
    assert (handover.to, handover.size, handover.channel) == ("care", 4, "#care")
