"""What waits at a customer is what the response clocks say: in opening hours, and the same in the report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels import routes as channel_routes
from dure.governance.api import Role
from dure.web import front
from dure.web.routing import include
from tests.customers.conftest import Office

pytestmark = pytest.mark.anyio
WEEK = {"name": "사무실", "zone": "Asia/Seoul", "week": [[["09:00", "18:00"]]] * 5 + [[], []], "days": {}}


class Screens:
    """Sorimaru's mina looks at the customer, their list, and the response report."""

    def __init__(self, office: Office, http: httpx.AsyncClient) -> None:
        self.office, self.http = office, http

    async def get(self, path: str, **query: Any) -> Any:
        headers = {"authorization": f"Bearer {self.office.room.cast.token}"}
        answer = await self.http.get(f"/api/v1{path}", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def page(self) -> Any:
        return await self.get(f"/customers/{self.office.cafe}")

    async def asked(self) -> list[tuple[str, int, str]]:
        return [(one["text"], one["messages"], one["state"]) for one in (await self.page())["questions"]]

    async def agree(self) -> tuple[int, int]:
        """The page's open and overdue questions of the timed channels, after the report and the list said the same."""
        page, report = await self.page(), await self.get("/channel-response-report", days=90, by="channel")
        rows = {row["group"]: row for row in report["rows"]}
        for room in page["rooms"]:
            if room["minutes"] is None:
                continue
            row = rows.get(room["channel"], {"answered": 0, "median": None, "met": 0, "missed": 0, "waiting": 0})
            named = ("answered", "median", "within", "missed", "questions")
            same = ("answered", "median", "met", "missed", "waiting")
            assert [room[one] for one in named] == [row[one] for one in same], (room, row)
            asked = [one for one in page["questions"] if one["channel"] == room["channel"]]
            assert (len(asked), sum(one["late"] for one in asked)) == (room["questions"], room["overdue"])
        (line,) = [one for one in (await self.get("/customers"))["customers"] if one["account"] == self.office.cafe]
        for name in ("questions", "overdue", "oldest"):
            assert line[name] == page["row"][name]
        return page["row"]["questions"], page["row"]["overdue"]


@pytest.fixture(scope="module")
async def screens(office: Office) -> AsyncIterator[Screens]:
    app = FastAPI()
    app.state.governance = office.room.cast.governance
    front.install(app)
    include(app, channel_routes.router(office.room.channels))
    include(app, office.customers.router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure") as http:
        hours = office.room.cast.governance.hours
        made = await hours.create(office.mina, WEEK)
        assert made.id
        await hours.set_team(office.mina, "sales", made.id)
        await office.room.channels.set_response_team(office.mina, office.channels["launch"], "sales")
        yield Screens(office, http)


async def test_a_night_and_a_weekend_make_no_question_overdue(office: Office, screens: Screens) -> None:
    room, launch, rina = office.room, office.channels["launch"], office.room.cast.rina
    assert await screens.agree() == (0, 0)
    room.clock.advance(timedelta(days=4, hours=5, minutes=50))  # Friday, ten minutes before six
    await room.say(rina, launch, "When does it start?")
    assert await screens.agree() == (1, 0)
    room.clock.advance(timedelta(days=2, hours=15, minutes=30))  # Monday, twenty past nine: half an hour was open
    assert await screens.agree() == (1, 0)
    assert await screens.asked() == [("When does it start?", 1, "waiting")]
    room.clock.advance(timedelta(minutes=20))
    assert await screens.asked() == [("When does it start?", 1, "warned")]
    room.clock.advance(timedelta(minutes=11))
    assert await screens.agree() == (1, 1)
    # Whether the tick came by or not.
    await room.channels.tick(room.clock.now())
    assert await screens.agree() == (1, 1)
    assert await screens.asked() == [("When does it start?", 1, "overdue")]
    await room.say(office.mina, launch, "Today")
    assert await screens.agree() == (0, 0)
    page = await screens.page()
    (told,) = [one for one in page["rooms"] if one["channel"] == launch]
    assert (told["answered"], told["within"], told["missed"]) == (1, 0, 1)
    assert told["median"] == pytest.approx(61 * 60, abs=1)


async def test_a_question_at_rest_stays_open_and_is_never_overdue(office: Office, screens: Screens) -> None:
    room, launch, rina = office.room, office.channels["launch"], office.room.cast.rina
    await room.say(rina, launch, "It does not play")
    (held,) = (await room.channels.waiting(office.mina, [launch]))[launch]
    await room.channels.rest(office.mina, held.id)
    room.clock.advance(timedelta(days=1))
    assert await screens.agree() == (1, 0)
    assert await screens.asked() == [("It does not play", 1, "paused")]
    await room.say(rina, launch, "Here is the log")
    assert await screens.asked() == [("It does not play", 2, "waiting")]
    await room.say(office.mina, launch, "Thanks")
    assert await screens.agree() == (0, 0)


async def test_what_was_asked_beside_the_answered_waits_since_it_was_asked(office: Office, screens: Screens) -> None:
    room, launch, rina = office.room, office.channels["launch"], office.room.cast.rina
    first = await room.say(rina, launch, "How many spots?")
    room.clock.advance(timedelta(minutes=10))
    second = await room.say(rina, launch, "And how long?")
    room.clock.advance(timedelta(minutes=49))
    await room.say(office.mina, launch, "Thirty", first.ts)
    assert await screens.asked() == [("And how long?", 1, "warned")]
    (held,) = (await room.channels.waiting(office.mina, [launch]))[launch]
    assert (held.asked, held.asked_by, held.asked_org) == (second.ts, rina.user, rina.tenant.org)
    assert await screens.agree() == (1, 0)
    await room.say(rina, launch, "Thanks so far")
    await room.say(office.mina, launch, "Half a minute", second.ts)  # what is left asks for nothing
    assert await screens.agree() == (0, 0)


async def test_a_question_taken_back_waits_no_more_and_leaves_the_next_one(office: Office, screens: Screens) -> None:
    room, launch, rina = office.room, office.channels["launch"], office.room.cast.rina
    first = await room.say(rina, launch, "Is it on?")
    await room.say(rina, launch, "Which station?")
    await room.channels.delete(rina, launch, first.ts)
    assert await screens.asked() == [("Which station?", 1, "waiting")]
    (held,) = (await room.channels.waiting(office.mina, [launch]))[launch]
    assert await screens.agree() == (1, 0)
    await room.channels.delete(rina, launch, held.asked)
    assert await screens.agree() == (0, 0)


async def test_an_archived_channel_waits_for_nobody(office: Office, screens: Screens) -> None:
    room, rina = office.room, office.room.cast.rina
    other = await room.shared("hanbit-archive")
    await room.channels.relations.rooms.link(office.mina, other, office.cafe, "billing")
    await room.channels.set_response_minutes(office.mina, other, 5)
    await room.say(rina, other, "The invoice?")
    room.clock.advance(timedelta(hours=1))
    assert await screens.agree() == (1, 1)
    await room.channels.archive(rina, other)  # on their side, which is not waited for
    assert await screens.agree() == (1, 1)
    await room.channels.archive(office.mina, other)
    assert await screens.agree() == (0, 0)


async def test_where_nothing_is_promised_what_asks_is_open_and_never_late(office: Office, screens: Screens) -> None:
    room, support = office.room, office.channels["support"]
    guest = await office.colleague("guest-of-clocks", "", Role.GUEST)
    await room.channels.invite(office.mina, support, [guest.user])
    await room.say(guest, support, "Thanks a lot")
    await room.say(guest, support, "Could you look at it?")
    room.clock.advance(timedelta(days=3))
    page = await screens.page()
    (asked,) = [one for one in page["questions"] if one["channel"] == support]
    assert (asked["text"], asked["state"], asked["due_at"], asked["late"]) == ("Could you look at it?", "", None, False)
    assert page["row"]["overdue"] == 0
    await room.channels.kick(office.mina, support, guest.user)
