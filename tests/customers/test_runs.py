"""The ready automations on the real engine with real steps: what they post, where, and what a dry run shows."""

from __future__ import annotations

import random
from typing import Any

import pytest

from dure.automation.api import Automation
from dure.channels import steps as channel_steps
from dure.channels.charters.api import Text
from dure.channels.events import EVENTS
from dure.customers.recipes import RECIPES
from tests.customers.conftest import Office

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def automation(office: Office) -> Automation:
    governance = office.room.cast.governance
    return Automation(
        office.room.state, office.room.clock, governance, rng=random.Random(3), site="http://dure.example",
        steps=[*channel_steps.steps(office.room.channels, governance), *office.customers.steps()],
        kinds_of_events=EVENTS, recipes=RECIPES,
    )  # fmt: skip


async def cards(office: Office, topic: str) -> list[Any]:
    """What the app said in a channel, the newest first."""
    said, _ = await office.room.channels.history(office.mina, office.channels[topic])
    return [one for one in said if one.app]


async def run(automation: Automation, office: Office, recipe: str) -> None:
    made = await automation.switch_on(office.mina, recipe)
    await automation.start(office.mina, made.id, "")
    await automation.settle()
    failed = [one.error for one in await automation.runs(office.mina, made.id) if one.status == "failed"]
    assert not failed, failed


async def test_the_weeks_numbers_are_posted_once_where_they_belong(office: Office, automation: Automation) -> None:
    await run(automation, office, "customer-weekly")
    (shared,), (inner,) = await cards(office, "launch"), await cards(office, "pricing")
    assert await cards(office, "support") == []
    assert "한빛커피" in shared.text
    assert "한빛커피 캠페인" in str(inner.blocks)
    assert "한빛커피 캠페인" not in str(shared.blocks)
    theirs, _ = await office.room.channels.history(office.room.cast.rina, office.channels["launch"])
    assert "언급" not in str([one.blocks for one in theirs])


async def test_what_would_be_posted_is_shown_and_not_posted(office: Office) -> None:
    before = await cards(office, "launch")
    shown = await office.customers.customers.week(office.mina)
    assert [(one.channel, one.inside) for one in shown] == [
        (office.channels["pricing"], True), (office.channels["launch"], False)]  # fmt: skip
    assert shown[1].blocks == before[0].blocks or shown[1].text == before[0].text
    assert await cards(office, "launch") == before
    outside = await office.customers.customers.week(office.mina, audience="outside")
    assert [one.channel for one in outside] == [office.channels["launch"]]
    assert await office.customers.customers.week(office.who["outsider-of-it"]) == []


async def test_a_charters_card_is_changed_and_not_piled_up(office: Office, automation: Automation) -> None:
    charters, support = office.room.channels.relations.charters, office.channels["support"]
    await charters.write(office.mina, support, Text("Say what is broken.", minutes=30), 0)
    await run(automation, office, "charter-weekly")
    await charters.write(office.mina, support, Text("Say what is broken, and since when.", minutes=30), 1)
    await run(automation, office, "charter-weekly")
    (card,) = [one for one in await cards(office, "support") if "헌장" in one.text]
    assert "and since when" in str(card.blocks)


async def test_a_changed_charter_is_told_and_a_new_week_carries_the_agenda(
    office: Office, automation: Automation
) -> None:
    pricing, relations = office.channels["pricing"], office.room.channels.relations
    await automation.switch_on(office.mina, "charter-changed")
    await relations.agendas.add(office.mina, pricing, "Rates")
    await automation.settle()
    await relations.charters.write(office.mina, pricing, Text("Prices.", minutes=60), 0)
    await automation.settle()
    assert any("changed the charter" in one.text for one in await cards(office, "pricing"))
    await run(automation, office, "agenda-weekly")
    assert [one.carried for one in (await relations.agendas.of(office.mina, pricing)).items] == [1]
    assert "Rates" in str((await cards(office, "pricing"))[0].blocks)
