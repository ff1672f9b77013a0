"""From an event through the engine and the gate to each way out, and what comes back."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from dure.campaigns import routes
from dure.campaigns.devices.model import read_device
from dure.campaigns.journeys.withholding import TIMES
from dure.campaigns.responses.tickets import Tickets
from dure.kernel.errors import Unavailable
from dure.log.api import LogWriter
from dure.web import front
from dure.web.routing import include
from tests.campaigns.carriers.world import KEY, SITE, World

pytestmark = pytest.mark.anyio
LETTER = {"subject": "{{ person.name }}님", "body": "{{ campaign.name }}\n\nhttps://s.example/live?a=1&b=2"}


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = world.cast.governance
    front.install(app)
    for one in (world.reach.router(), world.reach.outside(), routes.router(world.campaigns)):
        include(app, one)
    include(app, routes.way_out(world.campaigns))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as client:
        yield client


def staff(world: World) -> dict[str, str]:
    return {"authorization": f"Bearer {world.cast.token}"}


async def reader(world: World, who: str) -> None:
    await world.know(who, name=f"이름 {who}", email=f"{who}@listeners.example", language="ko", timezone="Asia/Seoul")


def page_of(world: World) -> str:
    return str(world.office.letters[-1].get_body(("html",)).get_content())  # type: ignore[union-attr]


async def told(world: World, name: str, campaign: str) -> list[dict[str, Any]]:
    return [one.properties for one in await world.events(name) if one.object == campaign]


async def test_a_letter_tells_that_it_was_opened_and_followed_and_leads_only_where_it_says(
    world: World, http: httpx.AsyncClient
) -> None:
    await reader(world, "r-1")
    campaign = await world.launched("email", LETTER, on="Asked")
    await world.happen("Asked", "r-1")
    message = await world.became(campaign, "r-1")
    assert (message.state, message.subject) == ("sent", "이름 r-1님"), (message.reason, message.detail)
    page = page_of(world)
    link, dot = re.search(r'href="([^"]+/c/[^"]+)"', page), re.search(r'src="([^"]+/o/[^"]+)"', page)
    assert link
    assert dot
    address = html.unescape(link[1])
    for _ in range(2):
        opened = await http.get(dot[1])
        assert (opened.status_code, opened.headers["content-type"]) == (200, "image/gif")
        assert opened.headers["cross-origin-resource-policy"] == "cross-origin"
        followed = await http.get(address)
        assert (followed.status_code, followed.headers["location"]) == (302, "https://s.example/live?a=1&b=2")
    assert len(await told(world, "Message Opened", campaign.id)) == 1
    [clicked] = await told(world, "Message Clicked", campaign.id)
    assert (clicked["url"], clicked["message"], clicked["channel"]) == (
        "https://s.example/live?a=1&b=2", str(message.id), "email"
    )  # fmt: skip
    counts = await http.get(f"/api/v1/campaigns/{campaign.id}/responses", headers=staff(world))
    assert counts.json() == {"responses": {"opened": 1, "clicked": 1}}
    ticket = urlsplit(address).path.removeprefix("/c/")
    elsewhere = Tickets(b"another key", SITE).address("click", world.tenant, message.id, "https://evil.example/")
    for made_up in (ticket[:-2] + "AA", ticket[5:], "x", urlsplit(elsewhere).path.removeprefix("/c/")):
        assert (await http.get(f"/c/{made_up}")).status_code == 404
    of_open = urlsplit(Tickets(KEY, SITE).address("open", world.tenant, message.id, "https://evil.example/")).path
    assert (await http.get(of_open.replace("/o/", "/c/"))).status_code == 404


async def test_one_topic_is_left_or_all(world: World, http: httpx.AsyncClient) -> None:
    await reader(world, "r-2")
    news = await world.launched("email", LETTER, on="News", topic="live")
    offers = await world.launched("email", LETTER, on="Offer", topic="offers")
    await world.happen("News", "r-2")
    out = urlsplit(world.office.letters[-1]["List-Unsubscribe"][1:-1]).path
    shown = (await http.get(out)).text
    assert "‘live’만 그만 받기" in shown
    assert "r-2@listeners.example" in shown
    assert await told(world, "Unsubscribed", news.id) == []  # opening changes nothing
    for _ in range(2):
        assert "live" in (await http.post(out, data={"what": "topic"})).text
    [left] = await told(world, "Unsubscribed", news.id)
    assert (left["topic"], left["by"], left["channel"]) == ("live", "page", "email")
    world.clock.advance(timedelta(days=2))
    await world.happen("Offer", "r-2")
    assert (await world.became(offers, "r-2")).state == "sent"
    again = await world.launched("email", LETTER, on="More", topic="live")
    await world.happen("More", "r-2")
    assert (await world.became(again, "r-2")).reason == "no_consent"
    out = urlsplit(world.office.letters[-1]["List-Unsubscribe"][1:-1]).path
    await http.post(out, content="List-Unsubscribe=One-Click")
    world.clock.advance(timedelta(days=2))
    last = await world.launched("email", LETTER, on="Last", topic="offers")
    await world.happen("Last", "r-2")
    assert (await world.became(last, "r-2")).state == "skipped"
    assert (await http.get("/u/nothing")).status_code == 404


async def test_what_a_provider_says_later_stops_what_comes_next(world: World, http: httpx.AsyncClient) -> None:
    path, sent = "/api/v1/campaigns/feedback", {}
    campaign = await world.launched("email", LETTER, on="Bought")
    for who in ("r-3", "r-4", "r-5"):
        await reader(world, who)
        await world.happen("Bought", who)
        sent[who] = world.office.letters[-1]["Message-ID"]
    assert (await http.post(path, json=[], headers={"x-dure-client": "web"})).status_code == 401
    stranger = str(uuid4())
    answer = await http.post(
        path, headers=staff(world),
        json=[
            {"message": sent["r-3"], "kind": "bounce", "permanent": True, "detail": "550 5.1.1"},
            {"message": sent["r-4"], "kind": "complaint"},
            {"message": sent["r-5"], "kind": "bounce"},
            {"message": sent["r-5"].strip("<>").partition("@")[0], "kind": "delivered"},
            {"message": stranger, "kind": "bounce", "permanent": True},
        ],
    )  # fmt: skip
    assert answer.json() == {"taken": 4, "unknown": [stranger]}
    again = {"feedback": [{"message": sent["r-3"], "kind": "bounce", "permanent": True}]}
    assert (await http.post(path, headers=staff(world), json=again)).json() == {"taken": 1, "unknown": []}
    assert [(one["permanent"], one["detail"]) for one in await told(world, "Message Bounced", campaign.id)] == [
        (True, "550 5.1.1"), (False, ""),
    ]  # fmt: skip
    assert len(await told(world, "Message Complained", campaign.id)) == 1
    world.clock.advance(timedelta(days=2))
    second = await world.launched("email", LETTER, on="Again")
    for who, state in (("r-3", "skipped"), ("r-4", "skipped"), ("r-5", "sent")):
        await world.happen("Again", who)
        assert (await world.became(second, who)).state == state
    for body, field in (
        ([{"message": "x", "kind": "bounce"}], "feedback[0].message"),
        ([{"message": stranger, "kind": "lost"}], "feedback[0].kind"),
        ([{"message": stranger, "kind": "bounce", "permanent": "yes"}], "feedback[0].permanent"),
        ({}, "feedback"),
    ):
        refused = await http.post(path, headers=staff(world), json=body)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)


async def test_a_push_knows_what_began_the_way_and_a_device_that_is_gone(world: World) -> None:
    await world.know("r-6", name="민아", language="ko")
    token = "ef" * 32
    await world.reach.devices.register(world.tenant, "r-6", read_device({"kind": "apns", "token": token}))
    text = {"title": "{{ event.show }}", "body": "{{ event.minutes }}분 · {{ journey.entered_at | date: '%Y' }}"}
    campaign = await world.launched("push", text, on="Live Soon")
    await world.happen("Live Soon", "r-6", show="밤의 낭독", minutes=5)
    message = await world.became(campaign, "r-6")
    assert message.state == "sent"
    assert world.apple.pushed[-1][1]["aps"]["alert"] == {"title": "밤의 낭독", "body": "5분 · 2026"}
    assert token not in message.address
    world.clock.advance(timedelta(days=2))
    world.apple.answers[token] = (410, "Unregistered")
    second = await world.launched("push", text, on="Live Now")
    await world.happen("Live Now", "r-6", show="x", minutes=1)
    assert (await world.became(second, "r-6")).reason == "refused"
    third = await world.launched("push", text, on="Live Late")
    await world.happen("Live Late", "r-6", show="x", minutes=1)
    assert (await world.became(third, "r-6")).reason == "no_address"
    assert "Live Now" not in str([one.properties for one in await world.events("Device Removed")])


async def test_a_provider_that_asks_for_a_minute_gets_one_and_then_everything_once(world: World) -> None:
    await world.provide("fcm", {}, world.google.account)
    text = {"title": "{{ person.name }}", "body": "b"}
    for who in ("r-20", "r-21"):
        await world.know(who, name=who)
        await world.reach.devices.register(world.tenant, who, read_device({"kind": "fcm", "token": f"{who}-phone" * 3}))
    campaign = await world.launched("push", text, on="Busy Now", topic="transactional")
    world.google.answers["r-20-phone" * 3] = (429, "QUOTA_EXCEEDED", "60")

    def asked() -> list[str]:
        return [one["token"][:4] for one in world.google.sent if one["token"][:4] in ("r-20", "r-21")]

    await world.happen("Busy Now", "r-20")
    await world.happen("Busy Now", "r-21")
    ways = await world.campaigns.ways(world.cast.joon, campaign.id)
    assert {(way.state, way.due) for way in ways} == {("moving", world.clock.now() + timedelta(minutes=1))}
    assert asked() == ["r-20"], "who comes after it is not even tried"
    world.clock.advance(timedelta(seconds=59))
    await world.campaigns.engine.settle()
    assert asked() == ["r-20"]
    world.google.answers.pop("r-20-phone" * 3)
    world.clock.advance(timedelta(seconds=1))
    await world.campaigns.engine.settle()
    assert sorted(asked()) == ["r-20", "r-20", "r-21"]
    assert {(await world.became(campaign, who)).state for who in ("r-20", "r-21")} == {"sent"}
    assert len(await told(world, "Message Sent", campaign.id)) == 2


async def test_a_provider_that_never_has_time_fails_the_message_within_an_hour(world: World) -> None:
    await world.provide("fcm", {}, world.google.account)
    await world.know("r-22", name="r-22")
    await world.reach.devices.register(world.tenant, "r-22", read_device({"kind": "fcm", "token": "r-22-phone" * 3}))
    campaign = await world.launched("push", {"title": "t", "body": "b"}, on="Busy Always", topic="transactional")
    world.google.answers["r-22-phone" * 3] = (429, "QUOTA_EXCEEDED", "60")
    await world.happen("Busy Always", "r-22")
    for _ in range(8):
        world.clock.advance(timedelta(minutes=1))
        await world.campaigns.engine.settle()
    message = await world.became(campaign, "r-22")
    assert (message.state, message.reason) == ("failed", "refused")
    assert sum(one["token"].startswith("r-22") for one in world.google.sent) == 1 + TIMES
    world.clock.advance(timedelta(hours=1))


async def test_the_dry_run_knows_what_would_begin_the_way_too(world: World) -> None:
    await world.know("r-dry", name="민아", phone="010-1234-5678")
    campaign = await world.made("sms", {"body": "{{ event.show }} {{ person.name }}"}, on="Show Ended")
    await world.happen("Show Ended", "r-dry", show="밤의 낭독")
    writer = LogWriter(world.state, world.log)
    while await writer.step():
        pass
    world.clock.advance(timedelta(minutes=1))
    told = await world.campaigns.dry_run(world.cast.joon, campaign.id)
    assert [(one.outcome, one.reason, one.body) for one in told.people] == [("send", "", "밤의 낭독 민아")]


async def test_a_dry_run_is_asked_for_before_it_began_and_is_cut_off_by_the_servers_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, joon = world.campaigns.dry_runs, world.cast.joon
    assert await runs.progress(joon, "cut-off") == {"state": "none", "done": 0, "total": 0}
    await world.know("r-cut", name="민아", phone="010-1234-5679")
    campaign = await world.made("sms", {"body": "{{ person.name }}"}, on="Show Cut")
    await world.happen("Show Cut", "r-cut")
    writer = LogWriter(world.state, world.log)
    while await writer.step():
        pass
    world.clock.advance(timedelta(minutes=1))
    reached = asyncio.Event()

    async def never(*_: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(runs.walk, "take", never)
    running = asyncio.create_task(world.campaigns.dry_run(joon, campaign.id, 200, "cut-off"))
    await asyncio.wait_for(reached.wait(), 30)
    assert (await runs.progress(joon, "cut-off"))["state"] == "running"
    running.cancel()
    with pytest.raises(Unavailable, match="server was stopped"):
        await running


async def test_a_value_that_is_not_there_fails_the_message_and_sends_nothing(world: World) -> None:
    await reader(world, "r-7")
    count = len(world.office.letters)
    campaign = await world.launched("email", {"subject": "s", "body": "{{ event.show }}"}, on="Missing Show")
    await world.happen("Missing Show", "r-7")
    message = await world.became(campaign, "r-7")
    assert (message.state, message.reason) == ("failed", "missing_value")
    assert "event.show" in message.detail
    assert len(world.office.letters) == count


async def test_a_receipt_carries_no_way_out_of_a_list(world: World) -> None:
    await reader(world, "r-8")
    campaign = await world.launched("email", LETTER, on="Paid", topic="transactional")
    await world.happen("Paid", "r-8")
    assert (await world.became(campaign, "r-8")).state == "sent"
    letter = world.office.letters[-1]
    assert letter["List-Unsubscribe"] is None
    assert "/u/" not in page_of(world)
    assert ":notice:" in letter["Feedback-ID"]


async def test_cards_texts_hooks_and_posts_go_the_same_way(world: World) -> None:
    await world.provide("sms", {"url": f"{world.provider}/sms", "country": "+82"}, "k")
    await world.provide("webhook", {"url": f"{world.provider}/hook"})
    await world.know("r-9", name="민아", phone="010-1234-5678", language="ko")
    for channel, text in (
        ("in_app", {"title": "{{ person.name }}", "body": "b"}),
        ("sms", {"body": "{{ person.name }}님"}),
        ("webhook", {"body": '{"who": {{ person.name | json }}}'}),
        ("post", {"text": "{{ person.name }}님이 떠났어요", "to": "#care"}),
    ):
        campaign = await world.launched(channel, text, on=f"By {channel}", topic="transactional")
        await world.happen(f"By {channel}", "r-9")
        assert (await world.became(campaign, "r-9")).state == "sent", channel
    [card] = await world.reach.cards.of(world.tenant, "r-9")
    assert card.title == "민아"
    assert [body for _, body in world.endpoint.calls[-2:]][1] == '{"who": "민아"}'.encode()
    assert world.team.said[-1][:2] == ("#care", "민아님이 떠났어요")


async def test_any_channel_is_previewed_as_one_person_would_get_it(world: World, http: httpx.AsyncClient) -> None:
    await reader(world, "r-10")
    nodes = [
        {"kind": "message", "id": "mail", "channel": "email", "texts": {"ko": LETTER}, "next": "text"},
        {"kind": "message", "id": "text", "channel": "sms", "texts": {"ko": {"body": "{{ person.name }}" + "가" * 70}}},
    ]
    design = {
        "name": {"ko": "가을"}, "kind": "triggered", "entry": {"trigger": {"event": "x"}}, "start": "mail",
        "nodes": nodes,
    }  # fmt: skip
    asked: dict[str, Any] = {"design": design, "person": str(world.who("r-10"))}
    mail = (await http.post("/api/v1/campaigns/preview", headers=staff(world), json=asked)).json()
    assert (mail["channel"], mail["subject"], mail["to"]) == ("email", "이름 r-10님", "r-10@listeners.example")
    assert "https://s.example/live?a=1&amp;b=2" in mail["html"]  # as written: a preview is followed by nobody
    asked["node"] = "text"
    text = (await http.post("/api/v1/campaigns/preview", headers=staff(world), json=asked)).json()
    assert (text["channel"], text["sms"]["encoding"], text["sms"]["parts"]) == ("sms", "ucs2", 2)
