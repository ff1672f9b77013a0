"""An answer goes out at most once, is stopped where somebody spoke meanwhile, and says what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.social.plugs import Refused, Unknown
from tests.social.care.conftest import Inbox

pytestmark = pytest.mark.anyio


class Died(BaseException):
    """The process is gone: nothing catches it."""


async def test_a_reply_stands_there_waits_for_the_customer_and_takes_the_conversation(inbox: Inbox) -> None:
    talk = await inbox.talk(id="a-1")
    inbox.clock.advance(timedelta(minutes=4))
    inbox.ticking.moves.clear()
    now, entry = await inbox.reply(talk, "바로 취소해 드릴게요", "a", inbox.cast.joon)
    assert (now.state, now.assignee, now.awaits) == ("waiting", inbox.cast.joon.user, False)
    assert (entry.outcome, entry.by, entry.url) == ("said", "person", "https://square.example/r")
    assert [why for _, _, why in inbox.ticking.moves] == ["assigned", "out", "state"]
    sent = len(inbox.square.said)
    again, same = await inbox.reply(talk, "다른 말", "a", inbox.cast.joon)
    assert (len(inbox.square.said), same.id, same.text, again.version) == (
        sent, entry.id, "바로 취소해 드릴게요", now.version
    )  # fmt: skip
    told = next(
        one for one in await inbox.events() if one.event == "Conversation Answered" and one.object == str(talk.id)
    )
    assert told.properties["waited"] >= 240
    assert (told.properties["by"], told.properties["text"]) == ("person", "바로 취소해 드릴게요")


async def test_a_reply_to_older_words_is_stopped_with_what_was_said_since(inbox: Inbox) -> None:
    talk = await inbox.talk(id="b-1", thread="b-1", handle="yuna", author="유나")
    await inbox.reply(talk, "제가 볼게요", "b-joon", inbox.cast.joon)
    await inbox.arrive(inbox.post("해결됐어요!", id="b-2", thread="b-1", handle="yuna", author="유나"))
    sent = len(inbox.square.said)
    with pytest.raises(Conflict) as stopped:
        await inbox.care.answering.reply(inbox.cast.mina, talk.id, "확인 중입니다", "b", seen=talk.said_seq)
    newer = stopped.value.data["newer"]
    assert isinstance(newer, list)
    assert [(one["kind"], one["name"], one["text"]) for one in newer] == [
        ("reply", "박준", "제가 볼게요"), ("in", "유나", "해결됐어요!")
    ]  # fmt: skip
    assert len(inbox.square.said) == sent
    seen = stopped.value.data["said_seq"]
    assert isinstance(seen, int)
    _, entry = await inbox.care.answering.reply(inbox.cast.mina, talk.id, "다행입니다", "b", seen=seen)
    assert entry.outcome == "said"
    await inbox.care.note(inbox.cast.joon, talk.id, "메모는 막지 않는다")
    _, entry = await inbox.care.answering.reply(inbox.cast.mina, talk.id, "또 연락 주세요", "b2", seen=entry.seq)
    assert entry.outcome == "said"


async def test_what_was_refused_keeps_its_text_and_is_said_again_by_hand(inbox: Inbox) -> None:
    talk = await inbox.talk(id="c-1")
    inbox.square.answers = [Refused("busy", "later", 60)]
    now, entry = await inbox.reply(talk, "곧 답할게요", "c")
    assert (entry.outcome, entry.code, entry.detail, entry.text) == ("refused", "busy", "later", "곧 답할게요")
    assert (now.state, now.last_out_at) == ("open", None)
    assert (await inbox.told(talk))[-1] == "Conversation Reply Failed"
    now, entry = await inbox.care.answering.again(inbox.cast.mina, talk.id, entry.id)
    assert (entry.outcome, now.state) == ("said", "waiting")
    with pytest.raises(Conflict):
        await inbox.care.answering.again(inbox.cast.mina, talk.id, entry.id)


async def test_of_what_nobody_knows_nothing_is_sent_twice_and_a_person_settles_it(inbox: Inbox) -> None:
    talk = await inbox.talk(id="d-1")
    inbox.square.answers = [Unknown("no answer")]
    now, entry = await inbox.reply(talk, "환불했습니다", "d")
    assert (entry.outcome, now.state, now.last_out_at) == ("unknown", "open", None)
    sent = len(inbox.square.said)
    _, same = await inbox.reply(talk, "환불했습니다", "d")
    assert (same.outcome, len(inbox.square.said)) == ("unknown", sent)
    with pytest.raises(Conflict):
        await inbox.care.answering.again(inbox.cast.mina, talk.id, entry.id)
    now, settled = await inbox.care.answering.settle(inbox.cast.joon, talk.id, entry.id, True)
    assert (settled.outcome, now.state, now.last_out_at) == ("said", "waiting", entry.at)
    other = await inbox.talk(id="d-2")
    inbox.square.answers = [Unknown("no answer")]
    _, entry = await inbox.reply(other, "답", "d")
    _, settled = await inbox.care.answering.settle(inbox.cast.joon, other.id, entry.id, False)
    assert (settled.outcome, settled.code) == ("refused", "not_there")
    _, entry = await inbox.care.answering.again(inbox.cast.mina, other.id, entry.id)
    assert entry.outcome == "said"
    keys = [key for said, _, key in inbox.square.said if said == "d-2"]
    assert len(set(keys)) == 2  # what certainly is not there is said under a key of its own


async def test_a_process_that_dies_in_between_loses_nothing_and_sends_nothing_twice(inbox: Inbox) -> None:
    died, early = await inbox.talk(id="k-1"), await inbox.talk(id="k-2")
    inbox.square.answers = [Died()]
    with pytest.raises(Died):
        await inbox.reply(died, "보내는 중", "k")
    assert (await inbox.entries(died))[1].outcome == "pending"
    # And one that died before the source claimed it.
    async with inbox.state.begin(inbox.cast.tenant) as tx:
        talk = await inbox.now(early)
        await inbox.care.answering._claimed(tx, inbox.cast.mina, talk, "나가지 않은 말", "k", {"then": ""})
    sent = len(inbox.square.said)
    await inbox.care.tick()
    assert (await inbox.entries(died))[1].outcome == "pending"  # somebody may be at it still
    inbox.clock.advance(timedelta(minutes=11))
    await inbox.care.tick()
    lost, never = (await inbox.entries(died))[1], (await inbox.entries(early))[1]
    assert (lost.outcome, never.outcome, never.text) == ("unknown", "refused", "나가지 않은 말")
    _, again = await inbox.reply(died, "보내는 중", "k")
    assert (again.outcome, len(inbox.square.said)) == ("unknown", sent)


async def test_what_cannot_be_answered_is_refused_and_says_why(inbox: Inbox) -> None:
    talk = await inbox.talk(id="g-1")
    await inbox.sources.change(inbox.cast.mina, inbox.source, paused=True)
    _, entry = await inbox.reply(talk, "안녕하세요", "g")
    await inbox.sources.change(inbox.cast.mina, inbox.source, paused=False)
    assert entry.outcome == "refused"
    assert "paused" in entry.detail


async def test_where_nobody_can_be_answered_is_known_before_one_writes(inbox: Inbox) -> None:
    talk = await inbox.talk(id="w-1")
    assert await inbox.care.answering.answers(inbox.cast.mina, talk)
    called = await inbox.social.arrive(inbox.cast.mina, [inbox.post("웹훅으로 온 글", direct=True)])
    await inbox.follow()
    mute = await inbox.care.of_mention(inbox.cast.mina, called.ids[0])
    assert mute is not None
    assert not await inbox.care.answering.answers(inbox.cast.mina, mute)
    _, entry = await inbox.reply(mute, "네", "w")
    assert (entry.outcome, entry.code) == ("refused", "settings")


async def test_bots_and_automations_answer_nobodys_clock(inbox: Inbox) -> None:
    talk = await inbox.talk(id="h-1")
    inbox.ticking.moves.clear()
    bot = replace(inbox.cast.joon, kind="bot", app="A1")
    now, entry = await inbox.reply(talk, "자동 응답입니다", "h", bot)
    assert (entry.outcome, entry.by, now.last_out_at, now.assignee, now.state) == ("said", "bot", None, "", "open")
    assert inbox.ticking.moves == []
    draft = await inbox.care.answering.draft(inbox.automation, talk.id, "이렇게 답하면 어떨까요")
    assert (draft.outcome, draft.by) == ("draft", "automation")
    now, entry = await inbox.reply(talk, "고쳐서 보냅니다", "h2", draft=draft.id)
    assert (entry.by, entry.outcome) == ("person", "said")
    assert not [one for one in await inbox.entries(talk) if one.outcome == "draft"]
    with pytest.raises(Conflict) as sent:
        await inbox.reply(talk, "한 번 더", "h3", draft=draft.id)
    assert sent.value.field == "draft"
    other = await inbox.care.answering.draft(inbox.automation, talk.id, "버릴 초안")
    await inbox.care.answering.discard(inbox.cast.mina, talk.id, other.id)
    assert (await inbox.entries(talk))[-1].act == "discarded"
    with pytest.raises(NotFound):
        await inbox.care.answering.discard(inbox.cast.mina, talk.id, other.id)


async def test_what_follows_an_answer_is_asked_for_or_the_workspaces(inbox: Inbox) -> None:
    talk = await inbox.talk(id="i-1")
    now, _ = await inbox.reply(talk, "끝났습니다", "i", then="resolved")
    assert now.state == "resolved"
    assert set((await inbox.told(talk))[-2:]) == {"Conversation Answered", "Conversation Resolved"}
    now, _ = await inbox.reply(talk, "덧붙입니다", "i2")
    assert (now.state, now.reopened) == ("resolved", 0)
    await inbox.care.set_settings(inbox.cast.mina, [], "open")
    other = await inbox.talk(id="i-2")
    assert (await inbox.reply(other, "네", "i"))[0].state == "open"
    await inbox.care.set_settings(inbox.cast.mina, [], "waiting")


async def test_bad_replies_name_their_field(inbox: Inbox) -> None:
    talk = await inbox.talk(id="l-1")
    for field, given in (
        ("text", {"text": "  "}), ("text", {"text": "가" * 10_001}), ("key", {"key": ""}), ("then", {"then": "gone"}),
    ):  # fmt: skip
        asked = {"text": "네", "key": "l", "seen": 9, **given}
        with pytest.raises(Invalid) as wrong:
            await inbox.care.answering.reply(inbox.cast.mina, talk.id, **asked)  # type: ignore[arg-type]
        assert wrong.value.field == field
    with pytest.raises(NotFound):
        await inbox.care.answering.reply(inbox.cast.mina, talk.id, "네", "l", seen=9, saved=uuid4())
