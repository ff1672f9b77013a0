"""Deal health from the feed: what a follower keeps, what is measured of it, how it ages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from dure.deals.health import store
from dure.deals.health.api import DealHealth
from dure.deals.health.follow import HealthFollower
from dure.deals.health.model import Signals
from dure.feed.api import Event, append, lines_of
from dure.kernel.ids import uuid7
from dure.log.api import Log
from tests.deals.conftest import Desk
from tests.deals.shared import open_desk

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Room:
    """A deal with its channel."""

    desk: Desk
    id: str

    @property
    def channel(self) -> str:
        return f"C{self.id}"


def said(room: Room, at: datetime, who: str, text: str = "", *, thread: datetime | None = None, **more: Any) -> Event:
    """A message in the deal's room as channels write it; `external` when the customer wrote it."""
    told = {"ts": ts(at), "thread_ts": ts(thread) if thread else "", "user": who, "by": "user", "text": text,
            "external": False, "channel_name": "", "kind": "channel", "private": not text, **more}  # fmt: skip
    return event(room, "Message Posted", at, told)


def event(room: Room, name: str, at: datetime, told: dict[str, Any]) -> Event:
    tenant = room.desk.cast.tenant
    return Event(
        org=tenant.org, workspace=tenant.workspace, event=name, time=at, received_at=at, message_id=str(uuid7()),
        source="channels", object_type="channel", object=room.channel, properties=told,
    )  # fmt: skip


def ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


async def tell(desk: Desk, *events: Event) -> None:
    async with desk.state.begin(desk.cast.tenant) as tx:
        await append(tx, *events)
    await follow(desk)


async def follow(desk: Desk) -> None:
    follower = HealthFollower(desk.state, desk.cast.governance)
    while await follower.step():
        pass


async def measured(desk: Desk, deal: str) -> Signals:
    async with desk.state.begin(desk.cast.tenant) as tx:
        ((found, _),) = await store.signals(
            tx, desk.cast.tenant.workspace, [deal], desk.clock.now(), desk.clock.now().date(), DAY
        )
    return found


@pytest.fixture(scope="module")
async def desk(postgres_url: str, template: str) -> AsyncIterator[Desk]:
    async with open_desk(postgres_url, template) as found:
        yield found


@pytest.fixture
async def room(desk: Desk) -> Room:
    mina, far = desk.cast.mina, desk.clock.now().date() + 120 * DAY
    new = await desk.deals.create(mina, "가을 캠페인", desk.hanbit.id, 1_000, far, owner=desk.sumi.id)
    made = Room(desk, new.id)
    await desk.deals.update(desk.cast.mina, made.id, channel=made.channel)
    await follow(desk)
    desk.clock.advance(20 * DAY)
    return made


async def test_momentum_is_what_was_done_halved_every_seven_days(desk: Desk, room: Room) -> None:
    now = desk.clock.now()
    await tell(
        desk,
        said(room, now - 7 * DAY, "Ubuyer", external=True),  # 1 + 3 for somebody new
        said(room, now - 14 * DAY, desk.sumi.id),  # 0.3
        said(room, now - DAY, "B0BOT", by="bot"),
    )
    assert (await measured(desk, room.id)).momentum == pytest.approx(4 / 2 + 0.3 / 4)
    await desk.deals.move(desk.cast.mina, room.id, "Qualified")
    await desk.deals.update(desk.cast.mina, room.id, close_date=desk.clock.now().date() + 150 * DAY)
    await follow(desk)
    assert (await measured(desk, room.id)).momentum == pytest.approx(4 / 2 + 0.3 / 4 + 5 - 3)


async def test_the_same_message_counts_once_however_often_the_feed_is_read(desk: Desk, room: Room) -> None:
    one = said(room, desk.clock.now() - DAY, "Ubuyer", external=True)
    await tell(desk, one)
    before = await measured(desk, room.id)
    await tell(desk, one, one)
    assert await measured(desk, room.id) == before
    assert before.ever_theirs == 1


async def test_a_deleted_message_counts_no_more(desk: Desk, room: Room) -> None:
    at = desk.clock.now() - DAY
    await tell(desk, said(room, at, "Ubuyer", external=True))
    await tell(desk, event(room, "Message Deleted", desk.clock.now(), {"ts": ts(at)}))
    assert (await measured(desk, room.id)).ever_theirs == 0


async def test_people_at_the_customer_are_those_who_wrote_twice(desk: Desk, room: Room) -> None:
    now = desk.clock.now()
    for who, days in (("Ua", (1, 2)), ("Ub", (3, 5, 6)), ("Uc", (4,)), (desk.cast.gil.user, (2, 3))):
        await tell(desk, *(said(room, now - n * DAY, who, external=who != desk.cast.gil.user) for n in days))
    found = await measured(desk, room.id)
    assert (found.people, found.theirs, found.ours) == (3, 8, 0)  # gil is a guest: of the customer too


@pytest.mark.parametrize(
    ("answers", "open_questions"),
    [((), 1), (("later",), 0), (("thread",), 0), (("reaction",), 0), (("customer",), 1)],
)
async def test_a_question_is_open_until_somebody_of_ours_answers(
    desk: Desk, room: Room, answers: Sequence[str], open_questions: int
) -> None:
    asked = desk.clock.now() - 2 * DAY
    later = asked + timedelta(hours=3)
    kinds = {
        "later": said(room, later, desk.sumi.id, "내일 드리겠습니다"),
        "thread": said(room, later, desk.sumi.id, "내일 드리겠습니다", thread=asked),
        "reaction": event(room, "Reaction Added", later, {"ts": ts(asked), "user": desk.sumi.id, "reaction": "eyes"}),
        "customer": said(room, later, "Ubuyer", "급합니다", external=True),
    }
    await tell(desk, said(room, asked, "Ubuyer", "견적은 언제 받을 수 있을까요?", external=True),
               *(kinds[one] for one in answers))  # fmt: skip
    assert (await measured(desk, room.id)).open_questions == open_questions


async def test_the_customers_answers_are_timed_from_the_first_message_of_ours(desk: Desk, room: Room) -> None:
    now = desk.clock.now()
    written = []
    for days, hours in ((40, 2), (35, 2), (30, 2), (9, 6), (5, 10)):
        at = now - days * DAY
        written += [said(room, at, desk.sumi.id), said(room, at + timedelta(minutes=30), desk.sumi.id),
                    said(room, at + timedelta(hours=hours), "Ubuyer", external=True)]  # fmt: skip
    await tell(desk, *written)
    found = await measured(desk, room.id)
    assert found.latency_before == pytest.approx(2)
    assert found.latency_now == pytest.approx(8)


async def test_slips_overdue_and_the_next_step_are_read_from_the_deal(desk: Desk, room: Room) -> None:
    mina, today = desk.cast.mina, desk.clock.now().date()
    for day in (today + 110 * DAY, today + 105 * DAY, today + 130 * DAY):
        await desk.deals.update(mina, room.id, close_date=day)
    found = await measured(desk, room.id)
    assert (found.slips, found.overdue_days < 0, found.step) == (2, True, "")
    await desk.deals.update(mina, room.id, next_step="전화하기")
    assert (await measured(desk, room.id)).step == "written"
    await desk.deals.tasks.create(mina, subject="계약서", about=room.id, due=today + 20 * DAY)
    assert (await measured(desk, room.id)).step == "dated"
    desk.clock.advance(140 * DAY)
    late = await measured(desk, room.id)
    assert (late.overdue_days, late.step) == (10, "written")


async def test_health_is_kept_ages_with_time_and_tells_when_its_band_changes(desk: Desk, room: Room, log: Log) -> None:
    now = desk.clock.now()
    health = DealHealth(desk.state, log, desk.clock, desk.cast.governance)
    await tell(desk, *(said(room, now - timedelta(days=n, hours=h), who, external=who == "Ubuyer")
                       for n in range(1, 12) for h, who in ((0, desk.sumi.id), (-2, "Ubuyer"))))  # fmt: skip
    await desk.deals.tasks.create(desk.cast.mina, subject="계약서", about=room.id, due=now.date() + 10 * DAY)
    await follow(desk)
    assert await health.tick() >= 1
    (lively,) = await health.of(desk.cast.mina, [room.id])
    assert lively["band"] == "good"
    assert await health.tick() == 0  # nothing changed
    desk.clock.advance(30 * DAY)
    assert await health.tick() >= 1
    (tired,) = await health.of(desk.cast.mina, [room.id])
    assert tired["score"] < lively["score"]
    assert tired["reasons"][0] == "momentum"
    told = next(one for one in await desk.events("Deal Health Changed") if one.object == room.id)
    assert (told.object, told.properties["band_before"], told.properties["band"]) == (room.id, "good", tired["band"])
    assert told.properties["owner"] == desk.sumi.id
    daily = [one.properties["health"] for one in await desk.events("Deal Health Measured") if one.object == room.id]
    assert daily == [lively["score"], tired["score"]]


async def test_what_was_said_in_a_room_before_it_became_the_deals_counts_too(desk: Desk, log: Log) -> None:
    room = Room(desk, (await desk.deal()).id)
    desk.clock.advance(10 * DAY)
    earlier = [said(room, desk.clock.now() - n * DAY, "Ubuyer", external=True) for n in (2, 3)]
    await log.insert("past", lines_of(earlier))
    await desk.deals.update(desk.cast.mina, room.id, channel=room.channel)
    await follow(desk)
    await DealHealth(desk.state, log, desk.clock, desk.cast.governance).tick()
    found = await measured(desk, room.id)
    assert (found.ever_theirs, found.people) == (2, 1)


async def test_won_deals_say_how_long_a_stage_usually_lasts_and_what_momentum_is_usual(desk: Desk) -> None:
    for days in (4, 8, 12, 16, 20):
        made = await desk.deal(name=f"따낸 거래 {days}")
        await desk.deals.move(desk.cast.mina, made.id, "Qualified")
        desk.clock.advance(days * DAY)
        await desk.deals.move(desk.cast.mina, made.id, "Closed Won", made.version + 1)
    await follow(desk)
    async with desk.state.begin(desk.cast.tenant) as tx:
        now = desk.clock.now()
        usual = await store.learn_norms(tx, desk.cast.tenant.workspace, now, now - 365 * DAY, 5)
        assert (await store.norms(tx, desk.cast.tenant.workspace))[0] == usual
    assert usual.stage_days["Qualified"] == pytest.approx(16)
    # The move to Qualified is worth 5 and halves every week; four of five stayed a week or longer.
    assert usual.momenta[7] == (2.5, 2.5, 2.5, 2.5)
    assert usual.momenta[3] == pytest.approx((5 * 2 ** (-3 / 7),) * 5, abs=0.001)
