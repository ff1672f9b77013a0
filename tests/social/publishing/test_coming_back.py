"""What came back on posts, the hours at which they did well, and series from CSV."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from dure.kernel.errors import Invalid
from dure.log.api import LogWriter
from dure.social.advocacy.advocates import Advocates
from dure.social.links.api import Links, Seen
from dure.social.plugs import Refused
from dure.social.publishing.times import LEAST, did_well
from tests.people_of import MONDAY_NOON
from tests.social.publishing.conftest import SITE, Desk

pytestmark = pytest.mark.anyio


async def test_answers_in_a_posts_thread_are_its_own(desk: Desk) -> None:
    plan = await desk.due()
    await desk.run()
    red = (await desk.plan(plan)).variants[0].reference
    first = await desk.heard(text="언제 하나요?", parent=red, thread=red, kind="comment")
    await desk.heard(text="저도 궁금해요 정말로", thread=red, kind="comment")
    await desk.heard(text="다른 이야기입니다", parent="elsewhere")
    figures = {one.source: one for one in await desk.publishing.figures.of(desk.cast.joon, plan.id)}
    one = figures[desk.places["red"]]
    assert (one.answers, one.clicks, one.reach) == (2, None, None)
    assert one.said[0]["id"] == first
    assert figures[desk.places["blue"]].answers == 0


async def test_clicks_of_people_are_counted_for_the_network_that_they_came_from(desk: Desk) -> None:
    plan = await desk.due("예매 https://sorimaru.example/live")
    await desk.run()
    links = Links(desk.state, desk.log, desk.clock, SITE)
    running = asyncio.create_task(links.run())
    for agent in ("Mozilla/5.0 (iPhone) Safari/604.1", "Slackbot-LinkExpanding 1.0"):
        code = desk.red.taken[0].text.rpartition("/")[2]
        link = await links.leads_to(code)
        assert link is not None
        await links.clicked(link, Seen("203.0.113.9", agent))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    writer = LogWriter(desk.state, desk.log)
    while await writer.step():
        pass
    desk.clock.advance(timedelta(minutes=1))
    figures = {one.source: one.clicks for one in await desk.publishing.figures.of(desk.cast.joon, plan.id)}
    assert figures == {desk.places["red"]: 1, desk.places["blue"]: 0}


def measured(count: int, better: int = 0) -> list[tuple[datetime, int]]:
    """Posts of two hours of the week, one of them with so many more answers."""
    return [
        (MONDAY_NOON + timedelta(days=7 * number, hours=0 if number % 2 else 9), 5 + number % 3 + (number % 2) * better)
        for number in range(count)
    ]


def test_too_few_posts_say_nothing() -> None:
    found = did_well(measured(LEAST - 1, 100))
    assert (found.enough, found.have, found.need, list(found.slots)) == (False, LEAST - 1, LEAST, [])


def test_an_hour_that_did_better_stands_out_and_none_does_by_chance() -> None:
    found = did_well(measured(60, 30))
    (slot,) = found.slots
    assert (slot.weekday, slot.hour, slot.posts) == (0, 3, 30)
    assert slot.times > slot.least > 1
    assert list(did_well(measured(60)).slots) == []


def test_one_post_that_went_round_does_not_speak_for_its_hour() -> None:
    posts = measured(60)
    posts[1] = (posts[1][0], 100_000)
    assert list(did_well(posts).slots) == []


async def test_times_are_of_what_was_measured_here(desk: Desk) -> None:
    plan = await desk.due()
    await desk.run()
    desk.clock.advance(timedelta(days=3))
    found = await desk.publishing.figures.times(desk.cast.joon)
    assert (found.enough, found.have) == (False, 2)
    assert (await desk.plan(plan)).state == "published"


@contextlib.asynccontextmanager
async def joons_own(desk: Desk) -> AsyncIterator[None]:
    """The red account is joon's own for a while."""
    advocates = Advocates(desk.state, desk.clock, desk.cast.governance, desk.sources)
    await advocates.give(desk.cast.mina, desk.places["red"], desk.cast.joon.user)
    try:
        yield
    finally:
        await advocates.give(desk.cast.mina, desk.places["red"], "")


async def test_an_employees_own_account_is_no_place_of_the_brands(desk: Desk) -> None:
    said, meant = await desk.due(), await desk.drafted("아직 초안입니다")
    await desk.run()
    desk.clock.advance(timedelta(days=3))
    async with joons_own(desk):
        assert [one.name for one in await desk.publishing.places(desk.cast.mina)] == ["blue"]
        shown = (await desk.publishing.one(desk.cast.mina, meant.id)).rendered
        assert {one.source: list(one.problems) for one in shown} == {
            desk.places["red"]: ["gone"], desk.places["blue"]: []
        }  # fmt: skip
        with pytest.raises(Invalid) as refused:
            await desk.publishing.reviews.submit(desk.cast.joon, meant.id)
        assert refused.value.field == "wordings"
        found = await desk.publishing.figures.of(desk.cast.joon, said.id)
        assert [one.source for one in found] == [desk.places["blue"]]
        assert (await desk.publishing.figures.times(desk.cast.joon)).have == 1
    assert {one.name for one in await desk.publishing.places(desk.cast.mina)} == {"red", "blue"}
    assert (await desk.publishing.figures.times(desk.cast.joon)).have == 2


async def test_what_was_approved_goes_back_once_its_place_is_an_employees(desk: Desk) -> None:
    plan = await desk.due()
    async with joons_own(desk):
        await desk.run()
    assert (desk.red.taken, desk.blue.taken) == ([], [])
    assert (await desk.plan(plan)).state == "draft"


async def test_what_is_begun_leaves_out_a_place_that_became_an_employees(desk: Desk) -> None:
    plan = await desk.due()
    desk.blue.answers = [Refused("busy", "429", 60.0)]
    desk.red.answers = [Refused("busy", "429", 60.0)]
    await desk.run()
    async with joons_own(desk):
        await desk.run(later=timedelta(minutes=2))
    assert (len(desk.red.taken), len(desk.blue.taken)) == (0, 1)
    assert (await desk.plan(plan)).state == "partly"


async def test_a_series_is_looked_at_by_row_and_made_whole_or_not_at_all(desk: Desk) -> None:
    year = desk.clock.now().year
    body = (
        "일시,제목,글,링크,캠페인,소스\n"
        f'{year}-12-24 10:00,이브,메리 크리스마스,https://sorimaru.example,xmas,"red, blue"\n'
        f"{year - 1}-12-25,지난 글,늦었어요,,,red\nsomeday,시간,글,,,red\n,없음,글,,,green\n,길다,{'가' * 301},,,red\n"
        f"{year}-12-24 10:00,또,메리 크리스마스,https://sorimaru.example,,blue\n,,,,,\n,빈,,,,red\n"
    )
    found = await desk.publishing.imports.bring(desk.cast.joon, body, only_look=False)
    assert [(one.row, one.column, one.code) for one in found.findings] == [
        (3, "when", "passed"), (4, "when", "time"), (5, "sources", "source"), (6, "text", "over"),
        (7, "text", "twice"), (9, "text", "empty"),
    ]  # fmt: skip
    assert (found.rows, found.made, await desk.publishing.plans(desk.cast.joon)) == (7, [], [])
    fine = "\n".join([*body.splitlines()[:2], ",둘,두 번째 글,,,BLUE"])
    looked = await desk.publishing.imports.bring(desk.cast.joon, fine, only_look=True)
    assert (looked.findings, looked.made) == ([], [])
    made = (await desk.publishing.imports.bring(desk.cast.joon, fine, only_look=False)).made
    first, second = await desk.publishing.plans(desk.cast.joon)
    assert {first.id, second.id} == {one.id for one in made}
    assert first.due_at == datetime.fromisoformat(f"{year}-12-24T10:00+09:00")
    assert first.content.text == "메리 크리스마스\n\nhttps://sorimaru.example"
    assert [one["title"] for one in (await desk.told("Post Drafted"))[-2:]] == ["이브", "둘"]


async def test_a_file_without_the_columns_says_so(desk: Desk) -> None:
    found = await desk.publishing.imports.bring(desk.cast.joon, "a;b\n1;2", only_look=True)
    assert [(one.row, one.column, one.code) for one in found.findings] == [
        (1, "text", "no_column"), (1, "sources", "no_column"),
    ]  # fmt: skip
