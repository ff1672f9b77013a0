"""A Mastodon on a local port, which Mastodon.py, unmodified, reads and writes as Dure does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import mastodon
import pytest
import requests
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from dure.social.plugs import Post, Said
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio

EPOCH = int(MONDAY_NOON.timestamp() * 1000)


@dataclass
class Server:
    """What the server holds. Ids are snowflakes, as Mastodon makes them."""

    statuses: list[dict[str, Any]] = field(default_factory=list)
    notified: list[dict[str, Any]] = field(default_factory=list)
    told: list[tuple[str, Any]] = field(default_factory=list)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    left: int = 300

    def toot(self, text: str, ago: float = 10, **more: Any) -> dict[str, Any]:
        number = ((EPOCH - int(ago * 60_000)) << 16) + len(self.statuses)
        at = (MONDAY_NOON - timedelta(minutes=ago)).isoformat().replace("+00:00", "Z")
        status = {
            "id": str(number), "created_at": at, "edited_at": None, "in_reply_to_id": None, "visibility": "public",
            "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "", "language": "ko",
            "uri": f"https://toot.example/{number}", "url": f"https://toot.example/@nari/{number}",
            "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "content": f"<p>{text}</p>",
            "reblog": None, "media_attachments": [], "mentions": [], "tags": [{"name": "두레", "url": "x"}],
            "emojis": [], "card": None, "poll": None,
            "account": {"id": "7", "acct": "nari@toot.example", "username": "nari", "display_name": "나리",
                        "followers_count": 321, "url": "https://toot.example/@nari", "created_at": at},
            **more,
        }  # fmt: skip
        self.statuses.append(status)
        return status


def mastodon_app(held: Server) -> FastAPI:
    app = FastAPI()

    def limits() -> dict[str, str]:
        reset = (MONDAY_NOON + timedelta(minutes=4)).isoformat().replace("+00:00", "Z")
        return {"x-ratelimit-limit": "300", "x-ratelimit-remaining": str(held.left), "x-ratelimit-reset": reset}

    def page(found: list[dict[str, Any]], min_id: str, max_id: str, limit: int) -> list[dict[str, Any]]:
        """As Mastodon does: `min_id` is the page right after an id, all others the newest."""
        rows = sorted(found, key=lambda one: int(one["id"]))
        rows = [one for one in rows if (not max_id or int(one["id"]) < int(max_id))]
        if min_id:
            return [one for one in rows if int(one["id"]) > int(min_id)][:limit][::-1]
        return rows[-limit:][::-1]

    @app.get("/api/v2/instance/")
    async def instance() -> dict[str, Any]:
        return {"domain": "toot.example", "version": "4.3.0", "configuration": {"urls": {}}}

    @app.get("/api/v1/timelines/tag/{tag}")
    async def tag(tag: str, response: Response, min_id: str = "", max_id: str = "", limit: int = 20) -> Any:
        held.asked.append(min_id)
        response.headers.update(limits())
        if held.left < 0:
            return Response('{"error": "Too many requests"}', 429, limits())
        return page(held.statuses, min_id, max_id, limit)

    @app.get("/api/v1/notifications")
    async def notifications(request: Request, min_id: str = "", limit: int = 40) -> Any:
        if request.headers.get("authorization") != "Bearer T0KEN":
            return Response('{"error": "The access token is invalid"}', 401)
        return page(held.notified, min_id, "", limit)

    @app.get("/api/v1/statuses")
    async def several(request: Request) -> Any:
        wanted = set(request.query_params.getlist("id[]"))
        return [one for one in held.statuses if one["id"] in wanted]

    @app.post("/api/v1/statuses")
    async def write(request: Request) -> Any:
        key, form = request.headers.get("idempotency-key", ""), await request.form()
        if key and key in held.keys:
            return held.keys[key]
        status = held.toot(str(form["status"]), ago=0, in_reply_to_id=form.get("in_reply_to_id"))
        held.keys[key] = status
        return status

    @app.get("/api/v1/streaming/hashtag")
    async def stream(tag: str) -> StreamingResponse:
        async def told() -> AsyncIterator[str]:
            yield ":)\n\n"
            for event, payload in held.told:
                data = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
                yield f"event: {event}\ndata: {data}\n\n"
            yield ":thump\n\n"

        return StreamingResponse(told(), media_type="text/event-stream")

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Server, str]]:
    held = Server()
    with serving(mastodon_app(held)) as address:
        yield held, address


@pytest.fixture
def server(served: tuple[Server, str]) -> tuple[Server, str]:
    held, address = served
    held.__init__()  # type: ignore[misc]
    return held, address


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


async def test_mastodon_py_reads_writes_and_hears_the_same_server(
    server: tuple[Server, str], session: requests.Session
) -> None:
    held, address = server
    first = held.toot("두레 결제가 안 돼요")
    client = mastodon.Mastodon(api_base_url=address, access_token="T0KEN", version_check_mode="none", session=session)
    (found,) = await asyncio.to_thread(client.timeline_hashtag, "두레", min_id=MONDAY_NOON - timedelta(hours=1))
    assert (found["content"], found["account"]["acct"]) == ("<p>두레 결제가 안 돼요</p>", "nari@toot.example")
    answer = {"in_reply_to_id": first["id"], "idempotency_key": "k"}
    written = await asyncio.to_thread(client.status_post, "확인해 보겠습니다", **answer)
    again = await asyncio.to_thread(client.status_post, "확인해 보겠습니다", **answer)
    assert written["id"] == again["id"]
    held.told = [("update", first), ("delete", first["id"])]
    heard: list[Any] = []

    class Listener(mastodon.StreamListener):  # type: ignore[misc]
        def on_update(self, status: Any) -> None:
            heard.append(status["id"])

        def on_delete(self, status_id: Any) -> None:
            heard.append(("gone", str(status_id)))

    await asyncio.to_thread(client.stream_hashtag, "두레", Listener())
    assert [str(one) if not isinstance(one, tuple) else one for one in heard] == [first["id"], ("gone", first["id"])]


async def test_tags_are_read_upwards_page_by_page(desk: Desk, server: tuple[Server, str]) -> None:
    held, address = server
    for number in range(45):
        held.toot(f"두레 이야기 {number}번째: 오늘 들은 방송 소감 {number * 7919}", ago=60 - number)
    source = await desk.connect("mastodon", {"server": address, "tags": "#두레"})
    await desk.ask()
    found = await desk.mentions()
    assert (await desk.health(source)).brought == 45
    first = next(one for one in found if "0번째" in one.text and "10번째" not in one.text)
    assert (first.author, first.handle, first.reach, first.language) == ("나리", "@nari@toot.example", 321, "ko")
    held.toot("새 글이 올라왔어요", ago=0)
    await desk.ask(turns=2)
    assert (await desk.health(source)).brought == 46


async def test_what_happened_while_nobody_listened_is_found_again(desk: Desk, server: tuple[Server, str]) -> None:
    held, address = server
    kept, gone = held.toot("두레 앱이 좋아요", ago=9), held.toot("이 글은 지웁니다", ago=8)
    await desk.connect("mastodon", {"server": address, "tags": "두레"})
    await desk.ask()
    kept["content"], kept["edited_at"] = "<p>두레 앱이 별로예요</p>", "2026-11-23T02:59:00Z"
    held.statuses.remove(gone)
    await desk.ask(turns=2)
    assert await desk.texts() == ["두레 앱이 별로예요"]
    assert [one.event for one in await desk.events("Mention Edited", "Mention Deleted")] == [
        "Mention Edited", "Mention Deleted",
    ]  # fmt: skip


async def test_a_stream_tells_posts_edits_and_deletions(desk: Desk, server: tuple[Server, str]) -> None:
    held, address = server
    one, other = held.toot("두레 최고"), held.toot("두레 별로")
    edited = {**one, "content": "<p>두레 정말 최고</p>", "edited_at": "2026-11-23T02:59:30Z"}
    held.told = [("update", one), ("update", other), ("filters_changed", ""), ("status.update", edited),
                 ("delete", other["id"])]  # fmt: skip
    source = await desk.connect("mastodon", {"server": address, "tags": "두레"})
    assert await desk.sources.streaming.step()
    assert await desk.texts() == ["두레 정말 최고"]
    way = await desk.health(source, "stream")
    assert (way.trouble["code"], way.trouble["detail"]) == ("unreached", "두레 ended")


async def test_limits_are_kept_and_refusals_said(desk: Desk, server: tuple[Server, str]) -> None:
    held, address = server
    held.toot("두레")
    held.left = 0
    source = await desk.connect("mastodon", {"server": address, "tags": "두레, dure", "mentions": "yes"})
    await desk.ask()
    way = await desk.health(source)
    assert (way.due_at - desk.clock.now(), len(held.asked)) == (timedelta(minutes=4), 1)
    held.left = -1
    desk.clock.advance(timedelta(minutes=5))
    await desk.ask()
    assert (await desk.health(source)).trouble["code"] == "busy"
    held.left = 300
    desk.clock.advance(timedelta(hours=1))
    await desk.ask()
    assert (await desk.health(source)).trouble["code"] == "refused_key"


async def test_mentions_of_ones_account_are_brought_and_answered_once(desk: Desk, server: tuple[Server, str]) -> None:
    held, address = server
    status = held.toot("@dure 환불 문의합니다", visibility="direct")
    held.notified = [{"id": "900", "type": "mention", "created_at": status["created_at"], "account": status["account"],
                      "status": status}]  # fmt: skip
    await desk.connect("mastodon", {"server": address, "mentions": "yes"}, {"token": "T0KEN"})
    await desk.ask()
    (mention,) = await desk.mentions()
    assert (mention.direct, mention.text) == (True, "@dure 환불 문의합니다")
    said = await desk.sources.saying.reply(desk.cast.mina, mention.id, "도와드리겠습니다", "key-1")
    again = await desk.sources.saying.reply(desk.cast.mina, mention.id, "도와드리겠습니다", "key-1")
    assert isinstance(said, Said)
    assert said == again
    assert held.statuses[-1]["content"] == "<p>@nari@toot.example 도와드리겠습니다</p>"
    assert (held.statuses[-1]["in_reply_to_id"], len(held.statuses)) == (status["id"], 2)
    post = Post("공지", url="https://dure.example")
    posted = await desk.sources.saying.publish(desk.cast.mina, desk.ids[0], post, "p")
    assert isinstance(posted, Said)
    assert "https://dure.example" in held.statuses[-1]["content"]


async def test_an_address_within_the_house_is_refused(desk: Desk) -> None:
    found = await desk.sources.preview(desk.cast.mina, "mastodon", {"server": "http://10.1.2.3", "tags": "x"}, {})
    assert found.trouble is not None
    assert found.trouble["code"] == "not_allowed"
