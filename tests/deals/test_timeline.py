"""A deal's timeline: many sources in one line, by kind, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.deals.timeline.api import Timeline
from dure.deals.timeline.routes import router
from dure.feed.api import NOBODY, Event, lines_of
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import person_id, uuid7
from dure.log.api import Log
from dure.people.api import People
from dure.people.facts import learn
from dure.people.model import Facts, News
from dure.web import front
from dure.web.routing import include
from tests.deals.conftest import Desk
from tests.deals.shared import open_desk

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


@dataclass
class Story:
    """A deal with everything that can happen to one; the log holds what other slices told."""

    desk: Desk
    deal: str
    timeline: Timeline
    began: datetime

    async def kinds(self, **asked: Any) -> list[str]:
        line = await self.timeline.of(self.desk.cast.mina, self.deal, **{"limit": 200, **asked})
        return [entry.kind for entry in line.entries]


def event(desk: Desk, called: str, source: str, kind: str, about: str, at: datetime, /, **told: Any) -> Event:
    tenant = desk.cast.tenant
    account, known_as = told.pop("account", ""), told.pop("distinct_id", "")
    person = person_id(tenant.workspace, known_as) if known_as else NOBODY
    return Event(
        org=tenant.org, workspace=tenant.workspace, event=called, time=at, received_at=at, message_id=str(uuid7()),
        source=source, object_type=kind, object=about, properties=told, account=account, distinct_id=known_as,
        person=person,
    )  # fmt: skip


@pytest.fixture
async def story(shared_desk: Desk, log: Log) -> Story:
    desk, mina = shared_desk, shared_desk.cast.mina
    deal = await desk.deal(name="한빛커피 봄 캠페인")
    began = desk.clock.now()

    def later() -> datetime:
        desk.clock.advance(HOUR)
        return desk.clock.now()

    later()
    await desk.deals.update(mina, deal.id, channel="C0SPRING", next_step="견적")
    later()
    await desk.deals.move(mina, deal.id, "Qualified")
    later()
    await desk.deals.update(mina, deal.id, amount=90_000_000)
    later()
    await desk.deals.notes.create(mina, about=deal.id, text="예산은 3월에 확정")
    later()
    task = await desk.deals.tasks.create(mina, about=deal.id, subject="계약서 초안")
    later()
    await desk.deals.tasks.update(mina, task.id, status="done")
    await desk.deals.attachments.create(mina, about=deal.id, name="제안서", url="https://files.example/1")
    await desk.deals.meetings.create(
        mina, about=deal.id, subject="킥오프", starts_at=later(), ends_at=desk.clock.now() + HOUR, status="held"
    )
    told = {"deal": deal.id, "name": "봄 30초 오디오", "goal": 100_000, "path": "/pacing/li1"}
    said = {"ts": "1.0", "thread_ts": "", "user": desk.dan.id, "by": "user", "private": False}
    events = [
        event(desk, "Message Posted", "channels", "channel", "C0SPRING", later(), text="소재 받았습니다", **said),
        event(desk, "Message Posted", "channels", "channel", "C0SPRING", later(), text="요약", **said | {"by": "bot"}),
        event(desk, "Message Posted", "channels", "channel", "C0OTHER", later(), text="다른 방", **said),
        event(desk, "Delivery Recorded", "pacing", "line_item", "li1", later(), date="2026-11-24", impressions=600,
              clicks=5, **told),
        event(desk, "Delivery Recorded", "pacing", "line_item", "li1", later(), date="2026-11-24", impressions=400,
              clicks=1, **told),
        event(desk, "Line Item At Risk", "pacing", "line_item", "li1", later(), forecast_percent=88.1, **told),
        event(desk, "Line Item At Risk", "pacing", "line_item", "li2", later(), **told | {"deal": "006other"}),
        event(desk, "Mention Arrived", "social", "mention", "m1", later(), text="한빛커피 광고 좋다", network="x",
              author="누리", path="/social?mention=m1"),
        event(desk, "Mention Arrived", "social", "mention", "m2", later(), text="다른 커피", network="x"),
    ]  # fmt: skip
    used = [event(desk, "Report Opened", "web", "", "", later(), account="hanbit", distinct_id="buyer@hanbit.example"),
            event(desk, "Report Saved", "web", "", "", desk.clock.now() + HOUR / 6, account="hanbit",
                  distinct_id="buyer@hanbit.example")]  # fmt: skip
    at = desk.clock.now()
    facts = Facts(
        people=[News("buyer@hanbit.example", {"name": "한소희"}, at, account="hanbit")],
        accounts=[News("hanbit", {"name": "한빛커피"}, at)],
    )
    async with desk.state.begin(desk.cast.tenant) as tx:
        await learn(tx, desk.cast.tenant, facts, at)
    await log.insert("story", lines_of([*events, *used]))
    desk.clock.advance(HOUR)
    people = People(desk.state, log, desk.clock)
    return Story(desk, deal.id, Timeline(desk.state, log, desk.clock, people), began)


@pytest.fixture(scope="module")
async def shared_desk(postgres_url: str, template: str) -> AsyncIterator[Desk]:
    async with open_desk(postgres_url, template) as found:
        yield found


async def test_everything_that_concerns_a_deal_is_one_line_newest_first(story: Story) -> None:
    assert await story.kinds() == [
        "product", "social", "alert", "delivery", "message", "meeting", "task", "file", "task", "note", "change",
        "stage", "change", "stage",
    ]  # fmt: skip
    line = await story.timeline.of(story.desk.cast.mina, story.deal)
    by_kind = {entry.kind: entry for entry in line.entries}
    assert by_kind["delivery"].facts["impressions"] == 1_000  # two figures of one day
    assert by_kind["product"].facts["events"] == {"Report Opened": 1, "Report Saved": 1}
    assert (by_kind["message"].actor, by_kind["message"].facts["text"]) == (story.desk.dan.id, "소재 받았습니다")
    assert by_kind["alert"].path == "/pacing/li1"
    assert by_kind["social"].path == "/social?mention=m1"
    assert line.entries[-1].facts == {"from": None, "to": "Prospecting", "probability": 10, "currency": "KRW"}
    assert line.next == ""


async def test_it_is_read_by_kind_and_page_by_page_without_losing_or_doubling(story: Story) -> None:
    assert await story.kinds(kinds="note, task") == ["task", "task", "note"]
    whole = await story.timeline.of(story.desk.cast.mina, story.deal)
    seen, before = [], ""
    while True:
        page = await story.timeline.of(story.desk.cast.mina, story.deal, before=before, limit=3)
        seen += page.entries
        before = page.next
        if not before:
            break
    assert [(one.kind, one.id) for one in seen] == [(one.kind, one.id) for one in whole.entries]


async def test_who_did_it_and_what_a_field_was_before_is_said(story: Story) -> None:
    line = await story.timeline.of(story.desk.cast.mina, story.deal, kinds="change,stage")
    amount = next(one for one in line.entries if "amount" in one.facts)
    assert (amount.actor, amount.facts["amount"]) == (story.desk.cast.mina.user, [120_000_000, 90_000_000])
    fields = [one for entry in line.entries for one in entry.facts.get("fields", ())]
    assert {"field": "next_step", "before": "", "after": "견적"} in fields
    moved = next(one for one in line.entries if one.kind == "stage" and one.facts["to"] == "Qualified")
    assert moved.facts["from"] == "Prospecting"


async def test_what_makes_no_sense_is_refused_and_others_deals_are_not_there(story: Story) -> None:
    mina, rina = story.desk.cast.mina, story.desk.cast.rina
    for asked, field in (
        ({"kinds": "note,gossip"}, "kinds"),
        ({"before": "yesterday"}, "before"),
        ({"limit": 0}, "limit"),
    ):
        with pytest.raises(Invalid) as refused:
            await story.timeline.of(mina, story.deal, **asked)  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await story.timeline.of(rina, story.deal)


async def test_over_http(story: Story) -> None:
    app = FastAPI()
    app.state.governance = story.desk.cast.governance
    front.install(app)
    include(app, router(story.timeline))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure.example/api/v1/deals",
        headers={"authorization": f"Bearer {story.desk.cast.token}"},
    ) as http:  # fmt: skip
        first = (await http.get(f"/{story.deal}/timeline", params={"limit": 5})).json()
        second = (await http.get(f"/{story.deal}/timeline", params={"limit": 200, "before": first["next"]})).json()
        assert (len(first["entries"]), len(second["entries"])) == (5, 9)
