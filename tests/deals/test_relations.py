"""The relationship with an account from the feed: what is followed, what is measured, how it stands and cools."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.deals.health.follow import HealthFollower
from dure.deals.relations import measuring
from dure.deals.relations.api import Relations
from dure.deals.relations.follow import RelationEar
from dure.deals.relations.model import Measures
from dure.deals.relations.routes import router
from dure.feed.api import Event, append, lines_of
from dure.governance.api import Principal, Role
from dure.kernel.errors import NotAllowed, NotFound
from dure.kernel.ids import uuid7
from dure.log.api import Log
from dure.web import front
from dure.web.routing import include
from tests.deals.conftest import Desk
from tests.deals.shared import open_desk

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@dataclass
class Client:
    """An account with two channels, and all that was said in them."""

    desk: Desk
    id: str
    said: list[tuple[datetime, bool, str]] = field(default_factory=list)

    def room(self, n: int = 1) -> str:
        return f"C{n}{self.id[-9:]}"

    def message(self, at: datetime, who: str = "", *, room: int = 1, text: str = "", **more: Any) -> Event:
        """Of the customer where `who` is named, else of ours."""
        self.said.append((at, bool(who), who))
        told = {"ts": f"{at.timestamp():.6f}", "thread_ts": "", "user": who or self.desk.sumi.id, "by": "user",
                "text": text, "external": bool(who), **more}  # fmt: skip
        return self.event("Message Posted", at, told, room)

    def event(self, name: str, at: datetime, told: dict[str, Any], room: int = 1) -> Event:
        tenant = self.desk.cast.tenant
        return Event(
            org=tenant.org, workspace=tenant.workspace, event=name, time=at, received_at=at, message_id=str(uuid7()),
            source="channels", object_type="channel", object=self.room(room), properties=told,
        )  # fmt: skip

    async def linked(self, *rooms: int, to: str = "", name: str = "Customer Channel Linked") -> None:
        told = {"account": to or self.id, "topic": "general", "by": self.desk.sumi.id}
        await tell(self.desk, *(self.event(name, self.desk.clock.now(), told, one) for one in rooms))

    async def talked(self, weeks: int, *, until: int = 0, room: int = 1) -> None:
        """Each week two people of theirs write twice and ours answer an hour later, up to `until` days ago."""
        now = self.desk.clock.now()
        written = []
        for day in range(until + 1, until + weeks * 7, 7):
            for n, who in enumerate(("Ua", "Ub", "Ua", "Ub")):
                at = now - day * DAY - n * timedelta(hours=5)
                written += [
                    self.message(at, who, room=room), self.message(at + timedelta(hours=1), room=room)
                ]  # fmt: skip
        await tell(self.desk, *written)


async def tell(desk: Desk, *events: Event) -> None:
    async with desk.state.begin(desk.cast.tenant) as tx:
        await append(tx, *events)
    await follow(desk)


async def follow(desk: Desk) -> None:
    follower = HealthFollower(desk.state, desk.cast.governance, [RelationEar(desk.cast.governance)])
    while await follower.step():
        pass


async def measured(client: Client) -> Measures:
    desk = client.desk
    async with desk.state.begin(desk.cast.tenant) as tx:
        (found,) = await measuring.measures(tx, desk.cast.tenant.workspace, [client.id], desk.clock.now(), DAY)
    return found


def momentum_of(client: Client, at: datetime, *others: tuple[datetime, float]) -> float:
    """By the formula, one thing after another."""
    values = [(when, 1.0 if customer else 0.3) for when, customer, _ in client.said] + list(others)
    for who in {who for _, customer, who in client.said if customer}:
        values.append((min(when for when, _, one in client.said if one == who), 3.0))
    return sum(
        value * 2 ** (-((at - when) / DAY) / 7) for when, value in values if at - 180 * DAY < when <= at
    )  # fmt: skip


@pytest.fixture(scope="module")
async def desk(postgres_url: str, template: str) -> AsyncIterator[Desk]:
    async with open_desk(postgres_url, template) as found:
        yield found


@pytest.fixture
async def client(desk: Desk) -> Client:
    desk.clock.advance(400 * DAY)  # what other tests won is another quarter's
    return Client(desk, (await desk.deals.create_account(desk.cast.mina, "새벽서점", owner=desk.sumi.id)).id)


@pytest.fixture
def relations(desk: Desk, log: Log) -> Relations:
    return Relations(desk.state, log, desk.clock, desk.cast.governance)


async def test_all_channels_and_deals_count_by_the_formula_and_each_thing_once(desk: Desk, client: Client) -> None:
    now = desk.clock.now()
    far = (now + 100 * DAY).date()
    deal = await desk.deals.create(desk.cast.mina, "봄 캠페인", client.id, 1_000, far, owner=desk.sumi.id)
    # The first channel is the deal's room too; what is said there is of both and counts once.
    await desk.deals.update(desk.cast.mina, deal.id, channel=client.room(1))
    await client.linked(1, 2)
    await client.talked(10)
    await client.talked(5, until=3, room=2)
    await tell(desk, client.message(now - DAY, "B0", by="bot"), client.message(now - 2 * DAY, "Uc", room=3))
    del client.said[-2:]  # a bot's, and one in a channel that is nobody's
    await desk.deals.move(desk.cast.mina, deal.id, "Qualified")
    meeting = await desk.deals.meetings.create(
        desk.cast.mina, subject="분기 회의", about=client.id, starts_at=now - 3 * DAY, ends_at=now - 2 * DAY
    )
    await desk.deals.meetings.update(desk.cast.mina, meeting.id, status="held")
    await follow(desk)
    found = await measured(client)
    assert found.momentum == pytest.approx(momentum_of(client, now, (now, 5.0), (now - 2 * DAY, 4.0)))
    for n, one in enumerate(found.weeks):
        at = now - (13 - n) * 7 * DAY
        known = min(when for when, _, _ in client.said) <= at
        assert one == (pytest.approx(momentum_of(client, at)) if known else None)
    theirs = [when for when, customer, _ in client.said if customer]
    assert (found.ever_theirs, found.people, found.open_questions) == (len(theirs), 2, 0)
    assert found.theirs == sum(when > now - 28 * DAY for when in theirs) == found.ours
    assert found.last_theirs == max(theirs)
    assert found.age_days == pytest.approx((now - min(theirs)) / DAY)


async def test_an_answer_in_another_channel_answers_nothing(desk: Desk, client: Client) -> None:
    now = desk.clock.now()
    await client.linked(1, 2)
    await tell(
        desk,
        client.message(now - 3 * DAY, "Ua", text="견적은 언제 받을 수 있을까요?"),
        client.message(now - DAY, room=2),
    )
    assert (await measured(client)).open_questions == 1
    await tell(desk, client.message(now - timedelta(hours=2)))
    assert (await measured(client)).open_questions == 0


async def test_it_is_refused_while_young_and_with_little_said(desk: Desk, client: Client, relations: Relations) -> None:
    with pytest.raises(NotFound):
        await relations.one(desk.cast.mina, client.id)
    await client.linked(1)
    await client.talked(1)
    await relations.tick()
    young = await relations.one(desk.cast.mina, client.id)
    assert (young["score"], young["band"], young["why"], young["parts"]) == (None, None, "young", [])
    desk.clock.advance(15 * DAY)
    await relations.tick()
    assert (await relations.one(desk.cast.mina, client.id))["why"] == "quiet_data"
    await client.talked(2)
    await relations.tick()
    judged = await relations.one(desk.cast.mina, client.id)
    assert (judged["why"], judged["band"], len(judged["parts"])) == ("", "good", 7)


async def test_it_cools_with_time_tells_its_owner_and_is_measured_once_a_day(
    desk: Desk, client: Client, relations: Relations
) -> None:
    await client.linked(1)
    await client.talked(15)
    assert await relations.tick() >= 1
    lively = await relations.one(desk.cast.mina, client.id)
    assert lively["band"] == "good"
    assert lively["weeks"][-1] == pytest.approx(median(lively["weeks"]), rel=0.5)
    assert await relations.tick() == 0  # nothing changed
    desk.clock.advance(timedelta(hours=2))
    assert await relations.tick() >= 1
    desk.clock.advance(30 * DAY)
    await relations.tick()
    cold = await relations.one(desk.cast.mina, client.id)
    assert cold["score"] < lively["score"]
    assert len(cold["reasons"]) == 3
    assert cold["reasons"][0] == "momentum"
    told = [one for one in await desk.events("Relationship Changed") if one.object == client.id]
    facts = [(one.properties["band_before"], one.properties["band"], one.properties["fell"]) for one in told]
    assert facts == [("good", cold["band"], True)]
    assert (told[0].properties["owner"], told[0].account) == (desk.sumi.id, client.id)
    daily = [one for one in await desk.events("Relationship Measured") if one.object == client.id]
    assert [(one.properties["score"], one.account) for one in daily] == [
        (lively["score"], client.id), (cold["score"], client.id)]  # fmt: skip


async def test_linking_later_reads_the_past_and_unlinking_forgets_it(
    desk: Desk, client: Client, relations: Relations, log: Log
) -> None:
    now = desk.clock.now()
    past = [client.message(now - n * DAY, "Ua") for n in range(20, 32)]
    await log.insert("past of a channel", lines_of(past))
    await client.linked(1)
    await relations.tick()
    found = await relations.one(desk.cast.mina, client.id)
    assert (found["why"], found["momentum"]) == ("", pytest.approx(momentum_of(client, now), abs=0.01))
    other = Client(desk, (await desk.deals.create_account(desk.cast.mina, "온담건설")).id)
    await client.linked(1, to=other.id)
    await relations.tick()
    assert (await measured(other)).ever_theirs == 12
    with pytest.raises(NotFound):
        await relations.one(desk.cast.mina, client.id)
    await client.linked(1, to=other.id, name="Customer Channel Unlinked")
    await relations.tick()
    with pytest.raises(NotFound):
        await relations.one(desk.cast.mina, other.id)


async def test_a_deleted_message_counts_no_more(desk: Desk, client: Client) -> None:
    now = desk.clock.now()
    await client.linked(1)
    await client.talked(1)
    at = client.said[0][0]
    before = (await measured(client)).ever_theirs
    await tell(desk, client.event("Message Deleted", now, {"ts": f"{at.timestamp():.6f}"}))
    assert (await measured(client)).ever_theirs == before - 1


async def test_accounts_with_a_won_deal_say_what_is_usual_at_an_age(desk: Desk, client: Client) -> None:
    mina, firsts = desk.cast.mina, []
    for n in range(3):
        one = Client(desk, (await desk.deals.create_account(mina, f"따낸 곳 {n}")).id)
        await one.linked(1)
        await one.talked(10 + n)
        far = (desk.clock.now() + 50 * DAY).date()
        deal = await desk.deals.create(mina, "딴 거래", one.id, 1, far, owner=desk.sumi.id)
        await desk.deals.move(mina, deal.id, "Closed Won")
        firsts.append((one, min(when for when, _, _ in one.said)))
    await follow(desk)
    now = desk.clock.now()
    async with desk.state.begin(desk.cast.tenant) as tx:
        usual = await measuring.peers(tx, desk.cast.tenant.workspace, now, now - DAY)
    for age in (14, 30, 60):
        expected = sorted(momentum_of(one, first + age * DAY) for one, first in firsts)
        assert list(usual.momenta[age]) == pytest.approx(expected, abs=0.001)
    assert 90 not in usual.momenta


async def test_merged_accounts_have_one_relationship_and_two_again_when_it_is_undone(
    desk: Desk, client: Client, relations: Relations
) -> None:
    other = Client(desk, (await desk.deals.create_account(desk.cast.mina, "새벽 서점")).id)
    for n, one in enumerate((client, other)):
        await one.linked(1)
        await one.talked(3 + n)
    alone = await measured(client)
    done = await desk.deals.merges.merge(desk.cast.mina, "account", client.id, [other.id])
    await follow(desk)
    await relations.tick()
    both = await relations.one(desk.cast.mina, client.id)
    assert (await measured(client)).ever_theirs == len(
        [1 for one in (client, other) for _, theirs, _ in one.said if theirs]
    )
    with pytest.raises(NotFound):
        await relations.one(desk.cast.mina, other.id)
    assert both["momentum"] > alone.momentum
    await desk.deals.merges.undo(desk.cast.mina, done.merge.id)
    assert await measured(client) == alone
    assert (await measured(other)).ever_theirs == 16


async def test_it_is_read_over_http(desk: Desk, client: Client, relations: Relations) -> None:
    await client.linked(1)
    await client.talked(6)
    await relations.tick()
    app = FastAPI()
    app.state.governance = desk.cast.governance
    front.install(app)
    include(app, router(relations))
    address, door = "http://dure.example/api/v1/relations", httpx.ASGITransport(app)
    mina, rina = ({"authorization": f"Bearer {token}"} for token in (desk.cast.token, desk.cast.rival_token))
    async with httpx.AsyncClient(transport=door) as http:
        listed = (await http.get(address, headers=mina)).json()["relations"]
        mine = next(one for one in listed if one["account"] == client.id)
        assert (mine["band"], "parts" in mine) == ("good", False)
        one = (await http.get(f"{address}/{client.id}", headers=mina)).json()["relation"]
        assert (len(one["parts"]), len(one["weeks"]), sum(part["weight"] for part in one["parts"])) == (7, 13, 100)
        assert (await http.get(address, headers=rina)).json() == {"relations": []}
        assert (await http.get(f"{address}/{client.id}", headers=rina)).status_code == 404
        assert (await http.get(address)).status_code == 401


async def test_nobody_else_sees_it(desk: Desk, client: Client, relations: Relations) -> None:
    await client.linked(1)
    await client.talked(3)
    await relations.tick()
    cast = desk.cast
    assert client.id in {one["account"] for one in await relations.listed(cast.mina)}
    assert await relations.listed(cast.rina) == []
    with pytest.raises(NotFound):
        await relations.one(cast.rina, client.id)
    for guest in (cast.gil, Principal(cast.tenant, cast.gil.user, Role.GUEST)):
        with pytest.raises(NotAllowed):
            await relations.listed(guest)
        with pytest.raises(NotAllowed):
            await relations.one(guest, client.id)
