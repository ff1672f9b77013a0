"""The pacing recipes, run by the real engine: one card for each problem, none for the healthy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.automation.api import Automation
from dure.channels import steps as channel_steps
from dure.channels.api import Channels
from dure.pacing.recipes import RECIPES
from dure.pacing.steps import EVENTS, steps
from tests.pacing.conftest import Desk

pytestmark = pytest.mark.anyio


async def test_one_card_for_each_problem_and_none_for_the_healthy(desk: Desk) -> None:
    governance = desk.cast.governance
    channels = Channels(desk.state, desk.clock, governance)
    automation = Automation(
        desk.state, desk.clock, governance, kinds_of_events=EVENTS, recipes=RECIPES,
        steps=[*steps(desk.pacing), *channel_steps.steps(channels, governance)], site="http://dure.example",
    )  # fmt: skip
    for recipe in ("pacing-alert", "launch-check"):
        await automation.switch_on(desk.cast.mina, recipe)
    room = await channels.create(desk.cast.mina, "한빛커피-캠페인")
    await desk.past()
    for name, start, days in (
        ("healthy", -10, [1010, 990, 1005, 1000, 1015, 995, 1000, 1005, 990, 1010]),
        ("sick", -10, [1400, 1350, 1300, 1250, 1150, 1000, 850, 700, 600, 500]),
        ("late", -2, []),
    ):
        item = await desk.item(name, goal=19_500, start=start)
        await desk.pacing.update(desk.cast.mina, item.id, channel=room.id)
        if days:
            await desk.deliver(item, *days)
    for _ in range(3):
        await desk.pacing.assess(desk.cast.tenant)
        await automation.settle()
        desk.clock.advance(timedelta(minutes=30))
    said, _ = await channels.history(desk.cast.mina, room.id)
    cards = {str(message.blocks) for message in said if message.blocks}
    assert len(cards) == 2
    [risk] = [card for card in cards if "미달 위험" in card]
    [late] = [card for card in cards if "미송출" in card]
    assert "*sick*" in risk
    assert "19,500" in risk
    assert "http://dure.example/pacing/" in risk
    assert "*late*" in late
