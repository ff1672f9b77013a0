"""What becomes a conversation, what continues one, and what the company said itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from dure.kernel.errors import Conflict
from tests.social.care.conftest import Inbox

pytestmark = pytest.mark.anyio


async def test_what_was_written_to_the_company_alone_opens_a_conversation_once(inbox: Inbox) -> None:
    talk = await inbox.talk("배송지를 바꾸고 싶어요", handle="dana", author="다나", title="배송지")
    assert (talk.state, talk.team, talk.assignee, talk.handle, talk.subject) == ("open", "care", "", "dana", "배송지")
    assert talk.first_in_at == talk.last_in_at
    assert talk.awaits
    assert (await inbox.told(talk)) == ["Conversation Opened"]
    async with inbox.state.begin_system() as tx:  # the feed is read again from its beginning
        await tx.run("update feed.cursor set position = 0 where name = 'social.care'")
    await inbox.follow()
    assert (await inbox.now(talk)).version == talk.version
    assert len(await inbox.entries(talk)) == 1


async def test_a_public_post_is_cares_when_it_was_routed_there_and_spam_never(inbox: Inbox) -> None:
    ids = await inbox.arrive(inbox.post("음 이거 뭔가 이상한데 다들 어떻게 생각하세요 흠흠"))
    assert await inbox.care.of_mention(inbox.cast.mina, ids[0]) is None
    await inbox.routing.decide(inbox.cast.mina, ids[0], "moved", function="care")
    await inbox.follow()
    talk = await inbox.care.of_mention(inbox.cast.mina, ids[0])
    assert talk is not None
    assert not talk.direct
    spam = await inbox.arrive(inbox.post("맞팔 환영 선팔하면 맞팔 http://a.example http://b.example", direct=True))
    await inbox.social.change(inbox.cast.mina, spam[0], reading={"spam": True})
    async with inbox.state.begin_system() as tx:
        await tx.run("delete from social.conversation where asked = %s", (spam[0],))
        await tx.run("update feed.cursor set position = 0 where name = 'social.care'")
    await inbox.follow()
    assert await inbox.care.of_mention(inbox.cast.mina, spam[0]) is None


async def test_a_thread_is_one_conversation_and_the_customer_brings_it_back(inbox: Inbox) -> None:
    talk = await inbox.talk("로그인이 안 돼요", id="t-1", thread="t-1", handle="eun")
    await inbox.care.set_state(inbox.cast.mina, talk.id, "resolved")
    bystander = inbox.post("저도요", id="t-2", thread="t-1", handle="someone")
    await inbox.arrive(bystander)
    assert (await inbox.now(talk)).state == "resolved"
    inbox.ticking.moves.clear()
    await inbox.arrive(inbox.post("아직도 안 돼요", id="t-3", thread="t-1", handle="@Eun"))
    again = await inbox.now(talk)
    assert (again.state, again.reopened) == ("open", 1)
    assert inbox.ticking.moves == [("resolved", "resolved", "in"), ("resolved", "open", "state")]
    assert (await inbox.told(talk))[-2:] == ["Conversation Continued", "Conversation Reopened"]
    await inbox.care.set_state(
        inbox.cast.mina, talk.id, "snoozed", until=inbox.clock.now() + timedelta(hours=3)
    )  # fmt: skip
    await inbox.arrive(inbox.post("여보세요", id="t-4", thread="t-1", handle="eun"))
    assert ((await inbox.now(talk)).state, (await inbox.now(talk)).snoozed_until) == ("open", None)


async def test_an_answer_that_names_only_what_it_answers_finds_its_conversation(inbox: Inbox) -> None:
    talk = await inbox.talk("환불은 며칠 걸려요?", id="m-1", handle="fay")
    _, entry = await inbox.reply(talk, "사흘 안에 됩니다.", "k-1")
    await inbox.arrive(inbox.post("고맙습니다", id="m-2", parent=entry.external, handle="fay"))
    assert [one.text for one in await inbox.entries(talk) if one.kind == "in"] == ["환불은 며칠 걸려요?", "고맙습니다"]
    assert (await inbox.now(talk)).state == "open"


async def test_what_the_company_wrote_itself_is_an_answer_and_never_a_customers(inbox: Inbox) -> None:
    await inbox.arrive(
        inbox.post("새 기능이 나왔습니다", id="own-1", thread="own-1", handle="SoriMaru"),
        inbox.post("언제 돼요?", id="own-2", thread="own-1", handle="gil", direct=True),
    )
    (talk,) = [one for one, _ in await inbox.care.listed(inbox.cast.mina, _look("언제"))]
    assert [(one.kind, one.by) for one in await inbox.entries(talk)] == [("reply", "elsewhere"), ("in", "customer")]
    assert talk.last_out_at is None  # a talk that the company began is no answer to anybody
    await inbox.arrive(inbox.post("내일부터요", id="own-3", thread="own-1", handle="sorimaru"))
    answered = await inbox.now(talk)
    assert (answered.state, answered.awaits) == ("waiting", False)
    _, entry = await inbox.reply(talk, "조금 늦어집니다", "k-own")
    before = len(await inbox.entries(talk))
    await inbox.arrive(inbox.post("조금 늦어집니다", id=entry.external, thread="own-1", handle="else"))
    assert len(await inbox.entries(talk)) == before  # its own reply, brought back by the network
    alone = await inbox.arrive(inbox.post("광고", id="own-9", handle="sorimaru", direct=True))
    with pytest.raises(Conflict):
        await inbox.care.open(inbox.cast.mina, alone[0])


async def test_edits_and_deletions_are_seen_and_stop_a_reply_to_the_older_words(inbox: Inbox) -> None:
    talk = await inbox.talk("10월 것만 환불해 주세요", id="e-1", handle="hye")
    seen = talk.said_seq
    await inbox.arrive(inbox.post("11월 것만 환불해 주세요", id="e-1", handle="hye", direct=True))
    entries = await inbox.entries(talk)
    assert (entries[0].text, entries[0].edited_at is not None) == ("11월 것만 환불해 주세요", True)
    assert entries[-1].act == "edited"
    with pytest.raises(Conflict):
        await inbox.care.answering.reply(inbox.cast.mina, talk.id, "10월 것 처리했습니다", "k-e", seen=seen)
    await inbox.arrive(gone={("square", "e-1")})
    entries = await inbox.entries(talk)
    assert (entries[0].text, entries[0].deleted_at is not None, entries[-1].act) == ("", True, "deleted")


async def test_a_past_that_is_brought_in_opens_nothing_and_by_hand_anything_opens(inbox: Inbox) -> None:
    found = await inbox.social.bulk_load(inbox.cast.mina, [inbox.post("옛날 글", direct=True)])
    await inbox.follow()
    assert await inbox.care.of_mention(inbox.cast.mina, found.ids[0]) is None
    talk = await inbox.care.open(inbox.cast.joon, found.ids[0])
    assert talk.opened_by == inbox.cast.joon.user
    assert (await inbox.care.open(inbox.cast.mina, found.ids[0])).id == talk.id


async def test_many_who_open_the_same_at_once_open_it_once(inbox: Inbox) -> None:
    found = await inbox.social.bulk_load(inbox.cast.mina, [inbox.post("같이 여는 글") for _ in range(5)])
    for mention in found.ids:
        made = await asyncio.gather(
            *(inbox.care.open(who, mention) for who in (inbox.cast.mina, inbox.cast.joon, inbox.cast.mina))
        )
        assert len({one.id for one in made}) == 1
        assert (await inbox.told(made[0])) == ["Conversation Opened"]
        assert len(await inbox.entries(made[0])) == 1


async def test_answers_that_come_in_one_breath_with_what_they_answer_are_one_conversation(inbox: Inbox) -> None:
    await inbox.arrive(
        inbox.post("주문이 안 보여요", id="q-1", handle="ree", direct=True),
        inbox.post("주문 번호는 12입니다", id="q-2", parent="q-1", handle="ree", direct=True),
        inbox.post("빨리요", id="q-3", parent="q-2", handle="ree", direct=True),
    )
    (talk,) = [one for one, _ in await inbox.care.listed(inbox.cast.mina, _look("주문 번호는"))]
    assert [one.text for one in await inbox.entries(talk)] == ["주문이 안 보여요", "주문 번호는 12입니다", "빨리요"]
    assert (await inbox.told(talk)) == ["Conversation Opened", "Conversation Continued", "Conversation Continued"]


async def test_whose_it_is_follows_the_link_and_the_router_moves_what_nobody_is_at(inbox: Inbox) -> None:
    person = await inbox.known("u-care-1", square_handle="ina")
    talk = await inbox.talk("요금제를 바꾸면 언제부터예요?", handle="ina")
    assert talk.person == person
    await inbox.linking.set(inbox.cast.mina, talk.asked)
    await inbox.follow()
    assert (await inbox.now(talk)).person is None
    await inbox.routing.decide(inbox.cast.mina, talk.asked, "moved", function="sales")
    await inbox.follow()
    assert (await inbox.now(talk)).team == "sales"


def _look(text: str):  # type: ignore[no-untyped-def]
    from dure.social.care.api import Listing

    return Listing(text=text)
