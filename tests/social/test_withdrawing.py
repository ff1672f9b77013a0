"""What a network took back is taken out of the log too; that somebody said something, and how it was read, stays."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from dure.feed.api import append
from dure.governance.events import act
from dure.kernel.clock import StillClock
from dure.kernel.whom import Whom
from dure.log.api import ONE_AT_A_TIME, Log, LogWriter
from dure.social.api import Social
from dure.social.holding import SocialHolder
from dure.social.listening.shelf import Shelf
from dure.social.withdrawing import Withdrawing
from dure.state import State
from tests.people_of import Cast
from tests.social.conftest import Post

pytestmark = pytest.mark.anyio

WORDS = "제 이름은 봄이고 앱이 켜자마자 튕겨요 오류"
_SAID = "select event, toString(properties) from events where workspace = {workspace:String} order by event, time"


async def in_log(log: Log, cast: Cast) -> dict[str, dict[str, Any]]:
    """The log's events about mentions and messages, the last of each name."""
    rows = (await log.query(cast.tenant, _SAID)).rows
    return {event: json.loads(properties) for event, properties in rows}


async def test_words_leave_the_log_and_the_fact_stays(
    social: Social, cast: Cast, post: Post, state: State, log: Log, clock: StillClock
) -> None:
    writer, shelf, withdrawing = LogWriter(state, log, clock), Shelf(state, log), Withdrawing(state, log, clock)
    gone, kept = post(WORDS, author="봄", url="https://x.example/1"), post("다른 사람의 봄 이야기 감사합니다")
    found = await social.arrive(cast.mina, [gone, kept])
    async with state.begin(cast.tenant) as tx:
        texts = (f"x · 봄: {WORDS}", f"봄이 쓴 글: {WORDS}")  # an automation's card, and what a colleague wrote
        spike = {"examples": [{"text": WORDS, "mention": str(found.ids[0])}], "examples_text": WORDS, "why": {
            "terms": [{"term": "튕겨요"}], "top": [{"author": "봄", "mention": str(found.ids[0])}]}}  # fmt: skip
        await append(tx, act(cast.mina, "social", "Mentions Spiked", "spike", "s1", spike, clock.now()), *(
            act(cast.mina, "channels", name, "message", str(n), {"text": text, "by": "bot"}, clock.now())
            for n, (name, text) in enumerate(zip(("Message Posted", "Message Changed"), texts, strict=True))
        ))  # fmt: skip
    await social.arrive(cast.mina, [], gone=[("x", gone.id)])
    assert await withdrawing.tick() == 0  # the log has not heard of it yet
    while await writer.step() + await shelf.step():
        pass
    assert (await withdrawing.tick(), WORDS in str(await in_log(log, cast))) == (0, True)  # more may follow
    clock.advance(timedelta(minutes=31))
    assert await withdrawing.tick() == 1
    told = await in_log(log, cast)
    assert told["Message Posted"]["text"] == ""
    assert told["Message Changed"]["text"] == texts[1]
    assert (told["Mentions Spiked"]["examples"], told["Mentions Spiked"]["examples_text"]) == ([], "")
    assert told["Mentions Spiked"]["why"]["terms"] == [{"term": "튕겨요"}]
    rows = (await log.query(cast.tenant, _SAID)).rows
    arrived = {json.loads(row[1])["mention"]: json.loads(row[1]) for row in rows if row[0] == "Mention Arrived"}
    mine, other = arrived[str(found.ids[0])], arrived[str(found.ids[1])]
    assert (mine["text"], mine["text_plain"], mine["author"], mine["url"], mine["entities"]) == ("", "", "", "", [])
    assert (mine["intent"], mine["topic"], mine["network"], mine["sentiment"]) == ("complaint", "crash", "x", -1)
    assert other["text"] == kept.text
    counted = "select toString(mention), sum(sign) from mention where workspace = {workspace:String} group by mention"
    assert (await log.query(cast.tenant, counted)).rows == [(str(found.ids[1]), 1)]
    assert await withdrawing.tick() == 0


async def test_an_erasure_at_work_is_waited_for_and_takes_what_waits(
    social: Social, cast: Cast, post: Post, state: State, log: Log, clock: StillClock
) -> None:
    writer, shelf, withdrawing = LogWriter(state, log, clock), Shelf(state, log), Withdrawing(state, log, clock)
    gone = post(WORDS, author="봄", handle="bom_2041")
    found = await social.arrive(cast.mina, [gone])
    await social.arrive(cast.mina, [], gone=[("x", gone.id)])
    await withdrawing.tick()
    clock.advance(timedelta(minutes=31))
    while await writer.step() + await shelf.step():
        pass
    async with state.alone() as connection:
        await connection.execute("select pg_advisory_lock(hashtext(%s))", (ONE_AT_A_TIME,))
        assert await withdrawing.tick() == 0
    async with state.begin(cast.tenant) as tx:
        await SocialHolder().erase(tx, Whom(cast.tenant).wider(objects=[str(found.ids[0])]))
    assert await withdrawing.tick() == 0
