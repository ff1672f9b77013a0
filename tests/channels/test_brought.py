"""Questions at which runs wait, brought into a channel: who may answer is the engine's to say, the card follows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.channels.forms.refusals import AlreadyAnswered, NotAsked
from dure.state import State
from tests.channels.automated import Office, open_office
from tests.channels.shared_state import shared_database, state  # noqa: F401

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def office(state: State) -> Office:  # noqa: F811
    return await open_office(state)


async def asking(office: Office, kind: str, **given: Any) -> tuple[str, str, int]:
    """A run that waits at a question in a channel: automation, channel, the card's ts."""
    channel = await office.room.channel(office.mina, office.joon)
    automation = await office.switch_on(
        {}, {"id": "q", "kind": kind, "with": {"question": "보낼까요?", "channel": channel, **given}}
    )
    await office.automation.start(office.mina, automation, "D1")
    await office.settle()
    return automation, channel, (await office.last(office.mina, channel)).ts


async def outcome(office: Office, automation: str) -> tuple[str, Any]:
    await office.settle()
    [run] = await office.automation.runs(office.mina, automation)
    _, steps = await office.automation.run(office.mina, run.id)
    return run.status, steps[-1].outputs


async def test_an_approval_is_decided_on_the_card_and_the_card_says_so(office: Office) -> None:
    automation, channel, ts = await asking(office, "approve", of=["function:marketing"])
    card = await office.last(office.mina, channel)
    assert card.blocks is not None
    assert card.blocks[-1]["elements"][0]["text"] == "답할 사람: 마케팅"
    with pytest.raises(NotAsked):
        await office.press(office.mina, channel, ts, "dure_yes")
    await office.press(office.joon, channel, ts, "dure_yes")
    status, outputs = await outcome(office, automation)
    assert (status, outputs["decision"]) == ("done", "yes")
    card = await office.last(office.mina, channel)
    assert (card.ts, f"승인함: <@{office.joon.user}>" in card.text) == (ts, True)


async def test_with_two_needed_the_card_stays_until_the_second(office: Office) -> None:
    automation, channel, ts = await asking(office, "approve", of=[office.mina.user, office.joon.user], needed=2)
    await office.press(office.mina, channel, ts, "dure_yes")
    assert (await outcome(office, automation))[0] == "waiting"
    card = await office.last(office.mina, channel)
    assert card.blocks is not None
    assert any(block["type"] == "actions" for block in card.blocks)
    await office.press(office.joon, channel, ts, "dure_yes")
    assert (await outcome(office, automation))[0] == "done"


async def test_what_is_decided_on_the_screen_shows_on_the_card(office: Office) -> None:
    automation, channel, _ = await asking(office, "approve")
    [run] = await office.automation.runs(office.mina, automation)
    await office.automation.decide(office.mina, run.id, "no", "너무 비쌈")
    await office.settle()
    text = (await office.last(office.mina, channel)).text
    assert f"반려함: <@{office.mina.user}> · 너무 비쌈" in text
    assert (await outcome(office, automation))[1]["decision"] == "no"


async def test_a_form_at_which_a_run_waits_is_filled_in_from_its_card(office: Office) -> None:
    fields = [{"name": "budget", "type": "number", "required": True}, {"name": "urgent", "type": "switch"},
              {"name": "kind", "type": "choice", "choices": ["yes", "no"]}]  # fmt: skip
    automation, channel, ts = await asking(office, "ask", fields=fields, of=[office.joon.user])
    await office.press(office.joon, channel, ts, "dure_open")
    view = await office.open_view(office.joon)
    wrong = await office.interaction.submit(office.joon, view, {"urgent": {"v": "yes"}})
    assert (wrong.action, set(wrong.errors)) == ("errors", {"budget"})
    given = {"budget": {"v": "12.5"}, "urgent": {"v": "yes"}, "kind": {"v": "yes"}}
    assert (await office.interaction.submit(office.joon, view, given)).action == "close"
    status, outputs = await outcome(office, automation)
    assert status == "done"
    assert outputs.items() >= {"budget": 12.5, "urgent": True, "kind": "yes"}.items()
    assert f"답함: <@{office.joon.user}>" in (await office.last(office.mina, channel)).text


async def test_a_question_whose_time_is_over_says_so_when_it_is_pressed(office: Office) -> None:
    automation, channel, ts = await asking(office, "approve", timeout="1h")
    office.room.clock.advance(timedelta(hours=2))
    assert (await outcome(office, automation))[0] == "done"
    with pytest.raises(AlreadyAnswered):
        await office.press(office.mina, channel, ts, "dure_yes")
    assert "더는 묻지 않습니다" in (await office.last(office.mina, channel)).text


async def test_a_channel_that_is_not_there_leaves_the_question_on_the_screen(office: Office) -> None:
    automation = await office.switch_on(
        {}, {"id": "q", "kind": "approve", "with": {"question": "보낼까요?", "channel": "nowhere"}}
    )
    await office.automation.start(office.mina, automation, "D1")
    await office.settle()
    [run] = await office.automation.runs(office.mina, automation)
    assert run.status == "waiting"
    await office.automation.decide(office.mina, run.id, "yes")
    assert (await outcome(office, automation))[0] == "done"
