"""What automations do in channels."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.channels.api import ts_of, ts_text
from dure.channels.refusals import ChannelNotFound, NoText
from dure.channels.steps import steps
from dure.kernel.errors import Invalid
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state  # noqa: F401

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(state: State) -> Room:  # noqa: F811
    return await open_room(state)


async def run(room: Room, step: str, **inputs: Any) -> Any:
    kind = next(kind for kind in steps(room.channels, room.cast.governance) if kind.name == step)
    principal = room.cast.governance.system(room.cast.tenant, "automation", "run-1")
    call = StepCall(room.cast.tenant, principal, "run-1", "deal-room", "run-1:a:1", "d-1", room.clock.now())
    async with room.state.begin(room.cast.tenant) as tx:
        return await kind.run(tx, call, msgspec.convert(inputs, kind.inputs))


async def test_a_deals_room_is_made_filled_and_briefed(room: Room) -> None:
    made = await run(room, "channels.create", name="deal-한빛커피 Q4 (재계약)", purpose="한빛커피 · 1억원")
    assert made.name == "deal-한빛커피-q4-재계약"
    invited = await run(room, "channels.invite", channel=made.channel, users=[room.cast.mina.user])
    assert invited.users == [room.cast.mina.user]
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "한빛커피"}}]
    posted = await run(room, "channels.post", channel=made.channel, text="한빛커피", blocks=blocks)
    await run(room, "channels.post", channel=made.name, text="in the thread", thread=posted.ts)
    await run(room, "channels.update", channel=made.channel, ts=posted.ts, text="한빛커피 · 수주")
    brief = (await room.channels.history(room.cast.mina, made.channel))[0][0]
    assert (brief.text, brief.reply_count) == ("한빛커피 · 수주", 1)
    told = await room.told(room.cast.tenant.workspace)
    assert {event.run for event in told} == {"run-1"}
    posted_events = [e for e in told if e.event == "Message Posted"]
    assert [e.properties["by"] for e in posted_events] == ["bot", "bot"]
    dure = {user.id: user.name for user in await room.channels.people_of(room.cast.mina)}[brief.user]
    assert dure == "dure"


async def test_a_name_that_is_taken_gets_a_number(room: Room) -> None:
    names = [(await run(room, "channels.create", name="Deal: 한빛")).name for _ in range(3)]
    assert names == ["deal-한빛", "deal-한빛-2", "deal-한빛-3"]


async def test_all_of_a_function_are_invited_once(room: Room) -> None:
    made = await run(room, "channels.create", name="growth", private=True)
    first = await run(room, "channels.invite", channel="growth", function="marketing")
    again = await run(room, "channels.invite", channel="#growth", function="marketing")
    assert (first.users, again.users) == ([room.cast.joon.user], [])
    assert len(await room.channels.members(room.cast.joon, made.channel)) == 2


async def test_a_channel_that_is_not_there_fails_the_step(room: Room) -> None:
    with pytest.raises(ChannelNotFound):
        await run(room, "channels.post", channel="nowhere", text="hello")


async def test_a_room_is_renamed_described_and_closed_with_a_last_word(room: Room) -> None:
    made = await run(room, "channels.create", name="deal-한빛")
    taken = await run(room, "channels.create", name="deal-한빛-종료")
    again = await run(
        room, "channels.rename", channel=made.channel, name="Deal 한빛 종료", topic="수주", purpose="x" * 300
    )
    assert again.name == f"{taken.name}-2"
    same = await run(room, "channels.rename", channel=made.channel, topic="수주")
    found = await room.channels.info(room.cast.mina, made.channel)
    assert (same.name, found.topic, len(found.purpose)) == (again.name, "수주", 250)
    topics = [e for e in await room.told(room.cast.tenant.workspace) if e.properties.get("what") == "topic"]
    assert len(topics) == 1
    for _ in range(2):
        await run(room, "channels.archive", channel=made.channel, say="보관합니다")
    assert (await room.channels.info(room.cast.mina, made.channel)).side.archived
    assert [e.event for e in await room.told(room.cast.tenant.workspace)].count("Channel Archived") == 1
    with pytest.raises(Invalid):
        await run(room, "channels.rename", channel=taken.channel)


async def test_who_is_sent_out_is_told_and_who_was_not_in_is_passed_over(room: Room) -> None:
    mina, joon, gil = room.cast.mina.user, room.cast.joon.user, room.cast.gil.user
    made = await run(room, "channels.create", name="small", members=[mina, joon])
    gone = await run(room, "channels.kick", channel=made.channel, users=[joon, gil, joon])
    assert gone.users == [joon]
    assert joon not in {one.user for one in await room.channels.members(room.cast.mina, made.channel)}


async def test_a_card_of_a_name_is_posted_once_and_changed_from_then_on(room: Room) -> None:
    made = await run(room, "channels.create", name="pacing", members=[room.cast.mina.user])
    said = [
        await run(room, "channels.post", channel="pacing", text=f"{percent} %", card="line-1") for percent in (50, 60)
    ]
    other = await run(room, "channels.post", channel="pacing", text="20 %", card="line-2")
    assert said[0].ts == said[1].ts != other.ts
    texts = [one.text for one in (await room.channels.history(room.cast.mina, made.channel))[0]]
    assert texts[:2] == ["20 %", "60 %"]
    await room.channels.delete(room.cast.mina, made.channel, ts_of(said[0].ts))
    anew = await run(room, "channels.post", channel="pacing", text="70 %", card="line-1")
    assert anew.ts != said[0].ts
    assert (await run(room, "channels.post", channel="pacing", text="71 %", card="line-1")).ts == anew.ts


async def test_replies_direct_messages_and_pins(room: Room) -> None:
    mina = room.cast.mina
    made = await run(room, "channels.create", name="help", members=[mina.user])
    asked = await room.say(mina, made.channel, "얼마나 남았나요?")
    await run(room, "channels.reply", channel=made.channel, ts=ts_text(asked.ts), text="3일", broadcast=True)
    _, [reply], _ = await room.channels.replies(mina, made.channel, asked.ts)
    assert (reply.text, reply.broadcast) == ("3일", True)
    for _ in range(2):
        await run(room, "channels.pin", channel=made.channel, ts=ts_text(asked.ts))
    assert [one.message.ts for one in await room.channels.pins(mina, made.channel)] == [asked.ts]
    direct = await run(room, "channels.dm", users=[mina.user], text="마감이 내일입니다")
    again = await run(room, "channels.dm", users=[mina.user], text="오늘입니다")
    assert direct.channel == again.channel
    heard = (await room.channels.history(mina, direct.channel))[0]
    assert [one.text for one in heard] == ["오늘입니다", "마감이 내일입니다"]


async def test_pictures_and_tables_are_blocks(room: Room) -> None:
    made = await run(room, "channels.create", name="numbers", members=[room.cast.mina.user])
    await run(
        room, "channels.picture", channel=made.channel, url="https://dure.example/p.svg", alt="청취자", title="이번 주"
    )
    rows = [{"name": "한빛", "amount": 1200000, "share": 0.5, "x": None}] * 60
    columns = [{"name": "name", "title": "고객사"}, {"name": "amount", "align": "right"}, {"name": "x"}]
    await run(room, "channels.table", channel=made.channel, rows=rows, columns=columns, text="*이번 주*")
    shown, picture = (await room.channels.history(room.cast.mina, made.channel))[0][:2]
    assert picture.blocks is not None
    assert picture.blocks[0]["image_url"] == "https://dure.example/p.svg"
    assert shown.blocks is not None
    assert [block["type"] for block in shown.blocks] == ["section", "table", "context"]
    table = shown.blocks[1]["rows"]
    assert (len(table), [cell["text"] for cell in table[0]]) == (51, ["고객사", "amount", "x"])
    assert [cell["text"] for cell in table[1]] == ["한빛", "1,200,000", "–"]
    assert shown.blocks[2]["elements"][0]["text"] == "+ 10"
    with pytest.raises(Invalid):
        await run(room, "channels.table", channel=made.channel, rows=[])


async def test_what_many_runs_say_is_said_together_and_each_has_its_answer(room: Room) -> None:
    kind = next(kind for kind in steps(room.channels, room.cast.governance) if kind.name == "channels.post")
    made = await run(room, "channels.create", name="many", members=[room.cast.mina.user])
    principal = room.cast.governance.system(room.cast.tenant, "automation", "run-1")
    given = [*({"channel": "many", "text": f"n {n}"} for n in range(30)), {"channel": "many", "text": " "},
             {"channel": "many", "text": "card", "card": "c"}]  # fmt: skip
    calls = [StepCall(room.cast.tenant, principal, "run-1", "a", f"k{n}", "s", room.clock.now()) for n in range(32)]
    assert kind.run_many is not None
    async with room.state.begin(room.cast.tenant) as tx:
        answers = await kind.run_many(tx, calls, [msgspec.convert(one, kind.inputs) for one in given])
    assert isinstance(answers[30], NoText)
    said = [one.text for one in (await room.channels.history(room.cast.mina, made.channel))[0]]
    assert sorted(said) == sorted([*(f"n {n}" for n in range(30)), "card"])
    assert len({one.ts for one in answers if not isinstance(one, Exception)}) == 31
