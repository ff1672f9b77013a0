"""Mentions arrive once, find their copies, go where they belong, and can be set right."""

from __future__ import annotations

import uuid

import pytest

from dure.feed.api import Event, Lane, tail
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge
from dure.kernel.filters import Filter
from dure.social.api import Look, NewMention, Reading, Rule, Social
from dure.state import State
from tests.people_of import Cast
from tests.social.conftest import Post

pytestmark = pytest.mark.anyio

BROKEN = "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요"


async def written(state: State) -> list[Event]:
    """Everything social wrote to the feed, in order."""
    async with state.begin_system() as tx:
        batches = await tail(tx, 0, (Lane.DOMAIN,))
    return [event for batch in batches for event in batch.events() if event.source == "social"]


async def test_a_mention_is_taken_in_once(social: Social, cast: Cast, state: State, post: Post) -> None:
    mention = post(BROKEN, id="a-1")
    first = await social.arrive(cast.mina, [mention, mention])
    again = await social.arrive(cast.mina, [mention])
    assert (first.added, first.known, again.added, again.known) == (1, 1, 0, 1)
    assert len(await social.mentions(cast.mina, Look())) == 1
    assert [event.event for event in await written(state)] == ["Mention Arrived", "Mention Routed", "Mentions Routed"]


async def test_the_same_id_on_another_network_is_another_mention(social: Social, cast: Cast, post: Post) -> None:
    await social.arrive(cast.mina, [post("오늘 방송 최고", id="1"), post("오늘 라이브 별로", id="1", network="blog")])
    assert len(await social.mentions(cast.mina, Look())) == 2


async def test_an_arrival_says_in_one_batch_what_it_was_read_as(
    social: Social, cast: Cast, state: State, post: Post
) -> None:
    await social.arrive(cast.mina, [post(BROKEN + " " + "정말" * 400), post("진행자 목소리가 너무 좋아요")])
    async with state.begin_system() as tx:
        batches = [batch for batch in await tail(tx, 0, (Lane.DOMAIN,)) if "Mention" in batch.body.decode()]
    assert len(batches) == 1
    arrived = next(event for event in batches[0].events() if event.event == "Mention Arrived")
    facts = arrived.properties
    assert (facts["intent"], facts["topic"], facts["language"], facts["sentiment"]) == (
        "complaint",
        "payment",
        "ko",
        -1,
    )
    assert (facts["function"], facts["state"], len(facts["text"])) == ("care", "routed", 500)
    assert (arrived.object_type, arrived.object) == ("mention", facts["mention"])


async def test_another_organisation_neither_sees_nor_changes_it(social: Social, cast: Cast, post: Post) -> None:
    found = await social.arrive(cast.mina, [post(BROKEN, id="x")])
    assert await social.mentions(cast.rina, Look()) == []
    assert await social.networks(cast.rina) == []
    assert (await social.volume(cast.rina)).seen == ()
    with pytest.raises(NotFound):
        await social.one(cast.rina, found.ids[0])
    with pytest.raises(NotFound):
        await social.change(cast.rina, found.ids[0], state="done")
    assert (await social.arrive(cast.rina, [post(BROKEN, id="x")])).added == 1
    assert [one.copies for one in await social.mentions(cast.rina, Look())] == [0]


async def test_a_guest_may_not_look(social: Social, cast: Cast, post: Post) -> None:
    with pytest.raises(NotAllowed):
        await social.mentions(cast.gil, Look())
    with pytest.raises(NotAllowed):
        await social.arrive(cast.gil, [post("안녕")])


async def test_near_copies_are_folded_under_the_first(social: Social, cast: Cast, post: Post) -> None:
    await social.arrive(cast.mina, [post(BROKEN, ago=9), post(f"RT @a: {BROKEN}", ago=8), post("잘 들었어요", ago=7)])
    await social.arrive(cast.mina, [post(f"{BROKEN} https://t.example/1", ago=5)])
    shown = {one.text: one for one in await social.mentions(cast.mina, Look())}
    assert len(shown) == 2
    assert shown[BROKEN].copies == 2
    folded = await social.mentions(cast.mina, Look(copies_of=shown[BROKEN].id))
    assert {one.original for one in folded} == {shown[BROKEN].id}
    assert len(folded) == 2


async def test_what_was_said_weeks_ago_is_said_anew(social: Social, cast: Cast, post: Post) -> None:
    await social.bulk_load(cast.mina, [post(BROKEN, ago=60 * 24 * 20), post(BROKEN, ago=5)])
    assert [one.copies for one in await social.mentions(cast.mina, Look())] == [0, 0]


async def test_the_list_is_filtered_searched_and_paged(social: Social, cast: Cast, post: Post) -> None:
    await social.arrive(
        cast.mina,
        [post(BROKEN, ago=3), post("The app crashes on start", ago=2, network="app_store"),
         post("진행자 목소리가 너무 좋아요", ago=1)],
    )  # fmt: skip

    async def texts(**look: object) -> list[str]:
        return [one.text for one in await social.mentions(cast.mina, Look(**look))]  # type: ignore[arg-type]

    assert await texts(topic="payment") == [BROKEN]
    assert await texts(network="app_store", language="en", intent="complaint") == ["The app crashes on start"]
    assert await texts(sentiment=1) == ["진행자 목소리가 너무 좋아요"]
    assert await texts(text="CRASHES") == ["The app crashes on start"]
    assert await texts(text="%") == []
    [first] = await social.mentions(cast.mina, Look(limit=1))
    rest = await social.mentions(cast.mina, Look(before=(first.posted_at, first.id)))
    assert [one.text for one in rest] == ["The app crashes on start", BROKEN]
    assert await social.networks(cast.mina) == ["app_store", "x"]


async def test_a_person_s_correction_is_kept_and_passed_on_to_copies(
    social: Social, cast: Cast, state: State, post: Post
) -> None:
    found = await social.arrive(cast.mina, [post("음 이거 뭔가 이상한데 다들 어떻게 생각하세요 흠흠", ago=5)])
    right = await social.change(
        cast.joon, found.ids[0], reading={"intent": "complaint", "topic": "buffering", "sentiment": -1}
    )
    assert (right.topic, right.confidence, right.corrected_by) == ("buffering", 1.0, cast.joon.user)
    assert (right.state, right.function) == ("routed", "product")
    await social.arrive(cast.mina, [post("RT 음 이거 뭔가 이상한데 다들 어떻게 생각하세요 흠흠", ago=1)])
    [copy] = await social.mentions(cast.mina, Look(copies_of=right.id))
    assert (copy.topic, copy.confidence) == ("buffering", 1.0)
    corrected = [event for event in await written(state) if event.event == "Mention Corrected"]
    assert len(corrected) == 1
    assert corrected[0].properties["before"]["topic"] != "buffering"
    assert corrected[0].actor == cast.joon.user


async def test_a_mention_is_routed_closed_and_reopened_and_each_is_one_event(
    social: Social, cast: Cast, state: State, post: Post
) -> None:
    found = await social.arrive(cast.mina, [post("ㅋㅋㅋ")])
    before = len(await written(state))
    routed = await social.change(cast.mina, found.ids[0], function="ad_ops")
    assert (routed.state, routed.function, routed.channel) == ("routed", "ad_ops", "ad-ops")
    assert await social.change(cast.mina, found.ids[0], function="ad_ops") == routed
    await social.change(cast.mina, found.ids[0], state="done")
    again = await social.change(cast.mina, found.ids[0], state="new")
    assert again.state == "routed"
    names = [event.event for event in (await written(state))[before:]]
    acts = ["Mention Routed", "Mentions Routed", "Mention Done", "Mention Reopened"]
    assert [name for name in names if name != "Mention Cards Outdated"] == acts


async def test_what_makes_no_sense_is_refused_with_its_field(social: Social, cast: Cast, post: Post) -> None:
    found = await social.arrive(cast.mina, [post(BROKEN)])
    mention = found.ids[0]
    for change, field in (
        ({"reading": {"topic": "weather"}}, "topic"),
        ({"reading": {"sentiment": 5}}, "sentiment"),
        ({"function": "kitchen"}, "function"),
        ({"state": "lost"}, "state"),
    ):
        with pytest.raises(Invalid) as refused:
            await social.change(cast.mina, mention, **change)  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(Conflict):
        await social.change(cast.mina, mention, version=99, state="done")
    with pytest.raises(NotFound):
        await social.one(cast.mina, uuid.uuid4())
    with pytest.raises(Invalid):
        await social.arrive(cast.mina, [post(" ")])
    with pytest.raises(TooLarge):
        await social.arrive(cast.mina, [post("가")] * 1001)


async def test_untrusted_fields_are_cut_to_what_they_may_be(
    social: Social, cast: Cast, clock: StillClock, post: Post
) -> None:
    await social.arrive(
        cast.mina, [post("본문\x00 그대로 <b>글</b>", ago=-999, url="javascript:alert(1)", author="a" * 999, reach=-5)]
    )
    [one] = await social.mentions(cast.mina, Look())
    assert one.text == "본문 그대로 <b>글</b>"
    assert (one.url, len(one.author), one.reach, one.posted_at) == ("", 200, 0, clock.now())


async def test_the_workspace_s_own_rules_route(social: Social, cast: Cast, post: Post) -> None:
    own = [Rule(where=(Filter("reach", ">", 1000),), function="marketing", channel="loud")]
    await social.set_rules(cast.mina, own)
    assert await social.rules(cast.mina) == own
    await social.arrive(cast.mina, [post(BROKEN, reach=5000), post("앱이 켜자마자 튕겨요 오류", ago=0.5)])
    quiet, loud = await social.mentions(cast.mina, Look())
    assert (loud.function, loud.channel, quiet.function) == ("marketing", "loud", "product")
    with pytest.raises(Invalid):
        await social.set_rules(cast.mina, [replace_where(own[0], "colour")])


async def test_another_reader_takes_the_built_in_s_place(
    state: State, cast: Cast, clock: StillClock, post: Post
) -> None:
    class Shouting:
        def read(self, texts: list[str]) -> list[Reading]:
            return [Reading("ko", "press", "company", 1, 0.99) for _ in texts]

    social = Social(state, clock, Shouting())  # type: ignore[arg-type]
    await social.arrive(cast.mina, [post("무엇이든")])
    [one] = await social.mentions(cast.mina, Look())
    assert (one.intent, one.function) == ("press", "press")


async def test_a_past_is_marked_and_a_second_load_adds_nothing(
    social: Social, cast: Cast, state: State, clock: StillClock
) -> None:
    past = [
        NewMention(network="x", id=f"m-{n}", text=f"{n}번째 방송 최고예요", handle=f"h{n}", posted_at=clock.now())
        for n in range(1200)
    ]
    first = await social.bulk_load(cast.mina, past)
    again = await social.bulk_load(cast.mina, past)
    assert (first.added, again.added, again.known) == (1200, 0, 1200)
    arrived = [event for event in await written(state) if event.event == "Mention Arrived"]
    assert len(arrived) == 1200
    assert all(event.properties["loaded"] for event in arrived)


def replace_where(rule: Rule, prop: str) -> Rule:
    return Rule(where=(Filter(prop, "=", 1),), function=rule.function, channel=rule.channel)
