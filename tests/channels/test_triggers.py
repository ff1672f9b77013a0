"""What in channels starts an automation: messages, mentions, reactions, commands, a message's menu, joining."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from dure.channels.api import Draft
from dure.channels.interaction.refusals import CommandNotFound, ShortcutNotFound
from dure.channels.plugs import Answer
from dure.kernel.errors import Invalid
from dure.state import State
from tests.channels.automated import Nobody, Office, open_office
from tests.channels.shared_state import shared_database, state  # noqa: F401

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def office(state: State) -> AsyncIterator[Office]:  # noqa: F811
    return await open_office(state)


def trigger(kind: str, **given: Any) -> dict[str, Any]:
    return {"kind": f"channels.{kind}", "with": given}


async def test_a_message_starts_by_channel_word_and_who_wrote_it(office: Office) -> None:
    here, there = await office.room.channel(office.mina), await office.room.channel(office.mina)
    automation = await office.switch_on(trigger("message", channel=here, contains="견적", where="top"))
    ts = (await office.room.say(office.mina, here, "견적 부탁드려요")).ts
    await office.room.say(office.mina, here, "견적은 여기", thread=ts)
    await office.room.say(office.mina, here, "안녕하세요")
    await office.room.say(office.mina, there, "견적 부탁드려요")
    await office.step("channels.post", channel=here, text="견적을 올렸습니다")
    [run] = await office.runs(automation)
    assert run.event is not None
    assert run.event["properties"]["text"] == "견적 부탁드려요"


async def test_a_mention_means_a_person_or_the_app(office: Office) -> None:
    here = await office.room.channel(office.mina)
    bot = (await office.room.cast.governance.principal(office.room.cast.bot_token)).user
    of_app = await office.switch_on(trigger("mention"))
    of_joon = await office.switch_on(trigger("mention", of=office.joon.user))
    for text in (f"<@{bot}> 오늘 소진율?", f"<@{office.joon.user}> 봐 주세요", "아무도"):
        await office.room.say(office.mina, here, text)
    texts = [[run.event["properties"]["text"][-3:] for run in await office.runs(one)] for one in (of_app, of_joon)]
    assert texts == [["소진율?"[-3:]], ["주세요"]]


async def test_a_reaction_starts_once_a_message_or_each_time(office: Office) -> None:
    here = await office.room.channel(office.mina, office.joon)
    once = await office.switch_on(trigger("reaction", emoji=":ticket:", channel=here))
    each = await office.switch_on(trigger("reaction", emoji="ticket", channel=here, once=False))
    said = await office.room.say(office.mina, here, "광고가 안 나와요")
    for who in (office.mina, office.joon):
        await office.room.channels.react(who, here, said.ts, "ticket")
    await office.room.channels.react(office.mina, here, said.ts, "eyes")
    assert (len(await office.runs(once)), len(await office.runs(each))) == (1, 2)


async def test_a_command_is_offered_while_its_automation_is_on(office: Office) -> None:
    here = await office.room.channel(office.mina, office.joon)
    automation = await office.switch_on(
        trigger("command", command="/Pitch", about="새 피치를 시작합니다", usage="[고객사]"),
        {"id": "post", "kind": "channels.post", "with": {
            "channel": "{{ event.properties.channel }}", "text": "피치: {{ event.properties.text }}"}},
    )  # fmt: skip
    offered = {one.command: one for one in await office.interaction.commands(office.joon)}
    assert (offered["/pitch"].description, offered["/pitch"].usage_hint) == ("새 피치를 시작합니다", "[고객사]")
    assert "/pitch" not in {one.command for one in await office.interaction.commands(office.room.cast.gil)}
    await office.interaction.command(office.joon, "/pitch", f"한빛커피 &lt;Q4&gt; <@{office.mina.user}>", here)
    [run] = await office.runs(automation)
    assert run.event is not None
    told = run.event["properties"]
    assert (told["user"], told["mentions"]) == (office.joon.user, [office.mina.user])
    assert told["text"].startswith("한빛커피 <Q4> @")
    assert (await office.last(office.mina, here)).text.startswith("피치: 한빛커피")
    assert office.asides.texts[-1][0] == office.joon.user
    assert "`/pitch`" in office.asides.texts[-1][1]
    await office.automation.switch(office.mina, automation, False)
    office.interaction._asking = Silent()
    with pytest.raises(CommandNotFound):
        await office.interaction.command(office.joon, "/pitch", "", here)
    office.interaction._asking = Nobody()


class Silent:
    async def ask(self, *_: Any) -> Any:
        return Answer(False, why="no_connection")


async def test_a_message_menu_starts_with_the_message(office: Office) -> None:
    here = await office.room.channel(office.mina, office.joon)
    automation = await office.switch_on(trigger("shortcut", name="과제로 만들기"))
    assert ("message", "과제로 만들기", "automation") in [
        (one.kind, one.name, one.app) for one in await office.interaction.shortcuts(office.joon)
    ]
    said = await office.room.say(office.mina, here, "배너 교체해 주세요")
    await office.interaction.shortcut(office.joon, "automation", "과제로 만들기", channel=here, ts=said.ts)
    [run] = await office.runs(automation)
    assert run.event is not None
    told = run.event["properties"]
    assert (told["user"], told["author"], told["text"]) == (office.joon.user, office.mina.user, "배너 교체해 주세요")
    with pytest.raises(ShortcutNotFound):
        await office.interaction.shortcut(office.joon, "automation", "없는 것", channel=here, ts=said.ts)


async def test_joining_and_archiving_start_by_channel(office: Office) -> None:
    here, there = await office.room.channel(office.mina), await office.room.channel(office.mina)
    joined = await office.switch_on(trigger("joined", channel=here))
    archived = await office.switch_on(trigger("archived", channel=here))
    for channel in (here, there):
        await office.room.channels.invite(office.mina, channel, [office.joon.user])
        await office.room.channels.archive(office.mina, channel)
    [run] = await office.runs(joined)
    assert run.event is not None
    assert run.event["properties"]["user"] == office.joon.user
    assert len(await office.runs(archived)) == 1


async def test_a_channel_may_be_named(office: Office) -> None:
    made = await office.room.channels.create(office.mina, "문의")
    automation = await office.switch_on(trigger("message", channel="#문의"))
    await office.room.channels.post(office.mina, made.id, Draft("안녕하세요"))
    assert len(await office.runs(automation)) == 1


@pytest.mark.parametrize(
    ("kind", "given", "place"),
    [
        ("command", {"command": "pitch"}, "trigger.with.command"),
        ("command", {}, "trigger.with.command"),
        ("reaction", {"emoji": "눈 눈"}, "trigger.with.emoji"),
        ("shortcut", {"name": "x" * 25}, "trigger.with.name"),
        ("message", {"by": "cats"}, "trigger.with.by"),
        ("message", {"room": "x"}, "trigger.with.room"),
    ],
)
async def test_settings_that_make_no_sense_are_refused_by_field(
    office: Office, kind: str, given: dict[str, Any], place: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await office.switch_on(trigger(kind, **given))
    assert refused.value.field == place
