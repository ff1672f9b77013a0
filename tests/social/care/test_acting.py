"""Who has a conversation and how it stands: taken by one, handed on, put aside, resolved, opened again."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.social.care.api import Conversation
from tests.social.care.conftest import Inbox

pytestmark = pytest.mark.anyio


async def test_of_two_who_take_one_at_once_the_second_hears_who_was_first(inbox: Inbox) -> None:
    talk = await inbox.talk()
    mina, joon = inbox.cast.mina, inbox.cast.joon
    both = await asyncio.gather(
        *(inbox.care.assign(mina, talk.id, who, expect="") for who in (mina.user, joon.user)), return_exceptions=True
    )
    (won,) = [one for one in both if isinstance(one, Conversation)]
    (lost,) = [one for one in both if isinstance(one, Conflict)]
    names = {mina.user: inbox.cast.users["mina"], joon.user: inbox.cast.users["joon"]}
    assert lost.field == "assignee"
    assert lost.data["assignee"] == won.assignee
    assert lost.data["name"] == names[won.assignee].display or names[won.assignee].name
    assert str(lost.data["name"]) in lost.message
    assert (await inbox.told(talk)).count("Conversation Assigned") == 1


async def test_it_is_given_to_colleagues_only_and_given_back(inbox: Inbox) -> None:
    talk = await inbox.talk()
    for nobody in (inbox.cast.gil.user, "U0NOBODY", inbox.cast.rina.user):
        with pytest.raises(Invalid) as refused:
            await inbox.care.assign(inbox.cast.mina, talk.id, nobody)
        assert refused.value.field == "assignee"
    await inbox.care.assign(inbox.cast.mina, talk.id, inbox.cast.joon.user)
    with pytest.raises(Conflict, match="has it already"):
        await inbox.care.assign(inbox.cast.mina, talk.id, inbox.cast.mina.user, expect="")
    assert (await inbox.care.assign(inbox.cast.joon, talk.id, "")).assignee == ""
    acts = [(one.act, one.data["to"]) for one in await inbox.entries(talk) if one.kind == "act"]
    assert acts == [("assigned", inbox.cast.joon.user), ("assigned", "")]


async def test_another_workspace_and_a_guest_see_and_do_nothing(inbox: Inbox) -> None:
    talk = await inbox.talk()
    with pytest.raises(NotFound):
        await inbox.care.one(inbox.cast.rina, talk.id)
    with pytest.raises(NotFound):
        await inbox.care.assign(inbox.cast.rina, talk.id, inbox.cast.rina.user)
    with pytest.raises(NotAllowed):
        await inbox.care.one(inbox.cast.gil, talk.id)
    with pytest.raises(NotAllowed):
        await inbox.care.set_settings(inbox.cast.joon, [], "open")


async def test_a_transfer_tells_the_team_why_and_the_router_that_it_belongs_there(inbox: Inbox) -> None:
    talk = await inbox.talk("배송지를 바꾸고 싶어요")
    await inbox.care.assign(inbox.cast.mina, talk.id, inbox.cast.mina.user)
    inbox.ticking.moves.clear()
    named = f"<@{inbox.cast.joon.user}> 견적 부탁해요"
    now = await inbox.care.transfer(inbox.cast.mina, talk.id, "sales", named)
    assert (now.team, now.assignee) == ("sales", "")
    assert [why for _, _, why in inbox.ticking.moves] == ["team"]
    decided, _ = await inbox.routing.decided(inbox.cast.mina, talk.asked)
    assert decided is not None
    assert (decided.verdict, decided.answer) == ("moved", "sales")
    note = (await inbox.entries(talk))[-1]
    assert (note.kind, note.text, note.named) == ("note", named, (inbox.cast.joon.user,))
    await inbox.follow()  # the routed mention moves nothing again
    assert (await inbox.now(talk)).version == now.version
    with pytest.raises(Conflict):
        await inbox.care.transfer(inbox.cast.mina, talk.id, "sales")
    with pytest.raises(Invalid) as unknown:
        await inbox.care.transfer(inbox.cast.mina, talk.id, "kitchen")
    assert unknown.value.field == "team"


async def test_states_are_told_to_clocks_with_what_was_before(inbox: Inbox) -> None:
    talk = await inbox.talk()
    mina = inbox.cast.mina
    inbox.ticking.moves.clear()
    await inbox.care.set_state(mina, talk.id, "waiting")
    await inbox.care.set_state(mina, talk.id, "waiting")  # twice is once
    inbox.clock.advance(timedelta(minutes=30))
    done = await inbox.care.set_state(mina, talk.id, "resolved")
    assert done.resolved_at == inbox.clock.now()
    again = await inbox.care.set_state(mina, talk.id, "open")
    assert (again.reopened, again.resolved_at) == (1, None)
    assert inbox.ticking.moves == [
        ("open", "waiting", "state"), ("waiting", "resolved", "state"), ("resolved", "open", "state")
    ]  # fmt: skip
    assert (await inbox.told(talk))[1:] == ["Conversation Waiting", "Conversation Resolved", "Conversation Reopened"]
    told = next(
        one for one in await inbox.events() if one.event == "Conversation Resolved" and one.object == str(talk.id)
    )
    assert told.properties["seconds"] >= 1800
    with pytest.raises(Conflict) as stale:
        await inbox.care.set_state(mina, talk.id, "resolved", version=talk.version)
    assert stale.value.field == "version"


async def test_what_is_snoozed_comes_back_by_itself(inbox: Inbox) -> None:
    talk = await inbox.talk()
    now = inbox.clock.now()
    for until in (None, now, now + timedelta(days=400), datetime(2026, 11, 30, 9)):
        with pytest.raises(Invalid) as refused:
            await inbox.care.set_state(inbox.cast.mina, talk.id, "snoozed", until=until)
        assert refused.value.field == "until"
    until = (now + timedelta(hours=2)).astimezone(UTC)
    assert (await inbox.care.set_state(inbox.cast.mina, talk.id, "snoozed", until=until)).snoozed_until == until
    await inbox.care.tick()
    assert (await inbox.now(talk)).state == "snoozed"
    inbox.clock.advance(timedelta(hours=2))
    await inbox.care.tick()
    back = await inbox.now(talk)
    assert (back.state, back.snoozed_until, back.reopened) == ("open", None, 0)
    assert (await inbox.told(talk))[-1] == "Conversation Woken"
    assert (await inbox.entries(talk))[-1].by == "automation"


async def test_many_are_changed_at_once_and_each_says_what_became_of_it(inbox: Inbox) -> None:
    talks = [await inbox.talk() for _ in range(3)]
    ids = [one.id for one in talks]
    gone = uuid4()
    made = await inbox.care.bulk(inbox.cast.joon, [*ids, gone], "resolve")
    assert [(one["id"], one["done"]) for one in made] == [*((one, True) for one in ids), (gone, False)]
    assert made[-1]["error"]["code"] == "not_found"
    await inbox.care.bulk(inbox.cast.joon, ids, "priority", value="urgent")
    assert {(await inbox.now(one)).priority for one in talks} == {"urgent"}
    with pytest.raises(Invalid) as wrong:
        await inbox.care.bulk(inbox.cast.joon, ids, "priority", value="huge")
    assert wrong.value.field == "priority"
    with pytest.raises(Invalid) as unknown:
        await inbox.care.bulk(inbox.cast.joon, ids, "delete")
    assert unknown.value.field == "act"


async def test_views_filter_order_and_count(inbox: Inbox) -> None:
    mark = "구독료가 왜 올랐는지 모르겠네요"
    first = await inbox.talk(mark, author="가나다")
    inbox.clock.advance(timedelta(minutes=5))
    second = await inbox.talk("다른 " + mark, network="email", author="라마바")
    await inbox.care.assign(inbox.cast.mina, second.id, inbox.cast.mina.user)
    await inbox.care.note(inbox.cast.joon, second.id, f"<@{inbox.cast.mina.user}> 봐 주세요")
    assert await inbox.listed(text="구독료가 왜") == [second.id, first.id]
    assert await inbox.listed(text="구독료가 왜", order="waiting") == [first.id, second.id]
    assert await inbox.listed(text="라마바") == [second.id]
    assert await inbox.listed(text="봐 주세요", named=inbox.cast.mina.user) == [second.id]
    assert await inbox.listed(text="구독료가", assignee="none") == [first.id]
    assert await inbox.listed(text="구독료가", network="email", assignee=inbox.cast.mina.user) == [second.id]
    assert await inbox.listed(text="구독료가", limit=1, at=1) == [first.id]
    assert await inbox.listed(text="구독료가", overdue=True) == []
    from dure.social.care import store

    async with inbox.state.begin(inbox.cast.tenant) as tx:
        await store.set_due(tx, inbox.cast.tenant.workspace, {first.id: (inbox.clock.now() - timedelta(1), "first")})
    assert await inbox.listed(text="구독료가", overdue=True) == [first.id]
    assert await inbox.listed(text="구독료가", order="due") == [first.id, second.id]
    before = await inbox.care.counts(inbox.cast.mina)
    await inbox.care.set_state(inbox.cast.mina, second.id, "resolved")
    after = await inbox.care.counts(inbox.cast.mina)
    assert {name: before[name] - after[name] for name in ("unresolved", "mine", "named", "overdue")} == {
        "unresolved": 1, "mine": 1, "named": 1, "overdue": 0
    }  # fmt: skip
    assert second.id not in await inbox.listed(text="구독료가")
    for field, value in (("state", "gone"), ("team", "kitchen"), ("priority", "huge")):
        with pytest.raises(Invalid) as wrong:
            await inbox.listed(**{field: value})
        assert wrong.value.field == field


async def test_the_customers_other_talks_and_posts_are_beside_it(inbox: Inbox) -> None:
    await inbox.arrive(inbox.post("오늘 방송 정말 좋았어요", handle="jisoo.page"))
    old = await inbox.talk("예전 문의", handle="jisoo.page", id="j-1")
    talk = await inbox.talk("새 문의", handle="jisoo.page", id="j-2")
    known = await inbox.care.customer(inbox.cast.mina, talk.id)
    assert [one.id for one in known["conversations"]] == [old.id]
    assert [one["text"] for one in known["mentions"]] == ["예전 문의", "오늘 방송 정말 좋았어요"]


async def test_notes_call_colleagues_whose_screens_hear_it(inbox: Inbox) -> None:
    talk = await inbox.talk()
    async with inbox.state.listen("dure_whisper") as heard:
        await inbox.care.note(inbox.cast.mina, talk.id, f"<@{inbox.cast.joon.user}> 이 고객 아시죠")
        await inbox.care.doing(inbox.cast.mina, talk.id, "typing")
        told = []
        async for one in heard:
            told.append(json.loads(one.payload))
            if len(told) == 2:
                break
    assert told[0]["t"] == [f"user:{inbox.cast.joon.user}"]
    assert told[0]["e"]["named"]["conversation"] == str(talk.id)
    assert told[1]["e"]["care"] == {"conversation": str(talk.id), "user": inbox.cast.mina.user, "what": "typing"}
    assert (await inbox.told(talk))[1:] == ["Conversation Noted"]  # what one is doing is kept nowhere
    with pytest.raises(Invalid) as nobody:
        await inbox.care.note(inbox.cast.mina, talk.id, "<@U0NOBODY> 봐 주세요")
    assert nobody.value.field == "text"
    with pytest.raises(Invalid):
        await inbox.care.doing(inbox.cast.mina, talk.id, "dancing")


async def test_the_companys_own_names_are_set_by_an_admin(inbox: Inbox) -> None:
    kept = await inbox.care.set_settings(inbox.cast.mina, ["Square:@Our.Own", "square:our.own"], "waiting")
    assert kept["own"] == ["square:our.own"]
    ids = await inbox.arrive(inbox.post("우리 공지", handle="our.own", direct=True))
    assert await inbox.care.of_mention(inbox.cast.mina, ids[0]) is None
    with pytest.raises(Invalid) as wrong:
        await inbox.care.set_settings(inbox.cast.mina, ["our.own"], "waiting")
    assert wrong.value.field == "own"
