"""The deal-room recipe, run by the real engine: a channel, its people, its card, once."""

from __future__ import annotations

import pytest

from dure.automation.api import Automation
from dure.channels import steps as channel_steps
from dure.channels.api import Channels
from dure.deals.recipes import RECIPES
from dure.deals.steps import EVENTS, steps
from tests.deals.conftest import Desk

pytestmark = pytest.mark.anyio


async def switched_on(desk: Desk) -> tuple[Automation, Channels]:
    channels = Channels(desk.state, desk.clock, desk.cast.governance)
    automation = Automation(
        desk.state, desk.clock, desk.cast.governance, kinds_of_events=EVENTS, recipes=RECIPES,
        steps=[*steps(desk.deals), *channel_steps.steps(channels, desk.cast.governance)], site="http://dure.example",
    )  # fmt: skip
    await automation.switch_on(desk.cast.mina, "deal-room")
    await automation.settle()
    return automation, channels


async def test_a_deal_that_reaches_a_quarter_gets_its_room_its_team_and_one_card(desk: Desk) -> None:
    automation, channels = await switched_on(desk)
    deal = await desk.deal(next_step="제안서 보내기")
    await desk.deals.move(desk.cast.mina, deal.id, "Qualified")
    await automation.settle()
    kept = (await desk.deals.one(desk.cast.mina, deal.id)).deal
    room = await channels.info(desk.cast.mina, kept.channel)
    assert room.name == "deal-한빛커피-가을-캠페인"
    assert {desk.sumi.id, desk.dan.id} <= {one.user for one in await channels.members(desk.cast.mina, room.id)}
    said, _ = await channels.history(desk.cast.mina, room.id)
    [card] = [message for message in said if message.blocks]
    shown = str(card.blocks)
    for fact in ("한빛커피", "1억 2,000만 원", "검토", f"<@{desk.sumi.id}>", "2026-12-20", "제안서 보내기",
                 f"http://dure.example/deals/{deal.id}"):  # fmt: skip
        assert fact in shown, fact


async def test_a_deal_that_goes_back_and_comes_again_keeps_its_one_room(desk: Desk) -> None:
    automation, channels = await switched_on(desk)
    deal = await desk.deal()
    for stage in ("Qualified", "Prospecting", "Qualified", "Proposal"):
        await desk.deals.move(desk.cast.mina, deal.id, stage)
        await automation.settle()
    rooms = [room.name for room in await channels.listed(desk.cast.mina) if room.name.startswith("deal-")]
    assert rooms == ["deal-한빛커피-가을-캠페인"]


async def test_a_deal_without_a_next_step_gets_its_card_too(desk: Desk) -> None:
    automation, channels = await switched_on(desk)
    deal = await desk.deal(stage="Proposal", team=[])
    await automation.settle()
    kept = (await desk.deals.one(desk.cast.mina, deal.id)).deal
    said, _ = await channels.history(desk.cast.mina, kept.channel)
    assert sum(bool(message.blocks) for message in said) == 1
