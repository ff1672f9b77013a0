"""What care offers automations, and what is left of it when somebody asks to be gone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dure.automation.plugs import StepCall
from dure.kernel.errors import Invalid
from dure.kernel.whom import Whom
from dure.social.care import events, steps
from dure.social.care.model import Conversation
from dure.social.holding import SocialHolder
from tests.social.care.conftest import Inbox

pytestmark = pytest.mark.anyio


async def step(inbox: Inbox, name: str, **given: Any) -> Any:
    kind = next(one for one in steps.steps(inbox.care) if one.name == name)
    call = StepCall(inbox.cast.tenant, inbox.automation, "run-1", "a", "run-1:n:1", "", inbox.clock.now())
    async with inbox.state.begin(inbox.cast.tenant) as tx:
        return await kind.run(tx, call, kind.inputs(**given))


async def test_steps_hand_a_conversation_on_and_only_draft_an_answer(inbox: Inbox) -> None:
    talk = await inbox.talk()
    told, joon = str(talk.id), inbox.cast.joon.user
    made = await step(inbox, "social.assign", conversation=told, assignee=joon)
    assert (made.assignee, made.path) == (joon, f"/inbox?c={told}")
    assert (await step(inbox, "social.assign", conversation=told, assignee=inbox.cast.mina.user)).assignee == joon
    taken = await step(
        inbox, "social.assign", conversation=told, assignee=inbox.cast.mina.user, only_unassigned=False
    )  # fmt: skip
    assert taken.assignee == inbox.cast.mina.user
    assert (await step(inbox, "social.priority", conversation=told, priority="urgent")).priority == "urgent"
    assert (await step(inbox, "social.transfer", conversation=told, team="product")).team == "product"
    assert (await step(inbox, "social.transfer", conversation=told, team="product")).team == "product"
    assert (await step(inbox, "social.stand", conversation=told, state="snoozed", hours=2)).state == "snoozed"
    await step(inbox, "social.note", conversation=told, text="앱 버전 확인")
    sent = len(inbox.square.said)
    await step(inbox, "social.draft", conversation=told, text="버전이 어떻게 되시나요?")
    last = (await inbox.entries(talk))[-1]
    assert (last.outcome, last.by, len(inbox.square.said)) == ("draft", "automation", sent)
    assert not any(one.by == "person" for one in await inbox.entries(talk))
    with pytest.raises(Invalid) as wrong:
        await step(inbox, "social.note", conversation="nonsense", text="x")
    assert wrong.value.field == "conversation"


async def test_triggers_stand_for_events_and_filters(inbox: Inbox) -> None:
    (kind,) = steps.TRIGGERS
    given = steps.Happened(what="reopened", team="care", feeling="bad", direct=True)
    assert kind.event_of is not None
    assert kind.event_of(given) == events.REOPENED
    assert [(one.prop, one.op, one.value) for one in kind.where(given)] == [
        ("team", "=", "care"), ("sentiment", "<", 0), ("direct", "=", True)
    ]  # fmt: skip
    with pytest.raises(Invalid):
        kind.where(steps.Happened(priority="huge"))


async def test_every_property_of_every_event_is_documented(inbox: Inbox) -> None:
    talk = await inbox.talk(id="doc-1", thread="doc-1", handle="doc")
    await inbox.care.assign(inbox.cast.mina, talk.id, inbox.cast.mina.user)
    await inbox.care.set_priority(inbox.cast.mina, talk.id, "high")
    await inbox.care.note(inbox.cast.mina, talk.id, "메모")
    await inbox.reply(talk, "답", "doc")
    await inbox.arrive(inbox.post("더", id="doc-2", thread="doc-1", handle="doc"))
    await inbox.care.set_state(inbox.cast.mina, talk.id, "resolved")
    await inbox.care.set_state(inbox.cast.mina, talk.id, "open")
    await inbox.care.transfer(inbox.cast.mina, talk.id, "product", "부탁해요")
    draft = await inbox.care.answering.draft(inbox.automation, talk.id, "초안")
    await inbox.care.answering.discard(inbox.cast.mina, talk.id, draft.id)
    await inbox.arrive(gone={("square", "doc-2")})
    saved = await inbox.care.saved.create(inbox.cast.mina, "doc", "문서", "네")
    await inbox.care.saved.delete(inbox.cast.mina, saved.id)
    await inbox.care.set_settings(inbox.cast.mina, [], "waiting")
    documented = {kind.name: set(kind.properties) for kind in events.EVENTS}
    seen = [one for one in await inbox.events() if one.event in documented]
    assert len({one.event for one in seen}) >= 14
    for one in seen:
        assert set(one.properties) <= documented[one.event], one.event


async def test_who_asks_to_be_gone_is_gone_from_the_inbox(inbox: Inbox) -> None:
    talk = await inbox.talk("제 주문이 안 와요", id="gone-1", handle="forgetme", author="강잊음")
    await inbox.reply(talk, "강잊음님, 오늘 도착합니다", "gone")
    other = await inbox.talk("주문 확인", id="stay-1", handle="stays")
    await inbox.care.note(inbox.cast.mina, other.id, "forgetme 님과 같은 건")
    whom = Whom(inbox.cast.tenant, handles=("forgetme",))
    holder = SocialHolder()
    async with inbox.state.begin(inbox.cast.tenant) as tx:
        traced = await holder.trace(tx, whom)
        kept = await holder.gather(tx, traced)
        assert {"social-conversation", "social-entry"} <= {name for name, rows in kept.items() if rows}
        await holder.erase(tx, traced)
        rows = await tx.rows("select * from social.conversation where workspace = %s", (inbox.cast.tenant.workspace,))
        entries = await tx.rows("select * from social.entry where workspace = %s", (inbox.cast.tenant.workspace,))
    told = json.dumps([*rows, *entries], default=str, ensure_ascii=False)
    assert "forgetme" not in told
    assert "강잊음" not in told
    assert isinstance(await inbox.now(other), Conversation)


async def test_the_customers_words_that_were_taken_back_leave_no_name(inbox: Inbox) -> None:
    talk = await inbox.talk("실수로 썼어요", id="back-1", handle="back", author="되돌림", title="제목")
    await inbox.arrive(gone={("square", "back-1")})
    now = await inbox.now(talk)
    assert (now.author, now.handle, now.subject) == ("", "", "")
