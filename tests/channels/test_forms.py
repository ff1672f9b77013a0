"""Forms and approvals: what a card asks, who may answer, what becomes of the card and what the feed is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from dure.channels.api import ts_of
from dure.channels.forms.api import Field
from dure.channels.forms.refusals import AlreadyAnswered, AnswerWrong, FormClosed, FormTaken, NotAsked
from dure.channels.interaction.refusals import ElementNotFound
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from tests.channels.automated import Office, open_office
from tests.channels.shared_state import shared_database, state  # noqa: F401

pytestmark = pytest.mark.anyio

BRIEF: list[dict[str, Any]] = [
    {"name": "client", "title": {"ko": "고객사", "en": "Client"}},
    {"name": "budget", "title": "Budget", "type": "number"},
    {"name": "start", "title": "Start", "type": "date", "required": False},
    {"name": "kind", "title": "Kind", "type": "choice", "required": False,
     "choices": ["audio", {"value": "video", "title": {"ko": "영상", "en": "Video"}}]},
    {"name": "owner", "title": "Owner", "type": "user", "required": False},
]  # fmt: skip


@pytest.fixture(scope="module")
async def office(state: State) -> AsyncIterator[Office]:  # noqa: F811
    return await open_office(state)


async def ask(office: Office, **more: Any) -> tuple[str, int, str]:
    """A card with the brief in a channel of mina and joon: channel, ts, ask."""
    channel = await office.room.channel(office.mina, office.joon)
    out = await office.step("channels.ask", channel=channel, title="브리프", fields=BRIEF, **more)
    return channel, ts_of(out.ts), out.ask


async def approval(office: Office, **more: Any) -> tuple[str, int, str]:
    channel = await office.room.channel(office.mina, office.joon)
    out = await office.step("channels.approval", channel=channel, question="제안서 v3를 보낼까요?", **more)
    return channel, ts_of(out.ts), out.ask


def filled(**values: Any) -> dict[str, Any]:
    return {name: {"v": value} for name, value in values.items()}


async def test_a_cards_button_opens_the_form_and_the_answer_is_on_the_feed(office: Office) -> None:
    channel, ts, asked = await ask(office)
    await office.press(office.joon, channel, ts, "dure_open")
    view = await office.interaction.view(office.joon, await office.open_view(office.joon))
    assert [block["block_id"] for block in view.blocks[:-1]] == ["client", "budget", "start", "kind", "owner"]
    assert view.blocks[0]["label"]["text"] == "고객사"
    done = await office.interaction.submit(
        office.joon, view.id, filled(client="한빛 <커피>", budget="1200.5", kind="video", owner=office.mina.user)
    )
    assert done.action == "close"
    told = (await office.answered())[-1]
    assert (told.properties["what"], told.properties["ask"], told.properties["by"]) == ("form", asked, office.joon.user)
    assert told.properties["values"] == {
        "client": "한빛 <커피>", "budget": 1200.5, "start": None, "kind": "video", "owner": office.mina.user,
    }  # fmt: skip
    assert told.properties["text"].splitlines() == [
        "*고객사*: 한빛 &lt;커피&gt;", "*Budget*: 1,200.5", "*Kind*: 영상", f"*Owner*: <@{office.mina.user}>",
    ]  # fmt: skip
    assert (told.object, told.actor, told.run) == (channel, office.joon.user, "")
    card = await office.last(office.mina, channel)
    assert card.ts == ts
    assert card.blocks is not None
    assert not any(block["type"] == "actions" for block in card.blocks)
    assert f"<@{office.joon.user}>" in card.blocks[-1]["elements"][0]["text"]


async def test_what_is_missing_is_told_by_field_and_nothing_is_kept(office: Office) -> None:
    channel, ts, _ = await ask(office)
    await office.press(office.joon, channel, ts, "dure_open")
    view, before = await office.open_view(office.joon), len(await office.answered())
    done = await office.interaction.submit(office.joon, view, filled(budget="many", kind="radio"))
    assert (done.action, set(done.errors)) == ("errors", {"client", "budget", "kind"})
    with pytest.raises(Invalid, match="no such user"):
        await office.interaction.submit(office.joon, view, filled(client="a", budget=1, owner="U0NOBODY"))
    assert len(await office.answered()) == before


async def test_a_card_that_takes_many_answers_keeps_its_button_and_counts(office: Office) -> None:
    channel, ts, _ = await ask(office, once=False)
    for who in (office.joon, office.mina):
        await office.press(who, channel, ts, "dure_open")
        await office.interaction.submit(who, await office.open_view(who), filled(client="a", budget=1))
    card = await office.last(office.mina, channel)
    assert card.blocks is not None
    assert [block["type"] for block in card.blocks].count("actions") == 1
    assert card.blocks[-1]["elements"][0]["text"].startswith(":memo: 답 2개")


async def test_an_approval_says_in_place_who_decided_and_is_decided_once(office: Office) -> None:
    channel, ts, asked = await approval(office, text="<https://dure.example/v3|v3>")
    await office.press(office.joon, channel, ts, "dure_yes")
    told = (await office.answered())[-1].properties
    assert (told["ask"], told["decision"], told["by"]) == (asked, "yes", office.joon.user)
    card = await office.last(office.mina, channel)
    assert card.ts == ts
    assert f"승인함: <@{office.joon.user}>" in card.text
    with pytest.raises(ElementNotFound):  # the buttons are gone, so an old screen's press names nothing
        await office.press(office.mina, channel, ts, "dure_no")
    async with office.room.state.begin(office.mina.tenant) as tx:
        found = await office.forms.at(tx, channel, ts)
        assert found is not None
        with pytest.raises(AlreadyAnswered) as refused:
            await office.forms.decide_in(tx, office.mina, found, "no")
    assert refused.value.data == {"by": office.joon.user, "decision": "yes"}


async def test_what_a_card_is_called_calls_nobody(office: Office) -> None:
    channel = await office.room.channel(office.mina)
    await office.step("channels.approval", channel=channel, question="<!channel> 보낼까요?")
    card = await office.last(office.mina, channel)
    assert (card.text, card.mentions) == ("&lt;!channel&gt; 보낼까요?", ())


async def test_a_forms_answers_are_heard_by_members_alone(office: Office) -> None:
    heard = office.room.channels.may_hear
    assert await heard(office.joon, "form:pitch")
    assert not await heard(office.room.cast.gil, "form:pitch")


async def test_only_those_who_are_asked_may_decide(office: Office) -> None:
    channel, ts, _ = await approval(office, of=[office.mina.user])
    with pytest.raises(NotAsked):
        await office.press(office.joon, channel, ts, "dure_no")
    with pytest.raises(NotAsked):
        await office.press(office.joon, channel, ts, "dure_note")
    await office.press(office.mina, channel, ts, "dure_no")
    assert (await office.answered())[-1].properties["decision"] == "no"


async def test_a_function_may_be_asked(office: Office) -> None:
    channel, ts, _ = await approval(office, function="marketing")
    with pytest.raises(NotAsked):
        await office.press(office.mina, channel, ts, "dure_yes")
    await office.press(office.joon, channel, ts, "dure_yes")
    with pytest.raises(Invalid, match="Nobody belongs"):
        await approval(office, function="care")


async def test_a_decision_with_its_note_comes_from_the_modal(office: Office) -> None:
    channel, ts, _ = await approval(office, note="required")
    await office.press(office.joon, channel, ts, "dure_note")
    view = await office.open_view(office.joon)
    without = await office.interaction.submit(office.joon, view, filled(decision="no"))
    assert (without.action, set(without.errors)) == ("errors", {"note"})
    await office.interaction.submit(office.joon, view, filled(decision="no", note="단가가 <너무> 높음"))
    told = (await office.answered())[-1].properties
    assert (told["decision"], told["note"]) == ("no", "단가가 <너무> 높음")
    assert "단가가 &lt;너무&gt; 높음" in (await office.last(office.mina, channel)).text


async def test_neither_bots_nor_other_organisations_decide(office: Office) -> None:
    shared = await office.room.shared()
    out = await office.step("channels.approval", channel=shared, question="보낼까요?")
    rina = office.room.cast.rina
    with pytest.raises(NotAsked):
        await office.press(rina, shared, ts_of(out.ts), "dure_yes")
    bot = await office.room.cast.governance.principal(office.room.cast.bot_token)
    with pytest.raises(NotAllowed, match="Only a person"):
        await office.press(bot, shared, ts_of(out.ts), "dure_yes")


async def test_a_form_stands_by_itself_and_takes_answers_until_it_is_closed(office: Office) -> None:
    fields = [Field("client", {"ko": "고객사", "en": "Client"}), Field("budget", "Budget", "number")]
    await office.forms.create(office.mina, "pitch", {"ko": "피치", "en": "Pitch"}, fields)
    with pytest.raises(FormTaken):
        await office.forms.create(office.joon, "pitch", "Another", fields)
    made = await office.forms.answer(office.joon, "pitch", {"client": "한빛", "budget": 3})
    assert made.values == {"client": "한빛", "budget": 3}
    told = (await office.answered())[-1]
    assert (told.object, told.properties["form"], told.properties["channel"]) == ("pitch", "pitch", "")
    with pytest.raises(AnswerWrong) as wrong:
        await office.forms.answer(office.joon, "pitch", {"budget": "x"})
    assert (wrong.value.field, set(wrong.value.data["fields"])) == ("values.client", {"client", "budget"})  # type: ignore[call-overload]
    with pytest.raises(Invalid, match="no field 'colour'"):
        await office.forms.answer(office.joon, "pitch", {"client": "a", "budget": 1, "colour": "red"})
    await office.forms.change(office.mina, "pitch", closed=True)
    with pytest.raises(FormClosed):
        await office.forms.answer(office.joon, "pitch", {"client": "a", "budget": 1})
    assert [one.values["client"] for one in await office.forms.answers(office.mina, "pitch")] == ["한빛"]
    with pytest.raises(NotAllowed):
        await office.forms.answer(office.room.cast.gil, "pitch", {"client": "a", "budget": 1})


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ([], "fields"),
        ([Field("a b", "A")], "fields[0].name"),
        ([Field("a", "A"), Field("a", "B")], "fields[1].name"),
        ([Field("a", "")], "fields[0].title"),
        ([Field("a", "A", "choice")], "fields[0].choices"),
        ([Field("a", "A", choices=["x"])], "fields[0].choices"),
    ],
)
async def test_a_form_that_makes_no_sense_is_refused_by_field(office: Office, fields: Any, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        await office.forms.create(office.mina, "odd", "Odd", fields)
    assert refused.value.field == place


async def test_a_run_waits_for_the_decision_in_the_channel(office: Office) -> None:
    channel = await office.room.channel(office.mina, office.joon)
    automation = await office.switch_on(
        {"kind": "channels.command", "with": {"command": "/sign"}},
        {"id": "card", "kind": "channels.approval", "next": "answer",
         "with": {"channel": channel, "question": "{{ event.properties.text }}", "of": [office.joon.user]}},
        {"id": "answer", "kind": "wait_event", "next": {"event": "which", "timeout": "late"},
         "with": {"event": "Form Answered", "on": "ask", "equals": "{{ steps.card.ask }}", "timeout": "3d"}},
        {"id": "which", "kind": "branch", "next": {"yes": "yes", "no": "late"},
         "with": {"where": [{"prop": "steps.answer.event.properties.decision", "value": "yes"}]}},
        {"id": "yes", "kind": "channels.reply", "with": {
            "channel": channel, "ts": "{{ steps.card.ts }}", "text": "sent by {{ steps.answer.event.properties.by }}"}},
        {"id": "late", "kind": "end"},
    )  # fmt: skip
    await office.interaction.command(office.mina, "/sign", "v4?", channel)
    [run] = await office.runs(automation)
    assert (run.status, run.node) == ("waiting", "answer")
    card = await office.last(office.mina, channel)
    await office.press(office.joon, channel, card.ts, "dure_yes")
    [run] = await office.runs(automation)
    assert run.status == "done"
    _, replies, _ = await office.room.channels.replies(office.mina, channel, card.ts)
    assert [one.text for one in replies] == [f"sent by {office.joon.user}"]


async def test_a_form_in_an_automation_is_started_by_its_page(office: Office) -> None:
    await office.forms.create(office.mina, "order", "Order", [Field("what", "What")])
    automation = await office.switch_on({"kind": "channels.form", "with": {"form": "order"}})
    await office.forms.answer(office.joon, "order", {"what": "tea"})
    [run] = await office.runs(automation)
    assert run.event is not None
    assert run.event["properties"]["values"] == {"what": "tea"}
