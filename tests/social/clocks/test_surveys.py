"""Surveys: one for each resolved conversation, sent when somebody said so, answered on a page without an account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.social.care.api import Conversation
from dure.social.clocks.surveys.door import door
from dure.social.clocks.surveys.secret import Secrets
from dure.social.plugs import Unknown
from dure.web import front
from dure.web.assets import Assets
from dure.web.routing import include
from tests.social.clocks.conftest import USUAL, Desk

pytestmark = pytest.mark.anyio


async def resolved(desk: Desk, **fields: Any) -> Conversation:
    talk = await desk.talk(**fields)
    await desk.inbox.reply(talk, "해결했습니다", "a", then="resolved")
    return talk


async def waiting(desk: Desk, talk: Conversation) -> Any:
    [one] = [it for it in await desk.clocks.surveys.waiting(desk.inbox.cast.mina) if it.survey.conversation == talk.id]
    return one


def said(desk: Desk) -> list[str]:
    return [text for _, text, key in desk.inbox.square.said if key.startswith("survey:")]


def secret_in(text: str) -> str:
    return text.rpartition("/survey/")[2]


@pytest.fixture
async def browser_of_customer(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    front.install(app, max_body=100_000)
    include(app, door(desk.clocks.surveys, Assets({})))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://dure.example") as client:
        yield client


async def test_nobody_is_asked_where_policy_says_nothing(desk: Desk) -> None:
    talk = await resolved(desk)
    await desk.clocks.tick()
    assert [one for one in await desk.clocks.surveys.waiting(desk.inbox.cast.mina)
            if one.survey.conversation == talk.id] == []  # fmt: skip


async def test_a_colleague_sees_what_would_be_said_and_sends_it_once(desk: Desk) -> None:
    await desk.promise(USUAL, survey="ask")
    talk, before = await resolved(desk), len(said(desk))
    await desk.clocks.tick()
    one = await waiting(desk, talk)
    assert (one.ways, one.survey.state) == (("reply",), "asking")
    with pytest.raises(Invalid):
        await desk.clocks.surveys.send(desk.inbox.cast.mina, one.survey.id, "email")
    with pytest.raises(NotAllowed):
        await desk.clocks.surveys.send(desk.inbox.cast.gil, one.survey.id, "reply")
    sent = await desk.clocks.surveys.send(desk.inbox.cast.joon, one.survey.id, "reply")
    [text] = said(desk)[before:]
    assert (sent.state, text.rpartition("/survey/")[0], one.text) == (
        "sent", one.text.rpartition("/survey/")[0], one.text.rpartition("/")[0] + "/…",
    )  # fmt: skip
    with pytest.raises(Conflict):
        await desk.clocks.surveys.send(desk.inbox.cast.joon, one.survey.id, "reply")
    [event] = await desk.told(talk, "Survey Sent")
    assert (event.actor, event.properties["how"]) == (desk.inbox.cast.joon.user, "reply")
    assert (await desk.one(talk, "first")).outcome == "given"  # and the survey's words opened nothing again


async def test_it_goes_by_itself_only_where_the_customer_alone_reads_it(desk: Desk) -> None:
    await desk.promise(USUAL, survey="reply")
    private, before = await resolved(desk), len(said(desk))
    await desk.clocks.tick()
    await desk.clocks.tick()
    assert len(said(desk)) == before + 1
    assert len(await desk.told(private, "Survey Sent")) == 1
    [mention] = await desk.inbox.arrive(desk.inbox.post("공개로 묻습니다"))
    public = await desk.inbox.care.open(desk.inbox.cast.mina, mention)
    await desk.inbox.reply(public, "답합니다", "b", then="resolved")
    await desk.clocks.tick()
    assert len(said(desk)) == before + 1
    assert (await waiting(desk, public)).survey.state == "asking"


async def test_by_letter_to_the_address_that_the_customer_wrote_from(desk: Desk) -> None:
    await desk.promise(USUAL, survey="email")
    talk = await resolved(desk, email="kim@customer.example")
    await desk.clocks.tick()
    [(to, text, key)] = desk.letters.sent
    assert (to, "/survey/" in text, key.startswith("survey:")) == ("kim@customer.example", True, True)
    assert len(await desk.told(talk, "Survey Sent")) == 1


async def test_what_was_opened_again_is_not_asked_and_the_next_time_is(desk: Desk) -> None:
    await desk.promise(USUAL, survey="reply")
    talk, before = await resolved(desk), len(said(desk))
    desk.at(23, 11)
    await desk.writes(talk)
    await desk.clocks.tick()
    assert len(said(desk)) == before
    [event] = await desk.told(talk, "Survey Not Sent")
    assert event.properties["why"] == "skipped"
    await desk.inbox.reply(talk, "이제 됩니다", "b", then="resolved")
    await desk.clocks.tick()
    assert len(said(desk)) == before + 1


async def test_whoever_said_nothing_since_is_not_asked_again(desk: Desk) -> None:
    await desk.promise(USUAL, survey="reply")
    talk = await resolved(desk)
    await desk.clocks.tick()
    before = len(said(desk))
    for state in ("open", "resolved"):  # a colleague looks once more
        await desk.inbox.care.set_state(desk.inbox.cast.mina, talk.id, state)
    await desk.clocks.tick()
    assert len(said(desk)) == before


async def test_what_nobody_knows_of_is_not_asked_again(desk: Desk) -> None:
    await desk.promise(USUAL, survey="reply")
    talk, before = await resolved(desk), len(said(desk))
    desk.inbox.square.answers = [Unknown("lost")]
    await desk.clocks.tick()
    desk.inbox.clock.at += timedelta(hours=1)
    await desk.clocks.tick()
    assert len(said(desk)) == before + 1
    [event] = await desk.told(talk, "Survey Not Sent")
    assert event.properties["why"] == "unknown"


async def test_a_customer_answers_without_an_account_and_may_change_it(
    desk: Desk, browser_of_customer: httpx.AsyncClient
) -> None:
    await desk.promise(USUAL, survey="reply")
    talk = await resolved(desk)
    await desk.clocks.tick()
    secret, web = secret_in(said(desk)[-1]), browser_of_customer
    page = await web.get(f"/survey/{secret}", headers={"accept-language": "ko"})
    assert (page.status_code, "매우 만족" in page.text, page.headers["referrer-policy"]) == (200, True, "no-referrer")
    assert "Very satisfied" in (await web.get(f"/survey/{secret}", headers={"accept-language": "en"})).text
    assert await desk.told(talk, "Survey Answered") == []  # looking is no answer
    assert (await web.post(f"/survey/{secret}", data={"comment": "좋아요"})).status_code == 422
    done = await web.post(f"/survey/{secret}", data={"score": "5", "comment": "<b>빨라요</b>"})
    assert (done.status_code, done.headers["location"]) == (303, f"/survey/{secret}")
    again = await web.get(f"/survey/{secret}", headers={"accept-language": "ko"})
    assert ("&lt;b&gt;빨라요" in again.text, "고맙습니다" in again.text) == (True, True)
    await web.post(f"/survey/{secret}", data={"score": "2", "comment": ""})
    told = [(one.properties["score"], one.properties["satisfied"], one.properties["again"])
            for one in await desk.told(talk, "Survey Answered")]  # fmt: skip
    assert told == [(5, True, False), (2, False, True)]
    for score in (1, 2, 3, 4, 5, 1, 2, 3):
        last = await web.post(f"/survey/{secret}", data={"score": str(score)})
    assert last.status_code == 303
    assert (await web.post(f"/survey/{secret}", data={"score": "5"})).status_code == 429
    desk.inbox.clock.at += timedelta(days=31)
    assert (await web.get(f"/survey/{secret}")).status_code == 404


async def test_a_secret_that_was_never_given_opens_nothing(desk: Desk) -> None:
    await desk.promise(USUAL, survey="ask")
    one = await waiting(desk, await resolved(desk))
    url = Secrets(b"a key" * 8, "https://dure.example").url(desk.inbox.cast.tenant, one.survey.id)
    secret = secret_in(url)
    with pytest.raises(NotFound):
        await desk.clocks.surveys.page(secret)  # nobody was asked yet
    await desk.clocks.surveys.send(desk.inbox.cast.mina, one.survey.id, "reply")
    assert (await desk.clocks.surveys.page(secret)).score is None
    flipped = ("B" if secret[0] == "A" else "A") + secret[1:]
    for wrong in ("", "x", "한글", flipped, secret + "AAAA"):
        with pytest.raises(NotFound):
            await desk.clocks.surveys.page(wrong)
