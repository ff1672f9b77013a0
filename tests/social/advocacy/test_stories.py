"""Stories: written, approved by somebody else, run, end; withdrawn at any time. And what an organisation asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.social.advocacy.events import EVENTS as ADVOCACY_EVENTS
from dure.social.advocacy.model import Content, Rules, Story, Text
from dure.social.links.api import NewLink
from dure.social.links.events import EVENTS as LINK_EVENTS
from tests.social.advocacy.conftest import Home

pytestmark = pytest.mark.anyio

PAGE = "https://sorimaru.example/summer"


def content(**more: Any) -> Content:
    given: dict[str, Any] = {
        "title": "여름밤 라디오가 열립니다", "url": PAGE, "networks": ["x", "linkedin"],
        "texts": [Text("ko", "여름밤 라디오를 같이 만들었습니다."), Text("en", "We built a radio for summer nights.")],
    }  # fmt: skip
    return Content(**given | more)


async def running(home: Home, **more: Any) -> Story:
    """A story that mina wrote and joon approved."""
    made = await home.advocacy.offer(home.cast.mina, content(**more))
    asked = await home.advocacy.submit(home.cast.mina, made.id, made.version)
    await home.advocacy.decide(home.cast.joon, made.id, asked.version, True)
    await home.advocacy.tick()
    return await home.advocacy.one(home.cast.mina, made.id)


async def names(home: Home, story: Story) -> list[str]:
    return [one.event for one in await home.all_told() if one.object == str(story.id)]


async def test_a_story_goes_from_a_draft_to_its_end_and_every_step_is_told(home: Home) -> None:
    made = await running(home, ends_at=home.clock.now() + timedelta(days=3))
    assert (made.state, made.approved_by, made.asked_by) == ("running", home.cast.joon.user, home.cast.mina.user)
    home.clock.advance(timedelta(days=3))
    assert await home.advocacy.tick() == 1
    assert await home.advocacy.tick() == 0
    assert (await home.advocacy.one(home.cast.joon, made.id)).state == "ended"
    assert await names(home, made) == [
        "Story Drafted", "Story Submitted", "Story Approved", "Story Started", "Story Ended",
    ]  # fmt: skip


async def test_nobody_approves_their_own_and_a_change_is_approved_anew(home: Home) -> None:
    made = await home.advocacy.offer(home.cast.joon, content())
    asked = await home.advocacy.submit(home.cast.joon, made.id, 1)
    with pytest.raises(NotAllowed) as refused:
        await home.advocacy.decide(home.cast.joon, made.id, asked.version, True)
    assert refused.value.data["why"] == "own"
    with pytest.raises(Conflict):  # not what was looked at
        await home.advocacy.decide(home.cast.mina, made.id, asked.version - 1, True)
    approved = await home.advocacy.decide(home.cast.mina, made.id, asked.version, True)
    assert approved.state == "approved"
    changed = await home.advocacy.edit(home.cast.joon, made.id, approved.version, content(title="다른 제목입니다"))
    assert (changed.state, changed.approved_by) == ("draft", "")
    await home.advocacy.tick()
    assert (await home.advocacy.one(home.cast.joon, made.id)).state == "draft"
    with pytest.raises(Conflict) as stale:
        await home.advocacy.edit(home.cast.mina, made.id, approved.version, content())
    assert stale.value.field == "version"


async def test_what_is_sent_back_says_why(home: Home) -> None:
    made = await home.advocacy.offer(home.cast.joon, content())
    asked = await home.advocacy.submit(home.cast.joon, made.id, 1)
    with pytest.raises(Invalid) as refused:
        await home.advocacy.decide(home.cast.mina, made.id, asked.version, False)
    assert refused.value.field == "comment"
    back = await home.advocacy.decide(home.cast.mina, made.id, asked.version, False, "수치를 확인해 주세요")
    assert (back.state, back.comment) == ("draft", "수치를 확인해 주세요")
    assert (await home.advocacy.may(home.cast.mina, back))["approve"] is False


async def test_withdrawn_at_any_time_and_never_twice(home: Home) -> None:
    for state in ("draft", "in_review", "running"):
        made = await running(home) if state == "running" else await home.advocacy.offer(home.cast.joon, content())
        if state == "in_review":
            made = await home.advocacy.submit(home.cast.joon, made.id, 1)
        gone = await home.advocacy.withdraw(home.cast.joon, made.id, "출시가 밀렸습니다")
        assert (gone.state, gone.comment) == ("withdrawn", "출시가 밀렸습니다")
        with pytest.raises(Conflict):
            await home.advocacy.withdraw(home.cast.joon, made.id)
        with pytest.raises(Conflict):
            await home.advocacy.edit(home.cast.joon, made.id, gone.version, content())
    told = [one.properties["was"] for one in await home.told("Story Withdrawn")]
    assert told[-3:] == ["draft", "in_review", "running"]


async def test_of_a_running_story_only_its_end_changes(home: Home) -> None:
    made = await running(home)
    later = home.clock.now() + timedelta(days=1)
    kept = await home.advocacy.edit(home.cast.mina, made.id, made.version, replace(made.content, ends_at=later))
    assert (kept.state, kept.content.ends_at) == ("running", later)
    with pytest.raises(Conflict):
        await home.advocacy.edit(home.cast.mina, made.id, kept.version, replace(kept.content, title="바뀐 제목"))


async def test_it_starts_at_its_time(home: Home) -> None:
    made = await running(home, starts_at=home.clock.now() + timedelta(hours=2))
    assert made.state == "approved"
    home.clock.advance(timedelta(hours=2))
    await home.advocacy.tick()
    assert (await home.advocacy.one(home.cast.mina, made.id)).state == "running"


async def test_a_post_is_offered_once(home: Home) -> None:
    post = ("post", str(uuid4()))
    first = await home.advocacy.offer(home.cast.mina, content(), post)
    again = await home.advocacy.offer(home.cast.joon, content(title="같은 글을 또"), post)
    assert again == first
    assert (await names(home, first)) == ["Story Drafted"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"title": "가"}, "title"), ({"url": "javascript:alert(1)"}, "target"), ({"networks": ["myspace"]}, "networks"),
     ({"teams": ["cooks"]}, "teams"),
     ({"texts": [Text("fr", "salut")]}, "texts[0].language"), ({"texts": [Text("ko", " ")]}, "texts[0].text"),
     ({"texts": [Text("ko", "가"), Text("ko", "나")]}, "texts[1].network")],
)  # fmt: skip
async def test_what_cannot_be_names_its_field(home: Home, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await home.advocacy.offer(home.cast.mina, content(**given))
    assert refused.value.field == field


async def test_a_text_that_a_network_would_not_take_is_told_before_it_is_approved(home: Home) -> None:
    long = content(texts=[Text("ko", "가" * 130)])  # counts 260 on X; with the line and the link it is over 280
    made = await home.advocacy.offer(home.cast.mina, long)
    with pytest.raises(Invalid) as refused:
        await home.advocacy.submit(home.cast.mina, made.id, 1)
    assert (refused.value.field, refused.value.data["network"]) == ("texts[0].text", "x")
    fits = await home.advocacy.edit(home.cast.mina, made.id, 1, replace(long, networks=["linkedin"]))
    assert (await home.advocacy.submit(home.cast.mina, made.id, fits.version)).state == "in_review"
    none = await home.advocacy.offer(home.cast.mina, content(texts=[]))
    with pytest.raises(Invalid) as refused:
        await home.advocacy.submit(home.cast.mina, none.id, 1)
    assert refused.value.field == "texts"


async def test_rules_are_the_administrators_and_checked(home: Home) -> None:
    rules = await home.advocacy.rules(home.cast.joon)
    with pytest.raises(NotAllowed):
        await home.advocacy.set_rules(home.cast.joon, rules)
    for wrong, field in (
        ({"a_week": 8}, "a_week"), ({"disclosure": {"ko": "", "en": "x"}}, "disclosure.ko"),
        ({"price": 0}, "price"), ({"price": 100}, "currency"), ({"approvers": ["U0NOBODY"]}, "approvers"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            await home.advocacy.set_rules(home.cast.mina, replace(rules, **wrong))
        assert refused.value.field == field
    kept = await home.advocacy.set_rules(
        home.cast.mina, replace(rules, approvers=[home.cast.joon.user], price=250, currency="KRW")
    )
    assert kept == await home.advocacy.rules(home.cast.joon)
    with pytest.raises(Conflict):
        await home.advocacy.set_rules(home.cast.mina, rules)
    made = await home.advocacy.offer(home.cast.joon, content())
    asked = await home.advocacy.submit(home.cast.joon, made.id, 1)
    with pytest.raises(NotAllowed) as not_named:
        await home.advocacy.decide(home.cast.mina, made.id, asked.version, True)
    assert not_named.value.data["why"] == "not_named"
    back = await home.advocacy.set_rules(home.cast.mina, replace(Rules(), version=kept.version, approval=False))
    free = await home.advocacy.offer(home.cast.joon, content())
    assert (await home.advocacy.submit(home.cast.joon, free.id, 1)).state == "approved"
    await home.advocacy.set_rules(home.cast.mina, replace(Rules(), version=back.version))


async def test_a_guest_and_another_house_see_nothing(home: Home) -> None:
    made = await home.advocacy.offer(home.cast.mina, content())
    with pytest.raises(NotAllowed):
        await home.advocacy.stories(home.cast.gil)
    with pytest.raises(NotFound):
        await home.advocacy.one(home.cast.rina, made.id)
    assert made.id not in {one.id for one in await home.advocacy.stories(home.cast.rina)}
    with pytest.raises(Invalid):
        await home.advocacy.stories(home.cast.mina, ["lost"])


async def test_the_page_is_kept_without_what_belongs_to_one_who_shares(home: Home) -> None:
    link = await home.links.create(home.cast.mina, NewLink(PAGE + "?q=1&utm_campaign=brand", ("post", "p1"), "x"))
    tracked = home.links.url(link.code)
    text = f"새로 열렸습니다. {tracked}"
    made = await home.advocacy.offer(home.cast.mina, content(url=tracked, texts=[Text("ko", text)], networks=[]))
    assert (made.content.url, made.content.texts[0].text) == (PAGE + "?q=1", "새로 열렸습니다.")
    assert made.content.networks == ["linkedin", "x"]
    theirs = await home.advocacy.offer(home.cast.rina, content(url=tracked))
    assert theirs.content.url == tracked  # another house's link leads where it leads


async def test_every_property_of_every_event_is_documented(home: Home) -> None:
    documented = {kind.name: set(kind.properties) for kind in [*ADVOCACY_EVENTS, *LINK_EVENTS]}
    seen = {one.event for one in await home.all_told() if one.event in documented}
    assert {"Story Drafted", "Story Approved", "Story Withdrawn", "Advocacy Rules Changed", "Link Created"} <= seen
    for one in await home.all_told():
        if one.event in documented:
            assert set(one.properties) <= documented[one.event], one.event
